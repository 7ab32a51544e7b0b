// SPDX-License-Identifier: Apache-2.0
// Several automata over one fact: which of their atoms a path can have at once. A fact has more than one only where its
// patterns multiply (space_builder.cpp), and then only boxes that ask two of them come here.
#pragma once

#include "compiler/match/atoms.h"
#include "compiler/match/sets.h"
#include "compiler/match/turned.h"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace landlatch::match {

class Space;

class JointPaths {
public:
    /// Steps of all searches together, and states of one: above them every question is answered by "yes", and
    /// tooLarge() says so.
    static constexpr std::size_t kMaxSteps = std::size_t{1} << 28;
    static constexpr std::size_t kMaxReached = std::size_t{1} << 18;

    /// A set of atoms of one dimension.
    struct In {
        std::uint32_t dim = 0;
        SetId set = 0;
        auto operator<=>(const In&) const = default;
    };

    /// A shortest path whose atom of each dimension is in the set given; unset: there is none. All dimensions read one
    /// fact, each once.
    const std::optional<std::string>& find(Space& space, const std::vector<In>& sets);

    [[nodiscard]] bool tooLarge() const { return too_large_; }

private:
    /// The paths of a set of atoms, as a small automaton with a row of all classes for each state.
    struct Language {
        std::array<std::uint8_t, 256> byte_class{};
        std::uint32_t classes = 0;
        std::uint32_t start = 0;
        std::vector<std::uint32_t> to; ///< by state * classes + class
        std::vector<bool> in;
    };
    /// An automaton's states by where they lead, and by atom.
    struct Index {
        std::vector<std::uint32_t> begin; ///< of a state's list in `from`
        std::vector<std::uint32_t> from;
        std::vector<std::vector<std::uint32_t>> of_atom;
    };

    /// Null: it can't be read in that direction within bounds.
    const Language* language(Space& space, std::uint32_t dim, SetId positive, Direction direction);
    const Index& indexOf(const Atoms& atoms, std::uint32_t dim);
    Dfa trimmed(const Atoms& atoms, std::uint32_t dim, const std::vector<std::uint32_t>& wanted);
    std::optional<std::string> search(const std::vector<const Language*>& languages, const std::vector<bool>& negated,
                                      Universe universe, Direction direction);

    std::map<std::vector<In>, std::optional<std::string>> found_;
    std::map<std::pair<In, Direction>, std::optional<Language>> languages_; ///< by positive set
    std::map<std::uint32_t, Index> indexes_;
    std::size_t steps_ = 0;
    std::size_t turning_ = 2 * kMaxTurned; ///< steps left for turning automata round
    bool too_large_ = false;
};

} // namespace landlatch::match
