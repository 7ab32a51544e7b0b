// SPDX-License-Identifier: Apache-2.0
// An automaton as the cells, chains and links of bpf-templates/tables.h (enum ll_dfa_index).
#pragma once

#include "bpf-templates/tables.h"
#include "compiler/match/dfa.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace landlatch::match {

struct PackedDfa {
    std::vector<std::uint32_t> cells;
    std::vector<std::array<std::uint32_t, 3>> chains; ///< first link, links, where the end leads
    std::vector<std::uint32_t> links;
    std::uint32_t start = 0;
};

/// `atom_of`: atom by index of dfa.accept_sets. Empty when rows would begin behind `most_cells`. Same input, same
/// output.
std::optional<PackedDfa> pack(const Dfa& dfa, const std::vector<std::uint32_t>& atom_of,
                              std::uint32_t most_cells = LL_TO_CHAIN);

} // namespace landlatch::match
