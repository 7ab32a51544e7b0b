// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/setup.h"

#include "runtime/landlock/kernel.h"
#include "runtime/landlock/load.h"
#include "runtime/supervise/message.h"

#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <ranges>
#include <sched.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

constexpr ino_t kInitialPidNamespace = 0xEFFFFFFC; ///< PROC_PID_INIT_INO
constexpr int kPriority = 10;

int pin_root = -1; ///< a hold on kPinRoot, for as long as the supervisor lives

Result<std::string> readFile(const char* path) {
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> text{};
    const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : -1;
    if (got < 0) {
        return errnoError(path);
    }
    return std::string(text.data(), static_cast<std::size_t>(got));
}

/// A folder that is root's and nobody else's, made where it is missing.
Result<void> privateFolder(const char* path) {
    struct stat found{};
    if ((::mkdir(path, 0700) != 0 && errno != EEXIST) || ::lstat(path, &found) != 0) {
        return errnoError(path);
    }
    if (!S_ISDIR(found.st_mode) || found.st_uid != 0 || (found.st_mode & 077) != 0) {
        return Error{EPERM, std::string(path) + ": must be a folder of root's alone (mode 0700)"};
    }
    return {};
}

/// Drops every capability that `kept` doesn't have, for good.
Result<void> keepCapabilities(std::uint64_t kept) {
    for (unsigned capability = 0; capability < 64; ++capability) {
        if ((kept >> capability & 1U) == 0) {
            ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
        }
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    if (::syscall(SYS_capget, &header, data.data()) != 0) {
        return errnoError("capget");
    }
    for (unsigned half = 0; half < 2; ++half) {
        data[half].permitted &= static_cast<std::uint32_t>(kept >> (32 * half));
        data[half].effective = data[half].permitted;
        data[half].inheritable = 0;
    }
    if (::syscall(SYS_capset, &header, data.data()) != 0) {
        return errnoError("capset");
    }
    return {};
}

} // namespace

std::string bootLine(std::string_view list) {
    while (list.ends_with('\n')) {
        list.remove_suffix(1);
    }
    // "capability" is always there, behind lockdown where that is early, and not an argument of lsm=.
    std::string wanted;
    for (const auto name : std::views::split(list, ',')) {
        if (const std::string_view text(name.begin(), name.end()); text != "capability") {
            wanted += wanted.empty() ? "" : ",";
            wanted += text;
        }
    }
    bool all = true;
    for (const std::string_view name : {"landlock", "bpf"}) {
        if (("," + wanted + ",").find(fmt::format(",{},", name)) == std::string::npos) {
            wanted += wanted.empty() ? "" : ",";
            wanted += name;
            all = false;
        }
    }
    return all ? "" : "lsm=" + wanted;
}

Result<void> checkMachine() {
    if (::geteuid() != 0) {
        return Error{EPERM, "llload must be run as root (llrun confines without privileges)"};
    }
    struct stat pid_namespace{};
    if (::stat("/proc/self/ns/pid", &pid_namespace) != 0 || pid_namespace.st_ino != kInitialPidNamespace) {
        return Error{EPERM, "not in the initial pid namespace: llload can't be run in a container"};
    }
    if (const Result<std::string> list = readFile("/sys/kernel/security/lsm")) {
        if (const std::string line = bootLine(*list); !line.empty()) {
            return Error{EOPNOTSUPP, fmt::format("this kernel runs without {}; boot with: {}",
                                                 line.ends_with("bpf") ? "BPF LSM programs" : "Landlock", line)};
        }
    }
    if (::access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
        return Error{EOPNOTSUPP, "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)"};
    }
    landlock::SystemKernel kernel;
    if (const Result<std::uint32_t> abi = landlock::queryAbi(kernel); !abi) {
        return abi.error();
    }
    constexpr long kBpfMagic = static_cast<long>(0xcafe4a11);
    struct statfs system{};
    if (::statfs("/sys/fs/bpf", &system) != 0 || system.f_type != kBpfMagic) {
        return Error{ENOENT, "no bpf file system at /sys/fs/bpf (mount -t bpf bpf /sys/fs/bpf)"};
    }
    return {};
}

Result<void> makeFolders() {
    for (const char* path : {kRunFolder, kPinRoot}) {
        if (const Result<void> made = privateFolder(path); !made) {
            return made;
        }
    }
    return {};
}

std::string pinRoot() { return pin_root < 0 ? kPinRoot : fmt::format("/proc/self/fd/{}", pin_root); }

Result<UniqueFd> takeFolders() {
    if (const Result<void> made = makeFolders(); !made) {
        return made.error();
    }
    UniqueFd lock(::open(kLockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) {
        return errnoError(kLockPath);
    }
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return Error{EAGAIN, "a supervisor is running already"};
    }
    UniqueFd root(::open(kPinRoot, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!root) {
        return errnoError(kPinRoot);
    }
    pin_root = root.release();
    return lock;
}

Result<void> harden() {
    [[maybe_unused]] const landlock::FdLimit limit = landlock::FdLimit::raise();
    sched_param priority{};
    priority.sched_priority = kPriority;
    if (::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) != 0) {
        return errnoError("real-time priority, without which waiting programs would keep the supervisor from running");
    }
    if (::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) {
        return errnoError("mlockall");
    }
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return errnoError("no_new_privs");
    }
    const auto bit = [](unsigned capability) { return std::uint64_t{1} << capability; };
    // Tracing and its options, BPF, other users' paths and processes, limits of others, priority, locked memory.
    return keepCapabilities(bit(CAP_SYS_PTRACE) | bit(CAP_SYS_ADMIN) | bit(CAP_BPF) | bit(CAP_PERFMON) |
                            bit(CAP_NET_ADMIN) | bit(CAP_DAC_READ_SEARCH) | bit(CAP_DAC_OVERRIDE) | bit(CAP_KILL) |
                            bit(CAP_SYS_RESOURCE) | bit(CAP_SYS_NICE) | bit(CAP_IPC_LOCK) | bit(CAP_SETPCAP));
}

} // namespace landlatch::supervise
