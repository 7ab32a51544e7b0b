// SPDX-License-Identifier: Apache-2.0
// Tables for bpf-templates/match.h.
#pragma once

#include "compiler/match/space.h"

#include <cstdint>
#include <vector>

namespace landlatch::match {

/// A box with what it stands for, in the order of the table.
struct RankedBox {
    Box box;
    std::uint32_t rule = 0;
    std::uint32_t effect = 0;
    std::uint32_t flags = 0;  ///< LL_BOX_ bits
    std::uint64_t always = 0; ///< bits for ll_decision.always
};

struct TableEffect {
    std::uint32_t kind = 0; ///< enum ll_kind
    bool nnp = false;
    std::uint32_t same_as = 0; ///< first effect of the same decision
    std::uint32_t beside = 0;  ///< first effect of the same kind with the same rulesets beside those of `always` rules
    std::uint64_t of_always = 0; ///< bits of its rulesets that `always` rules apply too
};

struct Emitted {
    std::vector<std::uint32_t> words;
    std::uint32_t used = 0;           ///< LL_W_USED
    std::uint32_t max_candidates = 0; ///< boxes looked at for one exec, at most
    bool too_large = false;           ///< an automaton has more rows than can be numbered: the words are none
};

/// `boxes`: those that compete by rank, then those of `always` (LL_BOX_ALWAYS). Same input, same words.
Emitted emit(Space& space, const std::vector<RankedBox>& boxes, const std::vector<TableEffect>& effects);

} // namespace landlatch::match
