// SPDX-License-Identifier: Apache-2.0
#include "runtime/inject/fd_gift.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace landlatch::inject {
namespace {

/// One waiting notification; ENOENT when its task went away meanwhile.
Result<seccomp_notif> receive(int listener) {
    seccomp_notif request{};
    if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) {
        return errnoError("SECCOMP_IOCTL_NOTIF_RECV");
    }
    return request;
}

Result<void> answer(int listener, std::uint64_t id, std::int64_t value, int error) {
    seccomp_notif_resp response{};
    response.id = id;
    response.val = value;
    response.error = -error;
    if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) != 0) {
        return errnoError("SECCOMP_IOCTL_NOTIF_SEND");
    }
    return {};
}

/// Whether somebody asks, within `milliseconds`.
bool asks(int listener, int milliseconds) {
    pollfd waiting{listener, POLLIN, 0};
    return ::poll(&waiting, 1, milliseconds) > 0 && (waiting.revents & POLLIN) != 0;
}

/// Whether `tid` has a wait status to take, without taking it.
bool hasStatus(pid_t tid) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(tid), &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) != 0 ||
           info.si_pid == tid;
}

Result<int> put(int listener, std::uint64_t id, int fd) {
    seccomp_notif_addfd gift{};
    gift.id = id;
    gift.srcfd = static_cast<std::uint32_t>(fd);
    gift.newfd_flags = O_CLOEXEC;
    gift.flags = SECCOMP_ADDFD_FLAG_SEND; // put and answered at once, or neither (Linux 5.14)
    const int number = ::ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &gift);
    if (number < 0) {
        const int code = errno;
        // The task goes on to fail; its caller kills it or asks again.
        [[maybe_unused]] const Result<void> answered = answer(listener, id, 0, code);
        return errnoError("passing a ruleset (SECCOMP_IOCTL_NOTIF_ADDFD)", code);
    }
    return number;
}

} // namespace

Result<GiftCookie> makeGiftCookie() {
    GiftCookie cookie;
    if (::getrandom(&cookie, sizeof cookie, 0) != static_cast<ssize_t>(sizeof cookie)) {
        return errnoError("getrandom");
    }
    return cookie;
}

Call giftCall(const GiftCookie& cookie) {
    return Call{"exit_group", SYS_exit_group, {1, cookie.first, cookie.second, 0, 0, 0}};
}

Result<int> giveFd(int listener, pid_t tid, int fd, Clock::time_point deadline) {
    for (;;) {
        if (!asks(listener, 5)) {
            if (hasStatus(tid)) {
                return errnoError("the task did not ask for its ruleset", EAGAIN);
            }
            if (Clock::now() >= deadline) {
                return errnoError("waiting for a task to ask for its ruleset", ETIMEDOUT);
            }
            continue;
        }
        const Result<seccomp_notif> request = receive(listener);
        if (!request) {
            continue;
        }
        if (static_cast<pid_t>(request->pid) == tid) {
            return put(listener, request->id, fd);
        }
        [[maybe_unused]] const Result<void> refused = answer(listener, request->id, 0, ENOSYS);
    }
}

void refuseStrayRequests(int listener) {
    while (asks(listener, 0)) {
        if (const Result<seccomp_notif> request = receive(listener)) {
            [[maybe_unused]] const Result<void> refused = answer(listener, request->id, 0, ENOSYS);
        }
    }
}

} // namespace landlatch::inject
