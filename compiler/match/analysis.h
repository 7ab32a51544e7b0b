// SPDX-License-Identifier: Apache-2.0
// All that is known of a policy's decisions once they are checked: what plan() makes tables of and dump() shows.
#pragma once

#include "compiler/match/competition.h"
#include "compiler/match/decide.h"
#include "compiler/match/emit.h"

#include <memory>
#include <optional>
#include <vector>

namespace landlatch::match {

struct Analysis {
    std::unique_ptr<Space> space;
    std::vector<Competitor> competing;
    std::vector<Competitor> always;
    Order order;
    std::vector<ir::Effect> effects;        ///< distinct, `why` too
    std::vector<std::uint32_t> rule_effect; ///< by RuleId
    std::vector<TableEffect> table_effects; ///< by effect
    std::vector<ir::RulesetId> always_rulesets;

    /// Boxes in the order of the table.
    [[nodiscard]] std::vector<RankedBox> rankedBoxes(const ir::Policy& policy) const;
};

/// Reports E05xx and E06xx; empty after an error.
std::optional<Analysis> analyse(const ir::Policy& policy, diag::Sink& sink, const Room& some = kSomeRoom);

} // namespace landlatch::match
