// SPDX-License-Identifier: Apache-2.0
// System calls made by a task that has just exec'd, on our behalf, before its first own instruction.
//
// The task stands in PTRACE_EVENT_EXEC. It is let run to the end of its execve, all signals blocked, and sent through a
// `syscall` instruction once for each call, with PTRACE_SYSCALL stops on both sides. That an instruction was executed
// proves nothing: the memory it lies in may be another's to write, a signal may come first, a seccomp filter may answer
// in the kernel's place. So the entry stop must show our number, our arguments, 64-bit code and our address, the next
// stop must be the exit of that call, and its result is what counts.
//
// Only registers are used: no scratch memory, so nothing to save and nothing another process could change under us.
// Whatever fails, the caller kills the task: it is in no state to go on.
#pragma once

#include "runtime/base/result.h"
#include "runtime/inject/ptrace.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <sys/types.h>

namespace landlatch::inject {

class Injection {
public:
    struct Options {
        /// Address of a `syscall` instruction in the task; unset: written over its instruction pointer and restored.
        std::optional<std::uint64_t> site;
        /// PTRACE_O_x as the task has them; needed to switch SUSPEND_SECCOMP.
        std::uint64_t ptrace_options = 0;
        /// The task's seccomp filters are out of force during calls (but not during `request`). Needs CAP_SYS_ADMIN.
        bool suspend_seccomp = false;
        Clock::time_point deadline;
    };

    /// `tid` stands in PTRACE_EVENT_EXEC. ENOEXEC for a 32-bit program, whose calls would be others.
    static Result<Injection> begin(pid_t tid, const Options& options);

    /// Makes one call; its result, negative for an errno.
    Result<std::int64_t> call(const Call& call);

    /// A call that somebody must answer while the task is inside: `answer` runs once the entry is proven and the task
    /// goes on. Both results are given: its own must fit the call's, which the caller checks.
    struct Answered {
        Result<int> answer;
        std::int64_t result = 0;
    };
    Result<Answered> request(const Call& call, const std::function<Result<int>()>& answer);

    /// Puts registers, signal mask and memory back. The task still stands; resume it with PTRACE_CONT.
    Result<void> finish();

    /// The task ended during the injection; its wait status is taken.
    [[nodiscard]] bool gone() const { return gone_; }
    /// A stop signal came by: interrupt the task after resuming it, so that a group stop in force shows again.
    [[nodiscard]] bool sawGroupStop() const { return group_stop_; }

private:
    Injection(pid_t tid, Options options) : tid_(tid), options_(options) {}
    Result<void> enter();
    Result<SyscallStop> nextSyscallStop();
    Result<void> runTo(const Call& call);
    Result<std::int64_t> leave(const Call& call);
    Result<void> suspend(bool on);

    pid_t tid_;
    Options options_;
    Registers saved_{};
    std::uint64_t saved_mask_ = 0;
    std::uint64_t site_ = 0;
    std::optional<std::uint64_t> saved_word_; ///< what the poked instruction replaced
    bool suspended_ = false;
    bool gone_ = false;
    bool group_stop_ = false;
    bool stop_signal_ = false; ///< a SIGSTOP was held back
};

} // namespace landlatch::inject
