// SPDX-License-Identifier: Apache-2.0
// Hostile input: whatever the bytes, parse() comes back soon, with a tree or with diagnostics.
#include "compiler/syntax/limits.h"
#include "tests/unit/syntax/parsed.h"

#include <gtest/gtest.h>
#include <random>

namespace landlatch::syntax {

namespace {

std::string repeat(std::string_view part, std::size_t times) {
    std::string out;
    out.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

/// The code of the only diagnostic; all of them when there are several.
std::string onlyCode(const Parsed& parsed) {
    return parsed.sink.all().size() == 1 ? std::string(diag::info(parsed.sink.all()[0].id).code) : parsed.errors();
}

} // namespace

TEST(Limits, NestedParentheses) {
    const auto nested = [](std::size_t depth) {
        return "when " + repeat("(", depth) + "setuid" + repeat(")", depth) + " pass\n";
    };
    EXPECT_EQ(Parsed(nested(kMaxNesting)).errors(), "");
    EXPECT_EQ(onlyCode(Parsed(nested(kMaxNesting + 1))), "E0106");
    EXPECT_EQ(onlyCode(Parsed(nested(90'000))), "E0106");
    EXPECT_EQ(onlyCode(Parsed("when " + repeat("(", 100'000))), "E0106");
}

TEST(Limits, NestedLists) {
    EXPECT_EQ(Parsed("let a = " + repeat("[", kMaxNesting) + "1" + repeat("]", kMaxNesting)).errors(), "");
    EXPECT_EQ(onlyCode(Parsed("let a = " + repeat("[", 150'000))), "E0106");
}

TEST(Limits, NestedBracesOfABarePath) {
    EXPECT_EQ(Parsed("when exec matches /" + repeat("{", 16) + "a" + repeat("}", 16) + " pass").errors(), "");
    EXPECT_EQ(onlyCode(Parsed("when exec matches /" + repeat("{", 1'000'000))), "E0106");
}

TEST(Limits, NegationsAreNoNesting) {
    EXPECT_EQ(onlyCode(Parsed("when " + repeat("not ", 100'000) + "setuid pass")), "E0125");
}

TEST(Limits, LongStatement) {
    EXPECT_EQ(Parsed("let a = [1" + repeat(",1", 50'000) + "]").errors(), "");
    EXPECT_EQ(onlyCode(Parsed("let a = [1" + repeat(",1", kMaxStatementTokens) + "]\nabi 7\n")), "E0107");
}

TEST(Limits, LongTokens) {
    EXPECT_EQ(Parsed("when exec matches /" + std::string(kMaxTokenBytes - 1, 'a') + " pass").errors(), "");
    EXPECT_EQ(onlyCode(Parsed("when exec matches /" + std::string(kMaxTokenBytes, 'a') + " pass")), "E0108");
    EXPECT_EQ(onlyCode(Parsed("when exec matches \"" + std::string(5'000'000, '$') + "\" pass")), "E0108");
    EXPECT_EQ(onlyCode(Parsed("abi " + std::string(100'000, '9'))), "E0108");
}

TEST(Limits, LookingFarAheadInVainHappensOnceALine) {
    EXPECT_EQ(onlyCode(Parsed("when exec matches " + repeat("/[", 2'000'000))), "E0114");
    EXPECT_EQ(onlyCode(Parsed("when exec matches " + repeat("/${a", 2'000'000))), "E0112");
    EXPECT_EQ(onlyCode(Parsed("when exec matches " + repeat("/{", 2'000'000))), "E0106");
}

TEST(Limits, LongCommentIsFine) { EXPECT_EQ(Parsed("abi 7 # " + repeat("\xC3\xA9", 1'000'000) + "\n").errors(), ""); }

TEST(Limits, LongFile) { EXPECT_EQ(onlyCode(Parsed(std::string(kMaxFileBytes + 1, ' '))), "E0104"); }

TEST(Limits, ErrorsStopTheParse) {
    const Parsed parsed(repeat("abi x\n", 5'000));
    EXPECT_EQ(parsed.sink.errorCount(), kMaxSyntaxErrors + 1);
    EXPECT_NE(parsed.errors().find("E0105"), std::string::npos);
    EXPECT_EQ(Parsed(repeat("\x01", 5'000)).sink.errorCount(), kMaxSyntaxErrors);
    EXPECT_LE(Parsed(repeat("let a = \"\n", 5'000)).sink.errorCount(), kMaxSyntaxErrors + 1);
    // So do errors within one statement, of both kinds.
    EXPECT_LE(Parsed("ruleset a { " + repeat("allow read file /$\n", 5'000) + "}").sink.errorCount(),
              kMaxSyntaxErrors + 1);
    EXPECT_LE(Parsed("ruleset a { " + repeat("allow read file \"$\"\n", 5'000) + "}").sink.errorCount(),
              kMaxSyntaxErrors + 1);
}

TEST(Limits, OneWordOfEachKindEverywhere) {
    // Every pair and triple of tokens behind a start: no crash, and never silence with nothing made of it.
    const std::vector<std::string> words = {
        "abi", "when", "exec",   "matches", "/a",   "ruleset", "{",     "}",    "(",     ")",      "[",    "]",
        ",",   ";",    ":",      "=",       "->",   "\"x\"",   "7",     "1..2", "$v",    "${a.b}", "word", "import",
        "not", "and",  "unless", "allow",   "test", "expect",  "given", "deny", "under", "quiet",  "rule", "\n"};
    std::size_t silent = 0;
    for (const std::string& a : words) {
        for (const std::string& b : words) {
            std::string text;
            for (const std::string& c : words) {
                text += a + " " + b + " " + c + "\n";
            }
            const Parsed parsed(text);
            silent += parsed.sink.all().empty() && parsed.file.statements.empty() ? 1 : 0;
        }
    }
    EXPECT_EQ(silent, 0U);
}

TEST(Limits, RandomBytes) {
    std::mt19937 random(20261124);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (std::size_t length = random() % 200; length > 0; --length) {
            text += static_cast<char>(random() % 256);
        }
        const Parsed parsed(text);
        for (const diag::Diagnostic& diagnostic : parsed.sink.all()) {
            EXPECT_LE(diagnostic.primary.begin, diagnostic.primary.end);
            EXPECT_LE(diagnostic.primary.end, text.size());
        }
    }
}

TEST(Limits, DamagedPolicies) {
    const std::string policy =
        "abi 7\nlet p = [80, $q, 1..2]\nruleset web extends a.b { allow read beneath /a{b,c}[d]"
        " except /x; quiet tcp connect 5 log new_exec on }\nrule r: when not (exec matches /u* or "
        "under user unit \"x@*\") unless setuid always audit deny \"w\\\"y\" # c\n"
        "test \"t\" { given link /b -> u/b set s = 1 exec /a user b expect deny scope signal from abi 6 }\n";
    EXPECT_EQ(Parsed(policy).errors(), "");
    for (std::size_t i = 0; i < policy.size(); ++i) {
        std::string cut = policy;
        cut.erase(i, 1);
        const Parsed without(cut);
        EXPECT_TRUE(!without.sink.all().empty() || without.file.statements.size() >= 4) << cut;
        for (const char c : {'"', '#', '{', '}', '(', '$', '\\', '\n', ',', '\x80'}) {
            std::string changed = policy;
            changed[i] = c;
            const Parsed parsed(changed);
            EXPECT_TRUE(!parsed.sink.all().empty() || parsed.file.statements.size() >= 4) << changed;
        }
    }
}

} // namespace landlatch::syntax
