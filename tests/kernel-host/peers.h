// SPDX-License-Identifier: Apache-2.0
// What op's operations need around them, and how each of them ends.
#pragma once

#include "tests/kernel-host/confined.h"

#include <arpa/inet.h>
#include <cstddef>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace landlatch::landlock {

/// A TCP listener on some port of the loopback, open as long as this lives.
class Listener {
public:
    Listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        struct sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<struct sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(fd_.get(), 8), 0);
        EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<struct sockaddr*>(&address), &size), 0);
        port_ = ntohs(address.sin_port);
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    UniqueFd fd_;
    std::uint16_t port_ = 0;
};

/// A port that nobody has, for binding.
inline std::uint16_t freePort() { return Listener().port(); }

/// A listening abstract socket.
class AbstractListener {
public:
    AbstractListener() : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        name_ = fmt::format("landlatch-{}-{}", ::getpid(), fd_.get());
        struct sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        name_.copy(address.sun_path + 1, name_.size());
        const auto size = static_cast<socklen_t>(offsetof(struct sockaddr_un, sun_path) + 1 + name_.size());
        EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<struct sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(fd_.get(), 8), 0);
    }
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    UniqueFd fd_;
    std::string name_;
};

/// A listening socket at a path.
class PathListener {
public:
    explicit PathListener(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        struct sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        EXPECT_LT(path.size(), sizeof(address.sun_path));
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<struct sockaddr*>(&address), sizeof(address)), 0);
        EXPECT_EQ(::listen(fd_.get(), 8), 0);
    }

private:
    UniqueFd fd_;
};

/// A process of some user, to send signals to.
class Process {
public:
    explicit Process(uid_t uid) : pid_(::fork()) {
        if (pid_ == 0) {
            if (uid != ::geteuid() && ::setresuid(uid, uid, uid) != 0) {
                ::_exit(1);
            }
            while (true) {
                ::pause();
            }
        }
        // Its uid counts only once it has changed.
        const std::string proc = fmt::format("/proc/{}", pid_);
        for (struct stat status = {}; ::stat(proc.c_str(), &status) == 0 && status.st_uid != uid;) {
            ::usleep(1000);
        }
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_;
};

/// Makes d/ in `tree` afresh, of `uid`, and says what op is to do there for a filesystem right.
inline std::vector<std::string> fsOperation(const abi::Right& right, const Tree& tree, uid_t uid) {
    std::filesystem::remove_all(tree.at("d"));
    tree.dir("d/full");
    tree.dir("d/from");
    tree.dir("d/to");
    tree.file("d/f");
    tree.file("d/from/f");
    std::filesystem::copy_file(LANDLATCH_OP, tree.at("d/prog"));
    EXPECT_EQ(::lchown(tree.at("d").c_str(), uid, uid), 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tree.at("d"))) {
        EXPECT_EQ(::lchown(entry.path().c_str(), uid, uid), 0);
    }
    const std::string name(right.name);
    if (name == "execute") {
        return {name, tree.at("d/prog")};
    }
    if (name == "read_dir" || name == "remove_dir") {
        return {name, tree.at("d/full")};
    }
    if (name == "refer") {
        return {name, tree.at("d/from/f"), tree.at("d/to/f")};
    }
    if (name == "ioctl_dev") {
        return {name, "/dev/null"};
    }
    if (name == "resolve_unix") {
        return {name, tree.at("d/sock")}; // the caller listens there
    }
    return {name, tree.at(name.starts_with("make_") ? "d/new" : "d/f")};
}

/// What op says when Landlock says no.
inline int denial(const abi::Right& right) {
    if (right.category == abi::Category::kScope) {
        return EPERM;
    }
    return right.name == "refer" ? EXDEV : EACCES;
}

/// What it says when Landlock says yes: a block device still needs a capability.
inline int success(const abi::Right& right, uid_t uid) {
    if (right.name != "make_block") {
        return 0;
    }
    const Tree tree;
    EXPECT_EQ(::lchown(tree.at("").c_str(), uid, uid), 0);
    return runUnder(std::vector<int>{}, {"make_block", tree.at("b")}, uid);
}

} // namespace landlatch::landlock
