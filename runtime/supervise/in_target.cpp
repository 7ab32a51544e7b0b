// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/in_target.h"

#include "runtime/landlock/load.h"
#include "runtime/supervise/policies.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

Result<UniqueFd> makeRuleset(const Policy& policy, std::uint32_t index, const UniqueFd& root) {
    landlock::SystemKernel kernel;
    landlock::ResolveOptions options;
    options.root = root.get();
    const Result<landlock::ResolvedRuleset> resolved = landlock::resolve(policy.content, index, policy.params, options);
    if (!resolved) {
        return resolved.error();
    }
    return landlock::build(kernel, policy.content, *resolved, policy.abi);
}

void answer(int socket, const Result<UniqueFd>& made) {
    std::string text = made ? "ok" : made.error().message;
    iovec vector{text.data(), text.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    if (made) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        const int fd = made->get();
        std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    }
    [[maybe_unused]] const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

/// Closes all files but the standard ones and these two.
void keepOnly(int one, int other) {
    const auto [low, high] = std::minmax({static_cast<unsigned>(one), static_cast<unsigned>(other)});
    for (const auto& [first, last] : {std::pair(3U, low - 1), std::pair(low + 1, high - 1), std::pair(high + 1, ~0U)}) {
        if (first <= last) {
            ::syscall(SYS_close_range, first, last, 0U);
        }
    }
}

/// Dies with the supervisor, and when the supervisor closes its end.
void tieToSupervisor(int socket) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGIO, SIG_DFL); // ends the process
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::fcntl(socket, F_SETOWN, ::getpid());
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_ASYNC);
}

} // namespace

Result<UniqueFd> startInTarget(const Policy& policy, std::uint32_t index, pid_t pid) {
    // The root as it is now, while the program is stopped.
    const UniqueFd root(::open(("/proc/" + std::to_string(pid) + "/root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root) {
        return errnoError("the program's root");
    }
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return errnoError("socketpair");
    }
    UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) {
        return errnoError("fork");
    }
    if (child == 0) {
        // Of the supervisor's files none may stay open here: ends of other children's pairs, which would outlive them.
        keepOnly(root.get(), theirs.get());
        tieToSupervisor(theirs.get());
        answer(theirs.get(), makeRuleset(policy, index, root));
        ::_exit(0);
    }
    return ours;
}

Result<UniqueFd> takeInTarget(int pending) {
    std::array<char, 4096> text{};
    iovec vector{text.data(), text.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(pending, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    const cmsghdr* rights = got > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
    if (rights != nullptr && rights->cmsg_type == SCM_RIGHTS && rights->cmsg_len == CMSG_LEN(sizeof(int))) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
        return UniqueFd(fd);
    }
    return Error{ENOENT, got > 0 ? "paths in target: " + std::string(text.data(), static_cast<std::size_t>(got))
                                 : "paths in target: no answer"};
}

} // namespace landlatch::supervise
