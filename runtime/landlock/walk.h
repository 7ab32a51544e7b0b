// SPDX-License-Identifier: Apache-2.0
// Opening paths without falling for symlinks: a walk from a root, one openat(O_PATH | O_NOFOLLOW) a component.
//
// A symlink is followed only out of a directory that nobody but root and the caller can write: else whoever can write
// there would choose what the policy grants. Symlinks of procfs are never followed: they say something about the
// loader and not about the program.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <compare>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace landlatch::landlock {

/// Which inode: unique while an fd on it is open.
struct Inode {
    dev_t dev = 0;
    ino_t ino = 0;
    auto operator<=>(const Inode&) const = default;
};

/// One opened place of a walk, with the way to it. Immutable.
struct Spot {
    std::shared_ptr<const Spot> parent; ///< null for the root
    std::string name;                   ///< empty for the root
    UniqueFd fd;                        ///< O_PATH
    struct ::stat status = {};

    [[nodiscard]] Inode inode() const { return {status.st_dev, status.st_ino}; }
    [[nodiscard]] bool isDirectory() const { return S_ISDIR(status.st_mode); }
    [[nodiscard]] bool isSymlink() const { return S_ISLNK(status.st_mode); }
    /// Absolute, without symlinks.
    [[nodiscard]] std::string path() const;
};
using SpotPtr = std::shared_ptr<const Spot>;

/// What a walk does at a symlink.
enum class Links : unsigned char {
    kTrusted, ///< follows those that nobody else could have planted, fails with ELOOP at others
    /// Likewise, and follows others when they lead to something of the same owner (they can say something about the
    /// owner's things only); used for what is taken away, never for what is granted.
    kOwner,
    kStay, ///< does not follow the last one
};

/// Walks from one root. Keeps what it followed, for the report.
class Walker {
public:
    /// `root`: an O_PATH directory, borrowed while this is used, or -1 for "/". `caller`: see ResolveOptions.
    static Result<Walker> make(int root, uid_t caller);

    [[nodiscard]] const SpotPtr& root() const { return root_; }

    /// Opens an absolute, canonical path. The error's code is ENOENT, ENOTDIR or EACCES when it is not there to be
    /// used, ELOOP where a symlink must not be followed, and its message names the place.
    Result<SpotPtr> open(std::string_view path, Links links);

    /// One component below `dir`: "x", or "..".
    Result<SpotPtr> step(const SpotPtr& dir, std::string_view name, Links links);

    /// Symlinks followed, "/lib -> usr/lib", each once.
    [[nodiscard]] const std::set<std::string>& followed() const { return followed_; }

private:
    Result<SpotPtr> stepAt(const SpotPtr& dir, std::string_view name, Links links, unsigned& budget);
    Result<SpotPtr> follow(const SpotPtr& link, Links links, unsigned& budget);
    [[nodiscard]] std::optional<std::string> distrust(const Spot& dir) const;

    SpotPtr root_;
    uid_t caller_ = 0;
    std::set<std::string> followed_;
};

/// Whether the code of a walk's error means "not there".
[[nodiscard]] bool meansAbsent(int code);

/// The names in `dir` that `wanted` takes, sorted, without "." and "..". Fails with E2BIG above `limit` names.
Result<std::vector<std::string>> listDirectory(const Spot& dir, std::size_t limit,
                                               const std::function<bool(std::string_view)>& wanted);

} // namespace landlatch::landlock
