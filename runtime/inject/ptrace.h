// SPDX-License-Identifier: Apache-2.0
// The ptrace requests this project uses, with errors as values. A task that is gone (killed behind our back) is ESRCH
// everywhere; callers take it as the end of the matter and not as a failure of theirs.
#pragma once

#include "runtime/base/result.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <sys/types.h>
#include <sys/user.h>

namespace landlatch::inject {

using Registers = user_regs_struct;
using Clock = std::chrono::steady_clock;

/// Value of `cs` in 64-bit user code on x86-64; 32-bit code has another.
inline constexpr std::uint64_t kCodeSegment64 = 0x33;

/// A system call with its arguments as the registers hold them.
struct Call {
    const char* name = ""; ///< for messages
    std::uint64_t number = 0;
    std::array<std::uint64_t, 6> args{};
};

/// Where in a system call a stopped task is (PTRACE_GET_SYSCALL_INFO, Linux 5.3).
struct SyscallStop {
    enum class Kind : std::uint8_t { kNone, kEntry, kExit, kSeccomp };
    Kind kind = Kind::kNone;
    std::uint32_t arch = 0; ///< AUDIT_ARCH_x
    std::uint64_t ip = 0;
    std::uint64_t number = 0;            ///< kEntry, kSeccomp
    std::array<std::uint64_t, 6> args{}; ///< kEntry, kSeccomp
    std::uint32_t seccomp_data = 0;      ///< kSeccomp
    std::int64_t result = 0;             ///< kExit: value or -errno
};

/// PTRACE_SEIZE with options set in the same call, so that EXITKILL holds from the first moment.
Result<void> seize(pid_t tid, std::uint64_t options);
Result<void> setOptions(pid_t tid, std::uint64_t options);
/// PTRACE_CONT, PTRACE_SYSCALL or PTRACE_LISTEN of a stopped task.
Result<void> resume(int request, pid_t tid, int signal = 0);
Result<void> interrupt(pid_t tid);
Result<std::uint64_t> eventMessage(pid_t tid);
Result<Registers> registers(pid_t tid);
Result<void> setRegisters(pid_t tid, const Registers& registers);
/// Signals 1 to 64 as bits 0 to 63. The kernel itself keeps SIGKILL and SIGSTOP out of any mask.
Result<std::uint64_t> signalMask(pid_t tid);
Result<void> setSignalMask(pid_t tid, std::uint64_t mask);
Result<SyscallStop> syscallStop(pid_t tid);
Result<std::uint64_t> peek(pid_t tid, std::uint64_t address);
Result<void> poke(pid_t tid, std::uint64_t address, std::uint64_t word);

/// The next wait status of `tid`, ours to reap. SIGCHLD must be blocked in the caller; some may be used up, so whoever
/// waits for other tasks looks (waitpid with WNOHANG) before sleeping. ETIMEDOUT after `deadline`.
Result<int> waitStatus(pid_t tid, Clock::time_point deadline);

} // namespace landlatch::inject
