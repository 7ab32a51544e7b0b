// SPDX-License-Identifier: Apache-2.0
// The automata of one fact: its own, and where its patterns multiply further ones, the parts
// (docs/adr/0004-automata-from-the-end-and-in-parts.md).
#pragma once

#include "compiler/match/atoms.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace landlatch::match {

struct PathPattern {
    const glob::Sequence* glob;
    CgroupForm form; ///< of a cgroup's
};

/// Stars of a pattern: what makes automata large. `wide`: of `**` alone.
std::size_t stars(const glob::Sequence& glob, bool wide = false);

struct Automata {
    std::optional<Atoms> own; ///< unset: all patterns are in parts
    std::vector<Atoms> parts;
};

class AutomataMaker {
public:
    /// Of the fact with automaton `dfa` (LL_DFA_x). `labels[p]` are the labels that pattern p is part of. Keeps both.
    AutomataMaker(const std::vector<PathPattern>& patterns, const std::vector<std::vector<std::uint32_t>>& labels,
                  std::uint32_t dfa);

    /// By pattern: bytes of its shortest path, or ~0 when it matches none.
    [[nodiscard]] std::vector<std::uint32_t> shortest() const;
    /// Empty when they need more than kAllRoom, and more parts than `most_parts`. Nothing is tried but one automaton
    /// while `some` is enough for it.
    [[nodiscard]] std::optional<Automata> make(std::size_t most_parts, const Room& some) const;
    /// States that one automaton of all patterns may have.
    [[nodiscard]] std::size_t bound() const { return kAllRoom.maxStates(nfa_); }

private:
    using Patterns = std::vector<std::uint32_t>; ///< numbers

    [[nodiscard]] Nfa nfaOf(const Patterns& patterns) const;
    [[nodiscard]] std::optional<Dfa> eitherWay(const Patterns& patterns, const Nfa& nfa, const Room& room) const;
    [[nodiscard]] Atoms atomsOf(const Dfa& dfa) const;
    [[nodiscard]] std::optional<Automata> split(std::size_t most_parts, const Room& room) const;
    [[nodiscard]] std::optional<std::vector<Atoms>> parts(const Patterns& patterns, std::size_t most,
                                                          const Room& room) const;

    const std::vector<PathPattern>& patterns_;
    const std::vector<std::vector<std::uint32_t>>& labels_;
    std::uint32_t dfa_;
    Universe universe_;
    Patterns all_;
    Nfa nfa_; ///< of all, from the start
};

} // namespace landlatch::match
