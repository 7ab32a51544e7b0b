// SPDX-License-Identifier: Apache-2.0
// Rulesets built against a kernel that fails in every documented way.
#include "tests/unit/landlock/fake_kernel.h"
#include "tests/unit/landlock/tree.h"

#include "runtime/landlock/abi.h"

namespace landlatch::landlock {
namespace {

struct Failure {
    Call call;
    int code;
    const char* says;
};

object::Policy netPolicy() {
    object::Policy policy = policyOf({beneath("/usr"), beneath("/etc")});
    policy.rulesets[0].handled_net = 3;
    policy.rulesets[0].scoped = 3;
    policy.rulesets[0].ports.push_back({.access = 2, .ports = object::PortRange{80, 82}, .line = 9});
    return policy;
}

class ErrnoTest : public testing::TestWithParam<Failure> {};

TEST_P(ErrnoTest, IsExplainedAndLeaksNoFd) {
    const object::Policy policy = netPolicy();
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved) << resolved.error().message;
    FakeKernel kernel;
    kernel.fail[GetParam().call] = GetParam().code;
    kernel.fail_after = 1; // a rule is in already when it fails
    const std::size_t before = openFds();
    std::string message;
    int code = 0;
    if (GetParam().call == Call::kQuery) {
        const auto abi = queryAbi(kernel);
        ASSERT_FALSE(abi);
        message = abi.error().message;
        code = abi.error().code;
    } else if (GetParam().call == Call::kRestrict) {
        const Error error = explain(Call::kRestrict, -kernel.restrictSelf(0, 0));
        message = error.message;
        code = error.code;
    } else {
        const auto fd = build(kernel, policy, *resolved, 7);
        ASSERT_FALSE(fd);
        message = fd.error().message;
        code = fd.error().code;
        EXPECT_NE(message.find("ruleset web"), std::string::npos) << message;
    }
    EXPECT_EQ(code, GetParam().code);
    EXPECT_NE(message.find(GetParam().says), std::string::npos) << message;
    EXPECT_EQ(openFds(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Every, ErrnoTest,
    testing::Values(Failure{Call::kQuery, ENOSYS, "built without Landlock"}, Failure{Call::kQuery, EOPNOTSUPP, "lsm="},
                    Failure{Call::kQuery, EPERM, "seccomp"}, Failure{Call::kQuery, EIO, "Input/output"},
                    Failure{Call::kCreate, ENOSYS, "built without Landlock"},
                    Failure{Call::kCreate, EOPNOTSUPP, "lsm="}, Failure{Call::kCreate, EINVAL, "does not know a right"},
                    Failure{Call::kCreate, E2BIG, "shorter"}, Failure{Call::kCreate, ENOMSG, "restrict nothing"},
                    Failure{Call::kCreate, EFAULT, "Bad address"}, Failure{Call::kCreate, EMFILE, "Too many open"},
                    Failure{Call::kCreate, ENOMEM, "Cannot allocate"}, Failure{Call::kAddPath, EOPNOTSUPP, "lsm="},
                    Failure{Call::kAddPath, EINVAL, "non-directory"}, Failure{Call::kAddPath, ENOMSG, "grants nothing"},
                    Failure{Call::kAddPath, EBADF, "Bad file"}, Failure{Call::kAddPath, EBADFD, "internal file system"},
                    Failure{Call::kAddPath, EPERM, "not permitted"}, Failure{Call::kAddPath, ENOMEM, "Cannot allocate"},
                    Failure{Call::kAddPort, EAFNOSUPPORT, "no TCP"}, Failure{Call::kAddPort, EINVAL, "65535"},
                    Failure{Call::kAddPort, ENOMSG, "grants nothing"}, Failure{Call::kAddPort, E2BIG, "too long"},
                    Failure{Call::kRestrict, EPERM, "nnp"}, Failure{Call::kRestrict, E2BIG, "16"},
                    Failure{Call::kRestrict, EINVAL, "flags"}, Failure{Call::kRestrict, EBADF, "Bad file"},
                    Failure{Call::kRestrict, EBADFD, "not a ruleset"},
                    Failure{Call::kRestrict, ENOMEM, "Cannot allocate"}));

TEST(QueryAbi, AbiZeroIsNoLandlock) {
    FakeKernel kernel;
    kernel.abi = 0;
    EXPECT_FALSE(queryAbi(kernel));
}

TEST(Build, NarrowsToEachAbi) {
    object::Policy policy = netPolicy();
    policy.abi = 11;
    policy.floor = 1;
    policy.leaving_fs = policy.leaving_net = policy.leaving_scoped = ~0ULL;
    policy.rulesets[0].handled_fs = (1ULL << 17) - 1;
    policy.rulesets[0].handled_net = 15;
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    for (std::uint32_t abi = 1; abi <= 13; ++abi) {
        FakeKernel kernel;
        ASSERT_TRUE(build(kernel, policy, *resolved, abi)) << abi;
        const abi::Masks known = abi::known(std::min(abi, abi::kLatest));
        EXPECT_EQ(kernel.attr.handled_access_fs, known.fs) << abi;
        EXPECT_EQ(kernel.attr.handled_access_net, known.net) << abi;
        EXPECT_EQ(kernel.attr.scoped, known.scoped) << abi;
        EXPECT_EQ(kernel.size, uapi::rulesetAttrSize(abi)) << abi;
        EXPECT_EQ(kernel.port_rules.size(), abi >= 4 ? 3U : 0U) << abi;
        EXPECT_EQ(kernel.path_rules.size(), 2U) << abi;
    }
}

TEST(Build, IsFreshEachTime) {
    const object::Policy policy = netPolicy();
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    FakeKernel kernel;
    auto first = build(kernel, policy, *resolved, 7);
    auto second = build(kernel, policy, *resolved, 7);
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->get(), second->get());
    EXPECT_EQ(kernel.created, 2);
    EXPECT_EQ(::fcntl(first->get(), F_GETFD), FD_CLOEXEC);
}

TEST(Build, BelowTheFloorNothingIsBuilt) {
    const object::Policy policy = netPolicy();
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    FakeKernel kernel;
    const auto fd = build(kernel, policy, *resolved, 6);
    ASSERT_FALSE(fd);
    EXPECT_EQ(fd.error().message,
              "the policy requires Landlock ABI 7 (Linux 6.15) or later, this kernel has Landlock ABI 6 (Linux 6.12)");
    EXPECT_EQ(kernel.created, 0);
}

TEST(Build, AMissingHardScopeIsRefused) {
    object::Policy policy = netPolicy();
    policy.floor = 4;
    policy.leaving_fs = policy.leaving_net = policy.leaving_scoped = ~0ULL;
    policy.rulesets[0].hard_scopes = 2;
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    FakeKernel kernel;
    const auto fd = build(kernel, policy, *resolved, 5);
    ASSERT_FALSE(fd);
    EXPECT_EQ(fd.error().message, "ruleset web isolates signal, which Landlock ABI 5 (Linux 6.10) cannot");
    EXPECT_TRUE(build(kernel, policy, *resolved, 6));
    EXPECT_EQ(kernel.attr.scoped, 3U);
}

TEST(Build, WhatIsNotGivenUpByNameIsRefused) {
    object::Policy policy = netPolicy();
    policy.floor = 4;
    policy.leaving_scoped = 3;
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    FakeKernel kernel;
    const auto fd = build(kernel, policy, *resolved, 4);
    ASSERT_FALSE(fd);
    EXPECT_NE(fd.error().message.find("restricts ioctl_dev"), std::string::npos) << fd.error().message;
    policy.leaving_fs = 1ULL << 15;
    EXPECT_TRUE(build(kernel, policy, *resolved, 4));
}

TEST(Build, ARulesetThatRestrictsNothingHereIsRefused) {
    object::Policy policy = policyOf({});
    policy.floor = 1;
    policy.leaving_scoped = 3;
    policy.rulesets[0].handled_fs = 0;
    policy.rulesets[0].scoped = 3;
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    FakeKernel kernel;
    const auto fd = build(kernel, policy, *resolved, 5);
    ASSERT_FALSE(fd);
    EXPECT_EQ(fd.error().code, ENOMSG);
    EXPECT_EQ(kernel.created, 0);
}

TEST(Build, QuietIsSaidWhereTheKernelHasIt) {
    object::Policy policy = netPolicy();
    policy.rulesets[0].quiet_paths.push_back(beneath("/var", kReadFile));
    policy.rulesets[0].quiet_ports.push_back({.access = 2, .ports = object::PortRange{81, 81}, .line = 9});
    policy.rulesets[0].quiet_scopes = 2;
    auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    FakeKernel old;
    ASSERT_TRUE(build(old, policy, *resolved, 9));
    EXPECT_EQ(old.path_rules.size(), 2U);
    EXPECT_EQ(old.attr.quiet_access_fs, 0U);
    FakeKernel kernel;
    ASSERT_TRUE(build(kernel, policy, *resolved, 10));
    ASSERT_EQ(kernel.path_rules.size(), 3U);
    EXPECT_EQ(kernel.path_rules[2].flags, uapi::kAddRuleQuiet);
    EXPECT_EQ(kernel.path_rules[2].access, 0U);
    EXPECT_EQ(kernel.attr.quiet_access_fs, kReadFile);
    EXPECT_EQ(kernel.attr.quiet_access_net, 2U);
    EXPECT_EQ(kernel.attr.quiet_scoped, 2U);
    EXPECT_EQ(kernel.port_rules[1].flags, uapi::kAddRuleQuiet);
    EXPECT_EQ(kernel.port_rules[0].flags, 0U);
}

TEST(NotRestricted, NamesTheRightsAndNeverRefer) {
    object::Ruleset ruleset;
    ruleset.handled_fs = (1ULL << 17) - 1;
    ruleset.handled_net = 15;
    ruleset.scoped = 3;
    using Names = std::vector<std::string>;
    EXPECT_EQ(notRestricted(ruleset, 11), Names{});
    EXPECT_EQ(notRestricted(ruleset, 9), (Names{"udp bind", "udp connect"}));
    EXPECT_EQ(notRestricted(ruleset, 7), (Names{"resolve_unix", "udp bind", "udp connect"}));
    EXPECT_EQ(notRestricted(ruleset, 1), (Names{"truncate", "ioctl_dev", "resolve_unix", "tcp bind", "tcp connect",
                                                "udp bind", "udp connect", "abstract_unix_socket", "signal"}));
}

TEST(RestrictFlags, OnlyWhereTheAbiHasThem) {
    object::Ruleset ruleset;
    ruleset.log_flags = 0xffff;
    EXPECT_EQ(restrictFlags(ruleset, 6), 0U);
    EXPECT_EQ(restrictFlags(ruleset, 7), 7U);
}

} // namespace
} // namespace landlatch::landlock
