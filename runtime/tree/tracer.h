// SPDX-License-Identifier: Apache-2.0
// The tree backend: follows every task of one process tree from exec to exec, decides each exec with the policy's
// matcher and has rulesets put on programs before their first instruction.
//
// Tasks run at full speed in between: they stop for us at fork, vfork, clone (so that children are followed from their
// first instruction), at the entry of execve (the gate filter), at the exec itself, and where signals are delivered.
// PTRACE_O_EXITKILL is set from the first moment, so nothing outlives the tracer; what escaped tracing can't exec
// (gate_filter.h).
#pragma once

#include "runtime/tree/applier.h"
#include "runtime/tree/event.h"
#include "runtime/tree/exec_facts.h"
#include "runtime/tree/loaded_policy.h"

#include <chrono>
#include <string>
#include <sys/types.h>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace landlatch::tree {

class Tracer {
public:
    struct Setup {
        const LoadedPolicy* policy = nullptr; ///< outlives the tracer, as do the other pointers
        const Proc* proc = nullptr;
        landlock::Kernel* kernel = nullptr;
        EventSink* sink = nullptr;
        bool audit = false;
        /// We hold CAP_SYS_ADMIN: the tree isn't under no_new_privs, programs may gain and lose privileges.
        bool privileged = false;
        inject::GiftCookie cookie;
        pid_t launcher = 0; ///< llrun: the caller of the first exec; its image and its ancestors' start the lineage
    };

    /// Checks what tracing needs here. Call before the first task is seized.
    static Result<Tracer> create(const Setup& setup);

    /// Seizes `first`, which has the gate filter and waits to exec; `listener` is the filter's.
    Result<void> attach(pid_t first, UniqueFd listener);

    enum class End : unsigned char {
        kEnded,        ///< every task of the tree has ended
        kFirstRefused, ///< so it has, and the first program never ran: denied or refused
    };
    /// Runs until the last traced task has ended. SIGCHLD must be blocked in the caller.
    Result<End> run();

private:
    /// A ruleset in force. One with `paths in target` is another ruleset in another root.
    struct Layer {
        std::uint32_t ruleset = 0;
        Place root; ///< where its paths were opened; none unless `paths in target`
        bool operator==(const Layer&) const = default;
    };
    struct Task {
        match::Lineage lineage;
        std::string image;           ///< what it runs, for people
        std::vector<Layer> in_force; ///< put on it or inherited
        Gate gate;
        bool known = false; ///< its maker has told what it inherits
        bool held = false;  ///< stands in its first stop until that is known
        std::chrono::steady_clock::time_point held_since;
        bool in_vfork = false;     ///< its maker sleeps in vfork until it execs or ends
        bool stop_on_exec = false; ///< a SIGTSTP that came while in_vfork waits for its exec
    };
    struct Facts {
        Image image;
        ScriptFile script;
        bool complete = false; ///< all below were tried; else only the image was
        Result<Status> status = Error{};
        Result<std::string> cgroup = Error{};
        std::optional<bool> setuid;
    };

    Tracer(const Setup& setup, const FactReader& facts) : setup_(setup), facts_(facts) {}
    [[nodiscard]] match::Lineage firstLineage() const;

    bool drain();
    void waitForWork();
    void releaseOverdue();
    void onStatus(pid_t tid, int status);
    void onEnd(pid_t tid);
    void onStop(pid_t tid, Task& task, int signal);
    void onSignal(pid_t tid, Task& task, int signal);
    void onChild(pid_t parent, bool vfork);
    void onGate(pid_t tid, Task& task);
    void onExec(pid_t tid);
    void stopLate(pid_t tid, Task& task) const;
    void proceed(pid_t tid, int signal = 0);

    Task takeCaller(pid_t tid);
    static match::ExecFacts matcherFacts(const Task& task, const Facts& facts);
    match::Decision decide(pid_t tid, const Task& task, Facts& facts) const;
    void complete(pid_t tid, const Task& task, Facts& facts) const;
    [[nodiscard]] std::vector<std::string> rulesetNames(const std::vector<std::uint32_t>& rulesets) const;
    [[nodiscard]] std::string describe(const match::View& view) const;
    void fillRule(Event& event, const match::View& view) const;
    bool act(pid_t tid, Task& task, Facts& facts, const match::View& view, Event& event);
    Result<UniqueFd> holdRoot(pid_t tid, const std::vector<std::uint32_t>& rulesets) const;
    Result<std::vector<Layer>> layersOf(const std::vector<std::uint32_t>& rulesets, int root) const;
    bool apply(pid_t tid, Task& task, const Facts& facts, const Application& application, Event& event);
    bool stop(pid_t tid, Event& event, Outcome outcome, std::string reason);
    [[nodiscard]] bool mayApplyWithoutNnp(pid_t tid, const Task& task, const Status& now) const;

    Setup setup_;
    FactReader facts_;
    FactReader::GateNeeds gate_needs_;
    std::optional<Applier> applier_;
    UniqueFd listener_;
    UniqueFd signals_;
    std::uint64_t own_user_namespace_ = 0;
    pid_t first_ = 0;
    bool first_started_ = false;
    bool first_refused_ = false;
    std::unordered_map<pid_t, Task> tasks_;
    std::unordered_set<pid_t> ended_early_; ///< ended before their maker told of them
    std::size_t held_ = 0;
};

} // namespace landlatch::tree
