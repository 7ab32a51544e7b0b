// SPDX-License-Identifier: Apache-2.0
// An automaton that reads paths from their other end.
#pragma once

#include "compiler/match/dfa.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace landlatch::match {

/// A complete automaton whose states tell a path's atom.
struct AtomMachine {
    std::array<std::uint8_t, 256> byte_class{};
    std::uint32_t classes = 0;
    std::uint32_t start = 0;
    std::vector<std::uint32_t> to;   ///< by state * classes + class
    std::vector<std::uint32_t> atom; ///< by state; 0: what was read is no path
    Direction direction = Direction::kForward;
    Universe universe = Universe::kFile;
};

inline constexpr std::size_t kMaxTurned = std::size_t{1} << 26; ///< steps to begin with

/// The same atoms of the same paths, read in the other direction. Labels of an accept set: the atom.
/// Empty above kAllRoom, or when
/// `steps`, which are counted down, come to their end.
std::optional<Dfa> turned(const AtomMachine& machine, std::size_t& steps);

} // namespace landlatch::match
