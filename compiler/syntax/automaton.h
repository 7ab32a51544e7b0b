// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: the lexer grammar's automaton as flat tables.
//
// ANTLR's lexer finds the states of its automaton while it reads and keeps them in hash tables behind locks; each byte
// then costs a lookup and two locks. This class asks ANTLR for a transition the first time it is needed and notes it
// in a table, so that a byte costs one load. What the automaton is remains ANTLR's answer, taken from the grammar.
#pragma once

#include "compiler/syntax/antlr.h"

#include <array>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace landlatch::syntax {

/// What the rule of the grammar says that matched the longest text.
struct Match {
    std::size_t type = 0; ///< 0 where nothing matches
    std::size_t length = 0;
    bool skip = false; ///< `-> skip`
    bool pop = false;  ///< `-> popMode`
    int push = -1;     ///< `-> pushMode(…)`
};

class Automaton {
public:
    Automaton();
    ~Automaton();

    /// The longest match in `mode` at the start of `text`. Bytes from 0x80 up read as U+0001 (see LandlatchLexer.g4).
    Match match(std::string_view text, std::size_t mode);

private:
    class Simulator;
    using Index = std::uint16_t;
    static constexpr Index kUnknown = 0;
    static constexpr Index kDead = 1;

    struct State {
        std::array<Index, 128> next{}; ///< kUnknown, kDead or an index into states_
        antlr4::dfa::DFAState* antlr = nullptr;
        Match match; ///< of type 0 in states that accept nothing
    };

    Index start(std::size_t mode);
    Index step(Index from, unsigned char byte);
    Index add(antlr4::dfa::DFAState* state);

    std::unique_ptr<Simulator> simulator_;
    std::vector<State> states_; ///< the first two stand for kUnknown and kDead
    std::unordered_map<const antlr4::dfa::DFAState*, Index> indices_;
    std::array<Index, 8> starts_{};
};

} // namespace landlatch::syntax
