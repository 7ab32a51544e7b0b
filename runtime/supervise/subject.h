// SPDX-License-Identifier: Apache-2.0
// A traced task that makes system calls for us before its first own instruction. The rules are those of
// inject/ (number and arguments proven at the entry, the result taken at the exit, anything else an error), but nothing
// here waits: each stop of the task is brought by the event loop and resumes the coroutine.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/inject/ptrace.h"
#include "runtime/supervise/task.h"

#include <cstdint>
#include <span>
#include <sys/types.h>

namespace landlatch::supervise {

class Subject {
public:
    Subject(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] int pidfd() const { return pidfd_.get(); }

    /// The event loop has a wait status of the task (a stop, not its end).
    void stopped(int status);
    /// The next stop.
    Mailbox<int>& nextStop() { return stop_; }
    /// Whether somebody waits for a stop; if not, a stop comes unasked for.
    [[nodiscard]] bool awaitsStop() const { return stop_.awaited(); }

    /// From PTRACE_EVENT_EXEC to the end of that execve, all signals blocked. ENOEXEC for a 32-bit program.
    Task<Result<void>> enter();
    /// Makes one call; its result, negative for an errno.
    Task<Result<std::int64_t>> call(inject::Call call);
    /// The same, and any negative result is an error that names the call.
    Task<Result<std::int64_t>> mustCall(inject::Call call);
    /// Registers, memory and signal mask as they were after enter().
    Result<void> restore();

    /// Scratch memory: kScratch bytes from the stack pointer on, which the kernel has just filled with the arguments.
    [[nodiscard]] std::uint64_t scratch() const { return saved_.rsp; }
    static constexpr std::size_t kScratch = 256;
    Result<void> read(std::uint64_t address, std::span<std::byte> to) const;
    Result<void> write(std::uint64_t address, std::span<const std::byte> from) const;

    /// A SIGSTOP came and was held back: to be sent again after the release.
    [[nodiscard]] bool stopSignalCame() const { return stop_signal_; }

private:
    Task<Result<inject::SyscallStop>> nextSyscallStop();
    Result<std::uint64_t> findSite() const;

    pid_t pid_;
    UniqueFd pidfd_;
    Mailbox<int> stop_;
    inject::Registers saved_{};
    std::uint64_t saved_mask_ = 0;
    std::byte saved_scratch_[kScratch]{};
    std::uint64_t site_ = 0;
    bool stop_signal_ = false;
};

} // namespace landlatch::supervise
