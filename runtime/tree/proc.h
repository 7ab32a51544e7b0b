// SPDX-License-Identifier: Apache-2.0
// What /proc says of a task, opened once and before anything of the tree runs. Everything read is checked for form: a
// file that is not as expected is an unreadable fact, never a default.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace landlatch::tree {

/// The lines of /proc/PID/status that decide something. Ids are those of our own user namespace.
struct Status {
    std::uint32_t real_uid = 0;
    std::uint32_t effective_uid = 0;
    std::uint32_t effective_gid = 0;
    std::vector<gid_t> groups; ///< effective and supplementary
    std::uint64_t permitted = 0;
    std::uint64_t effective = 0;
    bool no_new_privs = false;
    unsigned seccomp_filters = 0;
};

/// Which inode on which mount: two of the same are one place.
struct Place {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t mount = 0;
    std::uint32_t links = 0;
    bool operator==(const Place& other) const {
        return device == other.device && inode == other.inode && mount == other.mount;
    }
    /// The same file, on whatever mount.
    [[nodiscard]] bool sameFile(const Place& other) const { return device == other.device && inode == other.inode; }
};

/// From the auxiliary vector that the kernel gave the new program.
struct Auxiliary {
    std::uint64_t vdso = 0;      ///< AT_SYSINFO_EHDR; 0: none
    std::uint64_t file_name = 0; ///< AT_EXECFN: address of the name given to execve; 0: none
};

class Proc {
public:
    /// Opens /proc and checks that it is procfs. No symlink or mount made later can put another one in its place.
    static Result<Proc> open();

    Result<Status> status(pid_t tid) const;
    /// Path in the cgroup2 hierarchy ("/" or "/a/b"), as seen from our cgroup namespace.
    Result<std::string> cgroup(pid_t tid) const;
    Result<Auxiliary> auxiliary(pid_t tid) const;
    /// Where the link /proc/TID/NAME points, as text.
    Result<std::string> link(pid_t tid, const std::string& name) const;
    /// What the link /proc/TID/NAME leads to.
    Result<Place> place(pid_t tid, const std::string& name) const;
    /// What the link leads to, held open with O_PATH.
    Result<UniqueFd> hold(pid_t tid, const std::string& name) const;
    /// The parent of a process; 0 for none we can see.
    Result<pid_t> parent(pid_t pid) const;
    /// Who traces a task; 0 for nobody.
    Result<pid_t> tracer(pid_t tid) const;
    /// Whether a signal waits for the task or its process.
    Result<bool> isPending(pid_t tid, int signal) const;
    /// Inode of the user namespace.
    Result<std::uint64_t> userNamespace(pid_t tid) const;

private:
    explicit Proc(UniqueFd directory) : directory_(std::move(directory)) {}
    Result<std::string> read(pid_t tid, const char* name, std::size_t limit) const;
    template <typename T> Result<T> statusNumber(pid_t tid, std::string_view key, int base = 10) const;
    UniqueFd directory_;
};

/// Parses the text of a status file; fails when a line is missing or not of its form.
Result<Status> parseStatus(std::string_view text);
/// The path in the line of cgroup2 ("0::/path"); fails without one, and for a path outside of our namespace ("/..").
Result<std::string> parseCgroup(std::string_view text);

/// Place of an open file (AT_EMPTY_PATH) or of `path` from `directory`, the last component not followed.
Result<Place> placeOf(int directory, const char* path);

/// A C string in a traced task's memory, of at most `limit` bytes.
Result<std::string> readString(pid_t tid, std::uint64_t address, std::size_t limit);

} // namespace landlatch::tree
