// SPDX-License-Identifier: Apache-2.0
// The tables of two policies read back into one space, so that their decisions can be compared exactly. From an object
// as well as from a source: all that the decision hangs on is in the tables.
#pragma once

#include "compiler/match/emit.h"
#include "compiler/match/space.h"
#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <array>
#include <memory>
#include <vector>

namespace landlatch::match {

struct Joined {
    std::unique_ptr<Space> space;                ///< its atoms are pairs of the policies' atoms
    std::array<std::vector<RankedBox>, 2> boxes; ///< as the tables have them, competing ones first, by rank
};

/// EINVAL for tables that are no tables, E2BIG where both together are more than a space can hold (kAllRoom,
/// kMaxBits). Users and groups are the same when their names or numbers are.
Result<Joined> join(const object::Policy& a, const object::Policy& b);

} // namespace landlatch::match
