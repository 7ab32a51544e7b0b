// SPDX-License-Identifier: Apache-2.0
// Is every exec decided, and in which order may rules be looked at so that the first match decides? README.md has the
// proof.
#pragma once

#include "compiler/match/competition.h"

#include <cstdint>
#include <vector>

namespace landlatch::match {

/// Bounds on the search for undecided execs.
inline constexpr std::size_t kMaxRegionNodes = 20000; ///< for one pair of rules
inline constexpr std::size_t kMaxCells = 4096;        ///< synthetic boxes of all cycles together
inline constexpr std::size_t kMaxConflicts = 20;      ///< reported

/// A part of a cycle of `beats`, decided by itself.
struct Cell {
    Box box;
    std::uint32_t winner = 0; ///< competitor
    std::uint32_t views = 0;  ///< LL_BOX_ENFORCED, LL_BOX_AUDITED
};

struct Order {
    std::vector<Cell> cells;          ///< come first; cells of one view agree where they overlap
    std::vector<std::uint32_t> ranks; ///< all competitors: an earlier one decides over a later one
};

/// Checks that every exec is decided with and without `audit` rules. Reports E0600 for pairs that aren't; then, or
/// after another error, the order is empty.
std::optional<Order> decideAll(Competition& competition, diag::Sink& sink);

} // namespace landlatch::match
