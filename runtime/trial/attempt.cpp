// SPDX-License-Identifier: Apache-2.0
// Files, sockets, signals and programs; directories have a file of their own.
#include "runtime/trial/attempt.h"

#include "runtime/base/unique_fd.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::trial {

namespace {

enum Bit : std::uint8_t { kExecute = 0, kWriteFile = 1, kReadFile = 2, kReadDir = 3, kTruncate = 14, kIoctlDev = 15 };

/// Devices that nothing happens to when they are opened.
constexpr std::array<const char*, 5> kHarmless = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
bool harmless(const std::string& path) {
    return std::find(kHarmless.begin(), kHarmless.end(), path) != kHarmless.end();
}

int open(const std::string& path, int flags) {
    const UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    return fd ? 0 : errno;
}

/// To more than any file has, which the limit on file sizes forbids after Landlock has looked: not to a size that a
/// file that grows meanwhile may pass.
int truncate(const std::string& path) {
    const rlimit none{0, 0};
    if (::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || ::setrlimit(RLIMIT_FSIZE, &none) != 0) {
        return EINVAL;
    }
    return ::truncate(path.c_str(), std::numeric_limits<off_t>::max()) == 0 || errno == EFBIG ? 0 : errno;
}

/// A traced child stops when the exec has succeeded, and is killed there.
int execute(const std::string& path) {
    const pid_t child = ::fork();
    if (child < 0) {
        return errno;
    }
    if (child == 0) {
        std::array<char*, 2> arguments = {const_cast<char*>(path.c_str()), nullptr};
        std::array<char*, 1> environment = {nullptr};
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
            ::_exit(EINVAL);
        }
        ::execve(path.c_str(), arguments.data(), environment.data());
        ::_exit(errno);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    ::kill(child, SIGKILL);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return 0;
}

int ioctlDevice(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) {
        fd = UniqueFd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    }
    if (!fd) {
        return ENODEV; // the right is one of open files; without one there is nothing to learn
    }
    constexpr unsigned long kTerminalGet = 0x5401; // TCGETS: ENOTTY from what is no terminal
    std::array<char, 64> buffer{};
    return ::ioctl(fd.get(), kTerminalGet, buffer.data()) == 0 || errno == ENOTTY ? 0 : errno;
}

/// To an address that no host has: binding it and connecting a TCP socket to it fail after Landlock has looked. A UDP
/// socket may be connected to the machine itself: nothing is sent.
int network(const Access& access) {
    const bool tcp = access.category == abi::Category::kTcp;
    const UniqueFd fd(::socket(AF_INET, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0));
    if (!fd) {
        return ENODEV;
    }
    const bool bind = access.bit == 0 || access.bit == 2;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(access.port);
    constexpr std::uint32_t kDocumentation = 0xc0000201; // 192.0.2.1
    address.sin_addr.s_addr = htonl(bind ? kDocumentation : tcp ? INADDR_BROADCAST : INADDR_LOOPBACK);
    const auto* at = reinterpret_cast<const sockaddr*>(&address);
    const int done = bind ? ::bind(fd.get(), at, sizeof(address)) : ::connect(fd.get(), at, sizeof(address));
    return done == 0 ? 0 : errno;
}

int abstractSocket(const std::string& name) {
    const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), std::min(name.size(), sizeof(address.sun_path) - 1));
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    return fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0 ? 0 : errno;
}

int file(const Access& access) {
    switch (access.bit) {
    case kExecute:
        return execute(access.path);
    case kWriteFile:
        return open(access.path, O_WRONLY);
    case kReadFile:
        return open(access.path, O_RDONLY);
    case kReadDir:
        return open(access.path, O_RDONLY | O_DIRECTORY);
    case kTruncate:
        return truncate(access.path);
    case kIoctlDev:
        return ioctlDevice(access.path);
    default:
        return ENODEV;
    }
}

} // namespace

std::string prepare(const Access& access, const Options& options, Prepared& prepared) {
    if (access.category != abi::Category::kFs) {
        return "";
    }
    struct stat st{};
    if (::stat(access.path.c_str(), &st) != 0) {
        return "no such path here";
    }
    if (isDirectoryRight(access.bit)) {
        return prepareDirectory(access, options, prepared);
    }
    switch (access.bit) {
    case kReadDir:
        return S_ISDIR(st.st_mode) ? "" : "no directory here";
    case kExecute:
    case kTruncate:
        return S_ISREG(st.st_mode) ? "" : "no regular file here";
    case kWriteFile:
    case kReadFile:
        return S_ISREG(st.st_mode) || harmless(access.path) ? "" : "neither a regular file nor a harmless device";
    case kIoctlDev:
        return harmless(access.path) ? "" : "no harmless device";
    default:
        return "connecting to a socket would be noticed by its server";
    }
}

int attempt(const Access& access, const Outside& outside, const Prepared& prepared) {
    switch (access.category) {
    case abi::Category::kFs:
        return isDirectoryRight(access.bit) ? attemptDirectory(access.bit, prepared) : file(access);
    case abi::Category::kTcp:
    case abi::Category::kUdp:
        return network(access);
    case abi::Category::kScope:
        if (access.bit == 0) {
            return abstractSocket(outside.socket);
        }
        return ::kill(outside.process, 0) == 0 ? 0 : errno;
    case abi::Category::kLog:
        break;
    }
    return ENODEV;
}

} // namespace landlatch::trial
