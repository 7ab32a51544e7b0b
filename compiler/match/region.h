// SPDX-License-Identifier: Apache-2.0
// The exact search of one region: is each exec in it decided, and by whom?
#pragma once

#include "compiler/match/competition.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace landlatch::match {

struct RegionResult {
    std::vector<Box> undecided; ///< boxes in which no rule decides any exec; a few of them
    bool too_complex = false;
};

/// Searches what competitors `a` and `b` both match, `in_view[c]` telling which competitors take part. Calls
/// `decided(box, winner)` for parts with a winner until something is undecided.
RegionResult searchRegion(Competition& competition, std::uint32_t a, std::uint32_t b, const std::vector<bool>& in_view,
                          const std::function<void(const Box&, std::uint32_t)>& decided);

} // namespace landlatch::match
