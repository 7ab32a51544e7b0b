// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/automaton.h"

#include "runtime/base/check.h"

#include <mutex>

namespace landlatch::syntax {

namespace {

/// ANTLR's simulator wants a stream to point into; without actions in the grammar it never reads from it.
class NoInput final : public antlr4::CharStream {
public:
    void consume() override {}
    std::size_t LA(ssize_t) override { return antlr4::IntStream::EOF; }
    ssize_t mark() override { return 0; }
    void release(ssize_t) override {}
    std::size_t index() override { return 0; }
    void seek(std::size_t) override {}
    std::size_t size() override { return 0; }
    std::string getSourceName() const override { return {}; }
    std::string getText(const antlr4::misc::Interval&) override { return {}; }
    std::string toString() const override { return {}; }
};

/// The states that ANTLR finds are shared by all lexers of the process, and one of them is found at a time.
std::mutex& antlrMutex() {
    static std::mutex mutex;
    return mutex;
}

Match readActions(const antlr4::dfa::DFAState& state) {
    Match match;
    match.type = state.prediction;
    if (state.lexerActionExecutor == nullptr) {
        return match;
    }
    for (const auto& action : state.lexerActionExecutor->getLexerActions()) {
        switch (action->getActionType()) {
        case antlr4::atn::LexerActionType::SKIP:
            match.skip = true;
            break;
        case antlr4::atn::LexerActionType::TYPE:
            match.type = static_cast<std::size_t>(static_cast<antlr4::atn::LexerTypeAction&>(*action).getType());
            break;
        case antlr4::atn::LexerActionType::PUSH_MODE:
            match.push = static_cast<antlr4::atn::LexerPushModeAction&>(*action).getMode();
            break;
        case antlr4::atn::LexerActionType::POP_MODE:
            match.pop = true;
            break;
        default:
            LANDLATCH_CHECK(false && "a lexer command that the grammar did not have");
        }
    }
    return match;
}

} // namespace

/// Opens what ANTLR's lexer simulator computes one transition with.
class Automaton::Simulator final {
public:
    antlr4::dfa::DFAState* start(std::size_t mode) { return inner_.start(mode); }
    antlr4::dfa::DFAState* step(antlr4::dfa::DFAState* from, std::size_t symbol) { return inner_.step(from, symbol); }

private:
    class Inner final : public antlr4::atn::LexerATNSimulator {
    public:
        explicit Inner(Lexer& lexer, antlr4::atn::LexerATNSimulator& own)
            : LexerATNSimulator(&lexer, lexer.getATN(), own._decisionToDFA, own.getSharedContextCache()) {}

        antlr4::dfa::DFAState* start(std::size_t mode) {
            _mode = mode;
            antlr4::dfa::DFA& automaton = _decisionToDFA[mode];
            if (automaton.s0 == nullptr) {
                std::unique_ptr<antlr4::atn::ATNConfigSet> configs =
                    computeStartState(&none_, atn.modeToStartState[mode]);
                LANDLATCH_CHECK(!configs->hasSemanticContext);
                automaton.s0 = addDFAState(configs.release());
            }
            return automaton.s0;
        }
        /// Null where no rule goes on with `symbol`.
        antlr4::dfa::DFAState* step(antlr4::dfa::DFAState* from, std::size_t symbol) {
            antlr4::dfa::DFAState* to = getExistingTargetState(from, symbol);
            if (to == nullptr) {
                to = computeTargetState(&none_, from, symbol);
            }
            return to == ERROR.get() ? nullptr : to;
        }

    private:
        NoInput none_;
    };

    NoInput none_;
    Lexer lexer_{&none_};
    Inner inner_{lexer_, *lexer_.getInterpreter<antlr4::atn::LexerATNSimulator>()};
};

Automaton::Automaton() : simulator_(std::make_unique<Simulator>()), states_(2) {}

Automaton::~Automaton() = default;

Automaton::Index Automaton::add(antlr4::dfa::DFAState* state) {
    LANDLATCH_CHECK(states_.size() < 0xFFFF);
    const auto [known, is_new] = indices_.try_emplace(state, static_cast<Index>(states_.size()));
    if (!is_new) {
        return known->second;
    }
    State& added = states_.emplace_back();
    added.antlr = state;
    if (state->isAcceptState) {
        added.match = readActions(*state);
    }
    return known->second;
}

Automaton::Index Automaton::start(std::size_t mode) {
    LANDLATCH_CHECK(mode < starts_.size());
    if (starts_[mode] == kUnknown) {
        const std::lock_guard lock(antlrMutex());
        starts_[mode] = add(simulator_->start(mode));
    }
    return starts_[mode];
}

Automaton::Index Automaton::step(Index from, unsigned char byte) {
    const std::lock_guard lock(antlrMutex());
    antlr4::dfa::DFAState* const to = simulator_->step(states_[from].antlr, byte);
    const Index index = to == nullptr ? kDead : add(to);
    states_[from].next[byte] = index;
    return index;
}

Match Automaton::match(std::string_view text, std::size_t mode) {
    Index best = kDead;
    std::size_t length = 0;
    Index at = start(mode);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto raw = static_cast<unsigned char>(text[i]);
        const unsigned char byte = raw < 0x80 ? raw : 1;
        Index next = states_[at].next[byte];
        if (next == kUnknown) {
            next = step(at, byte);
        }
        if (next == kDead) {
            break;
        }
        at = next;
        if (states_[at].match.type != 0) {
            best = at;
            length = i + 1;
        }
    }
    Match found = states_[best].match;
    found.length = length;
    return found;
}

} // namespace landlatch::syntax
