// SPDX-License-Identifier: Apache-2.0
// Globs: what each form matches, what is refused, and that text and nodes go back and forth.
#include "runtime/glob/glob.h"

#include <gtest/gtest.h>
#include <random>

namespace landlatch::glob {
namespace {

bool match(std::string_view glob, std::string_view subject, Escapes escapes = Escapes::kPath) {
    const Result<Sequence> parsed = parse(glob, escapes);
    EXPECT_TRUE(parsed) << glob << ": " << parsed.error().message;
    return parsed && matches(*parsed, subject);
}

std::string errorOf(std::string_view glob, Escapes escapes = Escapes::kPath) {
    const Result<Sequence> parsed = parse(glob, escapes);
    return parsed ? "parsed" : parsed.error().message;
}

TEST(Glob, StarStopsAtSlash) {
    EXPECT_TRUE(match("/usr/bin/*", "/usr/bin/python3"));
    EXPECT_TRUE(match("/usr/bin/python3*", "/usr/bin/python3"));
    EXPECT_FALSE(match("/usr/bin/*", "/usr/bin/a/b"));
    EXPECT_TRUE(match("/*/b", "/a/b"));
    EXPECT_FALSE(match("/*/b", "/a/c/b"));
}

TEST(Glob, DoubleStarCrossesSlashes) {
    EXPECT_TRUE(match("/tmp/**", "/tmp/a/b"));
    EXPECT_FALSE(match("/tmp/**", "/tmp"));
    EXPECT_TRUE(match("/**/x", "/a/b/x"));
    EXPECT_FALSE(match("/**/x", "/x"));
    EXPECT_TRUE(match("/a**z", "/a/b/z"));
    EXPECT_TRUE(match("/a***z", "/az"));
}

TEST(Glob, QuestionAndClassesAreOneByteAndNeverSlash) {
    EXPECT_TRUE(match("/a?c", "/abc"));
    EXPECT_FALSE(match("/a?c", "/a/c"));
    EXPECT_FALSE(match("/a?c", "/ac"));
    EXPECT_TRUE(match("/[a-c]", "/b"));
    EXPECT_FALSE(match("/[!a-c]", "/b"));
    EXPECT_FALSE(match("/a[!b]c", "/a/c"));
    EXPECT_FALSE(match("/a[+-9]c", "/a/c"));
    EXPECT_TRUE(match("/[a\\]]", "/]"));
    EXPECT_TRUE(match("/[-a]", "/-"));
    EXPECT_TRUE(match("/[a-]", "/-"));
    EXPECT_TRUE(match("/[\\!a]", "/!"));
}

TEST(Glob, BracesNestAndMayBeEmpty) {
    for (const char* subject : {"/lib", "/lib32", "/lib64"}) {
        EXPECT_TRUE(match("/lib{,32,{6,9}4}", subject));
    }
    EXPECT_FALSE(match("/lib{,32,{6,9}4}", "/lib6"));
    EXPECT_TRUE(match("/a{}b", "/ab"));
    EXPECT_TRUE(match("/a,b", "/a,b"));
    EXPECT_TRUE(match("/{*/,}x", "/x"));
    EXPECT_TRUE(match("/{*/,}x", "/a/x"));
}

TEST(Glob, DotIsNotSpecialAndBackslashMakesLiteral) {
    EXPECT_TRUE(match("/home/*", "/home/.x"));
    EXPECT_TRUE(match("/a\\*", "/a*"));
    EXPECT_FALSE(match("/a\\*", "/ab"));
    EXPECT_TRUE(match("/a\\x2d", "/ax2d"));
    EXPECT_TRUE(match("a\\x2db.service", "a\\x2db.service", Escapes::kUnit));
    EXPECT_TRUE(match("a\\x2", "ax2", Escapes::kUnit));
    EXPECT_TRUE(match("a\\@b", "a@b", Escapes::kUnit));
}

TEST(Glob, RefusesWithPlace) {
    EXPECT_EQ(errorOf("/a[b"), "at byte 3: '[' without ']'");
    EXPECT_EQ(errorOf("/a[b\\"), "at byte 3: '[' without ']'");
    EXPECT_EQ(errorOf("/a[]"), "at byte 3: empty class");
    EXPECT_EQ(errorOf("/a[!]"), "at byte 3: empty class");
    EXPECT_EQ(errorOf("/a[/]"), "at byte 3: class holds no byte ('/' is never in one)");
    EXPECT_EQ(errorOf("/a[^b]"), "at byte 4: '[^' is written '[!'; escape the '^' to mean itself");
    EXPECT_EQ(errorOf("/[z-a]"), "at byte 3: range ends before it begins");
    EXPECT_EQ(errorOf("/{a,b"), "at byte 2: '{' without '}'");
    EXPECT_EQ(errorOf("/a}"), "at byte 3: '}' without '{'; escape it to mean itself");
    EXPECT_EQ(errorOf("/a]"), "at byte 3: ']' without '['; escape it to mean itself");
    EXPECT_EQ(errorOf("/a\\"), "at byte 3: '\\' at the end escapes nothing");
    EXPECT_EQ(errorOf(std::string("/a\0", 3)), "at byte 3: NUL byte");
    EXPECT_EQ(errorOf("[\\x2d]", Escapes::kUnit), "at byte 2: '\\xHH' is four bytes and cannot stand in a class");
    EXPECT_NE(errorOf("/[é]"), "parsed");
    EXPECT_EQ(errorOf("/" + std::string(kMaxNesting + 1, '{')), "at byte 18: braces nest deeper than 16");
    EXPECT_EQ(errorOf(std::string(kMaxPatternBytes + 1, 'a')), "pattern is longer than 4095 bytes");
    EXPECT_EQ(errorOf(std::string(kMaxPatternBytes, 'a')), "parsed");
}

TEST(Glob, LiteralsAreRecognised) {
    EXPECT_TRUE(isLiteral(*parse("/a\\*b")));
    EXPECT_EQ(literalText(*parse("/a\\*b")), "/a*b");
    EXPECT_FALSE(isLiteral(*parse("/{a}")));
    EXPECT_TRUE(isLiteral(*parse("")));
    EXPECT_TRUE(matches(*parse(escape("/a*?[]{},\\b")), "/a*?[]{},\\b"));
}

TEST(Glob, TextGoesBackAndForth) {
    for (const char* text : {"/usr/bin/python3*", "/**/x", "/[a-c]", "/[!a-c]", "/lib{,32,{6,9}4}", "/a\\*b",
                             "/[\\-\\]]", "/?", "/{a}", "/{,}"}) {
        EXPECT_EQ(toText(*parse(text)), text);
    }
}

/// Straight recursion over the definition, exponential and obvious.
bool slow(const Sequence& glob, std::size_t node, std::string_view subject) {
    if (node == glob.size()) {
        return subject.empty();
    }
    const Node& first = glob[node];
    switch (first.kind) {
    case Node::Kind::kLiteral:
        return subject.starts_with(first.literal) && slow(glob, node + 1, subject.substr(first.literal.size()));
    case Node::Kind::kClass:
        return !subject.empty() && first.bytes.test(static_cast<unsigned char>(subject[0])) &&
               slow(glob, node + 1, subject.substr(1));
    case Node::Kind::kStar:
    case Node::Kind::kDoubleStar:
        for (std::size_t n = 0; n <= subject.size(); ++n) {
            if (slow(glob, node + 1, subject.substr(n))) {
                return true;
            }
            if (n < subject.size() && first.kind == Node::Kind::kStar && subject[n] == '/') {
                return false;
            }
        }
        return false;
    case Node::Kind::kAlternatives:
        for (const Sequence& branch : first.alternatives) {
            Sequence joined = branch;
            joined.insert(joined.end(), glob.begin() + static_cast<std::ptrdiff_t>(node) + 1, glob.end());
            if (slow(joined, 0, subject)) {
                return true;
            }
        }
        return false;
    }
    return false;
}

TEST(Glob, AgreesWithTheDefinitionOnRandomPatterns) {
    const char* seed_text = std::getenv("SEED");
    const unsigned long seed = seed_text != nullptr ? std::stoul(seed_text) : std::random_device{}();
    std::printf("SEED=%lu\n", seed);
    std::mt19937_64 random(seed);
    const std::string_view pieces[] = {"a", "b", "/", "*", "**", "?", "[ab]", "[!a]", "{a,b/}", "{,a*}", "{b,{a,}}"};
    unsigned matched = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::size_t n = random() % 6; n > 0; --n) {
            text += pieces[random() % std::size(pieces)];
        }
        std::string subject;
        for (std::size_t n = random() % 7; n > 0; --n) {
            subject += "ab/"[random() % 3];
        }
        const Sequence glob = *parse(text);
        const bool expected = slow(glob, 0, subject);
        matched += expected ? 1 : 0;
        ASSERT_EQ(matches(glob, subject), expected) << text << " on " << subject;
        ASSERT_EQ(matches(*parse(toText(glob)), subject), expected) << toText(glob);
    }
    EXPECT_GT(matched, 500U);
}

} // namespace
} // namespace landlatch::glob
