// SPDX-License-Identifier: Apache-2.0
// The seccomp filter that every task of the tree inherits and nobody can take off. It is what makes leaving the tree
// useless: a task that is not traced by us can't exec.
//
//   execve, execveat   stop for the tracer (SECCOMP_RET_TRACE); without one, ENOSYS. So a task made with
//                      CLONE_UNTRACED, or any task once llrun is dead, runs on what it has and execs nothing.
//   ptrace             EPERM. A tracer of somebody else's could let an untraced task pass its exec stop.
//   pidfd_getfd        EPERM. Root, and whoever is root of a user namespace of its own, could take the ruleset out of a
//                      program that is being confined, though it isn't dumpable.
//   exit_group with    a notification, answered by us with a fresh ruleset (inject/fd_gift.h)
//   our cookie
//   i386 calls         the same; every other foreign ABI (x32 among them) gets ENOSYS.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/inject/fd_gift.h"

#include <cstdint>
#include <linux/filter.h>
#include <vector>

namespace landlatch::tree {

/// SECCOMP_RET_DATA of our stops. A program's own filter may ask for stops too, with other data; those get ENOSYS, as
/// they would where nobody traces.
inline constexpr std::uint16_t kGateData = 0x4c4c;

/// The program of the filter.
[[nodiscard]] std::vector<sock_filter> gateFilter(const inject::GiftCookie& cookie);

/// Puts the filter on the calling task. Needs no_new_privs or CAP_SYS_ADMIN. Returns the listener of the notifications.
/// EBUSY where the task is under a listener already (some container managers): llrun can't work there.
Result<UniqueFd> installGate(const inject::GiftCookie& cookie);

} // namespace landlatch::tree
