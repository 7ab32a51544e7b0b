// SPDX-License-Identifier: Apache-2.0
// The same decision twice: by the matcher in userspace and by the one in an emitted object, run by this kernel. Random
// policies, random execs, unknown facts among them. SEED=n repeats a run.
#include "compiler/match/plan.h"
#include "runtime/match/matcher.h"
#include "tests/support/native_matcher.h"
#include "tests/support/policy_maker.h"
#include "tests/unit/backend_bpf/input.h"
#include "tests/unit/backend_bpf/loadable.h"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace landlatch::backend_bpf {
namespace {

const std::vector<std::string> kPaths = {"/a", "/b", "/a/b", "/a/c", "/b/a", "/a/b/c", "/bin/sh", "/a/b/c/d"};
const std::vector<std::string> kPatterns = {"/a", "/*", "/a/*", "/a/**", "/**/c", "/b/**", "/[ab]/?", "/**"};
const std::vector<std::string> kCgroups = {"/", "/web.service", "/x.slice/web.service", "/x.slice", "/y/z"};

/// One exec as both sides take it.
struct TestExec {
    match::ExecFacts facts;
    std::vector<gid_t> groups;
    std::unique_ptr<ll_match_context> context = std::make_unique<ll_match_context>();
};

class Maker {
public:
    explicit Maker(unsigned long seed) : random_(seed) {}

    /// `many`: rules over paths too whose patterns one small automaton doesn't hold.
    ir::Policy policy(bool many) {
        test::PolicyMaker maker;
        for (const char* pattern : {"/**/a/**", "/**/b/**", "/**/[bc]/**", "/a/**/c/**"}) {
            if (many) {
                maker.add(test::fact(below(3) == 0 ? ir::Fact::kScript : ir::Fact::kExec, {pattern}), test::deny());
            }
        }
        for (std::size_t n = 1 + below(4), i = 0; i < n; ++i) {
            ir::Condition condition = below(5) == 0 ? !test() : test();
            if (below(2) == 0) {
                condition = std::move(condition) && test();
            }
            if (below(4) == 0) {
                maker.always(std::move(condition), test::apply({static_cast<ir::RulesetId>(below(3))}));
            } else {
                maker.add(std::move(condition), effect());
            }
        }
        return maker.policy;
    }

    TestExec exec(const match::Matcher& matcher) {
        TestExec exec;
        ll_match_context& context = *exec.context;
        path(exec.facts.exec, context.exec, context.exec_bytes, kPaths);
        path(exec.facts.cgroup, context.cgroup, context.cgroup_bytes, kCgroups);
        std::optional<std::string_view> script;
        path(script, context.script, context.script_bytes, kPaths);
        if (below(2) == 0) {
            context.script_bytes = 0;
        } else if (script) {
            exec.facts.script = {match::Script::Kind::kPath, *script};
        } else {
            exec.facts.script = {match::Script::Kind::kUnreadable, {}};
        }
        lineage(exec, matcher);
        exec.facts.euid = context.euid = 999 + static_cast<std::uint32_t>(below(4));
        exec.facts.ruid = context.ruid = 999 + static_cast<std::uint32_t>(below(4));
        for (std::size_t n = below(4), i = 0; i < n; ++i) {
            exec.groups.push_back(999 + static_cast<gid_t>(below(4)));
            context.groups[i] = exec.groups.back();
        }
        context.group_count = static_cast<std::uint32_t>(exec.groups.size());
        if (below(8) == 0) {
            context.group_count = LL_MAX_TEST_GROUPS + 1;
        } else {
            exec.facts.groups = exec.groups;
        }
        flag(exec.facts.setuid, context, LL_FLAG_SETUID, LL_UNKNOWN_SETUID);
        flag(exec.facts.unlinked, context, LL_FLAG_UNLINKED, LL_UNKNOWN_UNLINKED);
        return exec;
    }

private:
    std::size_t below(std::size_t end) { return random_() % end; }
    const std::string& one(const std::vector<std::string>& all) { return all[below(all.size())]; }

    /// One, and sometimes those that make the automaton read from the end.
    std::vector<std::string> patterns() {
        std::vector<std::string> made = below(16) == 0 ? test::multiplyingWithin("/a") : std::vector<std::string>();
        made.push_back(one(kPatterns));
        return made;
    }

    ir::Condition test() {
        switch (below(9)) {
        case 0:
            return test::fact(ir::Fact::kScript, patterns());
        case 1:
            return test::fact(ir::Fact::kParentExec, patterns());
        case 2:
            return test::fact(ir::Fact::kAncestorExec, patterns());
        case 3:
            return test::fact(ir::Fact::kCgroup, {one({"/x.slice", "/web.service", "/y"})});
        case 4:
            return test::ids(ir::Fact::kUser, {one({"web", "root"})});
        case 5:
            return test::ids(ir::Fact::kRealUser, {one({"web", "root"})});
        case 6:
            return test::ids(ir::Fact::kGroup, {one({"g", "h"})});
        case 7:
            return test::fact(below(2) == 0 ? ir::Fact::kSetuid : ir::Fact::kExecUnlinked);
        default:
            return test::exec(patterns());
        }
    }

