// SPDX-License-Identifier: Apache-2.0
// Puts rulesets on a program that stands in its exec stop (enforcement points 19 to 25).
#pragma once

#include "runtime/inject/fd_gift.h"
#include "runtime/inject/injection.h"
#include "runtime/tree/loaded_policy.h"
#include "runtime/tree/proc.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace landlatch::tree {

/// What is to be put on one program.
struct Application {
    std::vector<std::uint32_t> rulesets; ///< indices, not in force on the task yet
    bool nnp = false;
    UniqueFd root; ///< the program's own, held open, where one of them has `paths in target`
};

class Applier {
public:
    struct Environment {
        const LoadedPolicy* policy = nullptr;
        const Proc* proc = nullptr;
        landlock::Kernel* kernel = nullptr;
        int listener = -1; ///< of the gate filter
        inject::GiftCookie cookie;
        std::uint64_t ptrace_options = 0;
        unsigned first_filters = 0; ///< seccomp filters of the tree's first task, ours among them
        bool can_suspend_seccomp = false;
    };
    explicit Applier(const Environment& environment);

    struct Outcome {
        Result<void> done;
        bool gone = false;            ///< the task ended meanwhile and is reaped
        bool interrupt_after = false; ///< see Injection::sawGroupStop
    };
    /// Applies to `tid`, in PTRACE_EVENT_EXEC. On success the task has every ruleset and stands ready for PTRACE_CONT;
    /// on failure it must be killed. `status` is the task's own, of after the exec.
    Outcome apply(pid_t tid, const Application& what, const Status& status);

private:
    Result<std::optional<std::uint64_t>> siteOf(pid_t tid) const;
    Result<void> run(inject::Injection& injection, pid_t tid, const Application& what, const Status& status);
    Result<void> restrict(inject::Injection& injection, pid_t tid, std::uint32_t index, int root);
    Result<int> give(inject::Injection& injection, pid_t tid, int fd);
    Result<int> giveOnce(inject::Injection& injection, pid_t tid, int fd);

    Environment environment_;
    std::optional<std::uint64_t> vdso_offset_;
    inject::Clock::time_point deadline_;
};

} // namespace landlatch::tree
