// SPDX-License-Identifier: Apache-2.0
// The main safety argument of the decision: generated policies, decided by plan() and the tables on one side and by
// the letter of the language on the other. SEED=n repeats a run, ROUNDS=n makes it longer.
#include "compiler/match/plan.h"
#include "runtime/glob/glob.h"
#include "tests/support/match_oracle.h"
#include "tests/support/policy_maker.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

namespace landlatch {
namespace {

using oracle::Exec;
using oracle::Outcome;

/// Generated path patterns are one or two of these.
constexpr std::array<const char*, 10> kPathParts{"/a", "/b",     "/*",    "/**",    "/a*",
                                                 "/?", "/{a,b}", "/[!a]", "/a{,b}", "/*b"};

unsigned long fromEnvironment(const char* name, unsigned long otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::stoul(text) : otherwise;
}

/// All tests of a policy's conditions.
void collect(const ir::Condition& condition, std::vector<const ir::FactTest*>& tests) {
    if (condition.kind == ir::Condition::Kind::kFact) {
        tests.push_back(&condition.fact);
    }
    for (const ir::Condition& child : condition.children) {
        collect(child, tests);
    }
}

/// Execs of every kind the policy can tell apart, found by trying all short values.
class Universe {
public:
    explicit Universe(const ir::Policy& policy) {
        for (const ir::Rule& rule : policy.rules) {
            collect(rule.condition, tests_);
        }
        std::vector<Exec> execs = {Exec{}};
        multiply(execs, {ir::Fact::kExec}, [&](Exec& exec, const std::string& path) { exec.exec = path; }, paths());
        multiply(
            execs, {ir::Fact::kScript},
            [&](Exec& exec, const std::string& path) {
                exec.script = path.empty() ? std::nullopt : std::optional(path);
            },
            withNone(paths()));
        multiply(
            execs, {ir::Fact::kUnit, ir::Fact::kUserUnit, ir::Fact::kSlice, ir::Fact::kCgroup, ir::Fact::kInContainer},
            [&](Exec& exec, const std::string& path) { exec.cgroup = path; }, cgroups());
        const std::vector<std::string> names = {"other", "root", "web", "33"};
        multiply(execs, {ir::Fact::kUser}, [&](Exec& exec, const std::string& name) { exec.user = name; }, names);
        multiply(
            execs, {ir::Fact::kRealUser}, [&](Exec& exec, const std::string& name) { exec.real_user = name; }, names);
        multiply(execs, {ir::Fact::kGroup},
                 [&](Exec& exec, const std::string& name) {
                     exec.groups.clear();
                     for (const char c : name) {
                         exec.groups.insert(std::string(1, c));
                     }
                 },
                 {"", "g", "h", "gh"});
        multiply(execs, {ir::Fact::kSetuid}, [&](Exec& exec, const std::string& on) { exec.setuid = !on.empty(); },
                 {"", "x"});
        multiply(execs, {ir::Fact::kExecUnlinked},
                 [&](Exec& exec, const std::string& on) { exec.unlinked = !on.empty(); }, {"", "x"});
        lineages(execs);
        execs_ = std::move(execs);
    }
    [[nodiscard]] const std::vector<Exec>& execs() const { return execs_; }
    /// How the `ancestor exec` tests come out.
    [[nodiscard]] std::vector<bool> ancestorTruth(const Exec& exec) const {
        return truth(exec, {ir::Fact::kAncestorExec});
    }

    static const std::vector<std::string>& paths() {
        static const std::vector<std::string> all = makePaths();
        return all;
    }

private:
    /// All paths of at most six bytes over a small alphabet, and longer ones where a pair of patterns tells them apart
    /// from all of those: where patterns meet, the shortest path may have eight.
    static std::vector<std::string> makePaths() {
        std::vector<std::string> all = {"/"};
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (const char c : std::string_view("xab/")) {
                if (all[i].size() < 8 && (c != '/' || all[i].back() != '/')) {
                    all.push_back(all[i] + c);
                }
            }
        }
        std::vector<glob::Sequence> globs;
        for (const char* first : kPathParts) {
            globs.push_back(*glob::parse(first));
            for (const char* second : kPathParts) {
                globs.push_back(*glob::parse(std::string(first) + second));
            }
        }
        std::set<std::vector<bool>> seen;
        std::vector<std::string> kept;
        for (const std::string& path : all) { // shortest first
            if (path.back() == '/') {
                continue;
            }
            std::vector<bool> outcome;
            for (const glob::Sequence& glob : globs) {
                outcome.push_back(glob::matches(glob, path));
            }
            if (seen.insert(std::move(outcome)).second || path.size() <= 6) {
                kept.push_back(path);
            }
        }
        return kept;
    }

