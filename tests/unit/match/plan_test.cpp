// SPDX-License-Identifier: Apache-2.0
// What plan() refuses and warns of, and that its work is bounded.
#include "compiler/match/plan.h"
#include "runtime/match/validate.h"
#include "tests/support/policy_maker.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <set>

namespace landlatch {
namespace {

using ir::Fact;
using test::apply;
using test::codes;
using test::deny;
using test::exec;
using test::fact;
using test::ids;
using test::pass;
using test::PolicyMaker;

std::string number(std::size_t n) { return std::to_string(n); }

TEST(Plan, PatternThatMatchesNoPath) {
    for (const char* pattern : {"/a//b", "/a/", "a", "/a/./b", "/..", "/", "/a/../{b,c}"}) {
        PolicyMaker maker;
        maker.add(exec({pattern}), deny());
        EXPECT_EQ(codes(maker.policy), "E0550") << pattern;
    }
    PolicyMaker maker;
    maker.add(fact(Fact::kUnit, {"a.slice"}), deny());
    maker.add(fact(Fact::kSlice, {"a/b.slice"}), deny());
    EXPECT_EQ(codes(maker.policy), "E0550 E0550");
}

TEST(Plan, PathsEndAt4095Bytes) {
    // Only in 4,096 bytes could an exec be both, so the rules have nothing in common and no conflict.
    const std::string half = "/" + std::string(2046, 'a');
    PolicyMaker maker;
    maker.add(exec({half + "**"}), apply({0}));
    maker.add(exec({"**" + std::string(2047, 'b') + "xy"}), apply({1}));
    EXPECT_EQ(codes(maker.policy), "");
    PolicyMaker shorter;
    shorter.add(exec({half + "**"}), apply({0}));
    shorter.add(exec({"**" + std::string(2047, 'b') + "x"}), apply({1}));
    EXPECT_EQ(codes(shorter.policy), "E0600");
}

TEST(Plan, AutomatonTooLarge) {
    PolicyMaker maker;
    for (std::size_t i = 0; i < 400; ++i) {
        maker.add(exec({"/**/a" + number(i) + "/**/b/**"}), deny());
    }
    EXPECT_EQ(codes(maker.policy), "E0551");
}

TEST(Plan, WhatPartsHaveInCommonIsSearchedWithinABound) {
    PolicyMaker maker;
    ir::Condition all = exec({"/**/k0/**"});
    for (std::size_t i = 0; i < 24; ++i) {
        maker.add(exec({"/**/k" + number(i) + "/**"}), deny());
        all = std::move(all) && exec({"/**/k" + number(i) + "/**"}); // a path with all of them, in any order
    }
    EXPECT_EQ(codes(maker.policy), "");
    maker.add(std::move(all), deny());
    EXPECT_EQ(codes(maker.policy), "E0608");
}

TEST(Plan, PartsOfOneFactAreNotIndependent) {
    PolicyMaker maker;
    for (std::size_t i = 0; i < 40; ++i) {
        maker.add(exec({"/**/k" + number(i) + "/**"}), apply({0}));
        maker.add(exec({"/**/k" + number(i) + "/x/**"}), apply({1})); // inside the one before: it decides
    }
    // An exec in both k3 and k5/x is matched by rules of two rulesets, neither inside the other.
    EXPECT_EQ(codes(maker.policy).substr(0, 5), "E0600");
    PolicyMaker ordered;
    std::vector<ir::RuleId> folders;
    for (std::size_t i = 0; i < 24; ++i) {
        folders.push_back(ordered.add(exec({"/**/k" + number(i) + "/**"}), apply({0})));
    }
    const ir::RuleId inside = ordered.add(exec({"/**/k3/**/k5/**"}), apply({1}));
    for (std::size_t i = 0; i < folders.size(); ++i) {
        if (i != 3 && i != 5) { // inside those two by what they match
            ordered.prefer(inside, folders[i]);
        }
    }
    EXPECT_EQ(codes(ordered.policy), "");
    ordered.add(exec({"/**/k3/**"}) && exec({"/**/k5"}) && !exec({"/**/k3/**/k5", "/**/k3/**/k5/**", "/**/k3/k5"}),
                deny());
    EXPECT_EQ(codes(ordered.policy), "E0601"); // no path does
}

TEST(Plan, WhatMultipliesFromOneEndIsReadFromTheOther) {
    PolicyMaker maker;
    for (const std::string& pattern : test::multiplying(1000)) {
        const auto ruleset = static_cast<ir::RulesetId>(maker.policy.rules.size() % 4);
        maker.add(exec({pattern}), apply({ruleset})); // no two have an exec in common
    }
    EXPECT_EQ(codes(maker.policy), "");
    maker.add(exec({"/**/k7/**/m9"}), apply({2}));
    EXPECT_EQ(codes(maker.policy), "E0600"); // with that of 9, as in /k7/k9/m9
}

TEST(Plan, TooManyBits) {
    PolicyMaker ancestors;
    PolicyMaker groups;
    PolicyMaker always;
    always.policy.rulesets.resize(65);
    for (std::size_t i = 0; i < 65; ++i) {
        ancestors.add(fact(Fact::kAncestorExec, {"/bin/" + number(i)}), deny());
        groups.add(ids(Fact::kGroup, {"g" + number(i)}), deny());
        always.always(exec({"/bin/" + number(i)}), apply({static_cast<ir::RulesetId>(i)}));
    }
    EXPECT_EQ(codes(ancestors.policy), "E0552");
    EXPECT_EQ(codes(groups.policy), "E0552");
    EXPECT_EQ(codes(always.policy), "E0552");
}

TEST(Plan, UndecidedExecIsShownAsTest) {
    PolicyMaker maker;
    maker.add(exec({"/usr/bin/python3"}), apply({0}));
    maker.add(ids(Fact::kUser, {"www-data"}), apply({1}, true));
    SourceManager sources;
    diag::Sink sink;
    EXPECT_FALSE(match::plan(maker.policy, sources, sink));
    ASSERT_EQ(sink.all().size(), 1U);
    EXPECT_EQ(diag::info(sink.all()[0].id).code, "E0600");
    EXPECT_EQ(sink.all()[0].labels.size(), 2U);
    EXPECT_NE(sink.all()[0].notes.at(0).find("exec /usr/bin/python3 user www-data"), std::string::npos);
    EXPECT_NE(sink.all()[0].notes.at(0).find("expect apply r1 with nnp"), std::string::npos);
}

TEST(Plan, RuleThatMatchesNothing) {
    PolicyMaker maker;
    maker.add(fact(Fact::kUnit, {"a.service"}) && fact(Fact::kUnit, {"b.service"}), deny());
    EXPECT_EQ(codes(maker.policy), "E0601");
    PolicyMaker lineage; // the caller is an ancestor
    lineage.add(fact(Fact::kParentExec, {"/bin/sh"}) && !fact(Fact::kAncestorExec, {"/bin/*"}), deny());
    EXPECT_EQ(codes(lineage.policy), "E0601");
}

TEST(Plan, TooManyBoxes) {
    PolicyMaker maker;
    ir::Condition all = exec({"/a"}) || ids(Fact::kUser, {"a"});
    for (const char* name : {"b", "c", "d", "e", "f", "g", "h"}) {
        all = std::move(all) && (ids(Fact::kGroup, {name}) || fact(Fact::kAncestorExec, {std::string("/") + name}));
    }
    maker.add(std::move(all), deny());
    EXPECT_EQ(codes(maker.policy), "E0602");
}

TEST(Plan, Prefer) {
    PolicyMaker against;
    const ir::RuleId all = against.add(exec({"/usr/bin/*"}), deny());
    const ir::RuleId one = against.add(exec({"/usr/bin/id"}), pass());
    against.prefer(all, one);
    EXPECT_EQ(codes(against.policy), "E0603");

    PolicyMaker circle;
    for (const char* user : {"a", "b", "c"}) {
        circle.add(exec({std::string("/") + user}) || ids(Fact::kUser, {user}), apply({user[0] == 'a' ? 0U : 1U}));
    }
    circle.prefer(0, 1);
    circle.prefer(1, 2);
    circle.prefer(2, 0);
    EXPECT_EQ(codes(circle.policy), "E0604");

    PolicyMaker always;
    const ir::RuleId base = always.always(exec({"/a"}), apply({0}));
    const ir::RuleId other = always.add(exec({"/a"}), apply({1}));
    always.prefer(base, other);
    EXPECT_EQ(codes(always.policy), "E0605");

    PolicyMaker many;
    many.add(exec({"/a"}), apply({0}));
    for (ir::RuleId i = 1; i < 10002; ++i) {
        many.add(exec({"/b" + number(i)}), apply({1}));
        many.prefer(0, i);
    }
    EXPECT_EQ(codes(many.policy), "E0609");
}

TEST(Plan, PreferSettlesAndRootIsNotLoosenedByUse) {
    PolicyMaker maker;
    const ir::RuleId root = maker.add(exec({"/usr/bin/*"}), deny());
    const ir::RuleId used = maker.add(exec({"/usr/bin/id"}), pass());
    maker.policy.rules[used].used = true;
    EXPECT_EQ(codes(maker.policy), "E0600");
    PolicyMaker either = maker;
    maker.prefer(used, root);
    EXPECT_EQ(codes(maker.policy), "");
    either.prefer(root, used);
    EXPECT_EQ(codes(either.policy), "W1600"); // the used rule never decides then
}

TEST(Plan, CyclesAreDecidedWhereTheyCanBe) {
    // deny beats a, a is preferred to p, p is inside d: no exec is in all three but those that `last` decides.
    PolicyMaker maker;
    const ir::RuleId d = maker.add(exec({"/x/*"}), deny());
    const ir::RuleId p = maker.add(exec({"/x/a", "/x/b"}), pass());
    const ir::RuleId a = maker.add(exec({"/x/b", "/x/c", "/y"}), apply({0}));
    maker.prefer(a, p);
    EXPECT_EQ(codes(maker.policy), "E0600 E0600 E0600"); // once for each pair
    PolicyMaker good = maker;
    good.add(exec({"/x/b"}), apply({3}));
    EXPECT_EQ(codes(good.policy), "");
    const Result<match::Matcher> matcher = test::matcherOf(good.policy);
    ASSERT_TRUE(matcher);
    const auto rule = [&](std::string_view path) {
        match::ExecFacts facts;
        facts.exec = path;
        return matcher->decide(facts).enforced.rule;
    };
    EXPECT_EQ(rule("/x/a"), p);
    EXPECT_EQ(rule("/x/b"), 3U);
    EXPECT_EQ(rule("/x/c"), d);
    EXPECT_EQ(rule("/y"), a);
    EXPECT_EQ(rule("/z"), std::nullopt);
}

TEST(Plan, RuleOfExecsThatOnlyAlwaysRulesMatch) {
    PolicyMaker maker;
    maker.add(exec({"/x/p"}), pass());
    const ir::RuleId all = maker.always(exec({"/x/*"}), apply({0}));
    const ir::RuleId one = maker.always(exec({"/x/a", "/y"}), apply({1}));
    const Result<match::Matcher> matcher = test::matcherOf(maker.policy);
    ASSERT_TRUE(matcher);
    const auto view = [&](std::string_view path) {
        match::ExecFacts facts;
        facts.exec = path;
        return matcher->decide(facts).enforced;
    };
    EXPECT_EQ(view("/x/a").rule, all); // both hold: the first of them
    EXPECT_EQ(view("/x/a").kind, LL_NONE);
    EXPECT_EQ(view("/y").rule, one);
    EXPECT_EQ(view("/x/p").rule, 0U); // the one that decides
    EXPECT_EQ(view("/z").rule, std::nullopt);
}

TEST(Plan, Layers) {
    PolicyMaker maker;
    maker.always(exec({"/a"}), apply({0, 1, 2, 3, 4, 5, 6, 7, 8}));
    maker.always(ids(Fact::kUser, {"u"}), apply({9, 10, 11, 12, 13, 14, 15, 16}));
    EXPECT_EQ(codes(maker.policy), "E0606");
    PolicyMaker apart;
    apart.always(exec({"/a"}), apply({0, 1, 2, 3, 4, 5, 6, 7, 8}));
    apart.always(exec({"/b"}), apply({9, 10, 11, 12, 13, 14, 15, 16}));
    EXPECT_EQ(codes(apart.policy), "W1602");
}

/// Two rules that conflict, and denials that settle pieces of what both match: whether they settle all of it is a
/// question of satisfiability, each denial a clause of three groups.
std::string codesOfClauses(std::size_t groups, std::size_t clauses) {
    PolicyMaker maker;
    maker.add(exec({"/a"}), apply({0}));
    maker.add(exec({"/a"}), apply({1}));
    std::mt19937 random(1); // the same clauses on every machine: only its own output is used
    for (std::size_t i = 0; i < clauses; ++i) {
        ir::Condition clause = exec({"/a"});
        std::set<std::size_t> distinct;
        while (distinct.size() < 3) {
            distinct.insert(random() % groups);
        }
        for (const std::size_t literal : distinct) {
            ir::Condition group = ids(Fact::kGroup, {"g" + std::to_string(literal)});
            clause = std::move(clause) && (random() % 2 == 0 ? std::move(group) : !std::move(group));
        }
        maker.add(std::move(clause), deny());
    }
    return codes(maker.policy);
}

TEST(Plan, TooComplexToDecide) {
    EXPECT_EQ(codesOfClauses(60, 20), "E0600"); // an exec that no denial settles is found at once
    EXPECT_EQ(codesOfClauses(60, 300), "E0607");
}

TEST(Plan, TooManyOverlaps) {
    PolicyMaker maker;
    for (std::size_t i = 0; i < 17000; ++i) {
        maker.add(!exec({"/a"}), apply({static_cast<ir::RulesetId>(i % 2)}));
        maker.policy.rules.back().effect.nnp = true;
        maker.policy.rules.back().effect.rulesets = {0};
    }
    EXPECT_EQ(codes(maker.policy), "E0608");
}

TEST(Plan, Warnings) {
    PolicyMaker shadowed;
    shadowed.add(exec({"/usr/bin/id"}), apply({0}));
    shadowed.add(exec({"/usr/bin/id"}), deny());
    EXPECT_EQ(codes(shadowed.policy), "W1600");
    PolicyMaker catch_all;
    catch_all.add(fact(Fact::kUnit, {"web.service"}), apply({0}));
    catch_all.add(fact(Fact::kUnit, {"web.service"}) && exec({"/usr/bin/id"}), pass());
    EXPECT_EQ(codes(catch_all.policy), "W1601");
    catch_all.policy.rules[0].always = true;
    EXPECT_EQ(codes(catch_all.policy), "");
}

TEST(Plan, SamePolicySameTables) {
    PolicyMaker maker;
    for (std::size_t i = 0; i < 50; ++i) {
        maker.add(exec({"/opt/**/a" + number(i)}) || fact(Fact::kUnit, {"u" + number(i) + "@*"}), apply({0}));
    }
    SourceManager sources;
    diag::Sink sink;
    EXPECT_EQ(match::plan(maker.policy, sources, sink)->tables, match::plan(maker.policy, sources, sink)->tables);
    for (std::size_t i = 0; i < 20; ++i) { // in parts
        maker.add(exec({"/**/a" + number(i) + "/**"}), apply({0}));
    }
    const std::optional<match::Plan> plan = match::plan(maker.policy, sources, sink);
    EXPECT_NE(plan->tables[LL_W_PARTED], 0U);
    EXPECT_EQ(plan->tables, match::plan(maker.policy, sources, sink)->tables);
}

/// Tables damaged in some words, `rounds` times.
void damage(const std::vector<std::uint32_t>& tables, const match::TableLimits& limits, int rounds) {
    ASSERT_TRUE(match::validate(tables, limits));
    std::mt19937_64 random(7);
    std::size_t refused = 0;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::uint32_t> words = tables;
        for (std::size_t n = 1 + random() % 3; n > 0; --n) {
            const std::uint32_t values[] = {0,
                                            1,
                                            0xffffffff,
                                            0x80000000,
                                            static_cast<std::uint32_t>(words.size()),
                                            static_cast<std::uint32_t>(random())};
            words[random() % words.size()] = values[random() % std::size(values)];
        }
        if (random() % 8 == 0) {
            words.resize(random() % words.size());
        }
        refused += match::validate(words, limits) ? 0 : 1;
        // Checked or not, the matcher stays inside the array and comes back (run under ASan in CI).
        const auto size = static_cast<std::uint32_t>(words.size());
        ll_facts facts{};
        facts.atom[LL_DIM_EXEC] = ll_dfa_walk(words.data(), size, LL_DFA_EXEC, "/usr/bin/x", 10);
        (void)ll_parts_walk(words.data(), size, LL_DIM_EXEC, "/usr/bin/x", 10, facts.part);
        facts.ancestors = ll_lineage_mask(words.data(), size, static_cast<std::uint32_t>(random() % 4));
        facts.unknown = round % 2 == 0 ? 0 : static_cast<std::uint32_t>(random() & 0xfff);
        ll_decision decision;
        ll_decide(words.data(), size, &facts, &decision);
        ASSERT_LE(decision.kind, static_cast<std::uint32_t>(LL_REFUSE));
    }
    EXPECT_GT(refused, static_cast<std::size_t>(rounds) / 3);
}

TEST(Plan, DamagedTablesOfPartsAreRefusedOrHarmless) {
    PolicyMaker maker;
    for (const char* pattern : {"/usr/**", "/**/b/**", "/**/x/**", "/**/c/**", "/**/d/**"}) {
        maker.add(exec({pattern}), deny());
    }
    diag::Sink sink;
    const std::optional<match::Plan> plan = match::plan(maker.policy, sink, test::kLittleRoom);
    ASSERT_TRUE(plan);
    ASSERT_NE(plan->tables[LL_W_PARTED], 0U);
    damage(plan->tables, {5, static_cast<std::uint32_t>(plan->effects.size()), 0, 0, 0}, 6000);
    std::vector<std::uint32_t> old = plan->tables;
    old[LL_W_MAGIC] -= 1U << 24;
    const Result<void> refused = match::validate(old, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "match tables of another version of llc: compile the policy again");
}

TEST(Plan, DamagedTablesAreRefusedOrHarmless) {
    PolicyMaker maker;
    maker.add(exec({"/usr/bin/**"}) && !ids(Fact::kUser, {"root"}), apply({0}, true));
    maker.add(fact(Fact::kAncestorExec, {"/bin/sh"}) && ids(Fact::kGroup, {"g"}), deny());
    maker.always(fact(Fact::kUnit, {"web.service"}), apply({1}));
    const std::optional<match::Plan> plan = test::planOf(maker.policy);
    ASSERT_TRUE(plan);
    damage(plan->tables, {3, static_cast<std::uint32_t>(plan->effects.size()), 1, 1, 1}, 3000);
}

TEST(Plan, AutomataWhosePartsLieOutsideReadNoPath) {
    PolicyMaker maker;
    maker.add(exec({"/usr/bin/**"}), deny());
    const std::optional<match::Plan> plan = test::planOf(maker.policy);
    ASSERT_TRUE(plan);
    const auto size = static_cast<std::uint32_t>(plan->tables.size());
    const auto walk = [size](std::vector<std::uint32_t> words, std::uint32_t index, std::uint32_t value) {
        words[std::uint32_t{LL_W_DFA} + index] = value;
        words.shrink_to_fit(); // so that ASan sees a read behind the last
        return ll_dfa_walk(words.data(), size, LL_DFA_EXEC, "/usr/bin/x", 10);
    };
    const std::uint32_t cells = plan->tables[std::uint32_t{LL_W_DFA} + LL_A_CELLS];
    EXPECT_NE(walk(plan->tables, LL_A_CELLS, cells), 0U);
    for (const std::uint32_t offset : {size - 63, size, 0xffffffffU, 0xffffffc0U}) {
        EXPECT_EQ(walk(plan->tables, LL_A_CLASSES, offset), 0U) << offset;
    }
    for (const std::uint32_t offset : {size - LL_R_WORDS + 1, size, 0xffffffffU}) {
        EXPECT_EQ(walk(plan->tables, LL_A_CELLS, offset), 0U) << offset;
    }
    for (const std::uint32_t row : {size - cells - LL_R_WORDS + 1, LL_TO_CHAIN - 1}) {
        EXPECT_EQ(walk(plan->tables, LL_A_START, row), 0U) << row;
    }
    for (const std::uint32_t offset : {size - 2, size, 0xffffffffU}) { // a chain, and its links
        std::vector<std::uint32_t> words = plan->tables;
        words[std::uint32_t{LL_W_DFA} + LL_A_START] = LL_TO_CHAIN;
        EXPECT_EQ(walk(words, LL_A_CHAINS, offset), 0U) << offset;
        words[words[std::uint32_t{LL_W_DFA} + LL_A_CHAINS]] = 0;
        words[words[std::uint32_t{LL_W_DFA} + LL_A_CHAINS] + 1] = 3;
        EXPECT_EQ(walk(words, LL_A_LINKS, offset), 0U) << offset;
    }
}

TEST(Plan, EachByteCanHaveAClassOfItsOwn) {
    PolicyMaker maker;
    std::vector<std::string> paths;
    for (int byte = 1; byte < 256; ++byte) {
        if (byte != '/') {
            paths.push_back(std::string("/x") + static_cast<char>(byte));
            maker.add(exec({std::string("/x\\") + static_cast<char>(byte)}), deny());
        }
    }
    const std::optional<match::Plan> plan = test::planOf(maker.policy);
    ASSERT_TRUE(plan);
    std::vector<std::uint32_t> words = plan->tables;
    const auto size = static_cast<std::uint32_t>(words.size());
    for (std::uint32_t rule = 0; rule < paths.size(); ++rule) {
        ll_facts facts{};
        facts.atom[LL_DIM_EXEC] = ll_dfa_walk(words.data(), size, LL_DFA_EXEC, paths[rule].data(), 3);
        ll_decision decision{};
        ll_decide(words.data(), size, &facts, &decision);
        EXPECT_EQ(decision.rule, rule);
    }
    const match::TableLimits limits{static_cast<std::uint32_t>(paths.size()), 1, 0, 0, 0};
    EXPECT_TRUE(match::validate(words, limits));
    words[words[std::uint32_t{LL_W_DFA} + LL_A_CLASSES] + 'x' / 4] |= 0xffU << (8 * ('x' % 4));
    const Result<void> refused = match::validate(words, limits);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("byte of class 255"), std::string::npos) << refused.error().message;
}

