// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: the bytes of a file as a row of tokens.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/syntax/antlr.h"
#include "compiler/syntax/automaton.h"

#include <string_view>
#include <vector>

namespace landlatch::syntax {

/// Runs the lexer grammar over checked text (text_check.h). Comments are collected, white space is gone, and what
/// the lexer could make nothing of comes as a token with a flaw. Constant memory but for the comments.
class Scanner {
public:
    Scanner(FileId file, std::string_view text) : file_(file), text_(text) {}

    /// The next token; of type EOF at the end of the text, again and again.
    SourceToken next();

    std::vector<ast::Comment> takeComments() { return std::move(comments_); }

private:
    SourceToken match();
    bool findFlaw(SourceToken& token) const;
    void leaveLine(SourceToken& token);

    FileId file_;
    std::string_view text_;
    Automaton automaton_;
    std::size_t position_ = 0;
    std::size_t mode_ = antlr4::Lexer::DEFAULT_MODE;
    std::vector<std::size_t> outer_modes_;
    std::vector<ast::Comment> comments_;
    std::uint32_t last_end_ = 0;      ///< of the token before, comments included
    bool last_may_touch_hash_ = true; ///< the token before is a delimiter
};

} // namespace landlatch::syntax