    static std::vector<std::string> withNone(std::vector<std::string> list) {
        list.insert(list.begin(), "");
        return list;
    }
    static std::vector<std::string> cgroups() {
        const std::vector<std::string> parts = {"/a.slice",   "/b.slice",       "/x.slice",    "/a.service",
                                                "/b.service", "/x.service",     "/ab.service", "/a",
                                                "/x",         "/user@1.service"};
        std::vector<std::string> all = {"/"};
        const std::vector<std::string> slices = {"", "/a.slice", "/b.slice", "/x.slice"};
        for (const std::string& first : parts) {
            all.push_back(first);
            // A user manager below every pair of slices, or inclusions of user units in slices would seem to hold.
            for (const std::string& outer : slices) {
                for (const std::string& inner : slices) {
                    all.push_back(outer + inner + "/user@1.service" + first);
                    all.push_back(outer + inner + first + "/user@1.service/b.service");
                }
            }
            for (const std::string& second : parts) {
                all.push_back(first + second);
                for (const std::string& third : parts) {
                    all.push_back(first + second + third);
                    all.push_back("/a.slice/user@1.service" + first + second + third);
                }
            }
        }
        return all;
    }

    /// How one test comes out for each value. Patterns are drawn from short lists, so their outcomes are kept.
    template <typename Set>
    static std::vector<bool> column(const ir::FactTest& test, Set set, const std::vector<std::string>& values) {
        static std::map<std::pair<ir::Fact, std::string>, std::vector<bool>> known;
        const auto compute = [&](const ir::FactTest& what) {
            std::vector<bool> result;
            for (const std::string& value : values) {
                Exec exec;
                set(exec, value);
                result.push_back(oracle::holds(what, exec));
            }
            return result;
        };
        if (test.patterns.empty()) {
            return compute(test);
        }
        std::vector<bool> result(values.size(), false);
        for (const ir::FactPattern& pattern : test.patterns) {
            std::vector<bool>& one = known[{test.fact, pattern.text}];
            if (one.empty()) {
                ir::FactTest alone = test;
                alone.patterns = {pattern};
                one = compute(alone);
            }
            for (std::size_t i = 0; i < values.size(); ++i) {
                result[i] = result[i] || one[i];
            }
        }
        return result;
    }

    /// One value of each kind that the tests of `facts` tell apart.
    template <typename Set>
    [[nodiscard]] std::vector<std::string> kindsOf(const std::vector<ir::Fact>& facts, Set set,
                                                   const std::vector<std::string>& values) const {
        std::vector<std::vector<bool>> rows(values.size());
        for (const ir::FactTest* test : tests_) {
            if (std::find(facts.begin(), facts.end(), test->fact) != facts.end()) {
                const std::vector<bool> truths = column(*test, set, values);
                for (std::size_t i = 0; i < values.size(); ++i) {
                    rows[i].push_back(truths[i]);
                }
            }
        }
        std::map<std::vector<bool>, std::string> kinds;
        for (std::size_t i = 0; i < values.size(); ++i) {
            kinds.emplace(rows[i], values[i]);
        }
        std::vector<std::string> result;
        for (const auto& [unused, value] : kinds) {
            result.push_back(value);
        }
        return result;
    }

    [[nodiscard]] bool reads(const std::vector<ir::Fact>& facts) const {
        return std::any_of(tests_.begin(), tests_.end(), [&](const ir::FactTest* test) {
            return std::find(facts.begin(), facts.end(), test->fact) != facts.end();
        });
    }

    [[nodiscard]] std::vector<bool> truth(const Exec& exec, const std::vector<ir::Fact>& facts) const {
        std::vector<bool> result;
        for (const ir::FactTest* test : tests_) {
            if (std::find(facts.begin(), facts.end(), test->fact) != facts.end()) {
                result.push_back(oracle::holds(*test, exec));
            }
        }
        return result;
    }

