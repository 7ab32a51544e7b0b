// SPDX-License-Identifier: Apache-2.0
// Deterministic automata over the universe of paths (language point 20), which read a path from its start or from its
// end.
#pragma once

#include "compiler/match/nfa.h"
#include "compiler/match/universe.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace landlatch::match {

inline constexpr std::size_t kMostStates = std::size_t{1} << 22; ///< rows and chains have numbers of 23 bits

/// How far determinising goes. Each is a number of its own for what multiplies, and a share for each NFA node, so that
/// patterns which don't multiply fit however many they are.
struct Room {
    std::size_t states;
    std::size_t states_by_node;
    std::size_t steps; ///< nodes put into subsets on the way, and NFA nodes of all subsets together
    std::size_t steps_by_node;

    [[nodiscard]] std::size_t maxStates(const Nfa& nfa) const {
        return std::min(states + states_by_node * nfa.size(), kMostStates);
    }
    [[nodiscard]] std::size_t maxSteps(const Nfa& nfa) const { return steps + steps_by_node * nfa.size(); }
};

/// What patterns that don't multiply never need, and the bound of one automaton: above it the policy is refused.
inline constexpr Room kSomeRoom{std::size_t{1} << 12, 2, std::size_t{1} << 17, 8};
inline constexpr Room kAllRoom{std::size_t{1} << 19, 2, std::size_t{1} << 24, 8};

struct Dfa {
    static constexpr std::uint32_t kDead = 0;
    static constexpr std::uint32_t kNoPath = ~std::uint32_t{0};

    struct Exception {
        std::uint32_t byte_class;
        std::uint32_t to;
    };
    struct Row {
        std::uint32_t otherwise = kDead; ///< where all classes but the exceptions lead
        std::uint32_t begin = 0;         ///< exceptions [begin, end), by rising class
        std::uint32_t end = 0;
        std::uint32_t accept = kNoPath; ///< index into accept_sets; kNoPath: what was read is no path
    };

    std::array<std::uint8_t, 256> byte_class{};
    std::uint32_t classes = 0; ///< at most 256; NUL's is never looked at, and the last
    std::vector<Row> rows;     ///< rows[kDead] is the dead state
    std::vector<Exception> exceptions;
    std::uint32_t start = kDead;
    Direction direction = Direction::kForward;           ///< which end of the path is read first
    std::vector<std::vector<std::uint32_t>> accept_sets; ///< labels that hold, sorted; [0] is the empty set

    [[nodiscard]] std::uint32_t step(std::uint32_t state, std::uint32_t byte_class_index) const;
};

/// The subset construction, in step with the automaton of the universe. `labels[p]` are the labels that pattern p is
/// part of. Empty when a bound is passed. For kBackward the NFA reads reversed paths (backwards()).
std::optional<Dfa> determinise(const Nfa& nfa, const std::vector<std::vector<std::uint32_t>>& labels, Universe universe,
                               Direction direction = Direction::kForward, const Room& room = kAllRoom);

/// By pattern: bytes of its shortest path, or ~0 when it matches none of at most kMaxPathBytes.
std::vector<std::uint32_t> shortestPaths(const Nfa& nfa, std::size_t patterns, Universe universe);

/// The smallest automaton of the same language, states in breadth-first order. README.md has the idea.
Dfa minimise(const Dfa& dfa);

} // namespace landlatch::match
