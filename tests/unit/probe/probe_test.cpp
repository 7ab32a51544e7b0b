// SPDX-License-Identifier: Apache-2.0
// Probes against a fake Landlock and against whatever kernel runs this: each must answer, give a reason with every no,
// and leave no child and no fd behind.
#include "runtime/probe/probe.h"

#include "tests/unit/landlock/fake_kernel.h"

#include <cerrno>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace landlatch::probe {
namespace {

std::size_t openFds() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        ++count;
    }
    return count;
}

TEST(Probe, LandlockSaysAbiOrReason) {
    landlock::FakeKernel kernel;
    kernel.abi = 5;
    const auto found = landlock(kernel);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->abi, 5U);
    kernel.fail[landlock::Call::kQuery] = EOPNOTSUPP;
    const auto off = landlock(kernel);
    ASSERT_FALSE(off);
    EXPECT_NE(off.error().message.find("add landlock to the lsm= list"), std::string::npos);
}

TEST(Probe, EveryNoHasAReasonAndNothingStays) {
    const std::size_t before = openFds();
    for (Support (*const probe)() : {ptrace, ptraceSyscallInfo, seccompTrace, pidfdGetfd, suspendSeccomp}) {
        const Support support = probe();
        EXPECT_EQ(support.ok, support.why.empty()) << support.why;
    }
    EXPECT_EQ(openFds(), before);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

TEST(Probe, FlagsAreThoseOfTheAbi) {
    landlock::SystemKernel kernel;
    const auto found = landlock(kernel);
    if (!found) {
        GTEST_SKIP() << found.error().message;
    }
    const std::size_t before = openFds();
    const auto flags = restrictFlags();
    ASSERT_TRUE(flags) << flags.error().message;
    EXPECT_EQ(*flags & uapi::kRestrictLogFlags, found->abi >= 7 ? uapi::kRestrictLogFlags : 0U);
    EXPECT_EQ((*flags & uapi::kRestrictTsync) != 0, found->abi >= 8);
    EXPECT_EQ(*flags >> 8, 0U);
    EXPECT_EQ(openFds(), before);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Probe, YamaScopeIsReadStrictly) {
    EXPECT_EQ(*parseYamaScope("0\n"), 0);
    EXPECT_EQ(*parseYamaScope("3"), 3);
    for (const char* text : {"", "\n", "4\n", "-1\n", "1x\n", "12\n"}) {
        EXPECT_FALSE(parseYamaScope(text)) << text;
    }
    EXPECT_TRUE(yamaScope());
}

} // namespace
} // namespace landlatch::probe
