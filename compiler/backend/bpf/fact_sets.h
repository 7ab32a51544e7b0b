// SPDX-License-Identifier: Apache-2.0
// The sets of facts for which there is a gate object. Shared by the tool that makes them (compiler/backend/gates) and
// by what picks one.
#pragma once

#include "bpf-templates/match.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace landlatch::backend_bpf {

/// Facts that come and go together, because they are read together: 1 << LL_DIM_x and LL_UNKNOWN_ bits. Finer groups
/// would save little code and double the number of gates each.
inline constexpr std::array<std::uint32_t, 7> kFactGroups = {
    1U << LL_DIM_EXEC,   1U << LL_DIM_SCRIPT,
    1U << LL_DIM_CGROUP, 1U << LL_DIM_USER | 1U << LL_DIM_REAL_USER,
    LL_UNKNOWN_GROUPS,   1U << LL_DIM_PARENT | LL_UNKNOWN_ANCESTORS,
    LL_UNKNOWN_SETUID,
};

/// Sets are numbered: bit i says that the set has kFactGroups[i]. One more has all facts, and parts: few policies need
/// them, and they may well pay for the facts that they don't ask for.
inline constexpr std::size_t kPartsSet = std::size_t{1} << kFactGroups.size();
inline constexpr std::size_t kFactSets = kPartsSet + 1;

/// The facts of set `number`.
constexpr std::uint32_t factsOf(std::size_t number) {
    std::uint32_t facts = LL_UNKNOWN_UNLINKED; // read with every exec
    if (number == kPartsSet) {
        facts |= LL_USED_PARTS;
        number = kPartsSet - 1;
    }
    for (std::size_t i = 0; i < kFactGroups.size(); ++i) {
        facts |= (number >> i & 1U) != 0 ? kFactGroups[i] : 0U;
    }
    return facts;
}

/// The smallest set that has all of `facts`.
constexpr std::size_t setOf(std::uint32_t facts) {
    std::size_t number = 0;
    if ((facts & LL_USED_PARTS) != 0) {
        return kPartsSet;
    }
    for (std::size_t i = 0; i < kFactGroups.size(); ++i) {
        number |= (facts & kFactGroups[i]) != 0 ? std::size_t{1} << i : 0U;
    }
    return number;
}

} // namespace landlatch::backend_bpf
