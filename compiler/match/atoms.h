// SPDX-License-Identifier: Apache-2.0
// The atoms of one path dimension: classes of paths that no condition of the policy tells apart.
#pragma once

#include "compiler/match/dfa.h"

#include <cstdint>
#include <string>
#include <vector>

namespace landlatch::match {

struct Atoms {
    Dfa dfa;                       ///< minimised; no rows when no condition reads the dimension
    std::vector<std::uint32_t> of; ///< atom by index of dfa.accept_sets; 0 when no path of at most 4,095 bytes has it
    std::uint32_t first = 1;       ///< 0 when "absent" is a value (scripts), else 1
    std::uint32_t count = 1;       ///< one above the last atom
    std::vector<std::string> examples;              ///< by atom: a shortest path
    std::vector<std::vector<std::uint32_t>> labels; ///< by atom
};

/// Every byte but NUL, those first that read best in an example.
const std::string& niceBytes();

/// Numbers the atoms in the order of their shortest examples, paths that meet no condition first. `absent`: atom 0 is a
/// value.
Atoms makeAtoms(Dfa dfa, bool absent);

} // namespace landlatch::match
