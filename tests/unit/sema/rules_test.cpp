// SPDX-License-Identifier: Apache-2.0
// Conditions, rules, prefer and tests (language points 21 to 25, 28, 29, 33).
#include "compiler/sema/conditions.h"
#include "compiler/sema/containers.h"
#include "compiler/sema/limits.h"
#include "tests/unit/sema/policy_fixture.h"

#include <fmt/format.h>

namespace landlatch::sema {

class Rules : public Policies {
protected:
    std::string codesOfCondition(const std::string& condition) {
        return codesOf(fmt::format("abi 7\nwhen {} deny\n", condition));
    }
    /// The condition as the dump shows it.
    std::string condition(const std::string& text) {
        const std::optional<ir::Policy> policy = analyze(fmt::format("abi 7\nwhen {} deny\n", text));
        EXPECT_TRUE(policy) << message();
        const std::string dump = policy ? ir::dump(*policy) : "";
        const std::size_t begin = dump.find("  when ");
        return begin == std::string::npos ? "" : dump.substr(begin + 7, dump.find('\n', begin) - begin - 7);
    }
};

TEST_F(Rules, ConditionsAreRewritten) {
    EXPECT_EQ(condition("file matches /a, /b"), "(exec /a, /b or script /a, /b)");
    EXPECT_EQ(condition("exec matches /a unless user root"), "(exec /a and not (user root))");
    EXPECT_EQ(condition("exec matches /a under unit \"web@*\", db.socket"),
              "(exec /a and unit web@*.service, db.socket)");
    EXPECT_EQ(condition("under user unit app under slice bg"), "(user unit app.service and slice bg.slice)");
    EXPECT_EQ(condition("not (setuid or exec unlinked)"), "not ((setuid or exec unlinked))");
    EXPECT_EQ(condition("under cgroup /a.slice/b"), "cgroup /a.slice/b");
    EXPECT_EQ(condition("user 0, optional www-data real user 33 group adm"),
              "(user 0, optional www-data and real user 33 and group adm)");
    EXPECT_EQ(condition("parent exec matches /p ancestor exec matches /q"), "(parent exec /p and ancestor exec /q)");
}

TEST_F(Rules, PatternsAreBounded) {
    std::string text = "abi 7\n";
    for (int i = 0; i < 60'000; ++i) {
        text += "when in container deny\n";
    }
    EXPECT_EQ(codesOf(text), "E0016");
}

TEST_F(Rules, ReportsAreBounded) {
    std::string text = "abi 7\n";
    for (int i = 0; i < 30'000; ++i) {
        text += "prefer a over b\n";
    }
    analyze(text);
    EXPECT_EQ(sink_.all().size(), kMaxReports);
}

TEST_F(Rules, UnitsKeepTheirEscapes) {
    EXPECT_TRUE(analyze("abi 7\nwhen under unit \"dev-a\\x2db\" deny\n")) << message();
    const auto policy = analyze("abi 7\nwhen under unit \"dev-a\\x2db\" deny\n");
    EXPECT_TRUE(glob::matches(policy->rules[0].condition.fact.patterns[0].glob, "dev-a\\x2db.service"));
}

TEST_F(Rules, ContainersAreTheDocumentedList) {
    const auto policy = analyze("abi 7\nwhen in container deny\n");
    ASSERT_TRUE(policy);
    const ir::FactTest& test = policy->rules[0].condition.fact;
    ASSERT_EQ(test.patterns.size(), kContainerPatterns.size());
    const auto inside = [&](std::string_view cgroup) {
        return std::any_of(test.patterns.begin(), test.patterns.end(),
                           [&](const ir::FactPattern& pattern) { return glob::matches(pattern.glob, cgroup); });
    };
    const std::string id = "3f4e8c0a1b2d";
    for (const std::string& cgroup :
         {"/system.slice/docker-" + id + ".scope", "/docker/" + id, "/machine.slice/libpod-" + id + ".scope",
          "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1a.slice/cri-containerd-" + id + ".scope",
          "/kubepods.slice/kubepods-pod1a.slice/crio-" + id + ".scope", "/kubepods/burstable/pod1a/" + id,
          "/kubepods/pod1a/" + id, std::string("/lxc.payload.web"),
          std::string("/machine.slice/systemd-nspawn@web.service/payload"),
          std::string("/machine.slice/machine-web.scope")}) {
        EXPECT_TRUE(inside(cgroup)) << cgroup;
    }
    for (const std::string& cgroup :
         {"/machine.slice/libpod-conmon-" + id + ".scope", std::string("/lxc.monitor.web"),
          std::string("/system.slice/docker.service"), std::string("/system.slice/containerd.service"),
          std::string("/machine.slice/systemd-nspawn@web.service/supervisor"),
          "/user.slice/user-1000.slice/user@1000.service/app.slice/docker-" + id + ".scope",
          std::string("/kubepods.slice")}) {
        EXPECT_FALSE(inside(cgroup)) << cgroup;
    }
}

TEST_F(Rules, ContainersAreDocumentedAsTheyAre) {
    const Result<std::string> page = RealFileSystem().read(LANDLATCH_SOURCE_DIR "/docs/containers.md", 1U << 20);
    ASSERT_TRUE(page);
    for (const ContainerPattern& pattern : kContainerPatterns) {
        const std::string row = fmt::format("| {} | `{}` |", pattern.manager, pattern.cgroup);
        EXPECT_NE(page->find(row), std::string::npos) << row;
    }
}

TEST_F(Rules, WrongPatterns) {
    EXPECT_EQ(codesOfCondition("exec matches python3"), "E0501");
    EXPECT_EQ(codesOfCondition("exec matches \"\""), "E0501");
    EXPECT_EQ(codesOfCondition("exec matches \"[ab]/x\""), "E0501");
    EXPECT_EQ(codesOfCondition("under cgroup docker"), "E0501");
    EXPECT_EQ(codesOfCondition("exec matches /a//b"), "E0303");
    EXPECT_EQ(codesOfCondition("exec matches /a/"), "E0303");
    EXPECT_EQ(codesOfCondition("script matches /a/../b"), "E0303");
    EXPECT_EQ(codesOfCondition("exec matches \"/a[b\""), "E0500");
    EXPECT_EQ(codesOfCondition("exec matches /a, \"/a\""), "E0222");
    EXPECT_EQ(codesOfCondition("exec matches /srv/**/run"), "W1501");
    EXPECT_EQ(message(), "`/srv/**/run` does not match `/srv/run`");
    EXPECT_EQ(codesOfCondition("exec matches /srv/**"), "");
}

TEST_F(Rules, WrongUnitsAndSlices) {
    EXPECT_EQ(codesOfCondition("under unit \"a/b\""), "E0502");
    EXPECT_EQ(codesOfCondition("under unit \"a**\""), "E0502");
    EXPECT_EQ(codesOfCondition("under unit \"\""), "E0502");
    EXPECT_EQ(codesOfCondition("under unit user.slice"), "E0503");
    EXPECT_EQ(codesOfCondition("under slice web.service"), "E0502");
    EXPECT_EQ(codesOfCondition("under slice \"a/b\""), "E0502");
}

TEST_F(Rules, UsersAndGroupsAreNamesOrNumbers) {
    for (const char* id :
         {"\"\"", "\"www*\"", "4294967295", "99999999999", "\"-x\"", "\"a:b\"", "\"a b\"", "\"007\""}) {
        EXPECT_EQ(codesOfCondition(fmt::format("user {}", id)), "E0504") << id;
    }
    EXPECT_EQ(codesOfCondition("group 4294967294"), "");
    EXPECT_EQ(codesOf("abi 7\nlet admins = [root, 1000]\nwhen user $admins deny\n"), "E0212");
    EXPECT_EQ(codesOf("abi 7\nlet admins = [root, \"1000\"]\nwhen user $admins deny\n"), "");
}

TEST_F(Rules, EffectsResolve) {
    const auto policy =
        analyze("abi 7\nruleset a { }\nruleset b { }\nrule one: when exec matches /x apply b, a with nnp\n"
                "when exec matches /y audit deny \"why\"\nwhen exec matches /z always apply b\n");
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(policy->rules[0].effect.rulesets, (std::vector<ir::RulesetId>{0, 1}));
    EXPECT_TRUE(policy->rules[0].effect.nnp);
    EXPECT_TRUE(policy->rules[1].audit);
    EXPECT_EQ(policy->rules[1].effect.why, "why");
    EXPECT_TRUE(policy->rules[2].always);
    EXPECT_EQ(codesOf("abi 7\nruleset web { }\nwhen exec matches /x apply wbe\n"), "E0200");
    EXPECT_EQ(sink_.all()[0].helps.at(0), "did you mean `web`?");
    EXPECT_EQ(marked(), "wbe");
}

TEST_F(Rules, OneRulesetUnderTwoNamesIsARepeat) {
    file("lib.ll", "abi 7\nruleset lib { }\n");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nwhen exec matches /x apply lib, lib.lib\n"), "E0222");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nruleset r extends lib, lib.lib { }\n"), "E0222");
}

