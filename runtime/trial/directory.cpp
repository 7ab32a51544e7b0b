// SPDX-License-Identifier: Apache-2.0
// Creating, removing and moving without an effect. Landlock is asked by the hooks of vfs paths, before the VFS itself
// looks at what it is given (fs/namei.c: security_path_link, then vfs_link, and so on). So each call asks for something
// that the VFS refuses in its own words:
//
//   make_reg      link a file opened with O_TMPFILE and O_EXCL, which can't be linked          ENOENT
//   make_dir      link a directory                                                             EPERM
//   make_char/block  mknod without CAP_MKNOD                                                   EPERM
//   remove_file   unlink a directory                                                           EISDIR
//   remove_dir    rmdir of what is no directory                                                ENOTDIR
//   refer         link that unlinkable file out of a directory inside, where it has at least the rights it has here
//
// Nothing like it is known for FIFOs, sockets and symbolic links: these are made, and removed at once, where that was
// asked for.
#include "runtime/trial/attempt.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace landlatch::trial {

namespace {

enum Bit : std::uint8_t {
    kRemoveDir = 4,
    kRemoveFile = 5,
    kMakeChar = 6,
    kMakeDir = 7,
    kMakeReg = 8,
    kMakeSock = 9,
    kMakeFifo = 10,
    kMakeBlock = 11,
    kMakeSym = 12,
    kRefer = 13,
};

bool makesSomething(std::uint8_t bit) { return bit == kMakeSock || bit == kMakeFifo || bit == kMakeSym; }

/// An entry of the directory that is, or is not, a directory of the same file system.
std::optional<std::string> entryOf(int directory, bool is_directory) {
    struct stat here{};
    const int again = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(again < 0 ? nullptr : ::fdopendir(again), ::closedir);
    if (!entries || ::fstat(directory, &here) != 0) {
        return std::nullopt;
    }
    while (const dirent* const entry = ::readdir(entries.get())) {
        std::string name = entry->d_name;
        struct stat st{};
        if (name != "." && name != ".." && ::fstatat(directory, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(st.st_mode) == is_directory && st.st_dev == here.st_dev) {
            return name;
        }
    }
    return std::nullopt;
}

UniqueFd unnamedFile(int directory) {
    constexpr mode_t kMine = 0600;
    return UniqueFd(::openat(directory, ".", O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, kMine));
}

/// Takes CAP_MKNOD from the calling process; false when it may still have it.
bool dropMknod() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, sets) != 0) {
        return false;
    }
    sets[0].effective &= ~(1U << CAP_MKNOD);
    sets[0].permitted &= ~(1U << CAP_MKNOD);
    sets[0].inheritable &= ~(1U << CAP_MKNOD);
    return ::syscall(SYS_capset, &header, sets) == 0;
}

/// A device that exists (1,3 is /dev/null): 0,0 is a whiteout, which needs no capability.
int makeDevice(const Prepared& prepared, mode_t kind) {
    if (!dropMknod()) {
        return ENODEV;
    }
    return ::mknodat(prepared.directory.get(), prepared.fresh.c_str(), kind, makedev(1, 3)) == 0 ? 0 : errno;
}

int linkUnnamed(const Prepared& prepared) {
    const std::string file = fmt::format("/proc/self/fd/{}", prepared.unnamed.get());
    return ::linkat(AT_FDCWD, file.c_str(), prepared.directory.get(), prepared.fresh.c_str(), AT_SYMLINK_FOLLOW) == 0
               ? 0
               : errno;
}

} // namespace

bool isDirectoryRight(std::uint8_t bit) { return bit >= kRemoveDir && bit <= kRefer; }

std::string prepareDirectory(const Access& access, const Options& options, Prepared& prepared) {
    prepared.directory = UniqueFd(::open(access.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!prepared.directory) {
        return "no directory here";
    }
    const int directory = prepared.directory.get();
    prepared.fresh = fmt::format(".landlatch-trial-{}", ::getpid());
    struct stat st{};
    if (::fstatat(directory, prepared.fresh.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0) {
        return "the name to try with is taken";
    }
    if (makesSomething(access.bit)) {
        return options.create ? "" : "makes a file for a moment (--kernel-create)";
    }
    if (access.bit == kMakeDir || access.bit == kRemoveFile || access.bit == kRefer) {
        const std::optional<std::string> inner = entryOf(directory, true);
        if (!inner) {
            return "needs a directory inside to try with";
        }
        prepared.entry = *inner;
    }
    if (access.bit == kRemoveDir) {
        const std::optional<std::string> file = entryOf(directory, false);
        if (!file) {
            return "needs a file inside to try with";
        }
        prepared.entry = *file;
    }
    if (access.bit == kRefer) {
        prepared.inner =
            UniqueFd(::openat(directory, prepared.entry.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        prepared.unnamed = unnamedFile(prepared.inner.get());
    } else if (access.bit == kMakeReg) {
        prepared.unnamed = unnamedFile(directory);
    } else {
        return "";
    }
    return prepared.unnamed ? "" : "no file without a name can be opened there to try with";
}

int attemptDirectory(std::uint8_t bit, const Prepared& prepared) {
    constexpr mode_t kMine = 0600;
    const int directory = prepared.directory.get();
    const char* const entry = prepared.entry.c_str();
    const char* const fresh = prepared.fresh.c_str();
    const auto code = [](int result) { return result == 0 ? 0 : errno; };
    switch (bit) {
    case kRemoveDir:
        return code(::unlinkat(directory, entry, AT_REMOVEDIR));
    case kRemoveFile:
        return code(::unlinkat(directory, entry, 0));
    case kMakeChar:
        return makeDevice(prepared, S_IFCHR | kMine);
    case kMakeBlock:
        return makeDevice(prepared, S_IFBLK | kMine);
    case kMakeDir:
        return code(::linkat(directory, entry, directory, fresh, 0));
    case kMakeReg:
    case kRefer:
        return linkUnnamed(prepared);
    case kMakeSock:
        return code(::mknodat(directory, fresh, S_IFSOCK | kMine, 0));
    case kMakeFifo:
        return code(::mknodat(directory, fresh, S_IFIFO | kMine, 0));
    case kMakeSym:
        return code(::symlinkat("nowhere", directory, fresh));
    default:
        return ENODEV;
    }
}

void tidy(const Access& access, const Prepared& prepared) {
    if (access.category == abi::Category::kFs && makesSomething(access.bit) && prepared.directory) {
        ::unlinkat(prepared.directory.get(), prepared.fresh.c_str(), 0);
    }
}

} // namespace landlatch::trial
