// SPDX-License-Identifier: Apache-2.0
// The tree's first process, and how the tracer gets hold of it before it execs anything.
//
//   first process                              tracer
//   closes llrun's fds
//   no_new_privs (unless privileged)
//   gate filter, hands its listener over  ──▶  takes it
//   becomes dumpable, lets itself be traced    seizes it, checks that it is under the filter
//   waits                                 ◀──  says go
//   execs the command                          sees the exec
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/inject/fd_gift.h"
#include "runtime/landlock/load.h"

#include <csignal>
#include <string>
#include <sys/types.h>
#include <vector>

namespace landlatch::tree {

/// Exit codes of llrun itself, as env(1) and timeout(1) have them.
inline constexpr int kExitFailure = 125;  ///< llrun failed; nothing ran, or all that ran was killed
inline constexpr int kExitRefused = 126;  ///< the command was found and couldn't be run, or the policy didn't let it
inline constexpr int kExitNotFound = 127; ///< no such command

struct FirstProcess {
    std::vector<std::string> command;
    int channel = -1; ///< its end of a socket pair (SOCK_SEQPACKET)
    pid_t tracer = 0;
    bool privileged = false;
    inject::GiftCookie cookie;
    sigset_t mask{}; ///< the command's signal mask
    const landlock::FdLimit* limit = nullptr;
};

/// What the first process does after the fork. Ends with the command's exec or with one of the exit codes, having said
/// why on standard error.
[[noreturn]] void becomeFirst(const FirstProcess& first);

struct Arrived {
    pid_t pid = 0;
    UniqueFd listener;
};
/// The tracer's side: waits for the first process to be under its filter. Fails when it ended instead.
Result<Arrived> receiveFirst(int channel);
/// Lets it exec.
Result<void> sayGo(int channel);

} // namespace landlatch::tree
