// SPDX-License-Identifier: Apache-2.0
// Tables of many and of hard patterns: that they say what the patterns say, and how large they may be. The bounds are
// words, which no machine's speed changes; each is a little above what the family takes.
#include "bpf-templates/match.h"
#include "compiler/match/plan.h"
#include "compiler/match/universe.h"
#include "runtime/glob/glob.h"
#include "runtime/match/validate.h"
#include "tests/support/policy_maker.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <random>

namespace landlatch {
namespace {

constexpr std::uint32_t kDfaWords = LL_A_WORDS;

using namespace test;
using ir::Fact;

std::string number(std::size_t n) { return std::to_string(n); }

/// The words of a policy's tables; none when it is refused.
std::vector<std::uint32_t> tablesOf(const ir::Policy& policy) {
    const std::optional<match::Plan> plan = planOf(policy);
    return plan ? plan->tables : std::vector<std::uint32_t>{};
}

/// Tables of a rule for each pattern, which all deny.
std::vector<std::uint32_t> denying(const std::vector<std::string>& patterns) {
    PolicyMaker maker;
    for (const std::string& pattern : patterns) {
        maker.add(exec({pattern}), deny());
    }
    return tablesOf(maker.policy);
}

/// Words of all parts, without those at the end that none has.
std::size_t wordsOf(const std::vector<std::uint32_t>& tables) { return tables.size() - LL_R_WORDS; }
std::size_t wordsOf(const std::vector<std::string>& patterns) { return wordsOf(denying(patterns)); }

/// Words of the automata's cells, chains and links.
std::size_t automataOf(const std::vector<std::uint32_t>& tables) {
    std::size_t sum = 0;
    for (std::uint32_t at = LL_W_DFA; at < LL_W_DFA + LL_DFAS * kDfaWords; at += kDfaWords) {
        sum += tables[at + LL_A_CELLS_N] + 3 * tables[at + LL_A_CHAINS_N] + tables[at + LL_A_LINKS_N];
    }
    return sum;
}

PolicyMaker services(std::size_t rules) {
    PolicyMaker maker;
    for (std::size_t i = 0; i < rules; ++i) {
        maker.add(exec({"/opt/app" + number(i) + "/bin/python3*"}) &&
                      fact(Fact::kUnit, {"app" + number(i) + ".service"}),
                  apply({static_cast<ir::RulesetId>(i % 32)}));
    }
    return maker;
}

/// Paths near the patterns, so that walks go deep into chains and leave them in every place.
class Near {
public:
    explicit Near(unsigned seed) : random_(seed) {}

    std::string component() {
        static const std::vector<std::string> parts = {"bin",     "lib",    "libexec", "python3",
                                                       ".hidden", "..data", "x",       "app"};
        return parts[below(parts.size())] + (below(3) == 0 ? number(below(40)) : "");
    }
    std::string pattern() {
        std::string text;
        for (std::size_t n = 1 + below(4); n > 0; --n) {
            text += "/" + (below(6) == 0 ? "*" : component() + (below(8) == 0 ? "*" : ""));
        }
        return below(10) == 0 ? text + "/**" : text;
    }
    std::string path(const std::string& pattern) {
        std::string text;
        for (const char c : pattern) {
            text += c == '*' ? component().substr(0, below(4)) : std::string(1, c);
        }
        for (std::size_t n = below(3); n > 0 && !text.empty(); --n) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
            case 0:
                text.erase(at, 1);
                break;
            case 1:
                text[at] = "/.abz3"[below(6)];
                break;
            case 2:
                text.insert(at, 1, "/.abz3"[below(6)]);
                break;
            default:
                text.resize(at + 1);
            }
        }
        return text;
    }
    std::size_t below(std::size_t n) { return random_() % n; }

private:
    std::mt19937_64 random_;
};

/// Asks the tables of denying() and each pattern alone about paths near them. Gives how many paths were denied.
std::size_t expectWalksAsAlone(Near& near, const std::vector<std::string>& patterns,
                               const std::vector<std::uint32_t>& tables) {
    std::vector<glob::Sequence> globs;
    for (const std::string& pattern : patterns) {
        globs.push_back(*glob::parse(pattern, glob::Escapes::kPath));
    }
    const auto size = static_cast<std::uint32_t>(tables.size());
    std::size_t denied = 0;
    for (int i = 0; i < 5000 && !::testing::Test::HasFailure(); ++i) {
        std::string path = near.path(patterns[near.below(patterns.size())]);
        if (near.below(3) == 0) {
            path += near.path(patterns[near.below(patterns.size())]);
        }
        ll_facts facts{};
        facts.atom[LL_DIM_EXEC] =
            ll_dfa_walk(tables.data(), size, LL_DFA_EXEC, path.data(), static_cast<std::uint32_t>(path.size()));
        EXPECT_EQ(facts.atom[LL_DIM_EXEC] != 0, match::isPath(path, match::Universe::kFile)) << path;
        EXPECT_EQ(ll_parts_walk(tables.data(), size, LL_DIM_EXEC, path.data(), static_cast<std::uint32_t>(path.size()),
                                facts.part),
                  tables[LL_W_PARTED] == 0 || facts.atom[LL_DIM_EXEC] != 0);
        if (facts.atom[LL_DIM_EXEC] == 0) {
            continue;
        }
        const bool any = std::any_of(globs.begin(), globs.end(),
                                     [&](const glob::Sequence& glob) { return glob::matches(glob, path); });
        ll_decision decision;
        ll_decide(tables.data(), size, &facts, &decision);
        EXPECT_EQ(decision.kind, static_cast<std::uint32_t>(any ? LL_DENY : LL_NONE)) << path;
        denied += any ? 1 : 0;
    }
    return denied;
}

