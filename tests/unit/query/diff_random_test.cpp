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
#include <sstream>

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

/// What the policy decides of each exec, the plain way.
struct Judged {
    Judged(const Planned& of, const std::vector<Exec>& all) : planned(of), judge(of.policy, all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            outcomes.push_back(judge.decide(judge.matchedBy(i), false));
        }
    }
    const Planned& planned;
    oracle::Judge judge;
    std::vector<Outcome> outcomes; ///< by exec
};

/// A witness as diff writes it, read back.
Exec execOf(const std::string& witness) {
    Exec exec;
    std::istringstream words(witness);
    std::string word;
    std::string value;
    while (words >> word) {
        if (word == "setuid") {
            exec.setuid = true;
            continue;
        }
        words >> value;
        if (word == "exec" && value == "unlinked") {
            exec.unlinked = true;
        } else if (word == "exec") {
            exec.exec = value;
        } else if (word == "script") {
            exec.script = value;
        } else if (word == "user") {
            exec.user = value;
        } else if (word == "group") {
            exec.groups.insert(value);
        } else { // two words: "under cgroup", "parent exec", "ancestor exec", "real user"
            words >> value;
            if (word == "under") {
                exec.cgroup = value;
            } else if (word == "parent") {
                exec.parent = value;
            } else if (word == "ancestor") {
                exec.ancestors.push_back(value);
            } else {
                EXPECT_EQ(word, "real") << witness;
                exec.real_user = value;
            }
        }
    }
    return exec;
}

/// Compares diff with brute force on one pair. False when it found a difference.
bool agree(const Judged& a, const Judged& b, const std::vector<Exec>& all, const std::string& where) {
    const object::Policy& old_object = a.planned.object;
    const object::Policy& new_object = b.planned.object;
    const std::vector<Outcome>& before = a.outcomes;
    const std::vector<Outcome>& after = b.outcomes;
    const Result<Diff> found = diff(old_object, new_object);
    EXPECT_TRUE(found) << where;
    if (!found) {
        return false;
    }
    static std::map<std::pair<Outcome, Outcome>, Relation> relations; // the rulesets are the same in all tests
    std::map<std::string, Relation> expected;
    std::map<std::string, std::size_t> shortest;
    Relation whole = Relation::kSame;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto [at, fresh] = relations.try_emplace({before[i], after[i]});
        if (fresh) {
            at->second = brute(old_object, before[i], after[i]);
        }
        whole += at->second;
        if (before[i] != after[i] && outcomeText(before[i]) != outcomeText(after[i])) {
            const std::string change = outcomeText(before[i]) + " -> " + outcomeText(after[i]);
            expected[change] = at->second;
            const std::size_t size = sizeOf(all[i]);
            const auto [least, first] = shortest.try_emplace(change, size);
            least->second = std::min(least->second, size);
        }
    }
    std::map<std::string, Relation> told;
    bool witnesses_hold = true;
    for (const DecisionChange& change : found->decisions) {
        const std::string old_text = outcomeText(old_object, change.before);
        const std::string new_text = outcomeText(new_object, change.after);
        told[old_text + " -> " + new_text] = change.relation;
        // The witness is an exec that is decided so.
        const Exec witness = execOf(change.witness);
        const std::string old_decided = outcomeText(a.judge.decide(witness, false));
        const std::string new_decided = outcomeText(b.judge.decide(witness, false));
        witnesses_hold = witnesses_hold && old_decided == old_text && new_decided == new_text;
        EXPECT_EQ(old_decided, old_text) << where << ": " << change.witness;
        EXPECT_EQ(new_decided, new_text) << where << ": " << change.witness;
        // And none that is decided so is shorter.
        const bool least = sizeOf(witness) == change.length && change.length <= shortest[old_text + " -> " + new_text];
        witnesses_hold = witnesses_hold && least;
        EXPECT_TRUE(least) << where << ": " << change.witness << ": " << old_text << " -> " << new_text;
    }
    EXPECT_EQ(told, expected) << where;
    EXPECT_EQ(found->relation, whole) << where;
    return told == expected && found->relation == whole && witnesses_hold;
}

/// All policies against each other.
void compareAll(const std::vector<Planned>& policies, const std::vector<Exec>& all) {
    std::vector<Judged> judged;
    judged.reserve(policies.size());
    for (const Planned& policy : policies) {
        judged.emplace_back(policy, all);
    }
    for (std::size_t i = 0; i < policies.size(); ++i) {
        for (std::size_t j = 0; j < policies.size(); ++j) {
            ASSERT_TRUE(agree(judged[i], judged[j], all, fmt::format("policies {} and {}", i, j)));
        }
    }
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
    compareAll(policies, all);
}

TEST(DiffRandom, AllPoliciesOfTwoRulesAgainstEachOther) {
    // Every pair of rules out of these: one may be strictly inside of the other, overlap it, or be its complement; the
    // second competes, is preferred, or is there always.
    const std::vector<ir::Condition> conditions = {
        test::exec({"/a"}), test::exec({"/{a,b}"}), test::fact(ir::Fact::kScript, {"/s"}),
        !test::fact(ir::Fact::kUnit, {"w.service"}), test::ids(ir::Fact::kUser, {"root"})};
    const std::vector<ir::Effect> effects = {test::deny(), test::pass(), test::apply({0}), test::apply({1}, true)};
    std::vector<Planned> policies = {*planned(test::PolicyMaker().policy)};
    std::size_t refused = 0;
    const auto add = [&](const test::PolicyMaker& maker) {
        std::optional<Planned> made = planned(maker.policy);
        made ? policies.push_back(*std::move(made)) : void(++refused);
    };
    for (std::size_t i = 0; i < conditions.size() * effects.size(); ++i) {
        test::PolicyMaker alone;
        alone.add(conditions[i / effects.size()], effects[i % effects.size()]);
        add(alone);
        for (std::size_t j = i + 1; j < conditions.size() * effects.size(); ++j) {
            test::PolicyMaker both = alone;
            both.add(conditions[j / effects.size()], effects[j % effects.size()]);
            add(both);
        }
        for (const ir::Condition& condition : conditions) {
            test::PolicyMaker layered = alone;
            layered.always(condition, test::apply({2}));
            add(layered);
        }
    }
    std::vector<Exec> all; // an exec of every kind that these conditions tell apart
    for (const char* exec : {"/a", "/b", "/c"}) {
        for (const char* script : {"", "/s", "/t"}) {
            for (const char* cgroup : {"/", "/w.service"}) {
                for (const char* user : {"root", "other"}) {
                    Exec one;
                    one.exec = exec;
                    one.cgroup = cgroup;
                    one.user = one.real_user = user;
                    if (*script != '\0') {
                        one.script = script;
                    }
                    all.push_back(one);
                }
            }
        }
    }
    EXPECT_GT(policies.size(), 150U);
    EXPECT_GT(refused, 0U);
    compareAll(policies, all);
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
            ASSERT_TRUE(agree(Judged(*a, all), Judged(*b, all), all, fmt::format("seed {}", first + round)));
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