    /// Each exec with each value that the tests of `facts` tell apart.
    template <typename Set>
    void multiply(std::vector<Exec>& execs, const std::vector<ir::Fact>& facts, Set set,
                  const std::vector<std::string>& values) {
        if (!reads(facts)) {
            return;
        }
        const std::vector<std::string> kinds = kindsOf(facts, set, values);
        std::vector<Exec> more;
        for (const Exec& exec : execs) {
            for (const std::string& value : kinds) {
                more.push_back(exec);
                set(more.back(), value);
            }
        }
        execs = std::move(more);
    }

    void lineages(std::vector<Exec>& execs) {
        const std::vector<ir::Fact> both = {ir::Fact::kParentExec, ir::Fact::kAncestorExec};
        if (!reads(both)) {
            return;
        }
        const std::vector<std::string> images =
            kindsOf(both, [](Exec& exec, const std::string& path) { exec.parent = path; }, paths());
        std::vector<Exec> kinds; // by parent and truth of the ancestor tests
        for (const std::string& image : images) {
            std::map<std::vector<bool>, Exec> seen;
            Exec first;
            first.parent = image;
            std::vector<Exec> todo = {first};
            while (!todo.empty()) {
                const Exec exec = todo.back();
                todo.pop_back();
                if (!seen.emplace(ancestorTruth(exec), exec).second) {
                    continue;
                }
                for (const std::string& further : images) {
                    todo.push_back(exec);
                    todo.back().ancestors.push_back(further);
                }
            }
            for (const auto& [unused, exec] : seen) {
                kinds.push_back(exec);
            }
        }
        std::vector<Exec> more;
        for (const Exec& exec : execs) {
            for (const Exec& kind : kinds) {
                more.push_back(exec);
                more.back().parent = kind.parent;
                more.back().ancestors = kind.ancestors;
            }
        }
        execs = std::move(more);
    }

    std::vector<const ir::FactTest*> tests_;
    std::vector<Exec> execs_;
};

class Generator {
public:
    explicit Generator(unsigned long seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }
    bool chance(std::size_t one_in) { return below(one_in) == 0; }

    ir::Policy policy() {
        facts_.clear();
        for (std::size_t n = 1 + below(3); n > 0; --n) {
            facts_.push_back(static_cast<ir::Fact>(below(14)));
        }
        if (chance(2)) {
            facts_.push_back(ir::Fact::kExec);
        }
        test::PolicyMaker maker;
        const bool audits = chance(4);
        for (std::size_t n = 1 + below(6); n > 0; --n) {
            const ir::RuleId id = maker.add(condition(2), effect());
            ir::Rule& rule = maker.policy.rules[id];
            rule.always = chance(6) && rule.effect.kind != ir::Effect::Kind::kPass;
            rule.audit = audits && chance(3);
            rule.used = chance(8);
        }
        for (std::size_t n = below(3); n > 0 && maker.policy.rules.size() > 1; --n) {
            const auto winner = static_cast<ir::RuleId>(below(maker.policy.rules.size()));
            const auto loser = static_cast<ir::RuleId>(below(maker.policy.rules.size()));
            if (winner < loser) { // no circles
                maker.prefer(winner, loser);
            }
        }
        return maker.policy;
    }

private:
    std::string pick(std::initializer_list<const char*> list) {
        return *(list.begin() + static_cast<std::ptrdiff_t>(below(list.size())));
    }

    std::string path() {
        std::string text;
        for (std::size_t n = 1 + below(2); n > 0; --n) {
            text += kPathParts[below(kPathParts.size())];
        }
        return text;
    }

    std::vector<std::string> list(ir::Fact fact) {
        std::vector<std::string> out;
        for (std::size_t n = chance(3) ? 2 : 1; n > 0; --n) {
            switch (fact) {
            case ir::Fact::kUnit:
            case ir::Fact::kUserUnit:
                out.push_back(pick({"a.service", "b.service", "*.service", "a*", "*", "[!a]*"}));
                break;
            case ir::Fact::kSlice:
                out.push_back(pick({"a.slice", "b.slice", "*.slice"}));
                break;
            case ir::Fact::kCgroup:
            case ir::Fact::kInContainer:
                out.push_back(pick({"/", "/a.slice", "/*/a.service", "/**/x", "/{a,b}.slice/*.service", "/x"}));
                break;
            case ir::Fact::kUser:
            case ir::Fact::kRealUser:
                out.push_back(pick({"root", "web", "33"}));
                break;
            case ir::Fact::kGroup:
                out.push_back(pick({"g", "h"}));
                break;
            default:
                out.push_back(path());
            }
        }
        return out;
    }

