// SPDX-License-Identifier: Apache-2.0
#include "compiler/diag/render.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace landlatch::diag {
namespace {

struct Case {
    SourceManager sources;
    Sink sink;
    RenderOptions options;

    Span span(const std::string& text, std::string_view marked) {
        const FileId file = sources.add("p.ll", text);
        const auto at = static_cast<std::uint32_t>(text.find(marked));
        return Span{file, at, at + static_cast<std::uint32_t>(marked.size())};
    }
    std::string text() { return renderText(sources, sink, options); }
};

TEST(RenderText, ShowsPlaceLineCaretsNotesAndHelps) {
    Case c;
    const Span at = c.span("abi 7\nallow exceute beneath /usr\n", "exceute");
    c.sink.report(Id::kSyntaxError, at, {"x", "y"})
        .note("two\nlines")
        .help("do that")
        .fix(at, "execute", "did you mean");
    EXPECT_EQ(c.text(), "p.ll:2:7: error[E0100]: unexpected x; expected y\n"
                        "   2 | allow exceute beneath /usr\n"
                        "     |       ^^^^^^^\n"
                        "note: two\n"
                        "    lines\n"
                        "help: do that\n"
                        "help: did you mean: `execute`\n");
}

TEST(RenderText, SaysAReplacementOnce) {
    Case c;
    const Span at = c.span("exceute", "exceute");
    c.sink.report(Id::kSyntaxError, at, {"x", "y"})
        .help("did you mean `execute`?")
        .fix(at, "execute", "write it right")
        .fix(at, "read", "write `read`")
        .fix(at, "", "leave it out");
    EXPECT_EQ(c.text(), "p.ll:1:1: error[E0100]: unexpected x; expected y\n"
                        "   1 | exceute\n"
                        "     | ^^^^^^^\n"
                        "help: did you mean `execute`?\n"
                        "help: write `read`\n"
                        "help: leave it out\n");
}

TEST(RenderText, CaretsStandBelowTabsAndWideCharacters) {
    Case c;
    c.sink.report(Id::kSyntaxError, c.span("\té 漢 word", "word"), {"x", "y"});
    EXPECT_EQ(c.text(), "p.ll:1:9: error[E0100]: unexpected x; expected y\n"
                        "   1 |     é 漢 word\n"
                        "     |          ^^^^\n");
}

TEST(RenderText, EscapesWhatWouldDriveTheTerminal) {
    Case c;
    c.sink.report(Id::kSyntaxError, c.span("a\x1b[2J\xff \u202e b", "b"), {"\x1b[31m", "y"});
    EXPECT_EQ(c.text(), "p.ll:1:12: error[E0100]: unexpected \\x1B[31m; expected y\n"
                        "   1 | a\\x1B[2J\\xFF \\u{202E} b\n"
                        "     |                       ^\n");
}

TEST(RenderText, MarksTheEndOfALineAndOfTheFile) {
    Case c;
    const std::string text = "when\n";
    const FileId file = c.sources.add("p.ll", text);
    c.sink.report(Id::kSyntaxError, Span{file, 4, 4}, {"end of line", "y"});
    c.sink.report(Id::kSyntaxError, Span{file, 5, 5}, {"end of file", "y"});
    EXPECT_EQ(c.text(), "p.ll:1:5: error[E0100]: unexpected end of line; expected y\n"
                        "   1 | when\n"
                        "     |     ^\n"
                        "p.ll:2:1: error[E0100]: unexpected end of file; expected y\n"
                        "   2 | \n"
                        "     | ^\n");
}

TEST(RenderText, CutsLongLinesAroundThePlace) {
    Case c;
    const std::string text = std::string(1'000'000, 'a') + "X" + std::string(1'000'000, 'b');
    c.sink.report(Id::kSyntaxError, c.span(text, "X"), {"x", "y"});
    const std::string out = c.text();
    EXPECT_LT(out.size(), 600U);
    const std::size_t line = out.find(" | ") + 3;
    const std::size_t carets = out.find(" | ", line) + 3;
    // The ellipsis is three bytes and one column.
    EXPECT_EQ(out.find('X') - line - 2, out.find('^') - carets);
}

TEST(RenderText, ShowsOnlyTheFirstLineOfALongSpan) {
    Case c;
    c.sink.report(Id::kSyntaxError, c.span("one {\ntwo\n}", "{\ntwo\n}"), {"x", "y"});
    EXPECT_NE(c.text().find("     |     ^\n"), std::string::npos);
}

TEST(RenderText, ShowsAtMostTwentyAndSaysHowMany) {
    Case c;
    const FileId file = c.sources.add("p.ll", std::string(40, 'x'));
    for (std::uint32_t i = 0; i < 30; ++i) {
        c.sink.report(Id::kSyntaxError, Span{file, i, i + 1}, {"x", "y"});
    }
    const std::string out = c.text();
    EXPECT_NE(out.find("p.ll:1:20:"), std::string::npos);
    EXPECT_EQ(out.find("p.ll:1:21:"), std::string::npos);
    EXPECT_NE(out.find("note: 30 errors and 0 warnings; 20 of them shown\n"), std::string::npos);
}

TEST(RenderText, SaysTheSameThingOnce) {
    Case c;
    const Span at = c.span("x", "x");
    c.sink.report(Id::kSyntaxError, at, {"x", "y"});
    c.sink.report(Id::kSyntaxError, at, {"x", "y"});
    const std::string out = c.text();
    EXPECT_EQ(out.find("E0100"), out.rfind("E0100"));
}

TEST(RenderText, ColoursOnlyWhenTold) {
    Case c;
    c.sink.report(Id::kSyntaxError, c.span("x", "x"), {"x", "y"});
    EXPECT_EQ(c.text().find('\x1b'), std::string::npos);
    c.options.colour = true;
    EXPECT_NE(c.text().find("\x1b[1;31merror[E0100]\x1b[0m"), std::string::npos);
}

TEST(RenderText, HasNoPlaceForADiagnosticWithoutOne) {
    Case c;
    c.sink.report(Id::kFileUnreadable, Span{}, {"a", "b"});
    EXPECT_EQ(c.text(), "error[E0001]: cannot read a: b\n");
}

TEST(RenderJson, IsOneObjectALineWithPlacesAndFixIts) {
    Case c;
    const Span at = c.span("abi 7\nallow exceute\n", "exceute");
    c.sink.report(Id::kSyntaxError, at, {"\xff", "y"}).fix(at, "execute", "did you mean").label(at, "here");
    c.sink.report(Id::kFileUnreadable, Span{}, {"a", "b"});
    const std::string out = renderJson(c.sources, c.sink, c.options);
    ASSERT_EQ(std::count(out.begin(), out.end(), '\n'), 2);
    const auto first = nlohmann::json::parse(out.substr(0, out.find('\n')));
    EXPECT_EQ(first["code"], "E0100");
    EXPECT_EQ(first["severity"], "error");
    EXPECT_EQ(first["file"], "p.ll");
    EXPECT_EQ(first["line"], 2);
    EXPECT_EQ(first["column"], 7);
    EXPECT_EQ(first["end_column"], 14);
    EXPECT_EQ(first["offset"], 12);
    EXPECT_EQ(first["fixits"][0]["replacement"], "execute");
    EXPECT_EQ(first["labels"][0]["message"], "here");
    const auto second = nlohmann::json::parse(out.substr(out.find('\n') + 1));
    EXPECT_TRUE(second["file"].is_null());
}

} // namespace
} // namespace landlatch::diag
