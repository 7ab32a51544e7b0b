// SPDX-License-Identifier: Apache-2.0
// The decision phase: from a resolved policy to the tables that every backend matches with. README.md has the ideas.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/ir/policy.h"
#include "compiler/support/source.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace landlatch::match {

/// Figures of a plan, for --emit=match, docs and benchmarks.
struct Stats {
    std::uint32_t boxes = 0;
    std::uint32_t dfa_states = 0;
    std::uint32_t atoms = 0;
    std::uint32_t max_candidates = 0; ///< boxes looked at for one exec, at most
};

struct Plan {
    std::vector<ir::Effect> effects;            ///< distinct (also in `why`)
    std::vector<std::uint32_t> rule_effect;     ///< by RuleId, index into effects
    std::vector<ir::RulesetId> always_rulesets; ///< bit order of ll_decision.always
    std::vector<ir::IdName> users;              ///< atom 1 + index
    std::vector<ir::IdName> groups;             ///< bit index
    std::vector<std::uint32_t> tables;          ///< match.h
    std::uint32_t used_dims = 0;                ///< 1 << LL_DIM_x and LL_UNKNOWN_x bits of the facts that any box reads
    Stats stats;
};

/// Checks every decision (language points 20 to 32) and builds the tables. Reports E05xx and E06xx; empty after an
/// error.
std::optional<Plan> plan(const ir::Policy& policy, const SourceManager& sources, diag::Sink& sink);

struct Room;
/// The same with automata that are split when they need more than `some` (dfa.h): for tests.
std::optional<Plan> plan(const ir::Policy& policy, diag::Sink& sink, const Room& some);

} // namespace landlatch::match
