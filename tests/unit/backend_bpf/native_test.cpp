// SPDX-License-Identifier: Apache-2.0
// The matcher inside the kernel. Skipped, with the reason, where BPF programs may not be loaded.
#include "tests/support/native_matcher.h"

#include "tests/unit/backend_bpf/input.h"
#include "tests/unit/backend_bpf/loadable.h"

#include <gtest/gtest.h>

namespace landlatch::backend_bpf {
namespace {

class BpfNative : public ::testing::Test {
protected:
    void SetUp() override {
        if (!canLoadPrograms()) {
            GTEST_SKIP() << "BPF programs can't be loaded here: " << std::strerror(errno);
        }
    }
};

TEST_F(BpfNative, TheVerifierTakesTheMatcherOfEveryMixOfFacts) {
    const std::array<std::uint32_t, 12> facts = {0,
                                                 kAllFacts,
                                                 1U << LL_DIM_EXEC,
                                                 1U << LL_DIM_SCRIPT,
                                                 1U << LL_DIM_PARENT,
                                                 1U << LL_DIM_CGROUP,
                                                 1U << LL_DIM_USER,
                                                 1U << LL_DIM_REAL_USER,
                                                 LL_UNKNOWN_ANCESTORS,
                                                 LL_UNKNOWN_GROUPS,
                                                 LL_UNKNOWN_SETUID,
                                                 LL_UNKNOWN_UNLINKED};
    for (const std::uint32_t used : facts) {
        const auto matcher = testing::NativeMatcher::load(emitted(Input(used)));
        EXPECT_TRUE(matcher) << std::hex << used << ": " << (matcher ? "" : matcher.error().message);
    }
}

TEST_F(BpfNative, TheVerifierTakesLargeTables) {
    const auto matcher = testing::NativeMatcher::load(emitted(Input(kAllFacts, 1'000'000)));
    EXPECT_TRUE(matcher) << matcher.error().message;
}

TEST_F(BpfNative, DamagedTablesRefuse) {
    Input input(kAllFacts);
    input.tables[LL_W_MAGIC] = 0;
    const auto matcher = testing::NativeMatcher::load(emitted(input));
    ASSERT_TRUE(matcher) << matcher.error().message;
    auto context = std::make_unique<ll_match_context>();
    ASSERT_TRUE(matcher->run(*context));
    EXPECT_EQ(context->decision.kind, static_cast<std::uint32_t>(LL_REFUSE));
}

} // namespace
} // namespace landlatch::backend_bpf
