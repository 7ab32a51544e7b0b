// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/walk.h"

#include "runtime/base/check.h"
#include "runtime/landlock/mounts.h"

#include <algorithm>
#include <array>
#include <climits>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/vfs.h>

namespace landlatch::landlock {
namespace {

/// As the kernel's own limit (MAXSYMLINKS).
constexpr unsigned kMaxLinks = 40;
constexpr long kProcSuperMagic = 0x9fa0;
/// Names read from one directory, wanted or not: a file system of somebody's own making could go on for ever.
constexpr std::size_t kMaxNames = 4'000'000;

std::string childPath(const Spot& dir, std::string_view name) {
    const std::string parent = dir.path();
    return (parent == "/" ? parent : parent + "/") + std::string(name);
}

Error openError(std::string_view path, int code) {
    if (code == EMFILE) {
        return Error{code, fmt::format("{}: too many open files: raise the limit (ulimit -n)", path)};
    }
    return errnoError(path, code);
}

bool isProcfs(const Spot& spot) {
    struct statfs fs = {};
    return ::fstatfs(spot.fd.get(), &fs) == 0 && fs.f_type == kProcSuperMagic;
}

Result<SpotPtr> openChild(const SpotPtr& dir, std::string_view name) {
    const std::string text(name);
    auto spot = std::make_shared<Spot>();
    spot->fd = UniqueFd(::openat(dir->fd.get(), text.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!spot->fd || ::fstat(spot->fd.get(), &spot->status) != 0) {
        return openError(childPath(*dir, name), errno);
    }
    spot->parent = dir;
    spot->name = text;
    return SpotPtr(std::move(spot));
}

Result<std::string> readLink(const Spot& link) {
    std::array<char, PATH_MAX> text = {};
    const ssize_t length = ::readlinkat(link.fd.get(), "", text.data(), text.size());
    if (length < 0) {
        return openError(link.path(), errno);
    }
    if (length == 0 || static_cast<std::size_t>(length) == text.size()) {
        return openError(link.path(), ENAMETOOLONG);
    }
    return std::string(text.data(), static_cast<std::size_t>(length));
}

} // namespace

std::string Spot::path() const {
    if (!parent) {
        return "/";
    }
    const std::string above = parent->path();
    return (above == "/" ? above : above + "/") + name;
}

bool meansAbsent(int code) { return code == ENOENT || code == ENOTDIR || code == EACCES; }

Result<Walker> Walker::make(int root, uid_t caller) {
    auto spot = std::make_shared<Spot>();
    spot->fd = UniqueFd(root < 0 ? ::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : ::fcntl(root, F_DUPFD_CLOEXEC, 3));
    if (!spot->fd || ::fstat(spot->fd.get(), &spot->status) != 0) {
        return openError("/", errno);
    }
    if (!spot->isDirectory()) {
        return errnoError("/", ENOTDIR);
    }
    Walker walker;
    walker.root_ = std::move(spot);
    walker.caller_ = caller;
    return walker;
}

/// Why a symlink in `dir` is not followed, or nothing. Sticky directories don't help: a link of root's may be put there
/// by link(2). POSIX ACLs are seen too, since a mask that gives write access shows as the group's bit.
std::optional<std::string> Walker::distrust(const Spot& dir) const {
    const struct ::stat& status = dir.status;
    if (status.st_uid != 0 && status.st_uid != caller_) {
        return fmt::format("{} belongs to uid {}", dir.path(), status.st_uid);
    }
    if ((status.st_mode & S_IWOTH) != 0) {
        return fmt::format("everyone can write {}", dir.path());
    }
    if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0) {
        return fmt::format("gid {} can write {}", status.st_gid, dir.path());
    }
    return distrustServer(dir, caller_); // owner and mode may be its invention
}

Result<SpotPtr> Walker::follow(const SpotPtr& link, Links links, unsigned& budget) {
    const std::string path = link->path();
    if (budget == 0) {
        return errnoError(path, ELOOP);
    }
    --budget;
    const SpotPtr& dir = link->parent;
    if (isProcfs(*dir)) {
        return Error{
            ELOOP, fmt::format("{}: a link of /proc speaks of the loader and not of the program: not followed", path)};
    }
    const std::optional<std::string> reason = distrust(*dir);
    if (reason && links != Links::kOwner) {
        return Error{ELOOP,
                     fmt::format("{}: a symlink that someone else could plant is not followed: {}", path, *reason)};
    }
    auto target = readLink(*link);
    if (!target) {
        return target.error();
    }
    SpotPtr at = target->front() == '/' ? root_ : dir;
    for (std::size_t start = 0; start < target->size();) {
        const std::size_t end = std::min(target->find('/', start), target->size());
        const std::string_view component = std::string_view(*target).substr(start, end - start);
        start = end + 1;
        if (component.empty() || component == ".") {
            continue;
        }
        auto next = stepAt(at, component, links == Links::kStay ? Links::kTrusted : links, budget);
        if (!next) {
            return next.error();
        }
        at = *std::move(next);
    }
    if (reason && at->status.st_uid != link->status.st_uid) {
        return Error{ELOOP, fmt::format("{}: a symlink of uid {} to something of another's is not followed: {}", path,
                                        link->status.st_uid, *reason)};
    }
    followed_.insert(fmt::format("{} -> {}", path, *target));
    return at;
}

Result<SpotPtr> Walker::stepAt(const SpotPtr& dir, std::string_view name, Links links, unsigned& budget) {
    LANDLATCH_CHECK(!name.empty() && name != "." && name.find('/') == std::string_view::npos);
    if (!dir->isDirectory()) {
        return openError(childPath(*dir, name), ENOTDIR);
    }
    if (name == "..") {
        return dir->parent ? dir->parent : dir;
    }
    auto child = openChild(dir, name);
    if (!child || !(*child)->isSymlink() || links == Links::kStay) {
        return child;
    }
    return follow(*child, links, budget);
}

Result<SpotPtr> Walker::step(const SpotPtr& dir, std::string_view name, Links links) {
    unsigned budget = kMaxLinks;
    return stepAt(dir, name, links, budget);
}

Result<SpotPtr> Walker::open(std::string_view path, Links links) {
    LANDLATCH_CHECK(!path.empty() && path.front() == '/');
    unsigned budget = kMaxLinks;
    SpotPtr at = root_;
    for (std::size_t start = 1; start < path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        const bool last = end == path.size();
        const Links mode = links == Links::kStay && !last ? Links::kTrusted : links;
        auto next = stepAt(at, path.substr(start, end - start), mode, budget);
        if (!next) {
            return next;
        }
        at = *std::move(next);
        start = end + 1;
    }
    return at;
}

Result<std::vector<std::string>> listDirectory(const Spot& dir, std::size_t limit,
                                               const std::function<bool(std::string_view)>& wanted) {
    UniqueFd fd(::openat(dir.fd.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        return openError(dir.path(), errno);
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), ::closedir);
    if (!stream) {
        return openError(dir.path(), errno);
    }
    (void)fd.release(); // the stream owns it now
    std::vector<std::string> names;
    for (std::size_t read = 0;; ++read) {
        if (read == kMaxNames) {
            return Error{E2BIG, fmt::format("{}: more than {} entries", dir.path(), kMaxNames)};
        }
        errno = 0;
        const dirent* entry = ::readdir(stream.get());
        if (entry == nullptr) {
            if (errno != 0) {
                return openError(dir.path(), errno);
            }
            break;
        }
        const std::string_view name = entry->d_name;
        if (name == "." || name == ".." || name.empty() || name.find('/') != std::string_view::npos || !wanted(name)) {
            continue;
        }
        if (names.size() == limit) {
            return Error{E2BIG, fmt::format("{}: more than {} entries", dir.path(), limit)};
        }
        names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace landlatch::landlock
