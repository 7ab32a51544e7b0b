// SPDX-License-Identifier: Apache-2.0
// From compiler types to runtime types: places, names, and what is left out.
#include "compiler/backend/landlock/lower.h"

#include "compiler/backend/landlock/write.h"

#include <gtest/gtest.h>

namespace landlatch::backend_landlock {
namespace {

TEST(LandlockLower, FileNamesDoNotTellWhereItWasCompiled) {
    EXPECT_EQ(storedFileName("policy.ll", "policy.ll"), "policy.ll");
    EXPECT_EQ(storedFileName("/home/me/policy.ll", "/home/me/policy.ll"), "policy.ll");
    EXPECT_EQ(storedFileName("/home/me/lib/base.ll", "/home/me/policy.ll"), "lib/base.ll");
    EXPECT_EQ(storedFileName("lib/base.ll", "policy.ll"), "lib/base.ll");
    EXPECT_EQ(storedFileName("sub/lib/base.ll", "sub/policy.ll"), "lib/base.ll");
    EXPECT_EQ(storedFileName("/opt/lib/base.ll", "/home/me/policy.ll"), "base.ll");
    EXPECT_EQ(storedFileName("/opt/lib/base.ll", "policy.ll"), "base.ll");
    EXPECT_EQ(storedFileName("../lib/base.ll", "policy.ll"), "base.ll");
    EXPECT_EQ(storedFileName("/usr/share/landlatch/std/python.ll", "policy.ll"), "std/python.ll");
    EXPECT_EQ(storedFileName("std/python.ll", "sub/policy.ll"), "std/python.ll");
}

struct Example {
    SourceManager sources;
    ir::Policy policy;
    match::Plan plan;

    explicit Example(const std::string& folder) {
        const FileId root = sources.add(folder + "app.ll", "abi 7\nruleset web {\n allow read beneath /usr\n}\n");
        const FileId base = sources.add(folder + "lib/base.ll", "abi 7\n\nruleset base { allow read beneath /lib }\n");
        policy.abi = 7;
        policy.floor = 7;
        policy.params.push_back({"state", ir::ParamType::kPath, "/var/lib", std::nullopt, "", {}});
        ir::Ruleset web;
        web.name = "web";
        web.abi = 7;
        web.handled.fs = 0xFFFF;
        web.span = {root, 6, 47};
        ir::PathGrant usr;
        usr.path.pieces = {{std::nullopt, "/u"}, {std::nullopt, ""}, {std::nullopt, "sr"}, {0, ""}};
        usr.access = 12;
        usr.span = {root, 21, 44};
        ir::PathGrant inherited = usr;
        inherited.span = {base, 23, 45};
        ir::PathGrant nothing = usr;
        nothing.access = 0;
        web.paths = {usr, nothing, inherited};
        ir::PortGrant https;
        https.access = 2;
        https.ports = ir::PortRange{443, 443};
        https.span = usr.span;
        web.handled.net = 3;
        web.ports = {https};
        web.log.new_exec_on = true;
        policy.rulesets.push_back(web);
        ir::Rule rule;
        rule.name = "r";
        rule.effect = {ir::Effect::Kind::kApply, {0}, true, ""};
        rule.span = {root, 47, 48};
        policy.rules.push_back(rule);
        plan.effects = {rule.effect};
        plan.rule_effect = {0};
        plan.users.push_back({"33", true, 33, false, {}});
        plan.tables = {7};
    }
    [[nodiscard]] object::Policy lowered() const { return lower({policy, plan, sources, "0.1.0"}); }
};

TEST(LandlockLower, KeepsPlacesAndDropsWhatGivesNothing) {
    const object::Policy policy = Example("/somewhere/").lowered();
    ASSERT_EQ(policy.rulesets.size(), 1U);
    const object::Ruleset& web = policy.rulesets[0];
    EXPECT_EQ(web.file, "app.ll");
    EXPECT_EQ(web.line, 2U);
    ASSERT_EQ(web.paths.size(), 2U);
    EXPECT_EQ(web.paths[0].line, 3U);
    const object::PathTemplate merged = {{std::nullopt, "/usr"}, {0, ""}};
    EXPECT_EQ(web.paths[0].path, merged);
    EXPECT_EQ(web.paths[1].file, "lib/base.ll");
    EXPECT_EQ(web.paths[1].line, 3U);
    EXPECT_EQ(web.log_flags, 2U);
    ASSERT_EQ(policy.effects.size(), 1U);
    EXPECT_TRUE(policy.effects[0].nnp);
    EXPECT_EQ(policy.rules[0].name, "r");
    EXPECT_EQ(policy.users[0].number, 33U);
    EXPECT_EQ(policy.tables, std::vector<std::uint32_t>{7});
    EXPECT_TRUE(write(policy));
}

TEST(LandlockLower, SameBytesFromAnyDirectory) {
    const auto here = write(Example("").lowered());
    const auto there = write(Example("/a/very/different/place/").lowered());
    ASSERT_TRUE(here && there);
    EXPECT_EQ(here->manifest, there->manifest);
    EXPECT_EQ(here->rulesets, there->rulesets);
}

} // namespace
} // namespace landlatch::backend_landlock
