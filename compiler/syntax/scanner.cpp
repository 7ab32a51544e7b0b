// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/scanner.h"

#include "compiler/syntax/limits.h"

#include <cstring>

namespace landlatch::syntax {

namespace {

/// The source's bytes for the lexer. Bytes from 0x80 up all read as U+0001 (see LandlatchLexer.g4).
class ByteStream final : public antlr4::CharStream {
public:
    explicit ByteStream(std::string_view text) : text_(text) {}

    void consume() override { ++position_; }
    std::size_t LA(ssize_t offset) override {
        const std::size_t at = position_ + static_cast<std::size_t>(offset > 0 ? offset - 1 : offset);
        if (at >= text_.size()) {
            return antlr4::IntStream::EOF;
        }
        const auto byte = static_cast<unsigned char>(text_[at]);
        return byte < 0x80 ? byte : 1;
    }
    ssize_t mark() override { return 0; }
    void release(ssize_t) override {}
    std::size_t index() override { return position_; }
    void seek(std::size_t index) override { position_ = index; }
    std::size_t size() override { return text_.size(); }
    std::string getSourceName() const override { return {}; }
    std::string getText(const antlr4::misc::Interval&) override { return {}; }
    std::string toString() const override { return {}; }

private:
    std::string_view text_;
    std::size_t position_ = 0;
};

/// The generated lexer, noting each token's place instead of allocating it.
class PlainLexer final : public Lexer {
public:
    explicit PlainLexer(ByteStream* input) : grammar::LandlatchLexer(input) { removeErrorListeners(); }

    antlr4::Token* emit() override {
        found_type = type;
        found_begin = tokenStartCharIndex;
        found_end = getCharIndex();
        return nullptr;
    }
    antlr4::Token* emitEOF() override {
        found_type = antlr4::Token::EOF;
        found_begin = found_end = getCharIndex();
        return nullptr;
    }

    std::size_t found_type = 0;
    std::size_t found_begin = 0;
    std::size_t found_end = 0;
};

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

struct Scanner::Impl {
    explicit Impl(std::string_view text) : input(text), lexer(&input) {}
    ByteStream input;
    PlainLexer lexer;
};

Scanner::Scanner(FileId file, std::string_view text) : file_(file), text_(text), impl_(std::make_unique<Impl>(text)) {}

Scanner::~Scanner() = default;

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
    if (impl_->lexer.modeStack.size() > kMaxBraceDepth) {
        token.flaw = Flaw::kBraceDepth;
    }
    return token.flaw != Flaw::kNone;
}

SourceToken Scanner::next() {
    PlainLexer& lexer = impl_->lexer;
    while (true) {
        const bool in_braces = lexer.mode == Lexer::IN_BRACES;
        lexer.nextToken();
        SourceToken token(lexer.found_type, static_cast<std::uint32_t>(lexer.found_begin),
                          static_cast<std::uint32_t>(lexer.found_end));
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
            lexer.modeStack.clear();
            lexer.mode = antlr4::Lexer::DEFAULT_MODE;
        }
        last_end_ = token.end;
        last_may_touch_hash_ = isDelimiter(token.getType());
        return token;
    }
}

} // namespace landlatch::syntax
