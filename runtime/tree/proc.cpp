// SPDX-License-Identifier: Apache-2.0
#include "runtime/tree/proc.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/vfs.h>

namespace landlatch::tree {
namespace {

constexpr std::size_t kMaxStatus = 1U << 20; ///< 65,536 supplementary groups have room
constexpr std::size_t kMaxCgroup = 1U << 16;
constexpr std::size_t kMaxAuxiliary = 8192;
constexpr std::size_t kMaxLink = 1U << 16; ///< the kernel itself stops at one page

Error malformed(const char* what) { return Error{EBADMSG, fmt::format("/proc: {} is not of the expected form", what)}; }

/// The rest of the line that starts with `key`.
std::optional<std::string_view> lineOf(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (line.starts_with(key)) {
            return line.substr(key.size());
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::nullopt;
}

template <typename T> std::optional<std::vector<T>> numbers(std::optional<std::string_view> text, int base) {
    if (!text) {
        return std::nullopt;
    }
    std::vector<T> found;
    const char* at = text->data();
    const char* const end = at + text->size();
    for (;;) {
        while (at != end && (*at == ' ' || *at == '\t')) {
            ++at;
        }
        if (at == end) {
            return found;
        }
        T value{};
        const auto [next, failure] = std::from_chars(at, end, value, base);
        if (failure != std::errc{}) {
            return std::nullopt;
        }
        found.push_back(value);
        at = next;
    }
}

template <typename T> std::optional<T> number(std::optional<std::string_view> text, int base) {
    const std::optional<std::vector<T>> all = numbers<T>(text, base);
    if (!all || all->size() != 1) {
        return std::nullopt;
    }
    return all->front();
}

Result<Place> statxPlace(int directory, const char* path, int flags) {
    struct statx found{};
    if (::statx(directory, path, flags, STATX_INO | STATX_NLINK | STATX_MNT_ID, &found) != 0) {
        return errnoError("statx");
    }
    if ((found.stx_mask & STATX_MNT_ID) == 0) {
        return Error{ENOTSUP, "this kernel doesn't tell mounts apart (statx, Linux 5.8)"};
    }
    return Place{makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino, found.stx_mnt_id, found.stx_nlink};
}

} // namespace

Result<Status> parseStatus(std::string_view text) {
    const auto uids = numbers<std::uint32_t>(lineOf(text, "Uid:"), 10);
    const auto gids = numbers<std::uint32_t>(lineOf(text, "Gid:"), 10);
    const auto groups = numbers<gid_t>(lineOf(text, "Groups:"), 10);
    const auto permitted = number<std::uint64_t>(lineOf(text, "CapPrm:"), 16);
    const auto effective = number<std::uint64_t>(lineOf(text, "CapEff:"), 16);
    const auto no_new_privs = number<unsigned>(lineOf(text, "NoNewPrivs:"), 10);
    const auto filters = number<unsigned>(lineOf(text, "Seccomp_filters:"), 10);
    if (!uids || uids->size() != 4 || !gids || gids->size() != 4 || !groups || !permitted || !effective ||
        !no_new_privs || !filters) {
        return malformed("status");
    }
    Status status;
    status.real_uid = (*uids)[0];
    status.effective_uid = (*uids)[1];
    status.effective_gid = (*gids)[1];
    status.groups = *groups;
    status.groups.push_back((*gids)[1]);
    status.permitted = *permitted;
    status.effective = *effective;
    status.no_new_privs = *no_new_privs != 0;
    status.seccomp_filters = *filters;
    return status;
}

Result<std::string> parseCgroup(std::string_view text) {
    const std::optional<std::string_view> path = lineOf(text, "0::");
    if (!path || path->empty() || path->front() != '/' || *path == "/.." || path->starts_with("/../")) {
        return malformed("cgroup");
    }
    // The line of cgroup2 is the last one, so a name with a line feed in it shows as text behind it.
    if (!text.ends_with('\n') || path->data() + path->size() + 1 != text.data() + text.size()) {
        return malformed("cgroup");
    }
    std::string_view name = *path;
    static constexpr std::string_view kDeleted = " (deleted)";
    if (name.ends_with(kDeleted)) {
        name.remove_suffix(kDeleted.size());
    }
    return std::string(name);
}

Result<Place> placeOf(int directory, const char* path) {
    const int flags = *path == '\0' ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;
    return statxPlace(directory, path, flags);
}

Result<std::string> readString(pid_t tid, std::uint64_t address, std::size_t limit) {
    static constexpr std::size_t kPage = 4096;
    std::string text;
    std::array<char, kPage> buffer{};
    while (text.size() < limit) {
        // Up to the end of a page: the next one may not be there.
        const std::size_t wanted = kPage - (address + text.size()) % kPage;
        const iovec local{buffer.data(), wanted};
        const iovec remote{reinterpret_cast<void*>(address + text.size()), wanted};
        const ssize_t got = ::process_vm_readv(tid, &local, 1, &remote, 1, 0);
        if (got <= 0) {
            return errnoError("reading a task's memory", got == 0 ? EFAULT : errno);
        }
        const char* const end = std::find(buffer.data(), buffer.data() + got, '\0');
        text.append(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
        if (end != buffer.data() + got) {
            break;
        }
    }
    if (text.size() >= limit) {
        return Error{ENAMETOOLONG, "a string in a task's memory is too long"};
    }
    return text;
}

Result<Proc> Proc::open() {
    UniqueFd directory(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory) {
        return errnoError("/proc");
    }
    struct statfs filesystem{};
    if (::fstatfs(directory.get(), &filesystem) != 0) {
        return errnoError("/proc");
    }
    if (filesystem.f_type != PROC_SUPER_MAGIC) {
        return Error{ENOTSUP, "/proc is not procfs"};
    }
    return Proc(std::move(directory));
}

Result<std::string> Proc::read(pid_t tid, const char* name, std::size_t limit) const {
    const std::string path = fmt::format("{}/{}", tid, name);
    const UniqueFd file(::openat(directory_.get(), path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
        return errnoError("/proc/" + path);
    }
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0) {
            return errnoError("/proc/" + path);
        }
        if (got == 0) {
            return text;
        }
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > limit) {
            return errnoError("/proc/" + path, EFBIG);
        }
    }
}

Result<Status> Proc::status(pid_t tid) const {
    const Result<std::string> text = read(tid, "status", kMaxStatus);
    return text ? parseStatus(*text) : text.error();
}

Result<std::string> Proc::cgroup(pid_t tid) const {
    const Result<std::string> text = read(tid, "cgroup", kMaxCgroup);
    return text ? parseCgroup(*text) : text.error();
}

Result<Auxiliary> Proc::auxiliary(pid_t tid) const {
    const Result<std::string> bytes = read(tid, "auxv", kMaxAuxiliary);
    if (!bytes) {
        return bytes.error();
    }
    Auxiliary found;
    for (std::size_t at = 0; at + sizeof(Elf64_auxv_t) <= bytes->size(); at += sizeof(Elf64_auxv_t)) {
        Elf64_auxv_t entry{};
        std::copy_n(bytes->data() + at, sizeof entry, reinterpret_cast<char*>(&entry));
        if (entry.a_type == AT_SYSINFO_EHDR) {
            found.vdso = entry.a_un.a_val;
        } else if (entry.a_type == AT_EXECFN) {
            found.file_name = entry.a_un.a_val;
        }
    }
    return found;
}

Result<std::string> Proc::link(pid_t tid, const std::string& name) const {
    const std::string path = fmt::format("{}/{}", tid, name);
    std::string text(4096, '\0');
    for (;;) {
        const ssize_t got = ::readlinkat(directory_.get(), path.c_str(), text.data(), text.size());
        if (got < 0) {
            return errnoError("/proc/" + path);
        }
        if (static_cast<std::size_t>(got) < text.size()) {
            text.resize(static_cast<std::size_t>(got));
            return text;
        }
        if (text.size() >= kMaxLink) {
            return errnoError("/proc/" + path, ENAMETOOLONG);
        }
        text.resize(text.size() * 4);
    }
}

Result<Place> Proc::place(pid_t tid, const std::string& name) const {
    return statxPlace(directory_.get(), fmt::format("{}/{}", tid, name).c_str(), 0);
}

Result<UniqueFd> Proc::hold(pid_t tid, const std::string& name) const {
    const std::string path = fmt::format("{}/{}", tid, name);
    UniqueFd file(::openat(directory_.get(), path.c_str(), O_PATH | O_CLOEXEC));
    if (!file) {
        return errnoError("/proc/" + path);
    }
    return file;
}

template <typename T> Result<T> Proc::statusNumber(pid_t tid, std::string_view key, int base) const {
    const Result<std::string> text = read(tid, "status", kMaxStatus);
    if (!text) {
        return text.error();
    }
    const auto found = number<T>(lineOf(*text, key), base);
    return found ? Result<T>(*found) : Result<T>(malformed("status"));
}

Result<pid_t> Proc::parent(pid_t pid) const { return statusNumber<pid_t>(pid, "PPid:"); }

Result<pid_t> Proc::tracer(pid_t tid) const { return statusNumber<pid_t>(tid, "TracerPid:"); }

Result<bool> Proc::isPending(pid_t tid, int signal) const {
    const auto own = statusNumber<std::uint64_t>(tid, "SigPnd:", 16);
    const auto shared = statusNumber<std::uint64_t>(tid, "ShdPnd:", 16);
    if (!own || !shared) {
        return own ? shared.error() : own.error();
    }
    return ((*own | *shared) >> (signal - 1) & 1U) != 0;
}

Result<std::uint64_t> Proc::userNamespace(pid_t tid) const {
    const Result<Place> place_of = place(tid, "ns/user");
    return place_of ? Result<std::uint64_t>(place_of->inode) : Result<std::uint64_t>(place_of.error());
}

} // namespace landlatch::tree
