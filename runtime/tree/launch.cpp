// SPDX-License-Identifier: Apache-2.0
#include "runtime/tree/launch.h"

#include "runtime/tree/gate_filter.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace landlatch::tree {
namespace {

[[noreturn]] void fail(const std::string& what, int exit_code) {
    std::fprintf(stderr, "llrun: error: %s\n", what.c_str());
    ::_exit(exit_code);
}

[[noreturn]] void failErrno(const std::string& what, int exit_code) {
    fail(what + ": " + std::strerror(errno), exit_code);
}

/// Room for one fd in a control message, aligned as the kernel wants it.
union FdMessage {
    cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

void sendListener(int channel, int listener) {
    pid_t self = ::getpid();
    iovec data{&self, sizeof self};
    FdMessage control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &listener, sizeof listener);
    if (::sendmsg(channel, &message, MSG_NOSIGNAL) != sizeof self) {
        failErrno("reaching the tracer", kExitFailure);
    }
}

/// Closes what is ours and leaves what llrun itself inherited: that is the command's. Ours are all close-on-exec, and
/// an inherited fd never is.
void closeOurs(int channel) {
    DIR* directory = ::opendir("/proc/self/fd");
    if (directory == nullptr) {
        failErrno("/proc/self/fd", kExitFailure);
    }
    std::vector<int> ours;
    while (const dirent* entry = ::readdir(directory)) {
        const int fd = std::atoi(entry->d_name); // "." and ".." give 0, which is left alone
        const int flags = fd > 2 ? ::fcntl(fd, F_GETFD) : 0;
        if (fd != ::dirfd(directory) && fd != channel && (flags & FD_CLOEXEC) != 0) {
            ours.push_back(fd);
        }
    }
    ::closedir(directory);
    for (const int fd : ours) {
        ::close(fd);
    }
}

} // namespace

void becomeFirst(const FirstProcess& first) {
    closeOurs(first.channel);
    first.limit->restore();
    if (!first.privileged && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        failErrno("no_new_privs", kExitFailure);
    }
    Result<UniqueFd> listener = installGate(first.cookie);
    if (!listener) {
        fail(listener.error().message, kExitFailure);
    }
    sendListener(first.channel, listener->get());
    listener->reset();
    // Yama's scope 1 lets descendants trace only; EINVAL where there is no Yama.
    ::prctl(PR_SET_PTRACER, static_cast<unsigned long>(first.tracer), 0, 0, 0);
    if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) {
        failErrno("prctl(PR_SET_DUMPABLE)", kExitFailure);
    }
    char ready = 'r';
    char go = 0;
    if (::send(first.channel, &ready, 1, MSG_NOSIGNAL) != 1 || ::recv(first.channel, &go, 1, 0) != 1) {
        ::_exit(kExitFailure); // the tracer has said why
    }
    ::close(first.channel);

    std::vector<char*> arguments;
    for (const std::string& argument : first.command) {
        arguments.push_back(const_cast<char*>(argument.c_str())); // execvp takes char* and leaves them alone
    }
    arguments.push_back(nullptr);
    ::sigprocmask(SIG_SETMASK, &first.mask, nullptr);
    ::execvp(arguments[0], arguments.data());
    failErrno(first.command[0], errno == ENOENT || errno == ENOTDIR ? kExitNotFound : kExitRefused);
}

Result<Arrived> receiveFirst(int channel) {
    Arrived arrived;
    iovec data{&arrived.pid, sizeof arrived.pid};
    FdMessage control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t got = ::recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    if (got < 0) {
        return errnoError("waiting for the first process");
    }
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (got != sizeof arrived.pid || header == nullptr || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int))) {
        return errnoError("the first process ended before it could be traced", ECHILD);
    }
    int listener = -1;
    std::memcpy(&listener, CMSG_DATA(header), sizeof listener);
    arrived.listener = UniqueFd(listener);
    char ready = 0;
    if (::recv(channel, &ready, 1, 0) != 1) {
        return errnoError("the first process ended before it could be traced", ECHILD);
    }
    return arrived;
}

Result<void> sayGo(int channel) {
    const char go = 'g';
    if (::send(channel, &go, 1, MSG_NOSIGNAL) != 1) {
        return errnoError("starting the first process");
    }
    return {};
}

} // namespace landlatch::tree
