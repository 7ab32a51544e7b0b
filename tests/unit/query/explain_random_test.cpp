// SPDX-License-Identifier: Apache-2.0
// explain against the plain meaning: over a small universe, the cases it lists are the decisions of the execs that have
// the facts given, and the facts it says it depends on are those that two execs may differ in alone.
#include "compiler/match/plan.h"
#include "compiler/query/explain.h"
#include "tests/unit/query/small_policies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <random>
#include <set>

namespace landlatch::query {
namespace {

/// Facts of `exec`, each left out by chance.
Facts someFacts(RandomPolicy& random, const Exec& exec) {
    Facts facts;
    if (random.coin()) {
        facts.exec = {exec.exec};
    }
    if (random.coin()) {
        facts.no_script = !exec.script;
        facts.script = exec.script ? std::vector<std::string>{*exec.script} : std::vector<std::string>{};
    }
    if (random.coin()) {
        facts.cgroup = {exec.cgroup};
    }
    if (random.coin()) {
        facts.user = {exec.user};
    }
    if (random.coin()) {
        facts.setuid = exec.setuid;
    }
    return facts;
}

bool has(const Exec& exec, const Facts& facts) {
    return (facts.exec.empty() || facts.exec[0] == exec.exec) &&
           (facts.script.empty() || exec.script == facts.script[0]) && (!facts.no_script || !exec.script) &&
           (facts.cgroup.empty() || facts.cgroup[0] == exec.cgroup) &&
           (facts.user.empty() || facts.user[0] == exec.user) && (!facts.setuid || *facts.setuid == exec.setuid);
}

std::string text(const Case& one) {
    return one.word() == "apply" ? fmt::format("apply {}{}", fmt::join(one.rulesets, ","), one.nnp ? " nnp" : "")
                                 : std::string(one.word());
}

/// The facts in which two of the execs differ alone and are decided in two ways.
std::set<std::string> mattering(const std::vector<Exec>& execs, const std::vector<std::string>& decisions) {
    std::set<std::string> facts;
    for (std::size_t i = 0; i < execs.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const Exec& a = execs[i];
            const Exec& b = execs[j];
            std::set<std::string> differing;
            if (a.exec != b.exec) {
                differing.insert("exec");
            }
            if (a.script != b.script) {
                differing.insert("script");
            }
            if (a.cgroup != b.cgroup) {
                differing.insert("cgroup");
            }
            if (a.user != b.user) {
                differing.insert("user");
            }
            if (a.setuid != b.setuid) {
                differing.insert("setuid");
            }
            if (differing.size() == 1 && decisions[i] != decisions[j]) {
                facts.merge(differing);
            }
        }
    }
    return facts;
}

TEST(ExplainRandom, CasesAreTheDecisionsOfTheExecsMeant) {
    const std::vector<Exec> all = universe();
    const std::uint32_t first = std::random_device()();
    int explained = 0;
    int with_cases = 0;
    for (std::uint32_t round = 0; round < 1500; ++round) {
        RandomPolicy random(first + round);
        const ir::Policy policy = random.make();
        SourceManager sources;
        diag::Sink sink;
        const std::optional<match::Plan> plan = match::plan(policy, sources, sink);
        if (!plan) {
            continue; // undecided execs, or a rule that matches nothing
        }
        const Loaded loaded{policy, test::toObject(policy, *plan)};
        const oracle::Judge judge(policy, all);
        ExplainInput input;
        input.facts = someFacts(random, all[random.upTo(static_cast<std::uint32_t>(all.size()) - 1)]);
        const Result<Explanation> explanation = explain(loaded, sources, input);
        ASSERT_TRUE(explanation) << "seed " << first + round << ": " << explanation.error().message;
        std::vector<Exec> meant;
        std::vector<std::string> decisions;
        std::map<std::string, std::size_t> shortest;
        for (const Exec& exec : all) {
            if (has(exec, input.facts)) {
                meant.push_back(exec);
                decisions.push_back(plainText(judge.decide(exec, false)));
                const auto [least, fresh] = shortest.try_emplace(decisions.back(), sizeOf(exec));
                least->second = std::min(least->second, sizeOf(exec));
            }
        }
        std::set<std::string> cases;
        for (const Case& one : explanation->cases) {
            cases.insert(text(one));
            EXPECT_LE(one.length, shortest[text(one)]) << "seed " << first + round << ": " << one.example;
        }
        EXPECT_EQ(cases, std::set<std::string>(decisions.begin(), decisions.end())) << "seed " << first + round;
        std::set<std::string> depends;
        for (const std::string& fact : explanation->depends_on) {
            depends.insert(fact == "unit" || fact == "slice" ? "cgroup" : fact);
        }
        EXPECT_EQ(depends, mattering(meant, decisions)) << "seed " << first + round;
        ++explained;
        with_cases += explanation->cases.size() > 1 ? 1 : 0;
        if (HasFailure()) {
            return;
        }
    }
    EXPECT_GT(explained, 200);
    EXPECT_GT(with_cases, 50);
}

} // namespace
} // namespace landlatch::query
