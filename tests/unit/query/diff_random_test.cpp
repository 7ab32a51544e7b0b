// SPDX-License-Identifier: Apache-2.0
// diff against brute force: every exec of a small universe decided by both policies the plain way; every path and port
// of a small world asked of both stacks of rulesets.
#include "compiler/match/plan.h"
#include "compiler/query/access.h"
#include "compiler/query/diff.h"
#include "tests/unit/query/small_policies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace landlatch::query {

namespace {

constexpr std::uint64_t kExecute = 1;
constexpr std::uint64_t kReadFile = 1U << 2U;
constexpr std::uint64_t kReadDir = 1U << 3U;

object::PathGrant grant(object::PathKind kind, const object::PathTemplate& path, std::uint64_t access) {
    object::PathGrant made;
    made.kind = kind;
    made.path = path;
    made.access = access;
    return made;
}

object::PathTemplate literal(const std::string& text) { return {{std::nullopt, text}}; }

/// Three rulesets, the last of which allows all that it handles somewhere.
std::vector<object::Ruleset> threeRulesets() {
    std::vector<object::Ruleset> made(3);
    for (object::Ruleset& ruleset : made) {
        ruleset.handled_fs = kReadFile | kExecute;
    }
    made[0].paths = {grant(object::PathKind::kBeneath, literal("/usr"), kReadFile)};
    made[1].paths = {grant(object::PathKind::kBeneath, literal("/usr"), kReadFile),
                     grant(object::PathKind::kFile, literal("/etc"), kExecute)};
    made[2].paths = {grant(object::PathKind::kBeneath, literal("/"), kReadFile | kExecute)};
    return made;
}

/// The relation of two sets of rulesets by asking every right at every path of a list that stands for all.
Relation bruteRights(const object::Policy& policy, const std::set<std::uint32_t>& before,
                     const std::set<std::uint32_t>& after) {
    const Evaluator evaluator(policy, {});
    Relation relation = Relation::kSame;
    const auto allows = [&](const std::set<std::uint32_t>& rulesets, const Question& question) {
        return std::all_of(rulesets.begin(), rulesets.end(), [&](std::uint32_t ruleset) {
            return evaluator.judge(ruleset, question, abi::kLatest).allowed == Truth::kYes;
        });
    };
    for (const char* path : {"/", "/usr", "/usr/x", "/etc", "/etc/x", "/x"}) {
        for (std::uint8_t bit = 0; bit < 17; ++bit) {
            const Question question{abi::Category::kFs, bit, path, 0};
            const bool a = allows(before, question);
            const bool b = allows(after, question);
            relation += relationOf(b && !a, a && !b);
        }
    }
    if (relation == Relation::kSame) { // a layer more is narrower
        const bool more = std::includes(after.begin(), after.end(), before.begin(), before.end());
        const bool less = std::includes(before.begin(), before.end(), after.begin(), after.end());
        relation = more && !less ? Relation::kNarrower : less && !more ? Relation::kWider : Relation::kSame;
    }
    return relation;
}

Relation brute(const object::Policy& policy, const Outcome& before, const Outcome& after) {
    const bool refused_before = before.kind == Outcome::Kind::kDeny;
    const bool refused_after = after.kind == Outcome::Kind::kDeny;
    if (refused_before || refused_after) {
        return refused_before && refused_after ? Relation::kSame
               : refused_after                 ? Relation::kNarrower
                                               : Relation::kWider;
    }
    return bruteRights(policy, before.rulesets, after.rulesets) +
           relationOf(before.nnp && !after.nnp, after.nnp && !before.nnp);
}

struct Planned {
    ir::Policy policy;
    object::Policy object;
};

std::optional<Planned> planned(ir::Policy policy) {
    SourceManager sources;
    diag::Sink sink;
    const std::optional<match::Plan> plan = match::plan(policy, sources, sink);
    if (!plan) {
        return std::nullopt;
    }
    object::Policy object = test::toObject(policy, *plan);
    object.rulesets = threeRulesets();
    for (std::uint32_t i = 0; i < object.rulesets.size(); ++i) {
        object.rulesets[i].name = "r" + std::to_string(i);
    }
    return Planned{std::move(policy), std::move(object)};
}

std::string outcomeText(const object::Policy& policy, const DiffDecision& decision) {
    DiffDecision plain = decision;
    plain.why.clear();
    return decisionText(policy, plain);
}
std::string outcomeText(const Outcome& outcome) {
    if (outcome.kind == Outcome::Kind::kDeny) {
        return "deny";
    }
    if (outcome.rulesets.empty()) {
        return outcome.kind == Outcome::Kind::kPass ? "pass" : "none";
    }
    return fmt::format("apply r{}{}", fmt::join(outcome.rulesets, ", r"), outcome.nnp ? " with nnp" : "");
}

/// Compares diff with brute force on one pair. False when it found a difference.
bool agree(const Planned& a, const Planned& b, const std::vector<Exec>& all, const std::string& where) {
    const Result<Diff> found = diff(a.object, b.object);
    EXPECT_TRUE(found) << where;
    if (!found) {
        return false;
    }
    const oracle::Judge before(a.policy, all);
    const oracle::Judge after(b.policy, all);
    std::map<std::pair<Outcome, Outcome>, Relation> relations;
    std::map<std::string, Relation> expected;
    Relation whole = Relation::kSame;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Outcome x = before.decide(before.matchedBy(i), false);
        const Outcome y = after.decide(after.matchedBy(i), false);
        const auto [at, fresh] = relations.try_emplace({x, y});
        if (fresh) {
            at->second = brute(a.object, x, y);
            whole += at->second;
            if (outcomeText(x) != outcomeText(y)) {
                expected[outcomeText(x) + " -> " + outcomeText(y)] = at->second;
            }
        }
    }
    std::map<std::string, Relation> told;
    for (const DecisionChange& change : found->decisions) {
        told[outcomeText(a.object, change.before) + " -> " + outcomeText(b.object, change.after)] = change.relation;
    }
    EXPECT_EQ(told, expected) << where;
    EXPECT_EQ(found->relation, whole) << where;
    return told == expected && found->relation == whole;
}

