// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: one message for what makes a statement no statement.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/antlr.h"

#include <set>
#include <string_view>
#include <vector>

namespace landlatch::syntax {

/// Where the parser stopped, and what it would have taken there.
struct Failure {
    std::size_t index = 0;          ///< of the token, in its statement
    std::set<std::size_t> expected; ///< token types; EOF when the statement could have ended
};

/// Says what is wrong with the tokens of one statement (the last is EOF) in words of the language.
class Explainer {
public:
    Explainer(FileId file, std::string_view text, const antlr4::dfa::Vocabulary& vocabulary, diag::Sink& sink)
        : file_(file), text_(text), vocabulary_(vocabulary), sink_(sink) {}

    /// One diagnostic for the first thing the parser could not take.
    void syntax(const std::vector<SourceToken>& tokens, const Failure& failure);
    /// One diagnostic for each line that has a token with a flaw.
    void flaws(const std::vector<SourceToken>& tokens);

private:
    bool special(const std::vector<SourceToken>& tokens, const Failure& failure);
    bool unclosed(const std::vector<SourceToken>& tokens, const Failure& failure);
    void unknownStart(const SourceToken& found);
    void flaw(const SourceToken& token);
    void needsQuotes(const SourceToken& token);
    void stray(const SourceToken& token);

    std::string_view text(const SourceToken& token) const { return text_.substr(token.begin, token.end - token.begin); }
    Span span(const SourceToken& token) const { return {file_, token.begin, token.end}; }

    FileId file_;
    std::string_view text_;
    const antlr4::dfa::Vocabulary& vocabulary_;
    diag::Sink& sink_;
};

/// True for the types of reserved words.
bool isKeyword(std::size_t type);
/// True for the keywords that begin a statement.
bool isStatementKeyword(std::size_t type);

} // namespace landlatch::syntax
