// SPDX-License-Identifier: Apache-2.0
#include "runtime/probe/probe.h"

#include "runtime/base/unique_fd.h"

#include <array>
#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/seccomp.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::probe {
namespace {

// asm-generic/unistd.h: the same on every architecture.
constexpr long kNrPidfdOpen = 434;
constexpr long kNrPidfdGetfd = 438;
constexpr long kNrLandlockRestrictSelf = 446;

constexpr unsigned long kSeizeOptions = PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;

Support yes() { return {true, {}}; }
Support no(std::string why) { return {false, std::move(why)}; }

/// A child that does nothing until it is killed with this.
class Child {
public:
    Child() : parent_(::getpid()), pid_(::fork()) {
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            while (::getppid() == parent_) {
                ::pause();
            }
            ::_exit(0);
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            while (::waitpid(pid_, nullptr, __WALL) < 0 && errno == EINTR) {
            }
        }
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

    /// Waits for a stop.
    [[nodiscard]] bool stopped() const {
        int status = 0;
        pid_t got = -1;
        do {
            got = ::waitpid(pid_, &status, __WALL);
        } while (got < 0 && errno == EINTR);
        return got == pid_ && WIFSTOPPED(status);
    }

private:
    pid_t parent_;
    pid_t pid_;
};

std::string ptraceReason(int code) {
    const auto scope = yamaScope();
    if (code == EPERM && scope && *scope == 3) {
        return "ptrace is off until the next boot: kernel.yama.ptrace_scope is 3";
    }
    if (code == EPERM && scope && *scope == 2) {
        return "only root may ptrace here: kernel.yama.ptrace_scope is 2";
    }
    if (code == EPERM) {
        return "ptrace is not permitted here (a seccomp filter, a container's policy or another security module)";
    }
    return errnoError("ptrace", code).message;
}

/// Seizes a fresh child with `options`, then asks `further`, which gets a child that runs.
Support trySeize(unsigned long options, Support (*further)(const Child&)) {
    const Child child;
    if (child.pid() < 0) {
        return no(errnoError("fork").message);
    }
    if (::ptrace(PTRACE_SEIZE, child.pid(), nullptr, options) != 0) {
        return no(ptraceReason(errno));
    }
    return further(child);
}

} // namespace

Result<Landlock> landlock(landlock::Kernel& kernel) {
    const auto abi = landlock::queryAbi(kernel);
    if (!abi) {
        return abi.error();
    }
    Landlock found;
    found.abi = *abi;
    const int errata = kernel.query(uapi::kCreateErrata);
    found.errata = errata > 0 ? static_cast<std::uint32_t>(errata) : 0;
    return found;
}

Result<int> parseYamaScope(std::string_view text) {
    int scope = -1;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), scope);
    const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (code != std::errc() || scope < 0 || scope > 3 || (!rest.empty() && rest != "\n")) {
        return Error{EINVAL, fmt::format("kernel.yama.ptrace_scope: '{}' is not understood", text)};
    }
    return scope;
}

Result<int> yamaScope() {
    const UniqueFd fd(::open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC));
    if (!fd) {
        return errno == ENOENT ? Result<int>(0) : errnoError("/proc/sys/kernel/yama/ptrace_scope");
    }
    std::array<char, 16> text = {};
    const ssize_t length = ::read(fd.get(), text.data(), text.size());
    if (length < 0) {
        return errnoError("/proc/sys/kernel/yama/ptrace_scope");
    }
    return parseYamaScope(std::string_view(text.data(), static_cast<std::size_t>(length)));
}

Support ptrace() {
    return trySeize(kSeizeOptions, [](const Child&) { return yes(); });
}

Support ptraceSyscallInfo() {
    return trySeize(kSeizeOptions, [](const Child& child) {
        if (::ptrace(PTRACE_INTERRUPT, child.pid(), nullptr, nullptr) != 0 || !child.stopped()) {
            return no("ptrace: a seized child does not stop");
        }
        std::array<unsigned char, 128> info = {};
        if (::ptrace(PTRACE_GET_SYSCALL_INFO, child.pid(), info.size(), info.data()) <= 0) {
            return no("PTRACE_GET_SYSCALL_INFO is missing: Linux 5.3 has it");
        }
        return yes();
    });
}

Support seccompTrace() {
    const std::uint32_t action = SECCOMP_RET_TRACE;
    if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0) {
        return yes();
    }
    if (errno == EOPNOTSUPP) {
        return no("this kernel's seccomp has no SECCOMP_RET_TRACE");
    }
    return no(errnoError("seccomp filters are not available (CONFIG_SECCOMP_FILTER)").message);
}

Support pidfdGetfd() {
    const Child child;
    if (child.pid() < 0) {
        return no(errnoError("fork").message);
    }
    const UniqueFd pidfd(static_cast<int>(::syscall(kNrPidfdOpen, child.pid(), 0)));
    if (!pidfd) {
        return no(errnoError("pidfd_open").message);
    }
    // The child has our fds; ask for one that exists for sure.
    const UniqueFd copy(static_cast<int>(::syscall(kNrPidfdGetfd, pidfd.get(), pidfd.get(), 0)));
    if (copy || errno == EBADF) { // EBADF: allowed to look, and that fd came after the fork
        return yes();
    }
    return no(errno == EPERM ? ptraceReason(errno) : errnoError("pidfd_getfd").message);
}

Support suspendSeccomp() {
    Support support = trySeize(kSeizeOptions | PTRACE_O_SUSPEND_SECCOMP, [](const Child&) { return yes(); });
    if (support) {
        return support;
    }
    if (!ptrace()) {
        return support;
    }
    return no("PTRACE_O_SUSPEND_SECCOMP needs CAP_SYS_ADMIN, no seccomp filter on the loader, and "
              "CONFIG_CHECKPOINT_RESTORE");
}

Result<std::uint32_t> restrictFlags() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return errnoError("pipe");
    }
    const UniqueFd in(ends[0]);
    UniqueFd out(ends[1]);
    const pid_t pid = ::fork();
    if (pid < 0) {
        return errnoError("fork");
    }
    if (pid == 0) {
        std::uint32_t known = 0;
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        for (std::uint32_t flag = 1; flag != 0; flag <<= 1) {
            // Without a ruleset: what a flag that is known fails with is EBADF.
            if (::syscall(kNrLandlockRestrictSelf, -1, flag) == 0 || errno == EBADF) {
                known |= flag;
            }
        }
        ::_exit(::write(out.get(), &known, sizeof known) == sizeof known ? 0 : 1);
    }
    out.reset();
    std::uint32_t known = 0;
    const bool told = ::read(in.get(), &known, sizeof known) == sizeof known;
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return told ? Result<std::uint32_t>(known) : Error{EIO, "the trial of landlock_restrict_self's flags failed"};
}

} // namespace landlatch::probe
