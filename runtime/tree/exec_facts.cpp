// SPDX-License-Identifier: Apache-2.0
#include "runtime/tree/exec_facts.h"

#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

namespace landlatch::tree {
namespace {

constexpr std::string_view kDeleted = " (deleted)";
constexpr std::string_view kMemfd = "/memfd:";
constexpr std::string_view kFdPrefix = "/dev/fd/";
constexpr std::size_t kMaxName = 4096 + 32; ///< a path, and "/dev/fd/N/" before it

/// Opens without ever passing a magic link: /proc/self is us here and was the task there.
Result<UniqueFd> openPlain(int directory, const std::string& path) {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_NO_MAGICLINKS;
    const long fd = ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how);
    if (fd < 0) {
        return errnoError(path);
    }
    return UniqueFd(static_cast<int>(fd));
}

/// "/dev/fd/7/a/b" as fd 7 and "a/b"; "/dev/fd/7" as fd 7 and "". What execveat makes of a directory fd.
struct FdName {
    int fd = -1;
    std::string rest;
};
std::optional<FdName> parseFdName(std::string_view name) {
    if (!name.starts_with(kFdPrefix)) {
        return std::nullopt;
    }
    name.remove_prefix(kFdPrefix.size());
    FdName found;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), found.fd);
    if (failure != std::errc{} || found.fd < 0) {
        return std::nullopt;
    }
    name.remove_prefix(static_cast<std::size_t>(end - name.data()));
    if (!name.empty() && name.front() != '/') {
        return std::nullopt;
    }
    found.rest = name.empty() ? name : name.substr(1);
    return found;
}

} // namespace

Result<FactReader> FactReader::create(const Proc& proc) {
    const Result<Place> root = placeOf(AT_FDCWD, "/");
    if (!root) {
        return root.error().within("/");
    }
    return FactReader(proc, *root);
}

Gate FactReader::readGate(pid_t tid, const GateNeeds& needs) const {
    Gate gate;
    if (needs.cwd) {
        Result<UniqueFd> cwd = proc_->hold(tid, "cwd");
        const Result<Place> place = cwd ? placeOf(cwd->get(), "") : cwd.error();
        if (place) {
            gate.cwd_place = *place;
            gate.cwd = std::move(*cwd);
        }
    }
    if (needs.credentials) {
        if (Result<Status> status = proc_->status(tid)) {
            gate.status = std::move(*status);
        }
        if (const Result<std::uint64_t> space = proc_->userNamespace(tid)) {
            gate.user_namespace = *space;
        }
    }
    return gate;
}

bool FactReader::hasOurRoot(pid_t tid) const {
    const Result<Place> root = proc_->place(tid, "root");
    return root && *root == root_;
}

/// Whether a file of `place`, gone by now, was where `path` says: on the mount of the nearest directory that is left.
bool FactReader::onMountAbove(const Place& place, const std::string& path) const {
    std::string directory = path;
    for (;;) {
        const std::size_t slash = directory.rfind('/');
        if (slash == std::string::npos) {
            return false;
        }
        directory.resize(slash == 0 ? 1 : slash);
        if (const Result<Place> found = placeOf(AT_FDCWD, directory.c_str())) {
            return found->mount == place.mount;
        }
        if (slash == 0) {
            return false;
        }
    }
}

Image FactReader::readImage(pid_t tid) const {
    Image image;
    const Result<std::string> text = proc_->link(tid, "exe");
    if (!text) {
        return image;
    }
    image.text = *text;
    const Result<Place> place = proc_->place(tid, "exe");
    if (!place) {
        return image;
    }
    image.place = *place;
    const bool suffix = image.text.ends_with(kDeleted);
    const bool trusted = image.text.starts_with('/') && hasOurRoot(tid);
    if (trusted) {
        if (const Result<Place> here = placeOf(AT_FDCWD, image.text.c_str()); here && *here == *place) {
            image.path = image.text;
            image.unlinked = false;
            return image;
        }
    }
    if (!suffix) {
        image.unlinked = false;
        return image;
    }
    const std::string stripped = image.text.substr(0, image.text.size() - kDeleted.size());
    // A memfd's name is its maker's choice, as a deleted file's is, so nothing is lost by believing it.
    if (trusted && (stripped.starts_with(kMemfd) || onMountAbove(*place, stripped))) {
        image.path = stripped;
        image.unlinked = true;
    } else if (place->links == 0) {
        image.unlinked = true;
    }
    return image;
}

