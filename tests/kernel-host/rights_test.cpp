// SPDX-License-Identifier: Apache-2.0
// For every right and scope of the running kernel: one program that may, one that may not, and the same two with the
// ruleset narrowed for each older kernel, where the right is open.
#include "tests/kernel-host/confined.h"
#include "tests/kernel-host/peers.h"

#include <fmt/format.h>

namespace landlatch::landlock {
namespace {

/// A right of the table, tried by whom.
struct Case {
    abi::Right right;
    uid_t uid = 0;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.right.name << " as uid " << one.uid; }

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

    /// Everything on the tree and on /dev/null, less the right on trial when it is not granted.
    object::Policy fsPolicy(const Tree& tree, bool granted) const {
        const std::uint64_t all = abi::known(std::min(kernelAbi(), abi::kLatest)).fs;
        const std::uint64_t access = granted ? all : all & ~bit();
        return policyFor({beneath(tree.at("d"), access), grant(object::PathKind::kFile, "/dev/null", access)});
    }

    int tryFs(bool granted, std::uint32_t abi) const {
        const Tree tree;
        const auto arguments = fsOperation(right(), tree, uid());
        std::optional<PathListener> listener;
        if (right().name == "resolve_unix") {
            listener.emplace(tree.at("d/sock"));
            EXPECT_EQ(::chmod(tree.at("d/sock").c_str(), 0777), 0);
        }
        return runUnder(fsPolicy(tree, granted), abi, arguments, uid());
    }

    int tryPort(bool granted, std::uint32_t abi) const {
        const Listener listener;
        const std::uint16_t port = right().name.ends_with("bind") ? freePort() : listener.port();
        object::Policy policy = policyFor({});
        policy.rulesets[0].ports.push_back(
            {.access = 15 & policy.rulesets[0].handled_net & ~bit(), .ports = object::PortRange{port, port}});
        if (granted) {
            policy.rulesets[0].ports.push_back({.access = bit(), .ports = object::PortRange{port, port}});
        }
        return runUnder(policy, abi, {std::string(right().name), std::to_string(port)}, uid());
    }

    /// `granted` for a scope is a ruleset that does not have it.
    int tryScope(bool granted, std::uint32_t abi) const {
        const AbstractListener listener;
        const Process other(uid()); // of the same user, or signals would be refused anyway
        object::Policy policy = policyFor({});
        policy.rulesets[0].scoped = granted ? policy.rulesets[0].scoped & ~bit() : policy.rulesets[0].scoped;
        const std::string target = right().name == "signal" ? std::to_string(other.pid()) : listener.name();
        return runUnder(policy, abi, {std::string(right().name), target}, uid());
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
};

TEST_P(Rights, OneMayAndOneMayNot) {
    EXPECT_EQ(attempt(true, kernelAbi()), success(right(), uid())) << "with the right";
    EXPECT_EQ(attempt(false, kernelAbi()), denial(right())) << "without the right";
}

TEST_P(Rights, OpenOnAKernelThatDoesNotKnowIt) {
    for (std::uint32_t abi = 1; abi <= std::min(kernelAbi(), abi::kLatest); ++abi) {
        // refer is the exception: Landlock denies it where it cannot be granted.
        const bool refer = right().name == "refer";
        const bool known = right().abi <= abi;
        EXPECT_EQ(attempt(true, abi), refer && !known ? denial(right()) : success(right(), uid()))
            << "with the right, ABI " << abi;
        EXPECT_EQ(attempt(false, abi), refer || known ? denial(right()) : success(right(), uid()))
            << "without the right, ABI " << abi;
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
