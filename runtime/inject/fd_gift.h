// SPDX-License-Identifier: Apache-2.0
// How a fresh ruleset gets into a stopped task: the kernel puts it there, in answer to a seccomp notification.
//
// The task makes one call that the gate filter (tree/gate_filter.h) turns into a notification on our listener, and we
// answer it with SECCOMP_IOCTL_NOTIF_ADDFD. Nothing of this touches the task's memory, and no fd of ours or of the task
// is ever where another process could take it: the task isn't dumpable by then, and there is no socket to steal. An
// unprivileged tracer has no other way, since pidfd_getfd and memory access to a task that isn't dumpable need
// CAP_SYS_PTRACE.
//
// The call is exit_group with a random number in arguments the kernel doesn't read: any sandbox allows exit_group, and
// where the notification didn't happen the task ends, which is what should happen to it.
#pragma once

#include "runtime/base/result.h"
#include "runtime/inject/ptrace.h"

#include <cstdint>
#include <sys/types.h>

namespace landlatch::inject {

/// What makes an exit_group a request for a fd: its second and third argument.
struct GiftCookie {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
};

/// A random cookie (getrandom).
Result<GiftCookie> makeGiftCookie();

/// The call that the task makes.
[[nodiscard]] Call giftCall(const GiftCookie& cookie);

/// Waits for the notification of `tid` and answers it with a copy of `fd`, close-on-exec. Returns the number the fd has
/// in the task. Notifications of other tasks are refused with ENOSYS. ETIMEDOUT after `deadline`; EAGAIN when the task
/// stopped or died instead of asking (its wait status is not taken).
Result<int> giveFd(int listener, pid_t tid, int fd, Clock::time_point deadline);

/// Answers every waiting notification with ENOSYS: outside an injection nobody has a reason to ask.
void refuseStrayRequests(int listener);

} // namespace landlatch::inject
