// SPDX-License-Identifier: Apache-2.0
// What text says of exceptions, against the plain meaning of globs on small paths.
#include "compiler/sema/except.h"

#include <gtest/gtest.h>

namespace landlatch::sema {

namespace {

Steps globOf(std::string_view text) { return cut({{{std::nullopt, std::string(text)}}, {}}, true); }
Steps pathOf(std::string_view text) { return cut({{{std::nullopt, std::string(text)}}, {}}, false); }
Steps underParam(ir::ParamId param, std::string_view rest) {
    return cut({{{param, ""}, {std::nullopt, std::string(rest)}}, {}}, true);
}

/// All paths of up to three components over a small alphabet.
std::vector<std::string> smallPaths() {
    std::vector<std::string> paths;
    const std::vector<std::string> names{"a", "b", "ab"};
    for (const std::string& one : names) {
        paths.push_back("/" + one);
        for (const std::string& two : names) {
            paths.push_back("/" + one + "/" + two);
            for (const std::string& three : names) {
                paths.push_back("/" + one + "/" + two + "/" + three);
            }
        }
    }
    return paths;
}

bool isAtOrAbove(const std::string& above, const std::string& below) {
    return below == above || below.starts_with(above + "/");
}

} // namespace

TEST(Except, CertainAnswersAreRightOnAllSmallPaths) {
    const std::vector<std::string> globs{"/a",  "/*",     "/a/b",    "/a/*",   "/*/b",    "/?",
                                         "/a*", "/{a,b}", "/a/b/ab", "/*/*/b", "/[ab]/a", "/a/**"};
    const std::vector<std::string> paths = smallPaths();
    std::size_t certain = 0;
    for (const std::string& x : globs) {
        for (const std::string& y : globs) {
            const glob::Sequence gx = *glob::parse(x);
            const glob::Sequence gy = *glob::parse(y);
            bool meet = false;
            bool all_inside = true;
            for (const std::string& q : paths) {
                if (!glob::matches(gy, q)) {
                    continue;
                }
                bool inside = false;
                for (const std::string& p : paths) {
                    if (glob::matches(gx, p) && isAtOrAbove(p, q)) {
                        meet = true;
                        inside = true;
                    }
                }
                all_inside = all_inside && inside;
            }
            const Answer answer = atOrAbove(globOf(x), globOf(y));
            certain += answer == Answer::kMaybe ? 0 : 1;
            EXPECT_TRUE(answer == Answer::kMaybe || (answer == Answer::kYes) == meet) << x << " over " << y;
            EXPECT_TRUE(!includes(globOf(x), globOf(y)) || all_inside) << x << " includes " << y;
        }
    }
    EXPECT_GT(certain, globs.size() * globs.size() / 2);
}

TEST(Except, RootIsAboveEverything) {
    EXPECT_EQ(atOrAbove(pathOf("/"), globOf("/home/*/.ssh")), Answer::kYes);
    EXPECT_EQ(atOrAbove(pathOf("/"), underParam(0, "/x")), Answer::kYes);
}

TEST(Except, AStarInALiteralPathIsAStar) {
    EXPECT_EQ(atOrAbove(pathOf("/a*"), globOf("/ab/c")), Answer::kNo);
    EXPECT_EQ(atOrAbove(pathOf("/a*"), globOf("/a\\*/c")), Answer::kYes);
}

TEST(Except, ParamsAreComparedOnlyWithThemselves) {
    EXPECT_EQ(atOrAbove(underParam(1, ""), underParam(1, "/x")), Answer::kYes);
    EXPECT_EQ(atOrAbove(underParam(1, "/y"), underParam(1, "/x")), Answer::kNo);
    EXPECT_EQ(atOrAbove(underParam(1, ""), underParam(2, "/x")), Answer::kMaybe);
    EXPECT_EQ(atOrAbove(pathOf("/srv"), underParam(2, "/x")), Answer::kMaybe);
    EXPECT_FALSE(includes(underParam(1, ""), underParam(2, "")));
}

TEST(Except, WhatCannotBeCutIsNeverCertain) {
    EXPECT_EQ(atOrAbove(globOf("/a/**"), globOf("/a/b")), Answer::kMaybe);
    EXPECT_EQ(atOrAbove(globOf("/a/**"), globOf("/b/b")), Answer::kNo);
    EXPECT_EQ(atOrAbove(globOf("/a/{b/c,d}"), globOf("/a/b/c")), Answer::kMaybe);
}

} // namespace landlatch::sema
