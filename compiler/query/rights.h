// SPDX-License-Identifier: Apache-2.0
// What two stacks of rulesets allow, compared exactly on the textual model with params as symbols: for every path,
// every port and every scope (language point 35).
#pragma once

#include "compiler/query/relation.h"
#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <cstdint>
#include <string>
#include <vector>

namespace landlatch::query {

/// Rulesets of one policy that are in force together. All must allow.
struct Stack {
    const object::Policy* policy = nullptr;
    std::vector<std::uint32_t> rulesets;
};

/// Places where the same rights are gained and lost.
struct RightsChange {
    std::string gained;            ///< "read_file, read_dir"; empty for none
    std::string lost;              ///< the same
    std::string where;             ///< "/etc/shadow" (the shortest such path), "ports 80, 443..500", "scope"
    std::vector<std::string> by;   ///< grants behind it, with places: of the new for gains, of the old for losses
    std::uint64_t gained_mask = 0; ///< fs bits of paths, net bits of ports, scope bits
    std::uint64_t lost_mask = 0;
};

struct RightsDiff {
    Relation relation = Relation::kSame;
    std::vector<RightsChange> changes; ///< paths, then ports, then scopes
};

/// E2BIG where the patterns together need more states than a policy may have, or there are more than eight params of
/// ports.
Result<RightsDiff> compareRights(const Stack& old_stack, const Stack& new_stack);

/// Whether two rulesets restrict alike, whatever their names, places, logs and quiets are.
[[nodiscard]] bool sameContent(const object::Policy& a, const object::Ruleset& x, const object::Policy& b,
                               const object::Ruleset& y);

} // namespace landlatch::query