TEST_F(Rules, LayersAreBounded) {
    std::string text = "abi 7\n";
    std::string names;
    for (int i = 0; i < 17; ++i) {
        text += fmt::format("ruleset r{} {{ }}\n", i);
        names += fmt::format("{}r{}", i == 0 ? "" : ", ", i);
    }
    EXPECT_EQ(codesOf(text + "when exec matches /x apply " + names + "\n"), "E0316");
}

TEST_F(Rules, OnlyWhatIsReachedIsThere) {
    file("lib.ll", "abi 7\nruleset lib { }\nruleset other { }\n");
    const auto policy = analyze("abi 7\nimport lib\nruleset unused { }\nruleset used { }\n"
                                "when exec matches /x apply used, lib\n");
    ASSERT_TRUE(policy) << message();
    ASSERT_EQ(policy->rulesets.size(), 2U);
    EXPECT_EQ(policy->rulesets[0].name, "used");
    EXPECT_EQ(policy->rulesets[1].name, "lib");
    EXPECT_EQ(analyze("abi 7\nimport lib\nruleset a { }\nruleset b { }\n")->rulesets.size(), 2U);
}

TEST_F(Rules, PreferNamesTwoRules) {
    const std::string rules = "abi 7\nrule a: when exec matches /x deny\nrule b: when exec matches /x pass\n";
    EXPECT_EQ(codesOf(rules + "prefer a over b\n"), "");
    EXPECT_EQ(codesOf(rules + "prefer a over a\n"), "E0221");
    EXPECT_EQ(codesOf(rules + "prefer a over c\n"), "E0200");
    EXPECT_EQ(codesOf(rules + "prefer a over b\nprefer a over b\n"), "E0222");
    EXPECT_EQ(codesOf(rules + "rule a: when exec matches /y pass\n"), "E0201");
}