TEST(Tables, ManyPatternsWalkAsEachAlone) {
    std::size_t denied = 0;
    std::size_t chains = 0;
    for (unsigned seed = 1; seed <= 4; ++seed) {
        Near near(seed);
        std::vector<std::string> patterns;
        for (int i = 0; i < 200; ++i) {
            patterns.push_back(near.pattern());
        }
        const std::vector<std::uint32_t> tables = denying(patterns);
        ASSERT_FALSE(tables.empty());
        chains += tables[LL_W_DFA + LL_DFA_EXEC * kDfaWords + LL_A_CHAINS_N];
        denied += expectWalksAsAlone(near, patterns, tables);
    }
    EXPECT_GT(denied, 3000U);
    EXPECT_GT(chains, 100U); // else this test shows nothing
}

/// Those of `given` and some of near().
std::vector<std::string> withOthers(Near& near, std::vector<std::string> given, int others) {
    for (int i = 0; i < others; ++i) {
        given.push_back(near.pattern());
    }
    return given;
}

TEST(Tables, WalksFromTheEndAreThoseOfEachPatternAlone) {
    std::size_t denied = 0;
    for (unsigned seed = 1; seed <= 4; ++seed) {
        Near near(seed);
        const std::vector<std::string> patterns = withOthers(near, multiplying(20), 8);
        const std::vector<std::uint32_t> tables = denying(patterns);
        ASSERT_FALSE(tables.empty());
        ASSERT_EQ(tables[LL_W_DFA + LL_DFA_EXEC * kDfaWords + LL_A_BACKWARD], 1U);
        ASSERT_EQ(tables[LL_W_PARTED], 0U);
        denied += expectWalksAsAlone(near, patterns, tables);
    }
    EXPECT_GT(denied, 3000U);
}

/// Patterns that multiply from both ends.
std::vector<std::string> between(std::size_t count) {
    std::vector<std::string> patterns;
    for (std::size_t i = 0; i < count; ++i) {
        patterns.push_back("/**/k" + number(i) + "/**");
    }
    return patterns;
}

TEST(Tables, WalksInPartsAreThoseOfEachPatternAlone) {
    std::size_t denied = 0;
    for (unsigned seed = 1; seed <= 4; ++seed) {
        Near near(seed);
        std::vector<std::string> patterns = between(20);
        for (const std::string& pattern : multiplying(20)) {
            patterns.push_back(pattern);
        }
        patterns = withOthers(near, patterns, 40);
        const std::vector<std::uint32_t> tables = denying(patterns);
        ASSERT_FALSE(tables.empty());
        ASSERT_EQ(tables[LL_W_PARTED], 1U << LL_DIM_EXEC);
        denied += expectWalksAsAlone(near, patterns, tables);
    }
    EXPECT_GT(denied, 3000U);
}

TEST(Tables, ServicesTakeTheSameForEachRule) {
    const std::vector<std::uint32_t> few = tablesOf(services(250).policy);
    const std::vector<std::uint32_t> many = tablesOf(services(2000).policy);
    EXPECT_LT(automataOf(many), 36U * 2000);
    EXPECT_LT(many.size(), 72U * 2000);
    EXPECT_LT(many.size(), 8 * few.size());
}

TEST(Tables, OneLongPrefixIsThereOnce) {
    std::vector<std::string> patterns;
    for (std::size_t i = 0; i < 10000; ++i) {
        patterns.push_back("/usr/lib/very/long/common/prefix/of/all/programs/p" + number(i));
    }
    EXPECT_LT(automataOf(denying(patterns)), 50000U);
}

TEST(Tables, LongPatternsTakeAWordAByte) {
    const std::size_t words = wordsOf({"/" + std::string(4000, 'a') + "*"});
    EXPECT_GT(words, 4000U);
    EXPECT_LT(words, 4500U);
    // The same text behind many beginnings is there once.
    std::vector<std::string> patterns;
    for (std::size_t i = 0; i < 50; ++i) {
        patterns.push_back("/" + number(i) + "/" + std::string(1000, 'b'));
    }
    EXPECT_LT(wordsOf(patterns), 1000U + 50 * 60);
}

TEST(Tables, AlternativesDoNotMultiply) {
    std::string pattern;
    for (int i = 0; i < 10; ++i) {
        pattern += "/{a,bb,ccc,dddd}"; // a million paths
    }
    EXPECT_LT(wordsOf({pattern}), 800U);
}

TEST(Tables, WhatMultipliesIsReadFromTheOtherEnd) {
    EXPECT_LT(wordsOf(multiplying(5)), 6000U);
    EXPECT_LT(wordsOf(multiplying(10)), 1300U);
    EXPECT_LT(wordsOf(multiplying(100)), 9500U);
    EXPECT_LT(wordsOf(multiplying(1000)), 96000U);
    // In one list, what has matched once is all there is to know.
    std::vector<std::string> folders;
    for (std::size_t i = 0; i < 1000; ++i) {
        folders.push_back("/**/k" + number(i) + "/**");
    }
    PolicyMaker list;
    list.add(exec(folders), deny());
    EXPECT_LT(wordsOf(tablesOf(list.policy)), 600U);
    // What multiplies from both is taken apart.
    EXPECT_LT(wordsOf(between(10)), 17000U);
    EXPECT_LT(wordsOf(between(60)), 115000U);
    // What multiplies from the end alone is read from the start, as nearly all is.
    std::vector<std::string> patterns;
    for (std::size_t i = 0; i < 1000; ++i) {
        patterns.push_back("/m" + number(i) + "/**/k" + number(i) + "/**");
    }
    EXPECT_LT(wordsOf(patterns), 90000U);
}

} // namespace
} // namespace landlatch
