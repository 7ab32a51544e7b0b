// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/scanner.h"

#include "compiler/syntax/limits.h"
#include "runtime/base/check.h"

namespace landlatch::syntax {

namespace {

bool isDelimiter(std::size_t type) {
    switch (type) {
    case Lexer::LBRACE:
    case Lexer::RBRACE:
    case Lexer::LBRACK:
    case Lexer::RBRACK:
    case Lexer::LPAREN:
    case Lexer::RPAREN:
    case Lexer::COMMA:
    case Lexer::SEMI:
    case Lexer::COLON:
    case Lexer::EQUALS:
        return true;
    default:
        return false;
    }
}

} // namespace

SourceToken Scanner::match() {
    while (position_ < text_.size()) {
        const Match found = automaton_.match(text_.substr(position_), mode_);
        LANDLATCH_CHECK(found.type != 0 || found.skip); // each mode has a rule for any one byte
        const std::size_t begin = position_;
        position_ += found.length;
        if (found.push >= 0) {
            outer_modes_.push_back(mode_);
            mode_ = static_cast<std::size_t>(found.push);
        }
        if (found.pop) {
            mode_ = outer_modes_.empty() ? antlr4::Lexer::DEFAULT_MODE : outer_modes_.back();
            if (!outer_modes_.empty()) {
                outer_modes_.pop_back();
            }
        }
        if (!found.skip) {
            return {found.type, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(position_)};
        }
    }
    return {antlr4::Token::EOF, static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text_.size())};
}

bool Scanner::findFlaw(SourceToken& token) const {
    switch (token.getType()) {
    case Lexer::COMMENT:
        token.flaw = Flaw::kStuckHash;
        break;
    case Lexer::UNTERMINATED:
        token.flaw = Flaw::kUnterminated;
        break;
    case Lexer::UNQUOTED:
        token.flaw = Flaw::kUnquoted;
        break;
    case Lexer::LONE_DOLLAR:
        token.flaw = Flaw::kLoneDollar;
        break;
    case Lexer::BRACES_SPACE:
        token.flaw = Flaw::kBraceSpace;
        break;
    case Lexer::STRAY:
        token.flaw = Flaw::kStray;
        break;
    default:
        break;
    }
    if (token.end - token.begin > kMaxTokenBytes) {
        token.flaw = Flaw::kTooLong;
    }
    if (outer_modes_.size() > kMaxBraceDepth) {
        token.flaw = Flaw::kBraceDepth;
    }
    return token.flaw != Flaw::kNone;
}

/// Behind a flaw the rest of the line has nothing to say: it is likely misread, and a match that failed far ahead (a
/// `[` without its `]`) must not be tried again from every byte of a long line.
void Scanner::leaveLine(SourceToken& token) {
    outer_modes_.clear();
    mode_ = antlr4::Lexer::DEFAULT_MODE;
    position_ = std::min(text_.find('\n', token.begin), text_.size());
    token.end = std::min(token.end, static_cast<std::uint32_t>(position_));
}

SourceToken Scanner::next() {
    while (true) {
        const bool in_braces = mode_ == Lexer::IN_BRACES;
        SourceToken token = match();
        const bool touches = token.begin == last_end_ && !last_may_touch_hash_;
        if (token.getType() == Lexer::COMMENT && !touches && !in_braces) {
            comments_.push_back({{file_, token.begin, token.end}});
            continue;
        }
        const std::string_view gap = text_.substr(last_end_, token.begin - last_end_);
        token.first_on_line = last_end_ == 0 || gap.find('\n') != std::string_view::npos;
        if (token.getType() == antlr4::Token::EOF) {
            if (in_braces) {
                token.flaw = Flaw::kBraceSpace;
            }
        } else if (findFlaw(token)) {
            leaveLine(token);
        }
        last_end_ = token.end;
        last_may_touch_hash_ = isDelimiter(token.getType());
        return token;
    }
}

} // namespace landlatch::syntax