TEST_F(Rules, ContainersSeeOtherPaths) {
    const std::string ruleset = "abi 7\nruleset r { allow read beneath /usr }\n";
    EXPECT_EQ(codesOf(ruleset + "when in container apply r\n"), "W1500");
    EXPECT_EQ(codesOf(ruleset + "when exec matches /x unless in container apply r\n"), "");
    EXPECT_EQ(codesOf("abi 7\nruleset r { allow read beneath /usr paths in target }\nwhen in container apply r\n"), "");
}

// --- tests ---

class TestBlocks : public Policies {
protected:
    std::string codesOfTest(const std::string& body) { return codesOf(head() + "test \"t\" { " + body + " }\n"); }
    static std::string head() {
        return "abi 10\nparam state: path = /var/lib/app\nparam port: port\nlet fixed = /x\nruleset web { allow read "
               "beneath "
               "$state }\nrule u: when exec matches /x user root apply web\n";
    }
};

TEST_F(TestBlocks, AreKeptWithTheirFacts) {
    const auto policy = analyze(head() + R"(test "all" {
    given link /bin -> usr/bin
    set state = /srv/x
    set port = 80
    exec /usr/bin/python3 script /srv/a.py parent exec /bin/sh ancestor exec /a, /b under unit web@1
        under slice web user root real user 1000 group adm, 4 setuid unlinked
    expect apply web
    expect refuse "why"
    expect pass from abi 9
    expect deny read, write /etc/shadow
    expect allow tcp connect, bind 443, 8000..8010
    expect deny scope signal
}
)");
    ASSERT_TRUE(policy) << message();
    const std::string dump = ir::dump(*policy);
    EXPECT_EQ(dump.substr(dump.find("test ")), R"(test "all"
  given link /bin -> usr/bin
  set state = /srv/x
  set port = 80
  exec /usr/bin/python3 unlinked script /srv/a.py parent exec /bin/sh ancestor exec /a ancestor exec /b under unit web@1.service under slice web.slice user root real user 1000 group adm group 4 setuid
  expect apply web
  expect refuse "why"
  expect pass from abi 9
  expect deny write_file, read_file, read_dir, truncate /etc/shadow
  expect allow tcp bind, tcp connect 443, 8000..8010
  expect deny signal
)");
}