std::vector<ir::Condition> smallConditions() {
    return {test::exec({"/a"}),
            test::exec({"/{a,b}"}),
            test::exec({"/*"}),
            test::fact(ir::Fact::kScript, {"/s"}),
            test::fact(ir::Fact::kUnit, {"w.service"}),
            test::ids(ir::Fact::kUser, {"root"}),
            !test::ids(ir::Fact::kUser, {"root"}),
            test::fact(ir::Fact::kAncestorExec, {"/p"})};
}

std::vector<ir::Effect> smallEffects() {
    return {test::deny(), test::pass(), test::apply({0}), test::apply({1}, true), test::apply({0, 2})};
}

TEST(DiffRandom, AllPoliciesOfOneRuleAgainstEachOther) {
    std::vector<Planned> policies = {*planned(test::PolicyMaker().policy)};
    for (const ir::Condition& condition : smallConditions()) {
        for (const ir::Effect& effect : smallEffects()) {
            test::PolicyMaker maker;
            maker.add(condition, effect);
            policies.push_back(*planned(maker.policy));
        }
    }
    std::vector<Exec> all;
    for (const Exec& exec : widened()) { // what these conditions read
        if (!exec.setuid && exec.groups.empty() && exec.parent != "/q" && exec.script != "/d/s") {
            all.push_back(exec);
        }
    }
    for (std::size_t i = 0; i < policies.size(); ++i) {
        for (std::size_t j = 0; j < policies.size(); ++j) {
            ASSERT_TRUE(agree(policies[i], policies[j], all, fmt::format("policies {} and {}", i, j)));
        }
    }
}

