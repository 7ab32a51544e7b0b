// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/units.h"

#include <gtest/gtest.h>

namespace landlatch::sema {

namespace {

std::string completed(std::string_view pattern, std::string_view suffix = ".service") {
    Result<glob::Sequence> parsed = glob::parse(pattern, glob::Escapes::kUnit);
    EXPECT_TRUE(parsed) << pattern;
    addUnitSuffix(*parsed, suffix);
    return glob::toText(*parsed);
}

} // namespace

TEST(UnitSuffix, IsAddedUnlessOneIsThere) {
    EXPECT_EQ(completed("web"), "web.service");
    EXPECT_EQ(completed("web@*"), "web@*.service");
    EXPECT_EQ(completed("web.service"), "web.service");
    EXPECT_EQ(completed("session-*.scope"), "session-*.scope");
    EXPECT_EQ(completed("my.app"), "my.app.service");
    EXPECT_EQ(completed("*"), "*.service");
    EXPECT_EQ(completed("untrusted", ".slice"), "untrusted.slice");
}

TEST(UnitSuffix, IsAddedToEveryBranchThatLacksOne) {
    EXPECT_EQ(completed("web{,.socket}"), "web{.service,.socket}");
    EXPECT_EQ(completed("web.{service,socket}"), "web.{service,socket}");
    EXPECT_EQ(completed("{a,b{,.scope}}"), "{a.service,b{.service,.scope}}");
}

TEST(UnitSuffix, ASuffixAloneIsNoName) { EXPECT_EQ(completed(".service"), ".service.service"); }

TEST(UnitSuffix, FindsASuffixBehindBraces) {
    const auto ends = [](std::string_view pattern) { return endsIn(*glob::parse(pattern), ".slice"); };
    EXPECT_TRUE(ends("user.slice"));
    EXPECT_TRUE(ends("user{.slice,.scope}"));
    EXPECT_TRUE(ends("user.{slice,scope}"));
    EXPECT_FALSE(ends("user.slice*"));
    EXPECT_FALSE(ends("slice"));
}

} // namespace landlatch::sema
