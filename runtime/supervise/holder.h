// SPDX-License-Identifier: Apache-2.0
// The tasks that wait in the hold: each is seized, confined by a coroutine of its own, and let go or killed. Nothing
// here waits for one of them; each has a deadline.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/bpf/hold.h"
#include "runtime/supervise/confine.h"
#include "runtime/supervise/subject.h"
#include "runtime/supervise/task.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace landlatch::supervise {

/// What is to be put on one held task.
struct Plan {
    struct Item {
        ll_applied_ruleset id{};
        std::string name;
    };
    std::vector<Item> rulesets; ///< less those it has already
    bool nnp = false;
};

/// What became of one held exec.
struct HoldReport {
    ll_mark mark{};
    pid_t pid = 0;
    std::string exec; ///< as /proc/PID/exe shows it; empty when it can't be read
    Plan plan;
    std::string failure; ///< empty: applied; else why it was killed
    std::uint64_t held_ns = 0;
};

/// Knows the policies in force.
class Rulesets {
public:
    virtual ~Rulesets() = default;
    /// What the layers of `mark` come to for a task that has `applied`.
    virtual Result<Plan> plan(const ll_mark& mark, const ll_applied& applied) = 0;
    /// A fresh ruleset for one item. Where its paths are the program's own (`paths in target`) this is an fd to wait on
    /// instead: readable once `takeFromTarget` gives the ruleset.
    struct Made {
        FreshRuleset ruleset;
        UniqueFd pending; ///< valid: not there yet
    };
    virtual Result<Made> make(const Plan::Item& item, pid_t pid) = 0;
    virtual Result<FreshRuleset> takeFromTarget(const Plan::Item& item, int pending) = 0;
    virtual void report(const HoldReport& report) = 0;
};

/// How an fd of a held task's is waited for.
class Waiter {
public:
    virtual ~Waiter() = default;
    virtual Result<void> whenReadable(int fd, std::function<void()> then) = 0;
    virtual void forget(int fd) = 0;
};

class Holder {
public:
    struct Options {
        std::chrono::nanoseconds limit{}; ///< from a task's event to its release
        bool suspend_seccomp = false;     ///< PTRACE_O_SUSPEND_SECCOMP works; else tasks with filters are refused
    };
    Holder(bpf::Hold& hold, Rulesets& rulesets, Waiter& waiter, Options options);
    ~Holder();
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

    /// Takes on every task that has come to wait.
    void takeWaiting();
    /// A wait status of any child or traced task; false when it is none of ours.
    bool status(pid_t pid, int status);
    /// Kills what is past its deadline.
    void tick();
    /// For tasks taken on from now on and those held already.
    void setLimit(std::chrono::nanoseconds limit) { options_.limit = limit; }
    [[nodiscard]] std::size_t count() const { return held_.size(); }

private:
    struct Held;
    void take(const ll_hold_event& event);
    Task<Result<void>> work(Held& held);
    Task<Result<std::vector<FreshRuleset>>> makeAll(Held& held);
    void advance(Held& held);
    void fail(Held& held, const Error& error);
    [[nodiscard]] Result<ll_mark> ownMark(const Held& held, ll_mark_state state) const;
    void release(Held& held);
    void report(Held& held);

    bpf::Hold& hold_;
    Rulesets& rulesets_;
    Waiter& waiter_;
    Options options_;
    std::map<pid_t, std::unique_ptr<Held>> held_;
};

} // namespace landlatch::supervise