TEST(DiffRandom, RandomPolicies) {
    const std::vector<Exec> all = widened();
    const std::uint32_t first = std::random_device()();
    int compared = 0;
    for (std::uint32_t round = 0; round < 400; ++round) {
        RandomPolicy random(first + round, true);
        const std::optional<Planned> a = planned(random.make());
        const std::optional<Planned> b = planned(random.make());
        if (a && b) {
            ASSERT_TRUE(agree(*a, *b, all, fmt::format("seed {}", first + round)));
            ++compared;
        }
    }
    EXPECT_GT(compared, 50);
}

// --- rights ---

class RandomRulesets {
public:
    explicit RandomRulesets(std::uint32_t seed) : random_(seed) {}
    std::uint32_t upTo(std::uint32_t most) { return static_cast<std::uint32_t>(random_() % (most + 1)); }

    object::Policy policy() {
        object::Policy made;
        made.params = {{"p", object::ParamType::kPath, {}, {}, ""}, {"n", object::ParamType::kPorts, {}, {}, ""}};
        made.rulesets.resize(1 + upTo(1));
        for (object::Ruleset& ruleset : made.rulesets) {
            ruleset.abi = abi::kLatest;
            ruleset.handled_fs = upTo(4) == 0 ? kReadFile : kReadFile | kReadDir;
            ruleset.handled_net = upTo(1) == 0 ? 0 : 3;
            ruleset.scoped = upTo(3);
            for (std::uint32_t n = upTo(3); n > 0; --n) {
                ruleset.paths.push_back(path());
            }
            for (std::uint32_t n = upTo(2); n > 0; --n) {
                object::PortGrant port;
                port.access = 1 + upTo(2);
                port.ports =
                    object::PortRange{static_cast<std::uint16_t>(upTo(2)), static_cast<std::uint16_t>(2 + upTo(2))};
                if (upTo(2) == 0) {
                    port.ports = 1U;
                }
                ruleset.ports.push_back(port);
            }
        }
        return made;
    }

private:
    object::PathGrant path() {
        static const std::vector<std::string> literals = {"/", "/a", "/a/b", "/b", "/a/b/a"};
        static const std::vector<std::string> globs = {"/*", "/a/*", "/?/b", "/{a,b/a}", "/*/b/a", "/[!a]"};
        const auto kind = static_cast<object::PathKind>(upTo(2));
        const bool each = kind == object::PathKind::kEach;
        object::PathGrant made = grant(kind, literal(each ? globs[upTo(5)] : literals[upTo(4)]),
                                       kind == object::PathKind::kFile ? kReadFile : kReadFile | kReadDir);
        if (!each && upTo(3) == 0) {
            made.path = {{0U, ""}, {std::nullopt, upTo(1) == 0 ? "" : "/a"}};
        }
        if (kind != object::PathKind::kFile && upTo(1) == 0) {
            made.except.push_back(literal(globs[upTo(5)]));
        }
        return made;
    }
    std::mt19937 random_;
};

/// Every path of up to four components, in the world and in the param's place.
std::vector<std::string> smallPaths() {
    std::vector<std::string> paths = {"/"};
    std::vector<std::string> last = {""};
    for (int depth = 0; depth < 4; ++depth) {
        std::vector<std::string> next;
        for (const std::string& path : last) {
            for (const char* name : {"/a", "/b", "/c", "/dd"}) {
                next.push_back(path + name);
            }
        }
        paths.insert(paths.end(), next.begin(), next.end());
        last = next;
    }
    for (const char* path : {"/a", "/a/a", "/a/b", "/b", "/b/a", "/c", ""}) {
        paths.push_back(std::string("/PARAM") + path);
    }
    return paths;
}

/// All that differ.
constexpr std::array<std::uint16_t, 7> kPorts = {0, 1, 2, 3, 4, 5, 7};

struct Changes {
    std::uint64_t gained = 0, lost = 0;
    bool operator==(const Changes&) const = default;
};

