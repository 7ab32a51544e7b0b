// SPDX-License-Identifier: Apache-2.0
// A part of the space of execs cut into cells in each of which one or two policies decide one way: how explain finds
// the cases of facts left out, and how diff compares policies, exactly and without trying execs one by one.
#pragma once

#include "compiler/match/emit.h"
#include "compiler/match/space.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace landlatch::query {

/// The rules of one policy as the tables have them: of `main` the first box that matches decides, of `always` all do.
struct RankedRules {
    std::vector<match::RankedBox> main;
    std::vector<match::RankedBox> always;
    std::vector<std::uint32_t> same_as; ///< by effect: first effect of the same decision
    bool each_always = true;            ///< false: of `always` rules of one effect, cells need to tell one only
};

/// The enforced view of `boxes`: those of `audit` rules left out.
RankedRules enforced(const std::vector<match::RankedBox>& boxes, std::vector<std::uint32_t> same_as);

/// How one policy decides a whole cell.
struct CellDecision {
    std::optional<std::uint32_t> rule; ///< a rule that decides in all or part of the cell; unset: none matches
    std::uint32_t effect = 0;          ///< of that rule, by RankedRules::same_as
    std::vector<std::uint32_t> always; ///< `always` rules that match all of it; without each_always, one an effect
};

/// Calls `visit` with cells that are apart from each other and together are `start`; one decision for each of
/// `policies`. False when more than `budget` boxes were looked at.
bool forEachCell(match::Space& space, const std::vector<match::Box>& start,
                 const std::vector<const RankedRules*>& policies, std::size_t budget,
                 const std::function<void(const match::Box&, const std::vector<CellDecision>&)>& visit);

} // namespace landlatch::query
