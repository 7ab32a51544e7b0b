// SPDX-License-Identifier: Apache-2.0
#include "runtime/inject/ptrace.h"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <sys/ptrace.h>
#include <sys/wait.h>

namespace landlatch::inject {
namespace {

/// glibc's ptrace() is variadic and its request an enum; the kernel takes four words.
long request(long what, pid_t tid, std::uint64_t address, std::uint64_t data) {
    return ::ptrace(static_cast<__ptrace_request>(what), tid, reinterpret_cast<void*>(address),
                    reinterpret_cast<void*>(data));
}

Result<void> simple(const char* name, long what, pid_t tid, std::uint64_t address, std::uint64_t data) {
    if (request(what, tid, address, data) != 0) {
        return errnoError(name);
    }
    return {};
}

std::uint64_t word(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

} // namespace

Result<void> seize(pid_t tid, std::uint64_t options) { return simple("PTRACE_SEIZE", PTRACE_SEIZE, tid, 0, options); }

Result<void> setOptions(pid_t tid, std::uint64_t options) {
    return simple("PTRACE_SETOPTIONS", PTRACE_SETOPTIONS, tid, 0, options);
}

Result<void> resume(int what, pid_t tid, int signal) {
    return simple("resuming a task", what, tid, 0, static_cast<std::uint64_t>(signal));
}

Result<void> interrupt(pid_t tid) { return simple("PTRACE_INTERRUPT", PTRACE_INTERRUPT, tid, 0, 0); }

Result<std::uint64_t> eventMessage(pid_t tid) {
    unsigned long message = 0;
    if (request(PTRACE_GETEVENTMSG, tid, 0, word(&message)) != 0) {
        return errnoError("PTRACE_GETEVENTMSG");
    }
    return std::uint64_t{message};
}

Result<Registers> registers(pid_t tid) {
    Registers values{};
    if (request(PTRACE_GETREGS, tid, 0, word(&values)) != 0) {
        return errnoError("PTRACE_GETREGS");
    }
    return values;
}

Result<void> setRegisters(pid_t tid, const Registers& values) {
    return simple("PTRACE_SETREGS", PTRACE_SETREGS, tid, 0, word(&values));
}

Result<std::uint64_t> signalMask(pid_t tid) {
    std::uint64_t mask = 0;
    if (request(PTRACE_GETSIGMASK, tid, sizeof mask, word(&mask)) != 0) {
        return errnoError("PTRACE_GETSIGMASK");
    }
    return mask;
}

Result<void> setSignalMask(pid_t tid, std::uint64_t mask) {
    return simple("PTRACE_SETSIGMASK", PTRACE_SETSIGMASK, tid, sizeof mask, word(&mask));
}

Result<SyscallStop> syscallStop(pid_t tid) {
    __ptrace_syscall_info info{};
    if (request(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, word(&info)) <= 0) {
        return errnoError("PTRACE_GET_SYSCALL_INFO");
    }
    SyscallStop stop;
    stop.arch = info.arch;
    stop.ip = info.instruction_pointer;
    switch (info.op) {
    case PTRACE_SYSCALL_INFO_ENTRY:
        stop.kind = SyscallStop::Kind::kEntry;
        stop.number = info.entry.nr;
        std::copy_n(info.entry.args, stop.args.size(), stop.args.begin());
        break;
    case PTRACE_SYSCALL_INFO_SECCOMP:
        stop.kind = SyscallStop::Kind::kSeccomp;
        stop.number = info.seccomp.nr;
        std::copy_n(info.seccomp.args, stop.args.size(), stop.args.begin());
        stop.seccomp_data = info.seccomp.ret_data;
        break;
    case PTRACE_SYSCALL_INFO_EXIT:
        stop.kind = SyscallStop::Kind::kExit;
        stop.result = info.exit.rval;
        break;
    default:
        break;
    }
    return stop;
}

Result<std::uint64_t> peek(pid_t tid, std::uint64_t address) {
    errno = 0;
    const long value = request(PTRACE_PEEKDATA, tid, address, 0);
    if (value == -1 && errno != 0) {
        return errnoError("PTRACE_PEEKDATA");
    }
    return static_cast<std::uint64_t>(value);
}

Result<void> poke(pid_t tid, std::uint64_t address, std::uint64_t value) {
    return simple("PTRACE_POKEDATA", PTRACE_POKEDATA, tid, address, value);
}

Result<int> waitStatus(pid_t tid, Clock::time_point deadline) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    for (;;) {
        int status = 0;
        const pid_t got = ::waitpid(tid, &status, __WALL | WNOHANG);
        if (got == tid) {
            return status;
        }
        if (got < 0 && errno != EINTR) {
            return errnoError("waiting for a traced task");
        }
        const auto left = deadline - Clock::now();
        if (left <= Clock::duration::zero()) {
            return errnoError("waiting for a traced task", ETIMEDOUT);
        }
        const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
        const timespec wait{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
        ::sigtimedwait(&child, nullptr, &wait);
    }
}

} // namespace landlatch::inject
