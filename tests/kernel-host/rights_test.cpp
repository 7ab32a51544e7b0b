// SPDX-License-Identifier: Apache-2.0
// For every right and scope of the running kernel: one program that may, one that may not, and the same two with the
// ruleset narrowed for each older kernel, where the right is open.
#include "tests/kernel-host/confined.h"

#include <arpa/inet.h>
#include <cstddef>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

namespace landlatch::landlock {
namespace {

/// A right of the table, tried by whom.
struct Case {
    abi::Right right;
    uid_t uid = 0;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.right.name << " as uid " << one.uid; }

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
std::uint16_t freePort() { return Listener().port(); }

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

class Rights : public testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        if (kernelAbi() == 0) {
            GTEST_SKIP() << "no Landlock on this kernel";
        }
        if (right().abi > kernelAbi()) {
            GTEST_SKIP() << right().name << " needs Landlock ABI " << right().abi << ", this kernel has "
                         << kernelAbi();
        }
        if (uid() != ::geteuid() && ::geteuid() != 0) {
            GTEST_SKIP() << "trying as another user needs root";
        }
    }
    [[nodiscard]] const abi::Right& right() const { return GetParam().right; }
    [[nodiscard]] uid_t uid() const { return GetParam().uid; }
    [[nodiscard]] std::uint64_t bit() const { return 1ULL << right().bit; }

    /// A fresh tree of the user's and the arguments of op in it.
    std::vector<std::string> prepare(const Tree& tree) const {
        tree.dir("d/full");
        tree.dir("d/from");
        tree.dir("d/to");
        tree.file("d/f");
        tree.file("d/from/f");
        std::filesystem::copy_file(LANDLATCH_OP, tree.at("d/prog"));
        for (const auto& entry : std::filesystem::recursive_directory_iterator(tree.at(""))) {
            EXPECT_EQ(::lchown(entry.path().c_str(), uid(), uid()), 0);
        }
        EXPECT_EQ(::lchown(tree.at("").c_str(), uid(), uid()), 0);
        const std::string name(right().name);
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
        return {name, tree.at(name.starts_with("make_") ? "d/new" : "d/f")};
    }

    /// Everything on the tree and on /dev/null, less the right on trial when it is not granted.
    object::Policy fsPolicy(const Tree& tree, bool granted) const {
        const std::uint64_t all = abi::known(std::min(kernelAbi(), abi::kLatest)).fs;
        const std::uint64_t access = granted ? all : all & ~bit();
        return policyFor({beneath(tree.at("d"), access), grant(object::PathKind::kFile, "/dev/null", access)});
    }

    int tryFs(bool granted, std::uint32_t abi) const {
        const Tree tree;
        const auto arguments = prepare(tree);
        return runUnder(fsPolicy(tree, granted), abi, arguments, uid());
    }

    int tryPort(bool granted, std::uint32_t abi) const {
        const Listener listener;
        const std::uint16_t port = right().name == "tcp bind" ? freePort() : listener.port();
        object::Policy policy = policyFor({});
        policy.rulesets[0].ports.push_back({.access = 3 & ~bit(), .ports = object::PortRange{port, port}});
        if (granted) {
            policy.rulesets[0].ports.push_back({.access = bit(), .ports = object::PortRange{port, port}});
        }
        return runUnder(policy, abi, {std::string(right().name), std::to_string(port)}, uid());
    }

    /// `granted` for a scope is a ruleset that does not have it.
    int tryScope(bool granted, std::uint32_t abi) const {
        const AbstractListener listener;
        // Somebody of the same user to send signals to.
        const pid_t other = ::fork();
        if (other == 0) {
            if (uid() != ::geteuid() && ::setresuid(uid(), uid(), uid()) != 0) {
                ::_exit(1);
            }
            while (true) {
                ::pause();
            }
        }
        // Its uid counts only once it has changed.
        for (struct stat status = {};
             ::stat(fmt::format("/proc/{}", other).c_str(), &status) == 0 && status.st_uid != uid();) {
            ::usleep(1000);
        }
        object::Policy policy = policyFor({});
        policy.rulesets[0].scoped = granted ? policy.rulesets[0].scoped & ~bit() : policy.rulesets[0].scoped;
        const std::string target = right().name == "signal" ? std::to_string(other) : listener.name();
        const int result = runUnder(policy, abi, {std::string(right().name), target}, uid());
        ::kill(other, SIGKILL);
        ::waitpid(other, nullptr, 0);
        return result;
    }

    int attempt(bool granted, std::uint32_t abi) const {
        switch (right().category) {
        case abi::Category::kFs:
            return tryFs(granted, abi);
        case abi::Category::kTcp:
        case abi::Category::kUdp:
            return tryPort(granted, abi);
        case abi::Category::kScope:
            return tryScope(granted, abi);
        case abi::Category::kLog:
            break;
        }
        return kHarnessFailed;
    }

    /// What op says when Landlock says no.
    [[nodiscard]] int denial() const {
        if (right().category == abi::Category::kScope) {
            return EPERM;
        }
        return right().name == "refer" ? EXDEV : EACCES;
    }
    /// What it says when Landlock says yes: a block device still needs a capability.
    [[nodiscard]] int success() const {
        if (right().name != "make_block") {
            return 0;
        }
        const Tree tree;
        const int plain = runUnder(std::vector<int>{}, {"make_block", tree.at("b")}, uid());
        EXPECT_TRUE(plain == 0 || plain == EPERM || plain == EACCES) << plain;
        return uid() == 0 ? plain : EPERM;
    }
};

TEST_P(Rights, OneMayAndOneMayNot) {
    EXPECT_EQ(attempt(true, kernelAbi()), success()) << "with the right";
    EXPECT_EQ(attempt(false, kernelAbi()), denial()) << "without the right";
}

TEST_P(Rights, OpenOnAKernelThatDoesNotKnowIt) {
    for (std::uint32_t abi = 1; abi <= std::min(kernelAbi(), abi::kLatest); ++abi) {
        // refer is the exception: Landlock denies it where it cannot be granted.
        const bool refer = right().name == "refer";
        const bool known = right().abi <= abi;
        EXPECT_EQ(attempt(true, abi), refer && !known ? denial() : success()) << "with the right, ABI " << abi;
        EXPECT_EQ(attempt(false, abi), refer || known ? denial() : success()) << "without the right, ABI " << abi;
    }
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const abi::Right& right : abi::kRights) {
        if (right.category != abi::Category::kLog) {
            all.push_back({right, ::geteuid()});
            if (::geteuid() != kNobody) {
                all.push_back({right, kNobody});
            }
        }
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Every, Rights, testing::ValuesIn(cases()), [](const auto& one) {
    std::string name = fmt::format("{}_uid{}", one.param.right.name, one.param.uid);
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
});

} // namespace
} // namespace landlatch::landlock
