// SPDX-License-Identifier: Apache-2.0
// Imports, namespaces and their limits (language points 7 and 8).
#include "compiler/sema/limits.h"
#include "compiler/syntax/parse.h"
#include "tests/unit/sema/policy_fixture.h"

namespace landlatch::sema {

using Imports = Policies;

TEST_F(Imports, AreFoundBesideTheImportingFileThenInIncludeDirectories) {
    options_.include_dirs = {"first", "second/"};
    file("lib/a.ll", "abi 7\nimport b\n");
    file("lib/b.ll", "abi 7\nruleset b { allow read beneath /beside }\n");
    file("first/b.ll", "abi 7\nruleset b { allow read beneath /first }\n");
    file("second/c.ll", "abi 7\nruleset c { allow read beneath /second }\n");
    const auto policy = analyze("abi 7\nimport lib/a\nimport b\nimport c\nwhen exec matches /x apply b, c\n");
    ASSERT_TRUE(policy) << message();
    ASSERT_EQ(policy->rulesets.size(), 2U);
    EXPECT_EQ(policy->rulesets[0].name, "b");
    EXPECT_EQ(policy->rulesets[0].paths[0].path.pieces[0].text, "/first");
    EXPECT_EQ(policy->rulesets[1].paths[0].path.pieces[0].text, "/second");
}

TEST_F(Imports, OneFileIsOneInstanceHoweverItIsReached) {
    file("a.ll", "abi 7\nimport c\nruleset ra extends c { }\n");
    file("b.ll", "abi 7\nimport c\nruleset rb extends c { }\n");
    file("c.ll", "abi 7\nruleset c { allow read beneath /c }\n");
    const auto policy = analyze("abi 7\nimport a\nimport b\nruleset r extends a.ra, b.rb { }\n"
                                "when exec matches /x apply r\n");
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(policy->rulesets[0].paths.size(), 1U);
}

TEST_F(Imports, AMissingFileSaysWhereItWasLookedFor) {
    options_.include_dirs = {"lib"};
    EXPECT_EQ(codesOf("abi 7\nimport some/where\nruleset r extends where { }\n"), "E0202");
    EXPECT_EQ(marked(), "some/where");
    ASSERT_EQ(sink_.all()[0].notes.size(), 2U);
    EXPECT_NE(sink_.all()[0].notes[1].find("lib/some/where.ll"), std::string::npos);
}

TEST_F(Imports, StdIsTheToolchainsOwn) {
    file("std/base.ll", "abi 7\nruleset base { allow all beneath / }\n");
    const auto policy = analyze("abi 7\nimport std/base\nwhen exec matches /x apply base\n");
    ASSERT_TRUE(policy) << message();
    for (const ir::PathGrant& grant : policy->rulesets[0].paths) {
        EXPECT_NE(grant.path.pieces[0].text, "/");
    }
    EXPECT_EQ(codesOf("abi 7\nimport std/bsae\n"), "E0203");
    EXPECT_EQ(codesOf("abi 7\nimport \"std/../std/base\"\n"), "E0203");
}

TEST_F(Imports, PathsAreRelativeAndWithoutExtension) {
    EXPECT_EQ(codesOf("abi 7\nimport \"/etc/base\"\n"), "E0204");
    EXPECT_EQ(codesOf("abi 7\nimport \"base.ll\"\n"), "E0204");
    EXPECT_EQ(codesOf("abi 7\nimport \"lib//base\"\n"), "E0204");
}

TEST_F(Imports, CyclesAreShownAsChains) {
    file("a.ll", "abi 7\nimport b\n");
    file("b.ll", "abi 7\nimport a\n");
    EXPECT_EQ(codesOf("abi 7\nimport a\n"), "E0205");
    EXPECT_NE(message().find("`a.ll` imports `b.ll` imports `a.ll`"), std::string::npos) << message();
    EXPECT_EQ(codesOf("abi 7\nimport root\n"), "E0205");
}

TEST_F(Imports, NamespacesClashAndAreRenamed) {
    file("x/lib.ll", "abi 7\nruleset r { allow read beneath /x }\n");
    file("y/lib.ll", "abi 7\nruleset r { allow read beneath /y }\n");
    EXPECT_EQ(codesOf("abi 7\nimport x/lib\nimport y/lib\n"), "E0201");
    EXPECT_EQ(codesOf("abi 7\nimport x/lib\nruleset lib { }\n"), "E0206");
    file("odd.name.ll", "abi 7\n");
    EXPECT_EQ(codesOf("abi 7\nimport \"odd.name\"\n"), "E0209");
    EXPECT_EQ(codesOf("abi 7\nimport \"odd.name\" as odd\n"), "");
    const auto policy =
        analyze("abi 7\nimport x/lib\nimport y/lib as other\nwhen exec matches /x apply lib.r, other.r\n");
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(policy->rulesets[1].name, "other.r");
}

TEST_F(Imports, PrivateNamesStayInTheirFile) {
    file("lib.ll", "abi 7\nlet _dir = /x\nlet dir = $_dir\nruleset _r { allow read beneath $_dir }\n"
                   "ruleset lib extends _r { }\nrule _rule: when exec matches /a pass\n");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nruleset r extends lib._r { }\n"), "E0207");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nruleset r { allow read beneath ${lib._dir} }\n"), "E0207");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nruleset r extends lib { allow read file ${lib.dir}/y }\n"), "");
}

