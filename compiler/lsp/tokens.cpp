// SPDX-License-Identifier: Apache-2.0
#include "compiler/lsp/tokens.h"

#include "compiler/syntax/keywords.h"

#include <algorithm>
#include <set>

namespace landlatch::lsp {

namespace {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Tokenizer {
public:
    explicit Tokenizer(std::string_view text) : text_(text) {}

    std::vector<Token> run() {
        while (at_ < text_.size()) {
            const std::size_t begin = at_;
            if (isBlank(text_[at_])) {
                ++at_;
                continue;
            }
            const TokenKind kind = one();
            tokens_.push_back({kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)});
        }
        return std::move(tokens_);
    }

private:
    TokenKind one() {
        const char c = text_[at_];
        if (c == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
            return TokenKind::kComment;
        }
        if (c == '"') {
            string();
            return TokenKind::kString;
        }
        if (c == '$' || c == '/') {
            path();
            return c == '$' ? TokenKind::kVariable : TokenKind::kPath;
        }
        if (isDigit(c)) {
            while (at_ < text_.size() && (isDigit(text_[at_]) || text_[at_] == '.')) {
                ++at_;
            }
            return TokenKind::kNumber;
        }
        if (syntax::isWordByte(c)) {
            // An import's path is one word, slashes and all.
            while (at_ < text_.size() &&
                   (syntax::isWordByte(text_[at_]) || text_[at_] == '.' || (text_[at_] == '/' && behindImport()))) {
                ++at_;
            }
            return TokenKind::kWord;
        }
        ++at_;
        return TokenKind::kSign;
    }
    [[nodiscard]] bool behindImport() const {
        return !tokens_.empty() &&
               text_.substr(tokens_.back().begin, tokens_.back().end - tokens_.back().begin) == "import";
    }
    /// Escapes included, no token goes over it.
    [[nodiscard]] bool atLineEnd(std::size_t at) const { return at < text_.size() && text_[at] == '\n'; }
    void string() {
        for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
            if (text_[at_] == '\\' && !atLineEnd(at_ + 1)) {
                ++at_;
            } else if (text_[at_] == '"') {
                ++at_;
                return;
            }
        }
        at_ = std::min(at_, text_.size());
    }
    void path() {
        std::size_t depth = 0;
        for (; at_ < text_.size() && !isBlank(text_[at_]); ++at_) {
            const char c = text_[at_];
            if (c == '\\' && !atLineEnd(at_ + 1)) {
                ++at_;
            } else if (c == '{') {
                ++depth;
            } else if (c == '}' && depth-- == 0) {
                break;
            } else if (depth == 0 && std::string_view(",;()#\"").find(c) != std::string_view::npos) {
                break;
            }
        }
        at_ = std::min(at_, text_.size());
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

/// Keywords that begin a statement or a clause, by where they do.
bool isHead(const std::string& word, Surroundings::Block block) {
    static const std::set<std::string, std::less<>> file = {"abi",     "requires", "import", "use",    "let", "param",
                                                            "ruleset", "rule",     "when",   "prefer", "test"};
    static const std::set<std::string, std::less<>> ruleset = {"allow", "leave", "isolate", "quiet", "log", "paths"};
    static const std::set<std::string, std::less<>> test = {"given", "set", "exec", "expect"};
    switch (block) {
    case Surroundings::Block::kFile:
        return file.contains(word);
    case Surroundings::Block::kRuleset:
        return ruleset.contains(word);
    case Surroundings::Block::kTest:
        return test.contains(word);
    }
    return false;
}

} // namespace

std::vector<Token> tokenize(std::string_view text) { return Tokenizer(text).run(); }

Surroundings surroundings(std::string_view text, std::uint32_t offset) {
    Surroundings around;
    around.prefix_begin = offset;
    std::string opener; // `ruleset` or `test`, until its brace
    for (const Token& token : tokenize(text.substr(0, offset))) {
        std::string word(text.substr(token.begin, token.end - token.begin));
        if (token.end == offset && token.kind != TokenKind::kSign) {
            around.in_comment = token.kind == TokenKind::kComment;
            around.in_string = token.kind == TokenKind::kString && (word.size() == 1 || !word.ends_with('"'));
            around.prefix = std::move(word);
            around.prefix_begin = token.begin;
            break;
        }
        if (token.kind == TokenKind::kComment) {
            continue;
        }
        if (word == "{" && around.block == Surroundings::Block::kFile && !opener.empty()) {
            around.block = opener == "test" ? Surroundings::Block::kTest : Surroundings::Block::kRuleset;
            around.head.clear();
            around.words.clear();
            continue;
        }
        if (word == "}" && around.block != Surroundings::Block::kFile) {
            around = {};
            around.prefix_begin = offset;
            opener.clear();
            continue;
        }
        const std::string before = around.words.empty() ? "" : around.words.back();
        const bool continues = (word == "ruleset" && before == "apply") ||
                               (word == "abi" && (before == "requires" || before == "from")) ||
                               (word == "when" && around.head == "rule");
        if (token.kind == TokenKind::kWord && isHead(word, around.block) && !continues) {
            around.head = word;
            around.words.clear();
            opener = word == "ruleset" || word == "test" ? word : opener;
        } else if (word == "when") {
            around.head = word;
        }
        around.words.push_back(std::move(word));
    }
    return around;
}

} // namespace landlatch::lsp