    ir::Effect effect() {
        switch (below(4)) {
        case 0:
            return test::deny();
        case 1:
            return test::pass();
        default:
            return test::apply({static_cast<ir::RulesetId>(below(3))}, below(2) == 0);
        }
    }

    /// A path of `all` for both sides, or unknown in one case of ten.
    void path(std::optional<std::string_view>& fact, char* text, std::uint32_t& bytes,
              const std::vector<std::string>& all) {
        if (below(10) == 0) {
            bytes = LL_MAX_PATH + 1;
            return;
        }
        const std::string& chosen = one(all);
        std::memcpy(text, chosen.data(), chosen.size());
        bytes = static_cast<std::uint32_t>(chosen.size());
        fact = std::string_view(text, bytes);
    }

    void lineage(TestExec& exec, const match::Matcher& matcher) {
        match::Lineage lineage = matcher.begin(one(kPaths));
        lineage = matcher.after(lineage, one(kPaths));
        if (below(6) == 0) {
            lineage.image_known = false;
        }
        if (below(6) == 0) {
            lineage.ancestors_known = false;
        }
        exec.facts.lineage = lineage;
        exec.context->image_atom = lineage.image_atom;
        exec.context->ancestors = lineage.ancestors;
        exec.context->unknown |=
            (lineage.image_known ? 0U : 1U << LL_DIM_PARENT) | (lineage.ancestors_known ? 0U : LL_UNKNOWN_ANCESTORS);
    }

    void flag(std::optional<bool>& fact, ll_match_context& context, std::uint32_t bit, std::uint32_t unknown) {
        if (below(8) == 0) {
            context.unknown |= unknown;
            return;
        }
        fact = below(2) == 0;
        context.flags |= *fact ? bit : 0U;
    }

    std::mt19937_64 random_;
};

/// `count` numbers from 1000 on, as test::numberIds gives.
std::vector<std::uint32_t> numbers(std::size_t count) {
    std::vector<std::uint32_t> ids;
    for (std::size_t i = 0; i < count; ++i) {
        ids.push_back(1000 + static_cast<std::uint32_t>(i));
    }
    return ids;
}

void expectSame(const ll_decision& kernel, const ll_decision& user, const std::string& where) {
    EXPECT_EQ(kernel.kind, user.kind) << where;
    EXPECT_EQ(kernel.rule, user.rule) << where;
    EXPECT_EQ(kernel.effect, user.effect) << where;
    EXPECT_EQ(kernel.nnp, user.nnp) << where;
    EXPECT_EQ(kernel.always, user.always) << where;
    EXPECT_EQ(kernel.audit_kind, user.audit_kind) << where;
    EXPECT_EQ(kernel.audit_rule, user.audit_rule) << where;
    EXPECT_EQ(kernel.audit_always, user.audit_always) << where;
}

TEST(BpfDifferential, TheKernelDecidesAsUserspaceDoes) {
    if (!canLoadPrograms()) {
        GTEST_SKIP() << "BPF programs can't be loaded here: " << std::strerror(errno);
    }
    const char* given = std::getenv("SEED");
    const unsigned long seed = given != nullptr ? std::stoul(given) : std::random_device{}();
    std::printf("SEED=%lu\n", seed);
    Maker maker(seed);
    std::size_t policies = 0;
    std::map<std::uint32_t, std::size_t> kinds;
    std::size_t split = 0; // policies with parts
    for (std::size_t tries = 0; tries < 400 && (policies < 15 || split < 5) && !HasFailure(); ++tries) {
        const bool many = tries % 2 == 1;
        const ir::Policy policy = maker.policy(many);
        diag::Sink sink;
        const auto plan = match::plan(policy, sink, many ? test::kLittleRoom : match::kSomeRoom);
        if (!plan) {
            continue; // in conflict with itself
        }
        const bool parts = plan->tables[LL_W_PARTED] != 0;
        if (!parts && policies >= 15) {
            continue;
        }
        ++policies;
        split += parts ? 1 : 0;
        const auto matcher = match::Matcher::create(test::toObject(policy, *plan), test::numberIds(*plan));
        ASSERT_TRUE(matcher) << matcher.error().message;
        Input input(plan->used_dims);
        input.tables = plan->tables;
        const auto native =
            testing::NativeMatcher::load(emitted(input), numbers(plan->users.size()), numbers(plan->groups.size()));
        ASSERT_TRUE(native) << native.error().message;
        for (std::size_t i = 0; i < 400 && !HasFailure(); ++i) {
            TestExec exec = maker.exec(*matcher);
            const ll_decision expected = matcher->decide(exec.facts).raw;
            ASSERT_TRUE(native->run(*exec.context));
            ++kinds[expected.kind];
            expectSame(exec.context->decision, expected,
                       "policy " + std::to_string(policies) + ", exec " + std::to_string(i));
        }
    }
    EXPECT_GE(policies, 5U);
    EXPECT_GE(split, 5U);
    for (const ll_kind kind : {LL_NONE, LL_APPLY, LL_DENY, LL_REFUSE}) {
        std::printf("kind %d: %zu\n", static_cast<int>(kind), kinds[kind]);
    }
    EXPECT_GT(kinds.size(), 2U);
}

} // namespace
} // namespace landlatch::backend_bpf