TEST_F(Imports, AreNotPassedOn) {
    file("inner.ll", "abi 7\nruleset inner { }\n");
    file("outer.ll", "abi 7\nimport inner\n");
    EXPECT_EQ(codesOf("abi 7\nimport outer\nruleset r extends inner { }\n"), "E0200");
}

TEST_F(Imports, TheFilesNameAloneIsItsRuleset) {
    file("lib.ll", "abi 7\nruleset lib { }\nruleset other { }\n");
    EXPECT_EQ(codesOf("abi 7\nimport lib as l\nruleset r extends l { }\n"), "");
    file("lib.ll", "abi 7\nruleset other { }\n");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nruleset r extends lib { }\n"), "E0208");
    EXPECT_NE(sink_.all()[0].helps[0].find("lib.other"), std::string::npos);
}

TEST_F(Imports, SyntaxErrorsOfAnImportSilenceWhatFollows) {
    file("lib.ll", "abi 7\nruleset lib { allow }\n");
    analyze("abi 7\nimport lib\nruleset r extends lib { }\n");
    EXPECT_EQ(codes().find("E02"), std::string::npos) << codes();
    EXPECT_NE(codes(), "");
}

TEST_F(Imports, AnUnreadableRootIsSaid) {
    diag::Sink sink;
    EXPECT_FALSE(sema::analyze(sources_, files_, "none.ll", options_, sink));
    ASSERT_EQ(sink.errorCount(), 1U);
    EXPECT_EQ(sink.all()[0].id, diag::Id::kFileUnreadable);
}

TEST_F(Imports, DepthAndCountAreBounded) {
    for (std::size_t i = 0; i < kMaxImportDepth + 5; ++i) {
        file("d" + std::to_string(i) + ".ll", "abi 7\nimport d" + std::to_string(i + 1) + "\n");
    }
    EXPECT_EQ(codesOf("abi 7\nimport d0\n"), "E0012");
    std::string many = "abi 7\n";
    for (std::size_t i = 0; i < kMaxFiles + 5; ++i) {
        file("m" + std::to_string(i) + ".ll", "abi 7\n");
        many += "import m" + std::to_string(i) + "\n";
    }
    EXPECT_EQ(codesOf(many), "E0010");
}

/// A file system of one file that is far too large.
class HugeFiles final : public FileSystem {
public:
    Result<std::string> read(const std::string& path, std::size_t limit) override {
        if (path == "root.ll") {
            std::string text = "abi 7\n";
            for (std::size_t i = 0; i <= kMaxTotalBytes / kSize; ++i) {
                text += "import f" + std::to_string(i) + "\n";
            }
            return text;
        }
        if (kSize > limit) {
            return errnoError(path, EFBIG);
        }
        return std::string(kSize, '\xff'); // refused at its first byte
    }
    Result<std::string> canonical(const std::string& path) override { return path; }

private:
    static constexpr std::size_t kSize = syntax::kMaxFileBytes;
};

TEST_F(Imports, TotalSizeIsBounded) {
    HugeFiles files;
    EXPECT_FALSE(sema::analyze(sources_, files, "root.ll", options_, sink_));
    EXPECT_NE(codes().find("E0011"), std::string::npos) << codes();
}

// --- use rules ---

using UseRules = Policies;

TEST_F(UseRules, TakesTheRulesOfAFileAndOfThoseItUses) {
    file("inner.ll", "abi 7\nrule deep: when exec matches /deep deny\n");
    file("outer.ll", "abi 7\nimport inner\nuse rules inner\nrule near: when exec matches /near deny\n"
                     "rule twice: when exec matches /near/x pass\nprefer twice over near\n");
    const auto policy = analyze("abi 7\nimport inner\nimport outer\nuse rules outer, inner\n"
                                "rule own: when exec matches /own pass\nprefer own over outer.near\n");
    ASSERT_TRUE(policy) << message();
    ASSERT_EQ(policy->rules.size(), 4U);
    EXPECT_EQ(policy->rules[0].name, "own");
    EXPECT_FALSE(policy->rules[0].used);
    EXPECT_EQ(policy->rules[1].name, "outer.near");
    EXPECT_TRUE(policy->rules[1].used);
    EXPECT_EQ(policy->prefers.size(), 2U);
}

TEST_F(UseRules, AnImportActivatesNothing) {
    file("lib.ll", "abi 7\nrule r: when exec matches /x deny\n");
    const auto policy = analyze("abi 7\nimport lib\nrule own: when exec matches /own pass\n");
    ASSERT_TRUE(policy) << message();
    EXPECT_EQ(policy->rules.size(), 1U);
}

TEST_F(UseRules, WrongOnes) {
    file("lib.ll", "abi 7\nruleset lib { }\n");
    file("shared.ll", "abi 7\nrule r: when exec matches /x deny\n");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nuse rules lib\n"), "E0219");
    EXPECT_EQ(codesOf("abi 7\nimport lib\nuse rules lbi\n"), "E0200");
    EXPECT_EQ(codesOf("abi 7\nimport shared\nuse rules shared\nuse rules shared\n"), "E0222");
    EXPECT_EQ(codesOf("abi 7\nimport shared\nrule own: when exec matches /y pass\nprefer own over shared.r\n"),
              "E0220");
}

TEST_F(UseRules, RulesThatAreNotUsedAreCheckedAllTheSame) {
    file("rules.ll", "abi 7\nrule r: when exec matches /x apply nothing\n");
    EXPECT_EQ(codesOf("abi 7\nimport rules\n"), "E0200");
}

} // namespace landlatch::sema
