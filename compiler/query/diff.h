// SPDX-License-Identifier: Apache-2.0
// What changed between two policies, by meaning (language point 35): exact for decisions, from the match tables; exact
// for rights on the textual model, params as symbols.
#pragma once

#include "compiler/query/relation.h"
#include "compiler/query/rights.h"
#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace landlatch::query {

/// What one policy does with some execs.
struct DiffDecision {
    bool refused = false;
    bool passed = false; ///< by a rule; neither this nor `refused` and no rulesets: no rule matches
    std::string why;     ///< of a refusal
    std::vector<std::uint32_t> rulesets;
    bool nnp = false;
    std::optional<std::uint32_t> rule; ///< behind it, one of them

    /// Equal for the same decision.
    using Key = std::tuple<bool, bool, std::string, std::vector<std::uint32_t>, bool>;
    [[nodiscard]] Key key() const { return {refused, passed, why, rulesets, nnp}; }
};

/// Execs on which the policies differ in one way.
struct DecisionChange {
    DiffDecision before;
    DiffDecision after;
    Relation relation = Relation::kSame; ///< kSame: the words differ, what is restricted doesn't
    bool renamed = true;                 ///< decisions differ in words too, not only in the rights behind them
    std::string witness;                 ///< the shortest of those execs, as facts of a test
    std::size_t length = 0;
    std::vector<RightsChange> rights; ///< where rulesets apply on both sides
};

struct Diff {
    Relation relation = Relation::kSame;
    std::vector<DecisionChange> decisions;
    std::vector<std::string> others; ///< floor and leaving, with their relation
};

/// E2BIG where the policies are too large together to be compared exactly.
Result<Diff> diff(const object::Policy& before, const object::Policy& after);

/// "apply web with nnp", "none", …
[[nodiscard]] std::string decisionText(const object::Policy& policy, const DiffDecision& decision);

[[nodiscard]] std::string diffText(const object::Policy& before, const object::Policy& after, const Diff& found);
[[nodiscard]] std::string diffJson(const object::Policy& before, const object::Policy& after, const Diff& found);

} // namespace landlatch::query
