// SPDX-License-Identifier: Apache-2.0
// Where else a place can be reached: bind mounts show one directory under several paths, and an exception holds for
// all.
#pragma once

#include "runtime/base/result.h"
#include "runtime/landlock/walk.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::landlock {

struct Mount {
    std::uint64_t id = 0;
    std::string device; ///< "major:minor"
    std::string root;   ///< the path within the file system that is mounted
    std::string point;  ///< where, in our root
    std::string type;   ///< "ext4", "fuse.sshfs"
    /// Who runs the file system, where that need not be root (FUSE's user_id).
    std::optional<std::uint32_t> server;
};

/// The lines of /proc/self/mountinfo, unescaped. Lines that can't be read are an error: a mount missed would be a hole.
Result<std::vector<Mount>> parseMounts(std::string_view mountinfo);

/// The mounts seen by this process.
Result<std::vector<Mount>> readMounts();

/// Other paths to `place` or, where only part of what is below it is mounted elsewhere, to that part. Empty for most.
/// `place` is a path in our own root on the mount with id `mount`.
[[nodiscard]] std::vector<std::string> aliases(const std::vector<Mount>& mounts, std::uint64_t mount,
                                               std::string_view place);

/// Why what `spot` says of owners and modes is not to be believed, or nothing: the file system may be run by somebody
/// who is neither root nor `caller`.
[[nodiscard]] std::optional<std::string> distrustServer(const Spot& spot, uid_t caller);
/// The same, for a FUSE mount with id `mount` among `mounts`.
[[nodiscard]] std::optional<std::string> distrustServer(const std::vector<Mount>& mounts, std::uint64_t mount,
                                                        uid_t caller);

/// The id of the mount that `spot` is on (statx, Linux 5.8).
Result<std::uint64_t> mountOf(const Spot& spot);

} // namespace landlatch::landlock
