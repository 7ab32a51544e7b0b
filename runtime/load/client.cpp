// SPDX-License-Identifier: Apache-2.0
#include "runtime/load/client.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace landlatch::load {
namespace {

constexpr int kStartTries = 1200; ///< of 100 ms: another's supervisor tries the hold on itself first
constexpr int kWaitTries = 300;   ///< of 100 ms: a service manager starts a dead one again at once

/// What a daemon is: a session of its own, no terminal, `/`, umask 077, no environment, and of fds only the one it
/// reports through.
void becomeDaemon(int report) {
    ::setsid();
    [[maybe_unused]] const int there = ::chdir("/");
    ::umask(077);
    ::clearenv();
    ::setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGPIPE}) {
        ::signal(signal, SIG_DFL);
    }
    const int null = ::open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3 && null >= 0; ++fd) {
        ::dup2(null, fd);
    }
    ::dup2(report, 3);
    ::syscall(SYS_close_range, 4U, ~0U, 0U);
    ::fcntl(3, F_SETFD, FD_CLOEXEC);
}

/// In the grandchild. Reports "+" once it serves, or what went wrong.
[[noreturn]] void runDaemon(int report, supervise::SupervisorOptions options) {
    becomeDaemon(report);
    options.ready = [] {
        [[maybe_unused]] const ssize_t told = ::write(3, "+", 1);
        ::close(3);
    };
    const Result<int> ended = supervise::supervise(options);
    if (!ended) {
        const std::string text = (ended.error().code == EAGAIN ? "=" : "-") + ended.error().message;
        [[maybe_unused]] const ssize_t told = ::write(3, text.data(), text.size());
    }
    ::_exit(ended ? *ended : 1);
}

Result<void> start(const supervise::SupervisorOptions& options) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return errnoError("pipe");
    }
    const UniqueFd read(ends[0]);
    UniqueFd write(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) {
        return errnoError("fork");
    }
    if (child == 0) {
        if (::fork() == 0) {
            runDaemon(write.get(), options);
        }
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    write.reset();
    std::string said;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(read.get(), part.data(), part.size())) > 0;) {
        said.append(part.data(), static_cast<std::size_t>(got));
    }
    if (said == "+" || said.starts_with('=')) { // "=": another one was faster
        return {};
    }
    return Error{EOPNOTSUPP, said.empty() ? "the supervisor ended without a word" : said.substr(1)};
}

} // namespace

Result<UniqueFd> connect() {
    UniqueFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (!socket) {
        return errnoError("socket");
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, supervise::kSocketPath, sizeof address.sun_path - 1);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return errnoError(supervise::kSocketPath);
    }
    const Result<uid_t> uid = supervise::peerUid(socket.get());
    if (!uid || *uid != 0) {
        return Error{EPERM, std::string(supervise::kSocketPath) + ": the other end is not root's"};
    }
    return socket;
}

bool isNone(const Result<UniqueFd>& socket) {
    return !socket && (socket.error().code == ECONNREFUSED || socket.error().code == ENOENT);
}

Result<UniqueFd> connectOrWait() {
    for (int attempt = 0;; ++attempt) {
        Result<UniqueFd> socket = connect();
        if (!isNone(socket)) {
            return socket;
        }
        if (attempt == kWaitTries) {
            return Error{socket.error().code, "no supervisor runs, and none came (systemctl status landlatch)"};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

Result<UniqueFd> connectOrStart(const supervise::SupervisorOptions& options) {
    for (int attempt = 0;; ++attempt) {
        Result<UniqueFd> socket = connect();
        if (!isNone(socket) || attempt == kStartTries) {
            return socket;
        }
        if (attempt > 0) { // another one is starting, or just ending
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        if (const Result<void> started = start(options); !started) {
            return started.error();
        }
    }
}

Result<nlohmann::json> ask(int socket, const nlohmann::json& request, int fd) {
    if (const Result<void> sent = supervise::sendMessage(socket, request, fd, true); !sent) {
        return sent.error();
    }
    Result<supervise::Message> answer = supervise::receiveMessage(socket, true);
    if (!answer) {
        return answer.error().code == ENODATA ? Error{EIO, "the supervisor has ended"} : answer.error();
    }
    if (answer->body.value("ok", false)) {
        return std::move(answer->body);
    }
    return Error{answer->body.value("errno", EIO), answer->body.value("error", std::string("no answer"))};
}

void notifyManager(const char* state) {
    const char* const path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (path == nullptr || (path[0] != '/' && path[0] != '@') || std::strlen(path) >= sizeof address.sun_path) {
        return;
    }
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    if (const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)); socket) {
        ::sendto(socket.get(), state, std::strlen(state), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
                 length);
    }
}

} // namespace landlatch::load
