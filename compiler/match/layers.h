// SPDX-License-Identifier: Apache-2.0
// `always` rules and how many layers they and a decision add up to (language points 31 and 32).
#pragma once

#include "compiler/match/competition.h"

#include <vector>

namespace landlatch::match {

inline constexpr std::size_t kMaxLayers = 16;

/// Refuses a policy where one exec could get more than kMaxLayers rulesets; warns where all of its rulesets together
/// are more, since a lineage of execs could collect them. `always` and `competing` hold boxes of rules.
void checkLayers(const ir::Policy& policy, Space& space, const std::vector<Competitor>& competing,
                 const std::vector<Competitor>& always, diag::Sink& sink);

} // namespace landlatch::match
