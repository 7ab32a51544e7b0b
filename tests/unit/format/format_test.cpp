// SPDX-License-Identifier: Apache-2.0
// The style, form by form: spellings, breaks, blank lines and comments.
#include "compiler/format/diff.h"
#include "tests/unit/format/formatted.h"

#include <gtest/gtest.h>

namespace landlatch::format {

namespace {

void expectFormatted(const std::string& source, const std::string& wanted) {
    const Formatted once(source);
    ASSERT_EQ(once.firstError(), "") << source;
    EXPECT_EQ(once.text, wanted);
    EXPECT_EQ(Formatted(once.text).text, once.text) << "formatted twice";
}

} // namespace

TEST(Format, SpellsApplyAndConjunctionsShort) {
    expectFormatted("when exec matches /a and user root apply ruleset web with nnp",
                    "when exec matches /a user root apply web with nnp\n");
    expectFormatted("when exec matches /a user root and not setuid pass",
                    "when exec matches /a and user root and not setuid pass\n");
    expectFormatted("when exec matches /a unless user root and setuid pass",
                    "when exec matches /a unless user root and setuid pass\n");
    expectFormatted("when exec matches /a (user root or user x) pass",
                    "when exec matches /a and (user root or user x) pass\n");
    expectFormatted("when ((exec matches /a)) pass", "when exec matches /a pass\n");
    expectFormatted("when not (user a or user b) pass", "when not (user a or user b) pass\n");
}

TEST(Format, QuotesOnlyWhereNeeded) {
    expectFormatted(
        "ruleset \"web\" { allow \"read\" beneath \"/usr\", \"/a b\", \"/x{a,b}\", \"/x{a, b}\", \"/a#b\" }",
        "ruleset web {\n    allow read beneath /usr, \"/a b\", /x{a,b}, \"/x{a, b}\", \"/a#b\"\n}\n");
    expectFormatted("ruleset \"when\" {}", "ruleset \"when\" {}\n");
    expectFormatted("when user \"33\", \"www-data\" under unit \"web@*.service\", \"web\" pass",
                    "when user \"33\", www-data under unit \"web@*.service\", web pass\n");
    expectFormatted("let x = \"443\"\nlet y = \"/a;b\"\nlet z = \"word\"",
                    "let x = \"443\"\nlet y = \"/a;b\"\nlet z = word\n");
    expectFormatted("import \"std/base\"\nimport \"./a b\" as b", "import std/base\nimport \"./a b\" as b\n");
    expectFormatted("when exec matches /a deny \"why\"", "when exec matches /a deny \"why\"\n");
    expectFormatted("ruleset r { allow read beneath \"usr\" }", "ruleset r {\n    allow read beneath \"usr\"\n}\n");
}

TEST(Format, SpellsVariablesShort) {
    expectFormatted("ruleset r { allow read beneath ${v}, ${v}/x, ${v}x, ${ns.v}, \"$v/y\", \"${v}z\" }",
                    "ruleset r {\n    allow read beneath $v, $v/x, ${v}x, ${ns.v}, $v/y, ${v}z\n}\n");
}

TEST(Format, BreaksARuleAtItsActionFirst) {
    const std::string long_path = "/" + std::string(48, 'x');
    expectFormatted("when exec matches " + long_path + " user a, b, c under unit web apply one, two with nnp",
                    "when exec matches " + long_path + " user a, b, c under unit web apply one, two with nnp\n");
    expectFormatted("when exec matches " + long_path +
                        " user aaaaaaaaa, bbbbbbbbb, ccccccccc, ddddd apply one, two with nnp",
                    "when exec matches " + long_path +
                        " user aaaaaaaaa, bbbbbbbbb, ccccccccc, ddddd\n    apply one, two with nnp\n");
    expectFormatted("when exec matches " + long_path + "zzzzz, " + long_path +
                        "y user root unless setuid or user b pass",
                    "when exec matches " + long_path + "zzzzz,\n        " + long_path +
                        "y\n    user root\n    unless setuid or user b\n    pass\n");
}

TEST(Format, FillsLongLists) {
    std::string source = "ruleset r { allow read beneath /start";
    for (int i = 0; i < 12; ++i) {
        source += ", /directory" + std::to_string(i);
    }
    expectFormatted(source + " }",
                    "ruleset r {\n    allow read beneath /start, /directory0, /directory1, /directory2, /directory3, "
                    "/directory4, /directory5,\n        /directory6, /directory7, /directory8, /directory9, "
                    "/directory10, /directory11\n}\n");
}

TEST(Format, KeepsCommentsWhereTheyStand) {
    expectFormatted("# head\n\n\n# of abi\nabi 7 # behind\n", "# head\n\n# of abi\nabi 7  # behind\n");
    expectFormatted(
        "ruleset r { # opens\n# first\nallow read # rights\n beneath /a, # of a\n /b # of b\n# last\n} # closes\n# end",
        "ruleset r {  # opens\n    # first\n    allow read beneath  # rights\n        /a,  # of a\n"
        "        /b  # of b\n    # last\n}  # closes\n# end\n");
    expectFormatted("ruleset r {\n# alone\n}", "ruleset r {\n    # alone\n}\n");
    expectFormatted("when exec matches /a # one\n# two\n, /b # three\napply x # four",
                    "when exec matches /a,  # one\n        # two\n        /b  # three\n    apply x  # four\n");
    expectFormatted("# only a comment  \r\n", "# only a comment\n");
    expectFormatted("", "");
}

TEST(Format, KeepsSingleBlankLinesAndSetsBlocksApart) {
    expectFormatted(
        "abi 7\n\n\n\nlet a = /a\nruleset r {\n\n\n allow read beneath /a\n\n\n allow read beneath /b\n\n}\n"
        "when exec matches /a pass\ntest t { exec /a expect pass }",
        "abi 7\n\nlet a = /a\n\nruleset r {\n    allow read beneath /a\n\n    allow read beneath /b\n}\n\n"
        "when exec matches /a pass\n\ntest t {\n    exec /a\n    expect pass\n}\n");
}

TEST(Format, WritesLineEndsAsOneByteAndDropsSemicolons) {
    expectFormatted("abi 7;\r\nlet a = /x;\r\n", "abi 7\nlet a = /x\n");
}

TEST(UnifiedDiff, ShowsHunksWithContext) {
    EXPECT_EQ(unifiedDiff("f", "a\n", "a\n"), "");
    EXPECT_EQ(unifiedDiff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
              "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
    EXPECT_EQ(unifiedDiff("f", "", "x\n"), "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+x\n");
    EXPECT_EQ(unifiedDiff("f", "x", "x\n"), "--- f\n+++ f\n@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n+x\n");
}

} // namespace landlatch::format