TEST(Plan, ACountOfBoxesThatNoTableHoldsIsRefusedAtOnce) {
    PolicyMaker maker;
    maker.add(exec({"/usr/bin/**"}), apply({0}, true));
    const std::optional<match::Plan> plan = test::planOf(maker.policy);
    ASSERT_TRUE(plan);
    std::vector<std::uint32_t> words = plan->tables;
    words[LL_W_ALL] = 0xffffffff;
    ll_facts facts{};
    facts.unknown = 1U << LL_DIM_EXEC; // looks at all boxes
    ll_decision decision{};
    ll_decide(words.data(), static_cast<std::uint32_t>(words.size()), &facts, &decision);
    EXPECT_EQ(decision.kind, static_cast<std::uint32_t>(LL_REFUSE));
    EXPECT_EQ(decision.audit_kind, static_cast<std::uint32_t>(LL_REFUSE));
}

TEST(Plan, TablesThatDoAnotherThingThanTheManifestSaysAreRefused) {
    PolicyMaker maker;
    maker.add(exec({"/a"}), apply({0}, true));
    maker.add(exec({"/b"}), deny());
    maker.always(exec({"/c"}), apply({1}));
    const std::optional<match::Plan> plan = test::planOf(maker.policy);
    ASSERT_TRUE(plan);
    const object::Policy good = test::toObject(maker.policy, *plan);
    ASSERT_TRUE(match::validate(good));
    const auto refused = [&good](const std::function<void(object::Policy&)>& change) {
        object::Policy changed = good;
        change(changed);
        const Result<void> valid = match::validate(changed);
        return valid ? std::string() : valid.error().message;
    };
    const std::string effect = "is another than in the manifest";
    const std::string rule = "does is another thing than in the manifest";
    EXPECT_NE(refused([](auto& policy) {
                  policy.effects[policy.rules[1].effect].kind = object::EffectKind::kPass;
              }).find(effect),
              std::string::npos);
    EXPECT_NE(refused([](auto& policy) { policy.effects[policy.rules[0].effect].nnp = false; }).find(effect),
              std::string::npos);
    EXPECT_NE(refused([](auto& policy) { policy.rules[1].effect = policy.rules[0].effect; }).find(rule),
              std::string::npos);
    EXPECT_NE(refused([](auto& policy) { policy.rules[2].always = false; }).find(rule), std::string::npos);
}

} // namespace
} // namespace landlatch
