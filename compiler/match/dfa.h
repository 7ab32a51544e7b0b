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

/// Bounds of one dimension's automaton; above them the policy is refused. Each is a number of its own for what
/// multiplies, and a share for each NFA node, so that patterns which don't multiply fit however many they are.
inline constexpr std::size_t kMaxStates = std::size_t{1} << 19;
inline constexpr std::size_t kMaxSteps = std::size_t{1} << 24;       ///< nodes put into subsets on the way
inline constexpr std::size_t kMaxSubsetNodes = std::size_t{1} << 24; ///< NFA nodes of all subsets together
inline constexpr std::size_t kStatesByNode = 2;
inline constexpr std::size_t kStepsByNode = 8;

inline constexpr std::size_t kMostStates = std::size_t{1} << 22; ///< rows and chains have numbers of 23 bits

inline std::size_t maxStates(const Nfa& nfa) { return std::min(kMaxStates + kStatesByNode * nfa.size(), kMostStates); }

/// How far determinising goes.
enum class Room : std::uint8_t {
    kSome, ///< 2^-7 of the bounds, and the shares: more than patterns need that don't multiply
    kAll,
};

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
    std::uint32_t classes = 0; ///< at most 256; NUL's is never looked at
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
                               Direction direction = Direction::kForward, Room room = Room::kAll);

/// By pattern: bytes of its shortest path, or ~0 when it matches none of at most kMaxPathBytes.
std::vector<std::uint32_t> shortestPaths(const Nfa& nfa, std::size_t patterns, Universe universe);

/// The smallest automaton of the same language, states in breadth-first order. README.md has the idea.
Dfa minimise(const Dfa& dfa);

} // namespace landlatch::match
