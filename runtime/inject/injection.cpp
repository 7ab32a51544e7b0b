// SPDX-License-Identifier: Apache-2.0
#include "runtime/inject/injection.h"

#include <csignal>
#include <linux/audit.h>
#include <string>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace landlatch::inject {
namespace {

constexpr std::uint64_t kSyscallBytes = 0x050f; ///< 0f 05 as a little-endian word
constexpr std::uint64_t kSyscallLength = 2;
constexpr int kSyscallStopSignal = SIGTRAP | 0x80; ///< with PTRACE_O_TRACESYSGOOD

bool isStopSignal(int signal) {
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

Error unexpected(const Call& call, const std::string& what) {
    return Error{EPROTO, std::string(call.name) + " was not made as asked: " + what};
}

} // namespace

Result<Injection> Injection::begin(pid_t tid, const Options& options) {
    Injection injection(tid, options);
    if (const Result<void> entered = injection.enter(); !entered) {
        return entered.error();
    }
    return injection;
}

Result<void> Injection::enter() {
    const Result<Registers> now = registers(tid_);
    if (!now) {
        return now.error();
    }
    if (now->cs != kCodeSegment64) {
        return Error{ENOEXEC, "a 32-bit program, which can't be confined before it starts"};
    }
    // To the end of the execve it is still in; only then do the registers stay as we set them.
    if (const Result<void> resumed = resume(PTRACE_SYSCALL, tid_); !resumed) {
        return resumed.error();
    }
    const Result<SyscallStop> stop = nextSyscallStop();
    if (!stop) {
        return stop.error();
    }
    if (stop->kind != SyscallStop::Kind::kExit || stop->result != 0) {
        return Error{EPROTO, "the exec did not end as expected"};
    }
    const Result<Registers> saved = registers(tid_);
    if (!saved) {
        return saved.error();
    }
    saved_ = *saved;
    const Result<std::uint64_t> mask = signalMask(tid_);
    if (!mask) {
        return mask.error();
    }
    saved_mask_ = *mask;
    if (const Result<void> blocked = setSignalMask(tid_, ~std::uint64_t{0}); !blocked) {
        return blocked.error();
    }
    if (options_.site) {
        site_ = *options_.site;
        return suspend(options_.suspend_seccomp);
    }
    site_ = saved_.rip;
    const Result<std::uint64_t> word = peek(tid_, site_);
    if (!word) {
        return word.error();
    }
    if (const Result<void> poked = poke(tid_, site_, (*word & ~std::uint64_t{0xffff}) | kSyscallBytes); !poked) {
        return poked.error();
    }
    saved_word_ = *word;
    return suspend(options_.suspend_seccomp);
}

Result<void> Injection::suspend(bool on) {
    if (on == suspended_) {
        return {};
    }
    const std::uint64_t extra = on ? std::uint64_t{PTRACE_O_SUSPEND_SECCOMP} : 0;
    if (const Result<void> set = setOptions(tid_, options_.ptrace_options | extra); !set) {
        return set.error().within("suspending the program's seccomp filters");
    }
    suspended_ = on;
    return {};
}

/// Waits for the next syscall stop of a running task. What may come before it: SIGSTOP, which can't be blocked (held
/// back and sent again by finish), and a group stop (passed over; see sawGroupStop). Anything else is an error.
Result<SyscallStop> Injection::nextSyscallStop() {
    for (;;) {
        const Result<int> status = waitStatus(tid_, options_.deadline);
        if (!status) {
            return status.error();
        }
        if (!WIFSTOPPED(*status)) {
            gone_ = true;
            return errnoError("the program ended while it was being confined", ESRCH);
        }
        const int signal = WSTOPSIG(*status);
        const int event = *status >> 16;
        if (event == 0 && signal == kSyscallStopSignal) {
            return syscallStop(tid_);
        }
        if (event == PTRACE_EVENT_STOP) {
            group_stop_ = group_stop_ || isStopSignal(signal);
        } else if (event == 0 && signal == SIGSTOP) {
            stop_signal_ = true;
        } else {
            return Error{EPROTO, "the program stopped with signal " + std::to_string(signal) + ", event " +
                                     std::to_string(event) + ", while it was being confined"};
        }
        if (const Result<void> resumed = resume(PTRACE_SYSCALL, tid_); !resumed) {
            return resumed.error();
        }
    }
}

/// Sends the task into `call` and proves that the kernel sees exactly that call. The task stands at its entry.
Result<void> Injection::runTo(const Call& call) {
    Registers regs = saved_;
    regs.rip = site_;
    regs.rax = call.number;
    regs.orig_rax = ~0ULL; // no system call to restart
    regs.rdi = call.args[0];
    regs.rsi = call.args[1];
    regs.rdx = call.args[2];
    regs.r10 = call.args[3];
    regs.r8 = call.args[4];
    regs.r9 = call.args[5];
    if (const Result<void> set = setRegisters(tid_, regs); !set) {
        return set.error();
    }
    if (const Result<void> resumed = resume(PTRACE_SYSCALL, tid_); !resumed) {
        return resumed.error();
    }
    const Result<SyscallStop> stop = nextSyscallStop();
    if (!stop) {
        return stop.error().within(call.name);
    }
    if (stop->kind != SyscallStop::Kind::kEntry) {
        return unexpected(call, "no entry into a system call");
    }
    if (stop->arch != AUDIT_ARCH_X86_64 || stop->ip != site_ + kSyscallLength) {
        return unexpected(call, "made from elsewhere");
    }
    if (stop->number != call.number || stop->args != call.args) {
        return unexpected(call, "another call or other arguments");
    }
    return {};
}

Result<std::int64_t> Injection::leave(const Call& call) {
    const Result<SyscallStop> stop = nextSyscallStop();
    if (!stop) {
        return stop.error().within(call.name);
    }
    if (stop->kind != SyscallStop::Kind::kExit) {
        return unexpected(call, "no exit of the system call");
    }
    return stop->result;
}

Result<std::int64_t> Injection::call(const Call& call) {
    if (const Result<void> ready = suspend(options_.suspend_seccomp); !ready) {
        return ready.error();
    }
    if (const Result<void> entered = runTo(call); !entered) {
        return entered.error();
    }
    if (const Result<void> resumed = resume(PTRACE_SYSCALL, tid_); !resumed) {
        return resumed.error();
    }
    return leave(call);
}

Result<Injection::Answered> Injection::request(const Call& call, const std::function<Result<int>()>& answer) {
    // The filter that makes a notification of it must be in force. Another filter can only get in its way: what comes
    // of that is no answer of ours, which fails.
    if (const Result<void> ready = suspend(false); !ready) {
        return ready.error();
    }
    if (const Result<void> entered = runTo(call); !entered) {
        return entered.error();
    }
    if (const Result<void> resumed = resume(PTRACE_SYSCALL, tid_); !resumed) {
        return resumed.error();
    }
    Result<int> answered = answer();
    if (!answered && answered.error().code == ETIMEDOUT) {
        return answered.error();
    }
    const Result<std::int64_t> result = leave(call);
    if (!result) {
        return result.error();
    }
    return Answered{std::move(answered), *result};
}

Result<void> Injection::finish() {
    if (const Result<void> resumed = suspend(false); !resumed) {
        return resumed.error();
    }
    if (saved_word_) {
        if (const Result<void> poked = poke(tid_, site_, *saved_word_); !poked) {
            return poked.error().within("restoring the program's code");
        }
        saved_word_.reset();
    }
    if (const Result<void> set = setRegisters(tid_, saved_); !set) {
        return set.error();
    }
    if (const Result<void> set = setSignalMask(tid_, saved_mask_); !set) {
        return set.error();
    }
    if (stop_signal_ && ::syscall(SYS_tgkill, tid_, tid_, SIGSTOP) != 0) {
        return errnoError("sending SIGSTOP on");
    }
    return {};
}

} // namespace landlatch::inject
