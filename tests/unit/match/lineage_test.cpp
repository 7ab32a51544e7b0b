// SPDX-License-Identifier: Apache-2.0
// When what one load knows of callers and ancestors holds for another.
#include "tests/support/policy_maker.h"

#include <gtest/gtest.h>

namespace landlatch {
namespace {

using namespace test;
using ir::Fact;

PolicyMaker askingFor(const char* parent, const char* ancestor) {
    PolicyMaker maker;
    maker.add(exec({"/a"}) && fact(Fact::kParentExec, {parent}), apply({0}));
    maker.add(exec({"/b"}) && fact(Fact::kAncestorExec, {ancestor}), apply({1}));
    return maker;
}

TEST(SharesLineage, WhereCallersAndAncestorsAreTheSame) {
    const match::Matcher matcher = *matcherOf(askingFor("/sh", "/ssh*").policy);
    EXPECT_TRUE(matcher.sharesLineage(*matcherOf(askingFor("/sh", "/ssh*").policy)));
    PolicyMaker more = askingFor("/sh", "/ssh*");
    more.add(exec({"/c*"}), deny());
    more.add(exec({"/d"}) && fact(Fact::kScript, {"/e/**"}), apply({2}));
    EXPECT_TRUE(matcher.sharesLineage(*matcherOf(more.policy)));
    EXPECT_TRUE(matcherOf(more.policy)->sharesLineage(matcher));
}

TEST(SharesLineage, NotWhereTheyDiffer) {
    const match::Matcher matcher = *matcherOf(askingFor("/sh", "/ssh*").policy);
    EXPECT_FALSE(matcher.sharesLineage(*matcherOf(askingFor("/sh", "/ssh").policy)));
    EXPECT_FALSE(matcher.sharesLineage(*matcherOf(askingFor("/bash", "/ssh*").policy)));
    EXPECT_FALSE(matcherOf(askingFor("/usr/lib/one", "/x").policy)
                     ->sharesLineage(*matcherOf(askingFor("/usr/lib/two", "/x").policy)));
    // The same automaton, but which pattern is asked of ancestors has changed.
    EXPECT_FALSE(matcher.sharesLineage(*matcherOf(askingFor("/ssh*", "/sh").policy)));
    PolicyMaker more = askingFor("/sh", "/ssh*");
    more.add(exec({"/c"}) && fact(Fact::kAncestorExec, {"/sh"}), apply({2}));
    EXPECT_FALSE(matcher.sharesLineage(*matcherOf(more.policy)));
    PolicyMaker none;
    none.add(exec({"/a"}), apply({0}));
    EXPECT_FALSE(matcher.sharesLineage(*matcherOf(none.policy)));
    EXPECT_FALSE(matcherOf(none.policy)->sharesLineage(matcher));
}

} // namespace
} // namespace landlatch
