// SPDX-License-Identifier: Apache-2.0
// One access as a system call that changes nothing.
//
// Landlock's hooks come before the checks that make each of these calls fail or stop, so that an access which goes
// through has no effect. What is needed on the way (directories, files without a name) is opened before any ruleset is
// in force, once for all children.
#pragma once

#include "runtime/base/unique_fd.h"
#include "runtime/trial/trial.h"

#include <string>
#include <sys/types.h>

namespace landlatch::trial {

/// Whom a child can try to reach beyond its domain.
struct Outside {
    pid_t process = 0;
    std::string socket; ///< name of a listening abstract UNIX socket, without the leading NUL
};

/// What an attempt on a directory works with.
struct Prepared {
    UniqueFd directory;
    UniqueFd inner;    ///< a directory in it, of the same file system
    UniqueFd unnamed;  ///< a regular file that no link can name
    std::string entry; ///< of `directory`: what the attempt asks to remove or to link, and can't
    std::string fresh; ///< a name that is free in `directory`
};

/// Why `access` is not to be tried on this machine, or "".
std::string prepare(const Access& access, const Options& options, Prepared& prepared);

/// Tries it in the calling process: 0, or the errno it fails with. The same call tells by another errno, or by failing
/// at all, that Landlock refused it.
int attempt(const Access& access, const Outside& outside, const Prepared& prepared);

/// Removes what an attempt has made, for those that make something.
void tidy(const Access& access, const Prepared& prepared);

// --- the rights of directories, in a file of their own ---
/// Whether `bit` is one that only directories have, but for read_dir.
[[nodiscard]] bool isDirectoryRight(std::uint8_t bit);
std::string prepareDirectory(const Access& access, const Options& options, Prepared& prepared);
int attemptDirectory(std::uint8_t bit, const Prepared& prepared);

} // namespace landlatch::trial
