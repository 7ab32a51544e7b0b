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

std::size_t wordsOf(const std::vector<std::string>& patterns) {
    PolicyMaker maker;
    for (const std::string& pattern : patterns) {
        maker.add(exec({pattern}), deny());
    }
    return tablesOf(maker.policy).size();
}

/// Words of the automata's rows, cells, chains and links.
std::size_t automataOf(const std::vector<std::uint32_t>& tables) {
    std::size_t sum = 0;
    for (std::uint32_t at = LL_W_DFA; at < LL_W_DFA + LL_DFAS * kDfaWords; at += kDfaWords) {
        sum += 3 * tables[at + LL_A_ROWS_N] + tables[at + LL_A_CELLS_N] + 3 * tables[at + LL_A_CHAINS_N] +
               tables[at + LL_A_LINKS_N];
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

TEST(Tables, ManyPatternsWalkAsEachAlone) {
    std::size_t matched = 0;
    std::size_t chains = 0;
    for (unsigned seed = 1; seed <= 4; ++seed) {
        Near near(seed);
        PolicyMaker maker;
        std::vector<glob::Sequence> globs;
        std::vector<std::string> patterns;
        for (int i = 0; i < 200; ++i) {
            patterns.push_back(near.pattern());
            globs.push_back(*glob::parse(patterns.back(), glob::Escapes::kPath));
            maker.add(exec({patterns.back()}), deny());
        }
        const std::vector<std::uint32_t> tables = tablesOf(maker.policy);
        ASSERT_FALSE(tables.empty());
        chains += tables[LL_W_DFA + LL_DFA_EXEC * kDfaWords + LL_A_CHAINS_N];
        const auto size = static_cast<std::uint32_t>(tables.size());
        for (int i = 0; i < 5000; ++i) {
            const std::string path = near.path(patterns[near.below(patterns.size())]);
            ll_facts facts{};
            facts.atom[LL_DIM_EXEC] =
                ll_dfa_walk(tables.data(), size, LL_DFA_EXEC, path.data(), static_cast<std::uint32_t>(path.size()));
            ASSERT_EQ(facts.atom[LL_DIM_EXEC] != 0, match::isPath(path, match::Universe::kFile)) << path;
            if (facts.atom[LL_DIM_EXEC] == 0) {
                continue;
            }
            const bool any = std::any_of(globs.begin(), globs.end(),
                                         [&](const glob::Sequence& glob) { return glob::matches(glob, path); });
            ll_decision decision;
            ll_decide(tables.data(), size, &facts, &decision);
            ASSERT_EQ(decision.kind, static_cast<std::uint32_t>(any ? LL_DENY : LL_NONE)) << path;
            matched += any ? 1 : 0;
        }
    }
    EXPECT_GT(matched, 3000U);
    EXPECT_GT(chains, 100U); // else this test shows nothing
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
    PolicyMaker maker;
    for (const std::string& pattern : patterns) {
        maker.add(exec({pattern}), deny());
    }
    EXPECT_LT(automataOf(tablesOf(maker.policy)), 50000U);
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

TEST(Tables, StarsMultiplyUpToABound) {
    const auto stars = [](std::size_t count) {
        std::vector<std::string> patterns;
        for (std::size_t i = 0; i < count; ++i) {
            patterns.push_back("/**/k" + number(i) + "/**/m" + number(i));
        }
        return patterns;
    };
    EXPECT_LT(wordsOf(stars(5)), 6000U);
    EXPECT_LT(wordsOf(stars(10)), 180000U);
    for (const std::size_t count : {20U, 1000U}) {
        PolicyMaker maker;
        for (const std::string& pattern : stars(count)) {
            maker.add(exec({pattern}), deny());
        }
        EXPECT_EQ(test::codes(maker.policy), "E0551") << count;
    }
}

} // namespace
} // namespace landlatch