    ir::Condition condition(int depth) {
        if (depth > 0 && !chance(3)) {
            switch (below(4)) {
            case 0:
                return !condition(depth - 1);
            case 1:
                return condition(depth - 1) || condition(depth - 1);
            default:
                return condition(depth - 1) && condition(depth - 1);
            }
        }
        const ir::Fact fact = facts_[below(facts_.size())];
        switch (fact) {
        case ir::Fact::kUser:
        case ir::Fact::kRealUser:
        case ir::Fact::kGroup:
            return test::ids(fact, list(fact));
        case ir::Fact::kSetuid:
        case ir::Fact::kExecUnlinked:
            return test::fact(fact);
        default:
            return test::fact(fact, list(fact));
        }
    }

    ir::Effect effect() {
        switch (below(5)) {
        case 0:
            return test::deny();
        case 1:
            return test::pass();
        case 2:
            return test::apply({0, 1}, chance(2));
        default:
            return test::apply({static_cast<ir::RulesetId>(below(2))}, chance(3));
        }
    }

    std::mt19937_64 random_;
    std::vector<ir::Fact> facts_;
};

/// One policy's matcher, with names as numbers.
class Subject {
public:
    Subject(const ir::Policy& policy, const match::Plan& plan)
        : plan_(plan), matcher_(match::Matcher::create(test::toObject(policy, plan), test::numberIds(plan))) {
        EXPECT_TRUE(matcher_) << matcher_.error().message;
    }

