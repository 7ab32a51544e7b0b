// SPDX-License-Identifier: Apache-2.0
// How a rule relates to the execs of a question: matches all, some or none, and which of its conditions stand in the
// way.
#pragma once

#include "compiler/match/boxes.h"
#include "compiler/query/access.h"

#include <optional>
#include <vector>

namespace landlatch::query {

/// What holds of all the execs of `question`; kMaybe: of some. Unset when that is too complex.
std::optional<Truth> holds(match::Space& space, const match::Boxes& question, const match::Boxes& condition);

/// The tests of facts to be changed, at least, for `condition` to hold.
struct Misses {
    std::size_t count = 0;
    std::vector<const ir::Condition*> failing; ///< where count is 1: the test, or the negation of it
    std::size_t met = 0;                       ///< tests that hold as they should
};
Misses missesOf(match::Space& space, const match::Boxes& question, const ir::Condition& condition);

} // namespace landlatch::query
