// SPDX-License-Identifier: Apache-2.0
// Rows laid over each other: no two take one cell, holes are filled, and what doesn't fit is told.
#include "compiler/match/comb.h"
#include "compiler/match/pack.h"

#include <gtest/gtest.h>
#include <random>
#include <set>

namespace landlatch::match {
namespace {

TEST(Comb, NoTwoRowsTakeOneCell) {
    std::mt19937 random(11);
    Comb comb;
    std::set<std::uint32_t> taken;
    std::size_t cells = 0;
    for (int row = 0; row < 5000; ++row) {
        std::set<std::uint32_t> columns = {0, 1};
        for (auto n = random() % 6; n > 0; --n) {
            columns.insert(static_cast<std::uint32_t>(2 + random() % 256));
        }
        cells += columns.size();
        const std::uint32_t base = comb.place(std::vector<std::uint32_t>(columns.begin(), columns.end()));
        for (const std::uint32_t column : columns) {
            ASSERT_TRUE(taken.insert(base + column).second) << "row " << row << ", cell " << base + column;
        }
        ASSERT_EQ(comb.size(), *taken.rbegin() + 1);
    }
    EXPECT_LT(comb.size(), cells * 3 / 2); // most holes are filled
}

TEST(Comb, FillsHolesFromTheBottom) {
    Comb comb;
    EXPECT_EQ(comb.place({}), 0U);
    EXPECT_EQ(comb.size(), 0U);
    EXPECT_EQ(comb.place(std::vector<std::uint32_t>{0, 2}), 0U);
    EXPECT_EQ(comb.place(std::vector<std::uint32_t>{0}), 1U);
    EXPECT_EQ(comb.place(std::vector<std::uint32_t>{5}), 0U);    // cell 5
    EXPECT_EQ(comb.place(std::vector<std::uint32_t>{0, 1}), 3U); // 3 and 4
    EXPECT_EQ(comb.place(std::vector<std::uint32_t>{0, 200}), 6U);
    EXPECT_EQ(comb.size(), 207U);
}

TEST(Comb, AFullPlaceIsLeftBehind) {
    Comb comb;
    for (std::uint32_t row = 0; row < 1000; ++row) {
        ASSERT_EQ(comb.place(std::vector<std::uint32_t>{0, 1, 2}), 3 * row);
    }
    EXPECT_EQ(comb.size(), 3000U);
}

/// Paths of one byte of class 1: from state 1 to state 2, which takes no more.
Dfa oneByte() {
    Dfa dfa;
    dfa.classes = 2;
    dfa.byte_class['a'] = 1;
    dfa.rows = {{0, 0, 0, Dfa::kNoPath}, {0, 0, 1, Dfa::kNoPath}, {0, 1, 1, 0}};
    dfa.exceptions = {{1, 2}};
    dfa.start = 1;
    dfa.accept_sets = {{}};
    return dfa;
}

TEST(Pack, ARowBeginsWithItsDefaultAndItsAtom) {
    const std::optional<PackedDfa> packed = pack(oneByte(), {7});
    ASSERT_TRUE(packed);
    const auto& cells = packed->cells;
    EXPECT_EQ(cells[LL_R_OTHERWISE], LL_R_MARK); // the dead row is row 0
    EXPECT_EQ(cells[LL_R_ATOM], LL_R_MARK);
    const std::uint32_t to = cells[packed->start + LL_R_CELLS + 1];
    EXPECT_EQ(to >> 24, 1U);
    EXPECT_EQ(cells[(to & LL_TO_MASK) + LL_R_ATOM], LL_R_MARK | 7U);
    for (const std::uint32_t row : {0U, packed->start, to & LL_TO_MASK}) {
        EXPECT_LE(row + LL_R_CELLS + 2, cells.size()) << row;
    }
}

TEST(Pack, RowsThatCannotBeNumberedAreTold) {
    EXPECT_TRUE(pack(oneByte(), {7}, 16));
    EXPECT_FALSE(pack(oneByte(), {7}, 2));
}

} // namespace
} // namespace landlatch::match