    /// `unknown` has a bit for each fact left out: exec, script, cgroup, users, groups, flags, parent, ancestors.
    [[nodiscard]] match::Decision decide(const Exec& exec, std::uint32_t unknown) const {
        const auto known = [&](std::uint32_t bit) { return (unknown >> bit & 1) == 0; };
        match::ExecFacts facts;
        if (known(0)) {
            facts.exec = exec.exec;
        }
        if (!known(1)) {
            facts.script.kind = match::Script::Kind::kUnreadable;
        } else if (exec.script) {
            facts.script = {match::Script::Kind::kPath, *exec.script};
        }
        if (known(2)) {
            facts.cgroup = exec.cgroup;
        }
        if (known(3)) {
            facts.euid = number(plan_.users, exec.user);
        }
        if (known(4)) {
            facts.ruid = number(plan_.users, exec.real_user);
        }
        std::vector<gid_t> gids = {7};
        for (const std::string& group : exec.groups) {
            gids.push_back(number(plan_.groups, group));
        }
        if (known(5)) {
            facts.groups = gids;
        }
        if (known(6)) {
            facts.setuid = exec.setuid;
        }
        if (known(7)) {
            facts.unlinked = exec.unlinked;
        }
        facts.lineage = matcher_->begin(exec.ancestors.empty() ? exec.parent : exec.ancestors.front());
        for (const std::string& ancestor : exec.ancestors) {
            facts.lineage = matcher_->after(facts.lineage, ancestor);
        }
        facts.lineage = matcher_->after(facts.lineage, exec.parent);
        facts.lineage.image_known = known(8);
        if (!known(9)) {
            facts.lineage.ancestors_known = false;
            facts.lineage.ancestors = 0;
        }
        return matcher_->decide(facts);
    }

private:
    static std::uint32_t number(const std::vector<ir::IdName>& names, const std::string& name) {
        for (std::uint32_t i = 0; i < names.size(); ++i) {
            if (names[i].name == name) {
                return 1000 + i;
            }
        }
        return 5;
    }
    const match::Plan& plan_;
    Result<match::Matcher> matcher_;
};

constexpr std::uint32_t kUnknowns = 10;

/// Whether `other` is what `exec` may be when the facts of `unknown` are left out.
bool mayBe(const Universe& universe, const Exec& exec, const Exec& other, std::uint32_t unknown) {
    const auto same = [&](std::uint32_t bit, bool equal) { return (unknown >> bit & 1) != 0 || equal; };
    return same(0, exec.exec == other.exec) && same(1, exec.script == other.script) &&
           same(2, exec.cgroup == other.cgroup) && same(3, exec.user == other.user) &&
           same(4, exec.real_user == other.real_user) && same(5, exec.groups == other.groups) &&
           same(6, exec.setuid == other.setuid) && same(7, exec.unlinked == other.unlinked) &&
           same(8, exec.parent == other.parent) &&
           same(9, universe.ancestorTruth(exec) == universe.ancestorTruth(other));
}

std::string show(const Exec& exec) {
    std::string text = "exec " + exec.exec + " script " + exec.script.value_or("-") + " parent " + exec.parent +
                       " cgroup " + exec.cgroup + " user " + exec.user + " real " + exec.real_user;
    for (const std::string& ancestor : exec.ancestors) {
        text += " ancestor " + ancestor;
    }
    for (const std::string& group : exec.groups) {
        text += " group " + group;
    }
    return text + (exec.setuid ? " setuid" : "") + (exec.unlinked ? " unlinked" : "");
}

std::string show(const ir::Condition& condition) {
    switch (condition.kind) {
    case ir::Condition::Kind::kNot:
        return "!" + show(condition.children[0]);
    case ir::Condition::Kind::kAnd:
        return "(" + show(condition.children[0]) + " and " + show(condition.children[1]) + ")";
    case ir::Condition::Kind::kOr:
        return "(" + show(condition.children[0]) + " or " + show(condition.children[1]) + ")";
    case ir::Condition::Kind::kFact:
        break;
    }
    std::string text = "fact" + std::to_string(static_cast<int>(condition.fact.fact));
    for (const ir::FactPattern& pattern : condition.fact.patterns) {
        text += " " + pattern.text;
    }
    for (const ir::IdName& id : condition.fact.ids) {
        text += " " + id.name;
    }
    return text;
}

std::string show(const ir::Policy& policy) {
    std::string text;
    for (const ir::Rule& rule : policy.rules) {
        text += "  " + rule.name + (rule.audit ? " audit" : "") + (rule.used ? " used" : "") + " when " +
                show(rule.condition) + (rule.always ? " always" : "") +
                (rule.effect.kind == ir::Effect::Kind::kDeny   ? " deny"
                 : rule.effect.kind == ir::Effect::Kind::kPass ? " pass"
                                                               : " apply");
        for (const ir::RulesetId ruleset : rule.effect.rulesets) {
            text += " " + std::to_string(ruleset);
        }
        text += rule.effect.nnp ? " nnp\n" : "\n";
    }
    for (const ir::Prefer& prefer : policy.prefers) {
        text += "  prefer " + std::to_string(prefer.winner) + " over " + std::to_string(prefer.loser) + "\n";
    }
    return text;
}

Outcome::Kind kindOf(ll_kind kind) {
    switch (kind) {
    case LL_NONE:
        return Outcome::Kind::kNone;
    case LL_PASS:
        return Outcome::Kind::kPass;
    case LL_APPLY:
        return Outcome::Kind::kApply;
    case LL_DENY:
        return Outcome::Kind::kDeny;
    case LL_REFUSE:
        break;
    }
    return Outcome::Kind::kUndecided;
}

Outcome outcomeOf(const match::View& view) {
    return {kindOf(view.kind), {view.rulesets.begin(), view.rulesets.end()}, view.nnp};
}

class Differential : public ::testing::Test {
protected:
    /// Compares one policy; returns the pairs of policy and exec compared.
    std::size_t compare(Generator& generator, const ir::Policy& policy, bool unknown_facts) {
        const Universe universe(policy);
        if (universe.execs().size() > 4000) {
            return 0;
        }
        const oracle::Judge judge(policy, universe.execs());
        SourceManager sources;
        diag::Sink sink;
        const std::optional<match::Plan> plan = match::plan(policy, sources, sink);
        std::string said;
        for (const diag::Diagnostic& diagnostic : sink.all()) {
            said += diagnostic.message() + "\n";
            for (const std::string& note : diagnostic.notes) {
                said += note + "\n";
            }
        }
        EXPECT_EQ(!plan.has_value(), judge.mustRefuse()) << show(policy) << said;
        if (!plan || ::testing::Test::HasFailure()) {
            ++refused_;
            return 1;
        }
        ++accepted_;
        const Subject subject(policy, *plan);
        std::size_t pairs = 0;
        for (std::size_t i = 0; i < universe.execs().size(); ++i) {
            if (universe.execs().size() > 200 && generator.below(universe.execs().size()) > 200) {
                continue;
            }
            const Exec& exec = universe.execs()[i];
            compareKnown(policy, judge, subject, exec);
            ++pairs;
            if (unknown_facts && pairs % 16 == 0) {
                compareUnknown(policy, universe, judge, subject, exec, generator);
            }
        }
        return pairs;
    }