TEST_F(TestBlocks, NamesExist) {
    EXPECT_EQ(codesOfTest("exec /x user root expect apply wbe"), "E0200");
    EXPECT_EQ(codesOfTest("set stat = /x exec /x user root expect none"), "E0200");
    EXPECT_EQ(codesOfTest("set fixed = /y exec /x user root expect none"), "E0223");
    EXPECT_EQ(codesOfTest("exec /x user root expect allow raed /etc"), "E0300");
    EXPECT_EQ(codesOfTest("exec /x user root expect none from abi 12"), "E0401");
    EXPECT_EQ(codesOf(head() +
                      "test \"t\" { exec /x user root expect none }\ntest \"t\" { exec /x user root expect none }\n"),
              "E0201");
}

TEST_F(TestBlocks, AUserIsNamedWhenARuleReadsIt) {
    EXPECT_EQ(codesOfTest("exec /x expect none"), "E0505");
    EXPECT_EQ(codesOfTest("exec /x real user root expect none"), "E0505");
    EXPECT_EQ(codesOf("abi 7\nrule u: when exec matches /x deny\ntest \"t\" { exec /x expect refuse }\n"), "");
}

TEST_F(TestBlocks, FactsAreSingleAndFixed) {
    EXPECT_EQ(codesOfTest("exec /x* user root expect none"), "E0506");
    EXPECT_EQ(codesOfTest("exec $state user root expect none"), "E0506");
    EXPECT_EQ(codesOfTest("exec /x/ user root expect none"), "E0303");
    EXPECT_EQ(codesOfTest("exec /x user root under unit \"a*\" expect none"), "E0506");
    EXPECT_EQ(codesOfTest("exec /x user root under unit a.slice expect none"), "E0503");
    EXPECT_EQ(codesOfTest("exec /x user root under slice a.scope expect none"), "E0502");
    EXPECT_EQ(codesOfTest("exec /x user root under unit a under cgroup /a expect none"), "E0506");
    EXPECT_EQ(codesOfTest("exec /x user \"r*\" expect none"), "E0504");
    EXPECT_EQ(codesOfTest("set state = 80 exec /x user root expect none"), "E0212");
    EXPECT_EQ(codesOfTest("set state = /a set state = /b exec /x user root expect none"), "E0222");
    EXPECT_EQ(codesOfTest("exec /x user root expect allow tcp connect $port"), "E0506");
}

} // namespace landlatch::sema
