// SPDX-License-Identifier: Apache-2.0
// Conditions as unions of boxes, and exact inclusion between such unions.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/match/space.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace landlatch::match {

/// Boxes of one rule at most, after normalising (language point 30).
inline constexpr std::size_t kMaxBoxes = 64;

using Boxes = std::vector<Box>;

/// The execs that meet `condition`: boxes without empty ones, without one inside another, joined where two differ in
/// one dimension only. Empty list: no exec. Unset: more than kMaxBoxes, or too many on the way there.
std::optional<Boxes> toBoxes(Space& space, const ir::Condition& condition);

/// Whether all of `a` is in the union `b`. `steps` bounds the work and is counted down; at 0 the answer is unset.
std::optional<bool> subset(Space& space, const Box& a, const Boxes& b, std::size_t& steps);
std::optional<bool> subset(Space& space, const Boxes& a, const Boxes& b, std::size_t& steps);

} // namespace landlatch::match
