// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/subject.h"

#include "runtime/base/check.h"
#include "runtime/inject/syscall_site.h"

#include <array>
#include <csignal>
#include <elf.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <string>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

namespace landlatch::supervise {
namespace {

constexpr std::uint64_t kSyscallLength = 2;
constexpr int kSyscallStopSignal = SIGTRAP | 0x80; ///< with PTRACE_O_TRACESYSGOOD

Error unexpected(const inject::Call& call, const std::string& what) {
    return Error{EPROTO, std::string(call.name) + " was not made as asked: " + what};
}

} // namespace

void Subject::stopped(int status) {
    LANDLATCH_CHECK(stop_.awaited());
    stop_.bring(status);
}

Task<Result<inject::SyscallStop>> Subject::nextSyscallStop() {
    for (;;) {
        const int status = co_await stop_;
        const int signal = WSTOPSIG(status);
        const int event = status >> 16;
        if (event == 0 && signal == kSyscallStopSignal) {
            co_return inject::syscallStop(pid_);
        }
        // SIGSTOP is the one signal that can't be blocked: held back. What follows from it is a group stop.
        if (event == 0 && signal == SIGSTOP) {
            stop_signal_ = true;
        } else if (event != PTRACE_EVENT_STOP) {
            co_return Error{EPROTO, "the program stopped with signal " + std::to_string(signal) + ", event " +
                                        std::to_string(event) + ", while it was being confined"};
        }
        if (const Result<void> resumed = inject::resume(PTRACE_SYSCALL, pid_); !resumed) {
            co_return resumed.error();
        }
    }
}

/// The vDSO's `syscall` instruction: memory of the kernel's, which no file system can make us wait for.
Result<std::uint64_t> Subject::findSite() const {
    const auto offset = inject::vdsoSyscallOffset();
    if (!offset) {
        return Error{ENOTSUP, "this kernel has no vDSO with a syscall instruction"};
    }
    const UniqueFd file(::open(("/proc/" + std::to_string(pid_) + "/auxv").c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
        return errnoError("the program's auxiliary vector");
    }
    std::array<Elf64_auxv_t, 64> entries{};
    const ssize_t got = ::read(file.get(), entries.data(), sizeof entries);
    for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got) / sizeof(Elf64_auxv_t); ++i) {
        if (entries[i].a_type == AT_SYSINFO_EHDR && entries[i].a_un.a_val != 0) {
            return entries[i].a_un.a_val + *offset;
        }
    }
    return Error{ENOTSUP, "the program has no vDSO"};
}

Task<Result<void>> Subject::enter() {
    const Result<inject::Registers> now = inject::registers(pid_);
    if (!now) {
        co_return now.error();
    }
    if (now->cs != inject::kCodeSegment64) {
        co_return Error{ENOEXEC, "a 32-bit program, which can't be confined before it starts"};
    }
    const Result<std::uint64_t> mask = inject::signalMask(pid_);
    if (!mask) {
        co_return mask.error();
    }
    saved_mask_ = *mask;
    if (const Result<void> blocked = inject::setSignalMask(pid_, ~std::uint64_t{0}); !blocked) {
        co_return blocked.error();
    }
    // To the end of the execve it is still in; only then do registers stay as they are set.
    if (const Result<void> resumed = inject::resume(PTRACE_SYSCALL, pid_); !resumed) {
        co_return resumed.error();
    }
    const Result<inject::SyscallStop> stop = co_await nextSyscallStop();
    if (!stop) {
        co_return stop.error();
    }
    if (stop->kind != inject::SyscallStop::Kind::kExit || stop->result != 0) {
        co_return Error{EPROTO, "the exec did not end as expected"};
    }
    const Result<inject::Registers> saved = inject::registers(pid_);
    if (!saved) {
        co_return saved.error();
    }
    saved_ = *saved;
    const Result<std::uint64_t> site = findSite();
    if (!site) {
        co_return site.error();
    }
    site_ = *site;
    co_return read(scratch(), saved_scratch_);
}

Task<Result<std::int64_t>> Subject::call(inject::Call call) {
    inject::Registers regs = saved_;
    regs.rip = site_;
    regs.rax = call.number;
    regs.orig_rax = ~0ULL; // no system call to restart
    regs.rdi = call.args[0];
    regs.rsi = call.args[1];
    regs.rdx = call.args[2];
    regs.r10 = call.args[3];
    regs.r8 = call.args[4];
    regs.r9 = call.args[5];
    if (const Result<void> set = inject::setRegisters(pid_, regs); !set) {
        co_return set.error();
    }
    if (const Result<void> resumed = inject::resume(PTRACE_SYSCALL, pid_); !resumed) {
        co_return resumed.error();
    }
    const Result<inject::SyscallStop> entry = co_await nextSyscallStop();
    if (!entry) {
        co_return entry.error().within(call.name);
    }
    if (entry->kind != inject::SyscallStop::Kind::kEntry || entry->arch != AUDIT_ARCH_X86_64 ||
        entry->ip != site_ + kSyscallLength) {
        co_return unexpected(call, "no entry into a system call from where it was sent");
    }
    if (entry->number != call.number || entry->args != call.args) {
        co_return unexpected(call, "another call or other arguments");
    }
    if (const Result<void> resumed = inject::resume(PTRACE_SYSCALL, pid_); !resumed) {
        co_return resumed.error();
    }
    const Result<inject::SyscallStop> exit = co_await nextSyscallStop();
    if (!exit) {
        co_return exit.error().within(call.name);
    }
    if (exit->kind != inject::SyscallStop::Kind::kExit) {
        co_return unexpected(call, "no exit of the system call");
    }
    co_return exit->result;
}

Task<Result<std::int64_t>> Subject::mustCall(inject::Call call) {
    Result<std::int64_t> result = co_await this->call(call);
    if (result && *result < 0) {
        co_return errnoError(std::string(call.name) + " in the program", static_cast<int>(-*result));
    }
    co_return result;
}

Result<void> Subject::restore() {
    if (const Result<void> written = write(scratch(), saved_scratch_); !written) {
        return written;
    }
    if (const Result<void> set = inject::setRegisters(pid_, saved_); !set) {
        return set;
    }
    return inject::setSignalMask(pid_, saved_mask_);
}

Result<void> Subject::read(std::uint64_t address, std::span<std::byte> to) const {
    const iovec local{to.data(), to.size()};
    const iovec remote{reinterpret_cast<void*>(address), to.size()};
    if (::process_vm_readv(pid_, &local, 1, &remote, 1, 0) != static_cast<ssize_t>(to.size())) {
        return errnoError("reading the program's stack");
    }
    return {};
}

Result<void> Subject::write(std::uint64_t address, std::span<const std::byte> from) const {
    const iovec local{const_cast<std::byte*>(from.data()), from.size()};
    const iovec remote{reinterpret_cast<void*>(address), from.size()};
    if (::process_vm_writev(pid_, &local, 1, &remote, 1, 0) != static_cast<ssize_t>(from.size())) {
        return errnoError("writing the program's stack");
    }
    return {};
}

} // namespace landlatch::supervise