    void compareKnown(const ir::Policy& policy, const oracle::Judge& judge, const Subject& subject, const Exec& exec) {
        const match::Decision decision = subject.decide(exec, 0);
        const bool same = outcomeOf(decision.enforced) == judge.decide(exec, false) &&
                          outcomeOf(decision.audited) == judge.decide(exec, true);
        EXPECT_TRUE(same) << show(policy) << show(exec) << "\nkind " << decision.enforced.kind << " audited "
                          << decision.audited.kind;
    }

    void compareUnknown(const ir::Policy& policy, const Universe& universe, const oracle::Judge& judge,
                        const Subject& subject, const Exec& exec, Generator& generator) {
        std::uint32_t unknown = 0;
        for (std::size_t n = 1 + generator.below(3); n > 0; --n) {
            unknown |= 1U << generator.below(kUnknowns);
        }
        std::set<Outcome> enforced;
        std::set<Outcome> audited;
        for (std::size_t i = 0; i < universe.execs().size(); ++i) {
            if (mayBe(universe, exec, universe.execs()[i], unknown)) {
                enforced.insert(judge.decide(judge.matchedBy(i), false));
                audited.insert(judge.decide(judge.matchedBy(i), true));
            }
        }
        const Outcome refused{Outcome::Kind::kUndecided, {}, false};
        const match::Decision decision = subject.decide(exec, unknown);
        EXPECT_EQ(outcomeOf(decision.enforced) == (enforced.size() == 1 ? *enforced.begin() : refused), true)
            << show(policy) << show(exec) << " unknown " << unknown << " kind " << decision.enforced.kind << " of "
            << enforced.size();
        EXPECT_EQ(outcomeOf(decision.audited) == (audited.size() == 1 ? *audited.begin() : refused), true)
            << show(policy) << show(exec) << " unknown " << unknown << " audited";
        open_ += enforced.size() == 1 ? 0 : 1;
        settled_ += enforced.size() == 1 ? 1 : 0;
    }

    std::size_t accepted_ = 0;
    std::size_t refused_ = 0;
    std::size_t open_ = 0;
    std::size_t settled_ = 0;
};

/// A run is the same each time unless SEED says otherwise: what a new seed finds belongs into a search, not into a
/// build.
constexpr unsigned long kDefaultSeed = 1;

TEST_F(Differential, GeneratedPoliciesAreDecidedByTheLetter) {
    const unsigned long seed = fromEnvironment("SEED", kDefaultSeed);
    const std::size_t wanted = fromEnvironment("ROUNDS", 12000);
    std::printf("SEED=%lu\n", seed);
    Generator generator(seed);
    std::size_t pairs = 0;
    while (pairs < wanted && !HasFailure()) {
        pairs += compare(generator, generator.policy(), true);
    }
    std::printf("%zu pairs; policies: %zu compiled, %zu refused; unknown facts: %zu settled, %zu refused\n", pairs,
                accepted_, refused_, settled_, open_);
    EXPECT_GT(accepted_, 20U);
    EXPECT_GT(refused_, 20U);
    EXPECT_GT(settled_, 20U);
    EXPECT_GT(open_, 20U);
}

TEST_F(Differential, AllSmallPoliciesAreDecidedByTheLetter) {
    // Every policy of three rules over four nested and overlapping conditions and four effects, and each `prefer`.
    Generator generator(1);
    const auto condition = [](std::size_t n) {
        switch (n) {
        case 0:
            return test::exec({"/a"});
        case 1:
            return test::exec({"/*"});
        case 2:
            return test::ids(ir::Fact::kUser, {"root"});
        default:
            return test::exec({"/a"}) && !test::ids(ir::Fact::kUser, {"root"});
        }
    };
    const auto effect = [](std::size_t n) {
        return n == 0 ? test::deny() : n == 1 ? test::pass() : test::apply({static_cast<ir::RulesetId>(n)});
    };
    for (std::size_t code = 0; code < 4096 * 2 && !HasFailure(); ++code) {
        test::PolicyMaker maker;
        for (std::size_t rule = 0; rule < 3; ++rule) {
            const std::size_t digits = code >> (4 * rule);
            maker.add(condition(digits & 3), effect(digits >> 2 & 3));
        }
        if ((code & 4096) != 0) {
            maker.prefer(0, 1);
        }
        compare(generator, maker.policy, false);
    }
    EXPECT_GT(accepted_, 1000U);
    EXPECT_GT(refused_, 1000U);
}

} // namespace
} // namespace landlatch
