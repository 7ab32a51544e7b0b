// SPDX-License-Identifier: Apache-2.0
// Variables and params (language point 9), and what bounds them.
#include "compiler/sema/limits.h"
#include "tests/unit/sema/policy_fixture.h"

#include <fmt/format.h>

namespace landlatch::sema {

using Values = Policies;

TEST_F(Values, ListsFlattenAndLetsJoinPaths) {
    const auto policy = analyze(R"(abi 7
let dir = /srv
let more = [$dir/a, "/srv/b c"]
let all = [$more, [/srv/d]]
ruleset r { allow read beneath $all, ${dir}/e }
when exec matches $all, $dir/x apply r
)");
    ASSERT_TRUE(policy) << message();
    const std::string text = ir::dump(*policy);
    for (const char* path : {"beneath /srv/a\n", "beneath /srv/b c\n", "beneath /srv/d\n", "beneath /srv/e\n"}) {
        EXPECT_NE(text.find(path), std::string::npos) << text;
    }
    EXPECT_NE(text.find("exec /srv/a, /srv/b c, /srv/d, /srv/x"), std::string::npos) << text;
}

TEST_F(Values, AVariableStaysOneBranchOfBraces) {
    const auto policy = analyze("abi 7\nlet odd = \"/a,b\"\nwhen exec matches \"{$odd,/c}\" deny\n");
    ASSERT_TRUE(policy) << message();
    const ir::FactPattern& pattern = policy->rules[0].condition.fact.patterns[0];
    EXPECT_TRUE(glob::matches(pattern.glob, "/a,b"));
    EXPECT_FALSE(glob::matches(pattern.glob, "b"));
    EXPECT_EQ(codesOf("abi 7\nlet open = \"/{a\"\nwhen exec matches \"$open,b}\" deny\n"), "E0500");
}

TEST_F(Values, ListsAreNotJoined) {
    EXPECT_EQ(codesOf("abi 7\nlet dirs = [/a, /b]\nlet x = $dirs/c\n"), "E0211");
    EXPECT_EQ(codesOf("abi 7\nlet one = [/a]\nruleset r { allow read beneath $one/c }\n"), "E0211");
}

TEST_F(Values, KindsDoNotMix) {
    EXPECT_EQ(codesOf("abi 7\nlet x = [80, /a]\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nlet p = 80\nruleset r { allow read beneath $p }\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nlet p = 80\nlet q = /a$p\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nlet d = /a\nruleset r { allow tcp connect $d }\n"), "E0212");
}

TEST_F(Values, PortsAreChecked) {
    EXPECT_EQ(codesOf("abi 7\nlet p = 65536\n"), "E0213");
    EXPECT_EQ(codesOf("abi 7\nlet p = 90..80\n"), "E0214");
    EXPECT_EQ(codesOf("abi 7\nlet p = [0, 65535]\n"), "");
}

TEST_F(Values, CyclesAreShownAsChains) {
    EXPECT_EQ(codesOf("abi 7\nlet a = $b/x\nlet b = $c/y\nlet c = $a/z\n"), "E0210");
    EXPECT_NE(message().find("`a` uses `b` uses `c` uses `a`"), std::string::npos) << message();
    EXPECT_EQ(codesOf("abi 7\nlet a = $a\n"), "E0210");
}

TEST_F(Values, UnknownNamesGetOneSuggestion) {
    EXPECT_EQ(codesOf("abi 7\nlet ports = 80\nruleset r { allow tcp connect $prots }\n"), "E0200");
    ASSERT_EQ(sink_.all()[0].helps.size(), 1U);
    EXPECT_EQ(sink_.all()[0].helps[0], "did you mean `$ports`?");
}

// --- params ---

TEST_F(Values, ParamsStayOpenInPathsAndPorts) {
    const auto policy = analyze(R"(abi 7
param state: path = /var/lib/app
param home: path = env HOME
param port: port = 443
param ports: ports = [80, 8000..8010]
let cache = $state/cache
ruleset r {
    allow read beneath $cache, $home
    allow tcp connect $port, $ports
}
when exec matches /x apply r
)");
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(ir::dumpRulesets(*policy).substr(0, ir::dumpRulesets(*policy).find("ruleset")),
              "param state: path = /var/lib/app\nparam home: path = env HOME\nparam port: port = 443\n"
              "param ports: ports = 80, 8000..8010\n");
    const ir::PathGrant& grant = policy->rulesets[0].paths[0];
    ASSERT_EQ(grant.path.pieces.size(), 2U);
    EXPECT_EQ(grant.path.pieces[0].param, ir::ParamId{0});
    EXPECT_EQ(grant.path.pieces[1].text, "/cache");
}

TEST_F(Values, ParamsThatNothingReadsAreAbsent) {
    file("lib.ll", "abi 7\nparam p: path\nparam q: path\nruleset lib { allow read beneath $q }\n");
    const auto policy = analyze("abi 7\nimport lib\nparam unused: port\nwhen exec matches /x apply lib\n");
    ASSERT_TRUE(policy) << message();
    ASSERT_EQ(policy->params.size(), 1U);
    EXPECT_EQ(policy->params[0].name, "lib.q");
}

TEST_F(Values, ParamsNeverStandInConditions) {
    EXPECT_EQ(codesOf("abi 7\nparam p: path\nwhen exec matches $p deny\n"), "E0215");
    EXPECT_EQ(codesOf("abi 7\nparam p: path\nlet q = [$p/x]\nwhen script matches $q deny\n"), "E0215");
}

TEST_F(Values, AParamIsAWholePath) {
    EXPECT_EQ(codesOf("abi 7\nparam p: path\nruleset r { allow read beneath /srv$p }\n"), "E0216");
    EXPECT_EQ(codesOf("abi 7\nparam p: path\nruleset r { allow read beneath ${p}x }\n"), "E0216");
    EXPECT_EQ(codesOf("abi 7\nparam p: path\nparam q: path\nruleset r { allow read beneath $p$q }\n"), "E0216");
    EXPECT_EQ(codesOf("abi 7\nparam p: path\nruleset r { allow read beneath $p/../x }\n"), "E0303");
    EXPECT_EQ(codesOf("abi 7\nparam p: path\nruleset r { allow read beneath $p/ }\n"), "E0303");
}

TEST_F(Values, DefaultsAreTypedLiteralAndCanonical) {
    EXPECT_EQ(codesOf("abi 7\nparam p: path = /a/../b\n"), "E0303");
    EXPECT_EQ(codesOf("abi 7\nparam p: path = /a/*\n"), "E0302");
    EXPECT_EQ(codesOf("abi 7\nparam p: path = /\n"), "E0218");
    EXPECT_EQ(codesOf("abi 7\nparam p: path = 80\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nparam p: path = [/a]\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nparam p: port = [80, 81]\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nparam p: port = 80..81\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nparam p: ports = /a\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nparam q: path\nparam p: path = $q\n"), "E0217");
    EXPECT_EQ(codesOf("abi 7\nparam q: port\nparam p: ports = [$q]\n"), "E0217");
    EXPECT_EQ(codesOf("abi 7\nparam p: path = env 'x\n").substr(0, 3), "E01");
    EXPECT_EQ(codesOf("abi 7\nparam p: path = env \"A=B\"\n"), "E0209");
    EXPECT_EQ(codesOf("abi 7\nparam p: path = \"/srv/a\\\\*b\"\n"), "E0302");
    const auto policy = analyze("abi 7\nparam p: path = \"/srv/a\\*b\"\nruleset r { allow read beneath $p }\n");
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(policy->params[0].default_path, "/srv/a*b");
}

// --- bounds ---

TEST_F(Values, DoublingListsAreBounded) {
    std::string text = "abi 7\nlet a0 = [/x, /y]\n";
    for (int i = 1; i < 60; ++i) {
        text += fmt::format("let a{} = [$a{}, $a{}]\n", i, i - 1, i - 1);
    }
    EXPECT_EQ(codesOf(text), "E0013");
}

TEST_F(Values, DoublingTextAndParamsAreBounded) {
    std::string text = "abi 7\nlet a0 = /xxxxxxxx\n";
    std::string params = "abi 7\nparam p: path\nlet a0 = $p/x\n";
    for (int i = 1; i < 60; ++i) {
        text += fmt::format("let a{} = $a{}$a{}\n", i, i - 1, i - 1);
        params += fmt::format("let a{} = $a{}$a{}\n", i, i - 1, i - 1);
    }
    EXPECT_EQ(codesOf(text), "E0500"); // longer than a pattern may be
    EXPECT_EQ(codesOf(params), "E0013");
}

TEST_F(Values, ChainsAreBoundedInEitherOrder) {
    std::string forward = "abi 7\nlet a0 = /x\n";
    std::string backward = "abi 7\n";
    const std::size_t count = kMaxVariableDepth + 10;
    for (std::size_t i = 1; i < count; ++i) {
        forward += fmt::format("let a{} = $a{}\n", i, i - 1);
        backward += fmt::format("let a{} = $a{}\n", count - i, count - i - 1);
    }
    EXPECT_EQ(codesOf(forward), "E0012");
    EXPECT_EQ(codesOf(backward + "let a0 = /x\n"), "E0012");
}

} // namespace landlatch::sema