TEST(DiffRandom, RightsOfRandomRulesets) {
    const std::vector<std::string> paths = smallPaths();
    const std::uint32_t first = std::random_device()();
    int changed = 0;
    for (std::uint32_t round = 0; round < 400; ++round) {
        RandomRulesets random(first + round);
        std::array<object::Policy, 2> policies = {random.policy(), random.policy()};
        std::array<std::vector<Evaluator>, 2> evaluators; // each port being the param's
        std::array<Stack, 2> stacks;
        for (std::size_t side = 0; side < 2; ++side) {
            for (const std::uint16_t port : kPorts) {
                Model model;
                model.params = {std::string("/PARAM"), std::vector<object::PortRange>{{port, port}}};
                evaluators[side].emplace_back(policies[side], std::move(model));
            }
            stacks[side].policy = &policies[side];
            for (std::uint32_t i = 0; i < policies[side].rulesets.size(); ++i) {
                stacks[side].rulesets.push_back(i);
            }
        }
        const auto allows = [&](std::size_t side, std::size_t which, const Question& question) {
            return std::all_of(stacks[side].rulesets.begin(), stacks[side].rulesets.end(), [&](std::uint32_t ruleset) {
                return evaluators[side][which].judge(ruleset, question, abi::kLatest).allowed == Truth::kYes;
            });
        };
        std::map<abi::Category, Changes> expected;
        const auto ask = [&](std::size_t which, const Question& question, abi::Category category) {
            const bool before = allows(0, which, question);
            const bool after = allows(1, which, question);
            expected[category].gained |= after && !before ? std::uint64_t{1} << question.bit : 0;
            expected[category].lost |= before && !after ? std::uint64_t{1} << question.bit : 0;
        };
        for (const std::string& path : paths) {
            for (const std::uint8_t bit : {std::uint8_t{2}, std::uint8_t{3}, std::uint8_t{13}}) {
                ask(0, {abi::Category::kFs, bit, path, 0}, abi::Category::kFs);
            }
        }
        for (std::size_t which = 0; which < kPorts.size(); ++which) {
            for (const std::uint16_t port : kPorts) {
                for (const std::uint8_t bit : {std::uint8_t{0}, std::uint8_t{1}}) {
                    ask(which, {abi::Category::kTcp, bit, "", port}, abi::Category::kTcp);
                }
            }
        }
        for (const std::uint8_t bit : {std::uint8_t{0}, std::uint8_t{1}}) {
            ask(0, {abi::Category::kScope, bit, "", 0}, abi::Category::kScope);
        }
        const Result<RightsDiff> found = compareRights(stacks[0], stacks[1]);
        ASSERT_TRUE(found);
        std::map<abi::Category, Changes> told = {
            {abi::Category::kFs, {}}, {abi::Category::kTcp, {}}, {abi::Category::kScope, {}}};
        for (const RightsChange& change : found->changes) {
            const abi::Category category = change.where.starts_with("ports")       ? abi::Category::kTcp
                                           : change.where.starts_with("processes") ? abi::Category::kScope
                                                                                   : abi::Category::kFs;
            told[category].gained |= change.gained_mask;
            told[category].lost |= change.lost_mask;
        }
        EXPECT_EQ(told, expected) << "seed " << first + round;
        Relation relation = Relation::kSame;
        for (const auto& [category, changes] : expected) {
            relation += relationOf(changes.gained != 0, changes.lost != 0);
        }
        EXPECT_EQ(found->relation, relation) << "seed " << first + round;
        changed += relation == Relation::kSame ? 0 : 1;
        if (HasFailure()) {
            for (const RightsChange& change : found->changes) {
                ADD_FAILURE() << change.where << " gains " << change.gained << " loses " << change.lost << " by "
                              << fmt::format("{}", fmt::join(change.by, "; "));
            }
            return;
        }
    }
    EXPECT_GT(changed, 100);
}

} // namespace
} // namespace landlatch::query