/// The file that was named to execve, found again from the task's point of view. ENOENT for an fd that the exec closed.
Result<UniqueFd> FactReader::openNamed(pid_t tid, const std::string& name, const Gate& gate) const {
    if (const std::optional<FdName> by_fd = parseFdName(name)) {
        Result<UniqueFd> held = proc_->hold(tid, fmt::format("fd/{}", by_fd->fd));
        if (!held || by_fd->rest.empty()) {
            return held;
        }
        return openPlain(held->get(), by_fd->rest);
    }
    if (name.starts_with('/')) {
        return openPlain(AT_FDCWD, name);
    }
    // Relative: the directory must be the one the task was in as it asked, and still is (another task may share it).
    if (!gate.cwd || !gate.cwd_place) {
        return errnoError(name, ESTALE);
    }
    const Result<Place> now = proc_->place(tid, "cwd");
    if (!now || !(*now == *gate.cwd_place)) {
        return errnoError(name, ESTALE);
    }
    return openPlain(gate.cwd.get(), name);
}

std::optional<std::string> FactReader::pathOf(int fd, const Place& place) const {
    const Result<std::string> text = proc_->link(::getpid(), fmt::format("fd/{}", fd));
    if (!text || !text->starts_with('/')) {
        return std::nullopt;
    }
    if (const Result<Place> here = placeOf(AT_FDCWD, text->c_str()); here && *here == place) {
        return *text;
    }
    if (text->ends_with(kDeleted)) {
        std::string stripped = text->substr(0, text->size() - kDeleted.size());
        if (stripped.starts_with(kMemfd) || onMountAbove(place, stripped)) {
            return stripped;
        }
    }
    return std::nullopt;
}

ScriptFile FactReader::readScript(pid_t tid, const Image& image, const Gate& gate) const {
    using Kind = match::Script::Kind;
    ScriptFile none{Kind::kNone, {}};
    ScriptFile unreadable{};
    const Result<Auxiliary> auxiliary = proc_->auxiliary(tid);
    if (!auxiliary || auxiliary->file_name == 0) {
        return unreadable;
    }
    // The kernel's own copy of the name, made as it opened the file.
    const Result<std::string> name = readString(tid, auxiliary->file_name, kMaxName);
    if (!name || name->empty()) {
        return unreadable;
    }
    if (image.path && *name == *image.path) {
        return none;
    }
    if (!hasOurRoot(tid)) {
        return unreadable;
    }
    if (*name == "/proc/self/exe" || *name == "/proc/thread-self/exe") {
        return none; // what a task runs is an image already
    }
    const Result<UniqueFd> file = openNamed(tid, *name, gate);
    if (!file) {
        // An interpreter could not have opened a script whose fd the exec closes, so the kernel refuses those.
        return file.error().code == ENOENT && parseFdName(*name) ? none : unreadable;
    }
    const Result<Place> place = placeOf(file->get(), "");
    if (!place || !image.place) {
        return unreadable;
    }
    if (place->sameFile(*image.place)) {
        return none;
    }
    const std::optional<std::string> path = pathOf(file->get(), *place);
    if (!path) {
        return unreadable;
    }
    if (image.path && *path == *image.path) {
        return none; // the image's file was replaced meanwhile
    }
    return ScriptFile{Kind::kPath, *path};
}

} // namespace landlatch::tree
