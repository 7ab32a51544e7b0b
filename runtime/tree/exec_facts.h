// SPDX-License-Identifier: Apache-2.0
// The facts of an exec, read while the new program stands before its first instruction.
//
// Which paths to believe. A path is what the kernel says of an open file (/proc/PID/exe), and it can be staged: in a
// mount namespace or a chroot of one's own, or through a mount that is in no namespace at all, "/usr/bin/x" may be any
// file. So a path counts only where our own root shows the same inode on the same mount under it, and the task has our
// root; else it is unknown, and the matcher refuses the exec where it matters. That is stricter than necessary for
// conditions that only restrict, and never loose.
#pragma once

#include "runtime/match/matcher.h"
#include "runtime/tree/proc.h"

#include <optional>
#include <string>

namespace landlatch::tree {

/// The image a task runs.
struct Image {
    std::string text;                ///< as /proc shows it, for people; never for decisions
    std::optional<std::string> path; ///< to be believed, " (deleted)" taken off
    std::optional<bool> unlinked;
    std::optional<Place> place;
};

/// What was seen as the task entered execve, before anything of the exec happened.
struct Gate {
    UniqueFd cwd; ///< O_PATH; unset when it couldn't be opened or isn't needed
    std::optional<Place> cwd_place;
    std::optional<Status> status; ///< read only where credentials can change (no no_new_privs on the tree)
    std::optional<std::uint64_t> user_namespace; ///< likewise
};

/// The file named to execve when it isn't the image (language point 21).
struct ScriptFile {
    match::Script::Kind kind = match::Script::Kind::kUnreadable;
    std::string path;
};

class FactReader {
public:
    /// `proc` outlives the reader. Fails when our own root can't be told.
    static Result<FactReader> create(const Proc& proc);

    struct GateNeeds {
        bool cwd = true;
        bool credentials = true;
    };
    /// The gate's facts of `tid`, which stands at the entry of execve: those that are needed.
    [[nodiscard]] Gate readGate(pid_t tid, const GateNeeds& needs) const;
    [[nodiscard]] Image readImage(pid_t tid) const;
    [[nodiscard]] ScriptFile readScript(pid_t tid, const Image& image, const Gate& gate) const;

private:
    FactReader(const Proc& proc, Place root) : proc_(&proc), root_(root) {}
    [[nodiscard]] bool hasOurRoot(pid_t tid) const;
    [[nodiscard]] bool onMountAbove(const Place& place, const std::string& path) const;
    Result<UniqueFd> openNamed(pid_t tid, const std::string& name, const Gate& gate) const;
    [[nodiscard]] std::optional<std::string> pathOf(int fd, const Place& place) const;

    const Proc* proc_;
    Place root_;
};

} // namespace landlatch::tree
