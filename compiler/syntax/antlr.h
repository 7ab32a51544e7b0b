// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: the generated recognisers, and the token and stream types they are fed with.
#pragma once

#include "LandlatchLexer.h"
#include "LandlatchParser.h"
#include "antlr4-runtime.h"

#include "compiler/support/source.h"

#include <cstdint>
#include <string>
#include <typeinfo>
#include <vector>

namespace landlatch::syntax {

using Lexer = grammar::LandlatchLexer;
using Parser = grammar::LandlatchParser;

/// Why a token can't be part of any statement.
enum class Flaw : std::uint8_t {
    kNone,
    kStuckHash,    ///< `#` right behind a token
    kUnterminated, ///< a string without its closing quote
    kUnquoted,     ///< looks like one word and is none
    kLoneDollar,   ///< `$` without a name
    kBraceSpace,   ///< white space (or the end) inside the braces of a bare path
    kBraceDepth,   ///< braces of a bare path nest too deep
    kTooLong,      ///< longer than kMaxTokenBytes
    kStray,        ///< a byte that begins no token
};

/// A token as 32 bytes: type and place. The text is looked up in the source.
class SourceToken final : public antlr4::Token {
public:
    SourceToken() = default;
    SourceToken(std::size_t type, std::uint32_t from, std::uint32_t to) : begin(from), end(to), type_(type) {}

    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t index = 0; ///< in its statement
    Flaw flaw = Flaw::kNone;
    bool first_on_line = false;

    std::size_t getType() const override { return type_; }
    std::size_t getTokenIndex() const override { return index; }
    std::size_t getStartIndex() const override { return begin; }
    std::size_t getStopIndex() const override { return end - 1UL; }
    // The rest serves ANTLR's own messages, which are never made.
    std::string getText() const override { return {}; }
    std::size_t getLine() const override { return 0; }
    std::size_t getCharPositionInLine() const override { return 0; }
    std::size_t getChannel() const override { return DEFAULT_CHANNEL; }
    antlr4::TokenSource* getTokenSource() const override { return nullptr; }
    antlr4::CharStream* getInputStream() const override { return nullptr; }
    std::string toString() const override { return {}; }

private:
    std::size_t type_ = 0;
};

/// The tokens of one statement, the last of them of type EOF.
class StatementStream final : public antlr4::TokenStream {
public:
    /// `tokens` stay the caller's and must live until others are set.
    void setTokens(std::vector<SourceToken>& tokens) {
        tokens_ = tokens.data();
        size_ = tokens.size();
        position_ = 0;
    }

    void consume() override {
        if (position_ + 1 < size_) {
            ++position_;
        }
    }
    std::size_t LA(ssize_t offset) override { return LT(offset)->getType(); }
    antlr4::Token* LT(ssize_t offset) override {
        const std::size_t at = position_ + static_cast<std::size_t>(offset > 0 ? offset - 1 : offset);
        return &tokens_[std::min(at, size_ - 1)];
    }
    antlr4::Token* get(std::size_t index) const override { return &tokens_[index]; }
    ssize_t mark() override { return 0; }
    void release(ssize_t) override {}
    std::size_t index() override { return position_; }
    void seek(std::size_t index) override { position_ = std::min(index, size_ - 1); }
    std::size_t size() override { return size_; }
    std::string getSourceName() const override { return {}; }
    antlr4::TokenSource* getTokenSource() const override { return nullptr; }
    std::string getText(const antlr4::misc::Interval&) override { return {}; }
    std::string getText() override { return {}; }
    std::string getText(antlr4::RuleContext*) override { return {}; }
    std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

private:
    SourceToken none_{antlr4::Token::EOF, 0, 0};
    SourceToken* tokens_ = &none_;
    std::size_t size_ = 1;
    std::size_t position_ = 0;
};

// Parts of a tree by their exact types: no class of the grammar is derived from another, and a dynamic_cast for each
// child, as ANTLR's own accessors do it, costs more than building the syntax tree. Trees here have no error nodes.

/// The tree as a T; null when it is another.
template <typename T> T* as(antlr4::tree::ParseTree* tree) {
    return typeid(*tree) == typeid(T) ? static_cast<T*>(tree) : nullptr;
}

/// The tree as a token's node; null when it is a rule's.
inline antlr4::tree::TerminalNode* asLeaf(antlr4::tree::ParseTree* tree) {
    return typeid(*tree) == typeid(antlr4::tree::TerminalNodeImpl) ? static_cast<antlr4::tree::TerminalNode*>(tree)
                                                                   : nullptr;
}

/// The first child that is a T, or null.
template <typename T> T* part(antlr4::ParserRuleContext* tree) {
    for (antlr4::tree::ParseTree* const child : tree->children) {
        if (T* const found = as<T>(child)) {
            return found;
        }
    }
    return nullptr;
}

/// The first child that is a token of this type, or null.
inline antlr4::tree::TerminalNode* leaf(antlr4::ParserRuleContext* tree, std::size_t type) {
    for (antlr4::tree::ParseTree* const child : tree->children) {
        antlr4::tree::TerminalNode* const found = asLeaf(child);
        if (found != nullptr && found->getSymbol()->getType() == type) {
            return found;
        }
    }
    return nullptr;
}

} // namespace landlatch::syntax
