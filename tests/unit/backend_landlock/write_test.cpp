// SPDX-License-Identifier: Apache-2.0
// What is written is what is read, and the same policy gives the same bytes.
#include "compiler/backend/landlock/write.h"

#include "runtime/object/read.h"
#include "tests/support/random_policy.h"

#include <gtest/gtest.h>

namespace landlatch::backend_landlock {
namespace {

std::span<const std::byte> view(const std::string& text) { return std::as_bytes(std::span(text)); }

TEST(LandlockWrite, RandomPoliciesComeBackEqual) {
    for (std::uint32_t seed = 0; seed < 2000; ++seed) {
        const object::Policy policy = testing::PolicyMaker(seed).make();
        const auto bytes = write(policy);
        ASSERT_TRUE(bytes) << "seed " << seed << ": " << bytes.error().message;
        const auto read = object::readSections({view(bytes->manifest), view(bytes->rulesets), view(bytes->tables)});
        ASSERT_TRUE(read) << "seed " << seed << ": " << read.error().message;
        ASSERT_EQ(*read, policy) << "seed " << seed;
        // A copy has other addresses and capacities: nothing of them may show.
        const auto again = write(*read);
        ASSERT_TRUE(again);
        EXPECT_EQ(again->manifest, bytes->manifest);
        EXPECT_EQ(again->rulesets, bytes->rulesets);
        EXPECT_EQ(again->tables, bytes->tables);
    }
}

TEST(LandlockWrite, StoresEqualContentOnce) {
    object::Policy policy = testing::PolicyMaker(1).make();
    object::Ruleset ruleset;
    ruleset.name = "one";
    ruleset.abi = 1;
    ruleset.handled_fs = 0xFF;
    ruleset.paths.push_back(
        {object::PathKind::kBeneath, {{std::nullopt, "/a/long/path/that/shows"}}, 1, false, {}, "a.ll", 1});
    policy.rulesets = {ruleset};
    policy.effects = {{object::EffectKind::kApply, {0}, false, ""}};
    policy.rules.clear();
    policy.always_rulesets.clear();
    policy.params.clear();
    const auto once = write(policy);
    ASSERT_TRUE(once) << once.error().message;
    ruleset.name = "two";
    policy.rulesets.push_back(ruleset);
    const auto twice = write(policy);
    ASSERT_TRUE(twice) << twice.error().message;
    EXPECT_EQ(once->rulesets, twice->rulesets);
    const std::size_t first = twice->manifest.find("/a/long/path/that/shows");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(twice->manifest.find("/a/long/path/that/shows", first + 1), std::string::npos);
}

TEST(LandlockWrite, SectionsAreWholeWordsOfEight) {
    const auto bytes = write(testing::PolicyMaker(7).make());
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->manifest.size() % 8, 0U);
    EXPECT_EQ(bytes->rulesets.size() % 8, 0U);
    EXPECT_EQ(bytes->manifest.substr(0, 8), "LANDLTCH");
    EXPECT_EQ(bytes->rulesets.substr(0, 8), "LLRULESE");
}

} // namespace
} // namespace landlatch::backend_landlock
