// SPDX-License-Identifier: Apache-2.0
// Names, numbers, paths, patterns and values.
#include "compiler/syntax/builder.h"
#include "compiler/syntax/limits.h"

#include <charconv>
#include <fmt/format.h>

namespace landlatch::syntax {

namespace {

bool isWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isWordByte(char c) { return isWordStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '@'; }

std::size_t componentEnd(std::string_view text, std::size_t at) {
    if (at >= text.size() || !isWordStart(text[at])) {
        return at;
    }
    while (at < text.size() && isWordByte(text[at])) {
        ++at;
    }
    return at;
}

/// Where the use of a variable that starts with the `$` at `at` ends; `at` itself when it has no name.
std::size_t variableEnd(std::string_view text, std::size_t at) {
    if (at + 1 < text.size() && text[at + 1] == '{') {
        std::size_t end = componentEnd(text, at + 2);
        if (end > at + 2 && end < text.size() && text[end] == '.') {
            const std::size_t second = componentEnd(text, end + 1);
            end = second == end + 1 ? at : second;
        }
        return end > at + 2 && end < text.size() && text[end] == '}' ? end + 1 : at;
    }
    const std::size_t end = componentEnd(text, at + 1);
    return end == at + 1 ? at : end;
}

/// `$v` or `${ns.v}` without its signs.
std::string variableName(std::string_view use) {
    return std::string(use.starts_with("${") ? use.substr(2, use.size() - 3) : use.substr(1));
}

/// The text of a quoted string, `\c` being c.
std::string unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
        }
        out += text[i];
    }
    return out;
}

void addText(std::vector<ast::PatternPiece>& pieces, std::string_view text, Span span) {
    if (!pieces.empty() && !pieces.back().is_variable) {
        pieces.back().text += text;
        pieces.back().span.end = span.end;
    } else {
        pieces.push_back({false, std::string(text), span});
    }
}

} // namespace

std::vector<ast::PatternPiece> splitPieces(std::string_view text, FileId file, std::uint32_t begin,
                                           std::vector<Span>& lone_dollars) {
    std::vector<ast::PatternPiece> pieces;
    const auto place = [&](std::size_t from, std::size_t to) {
        return Span{file, begin + static_cast<std::uint32_t>(from), begin + static_cast<std::uint32_t>(to)};
    };
    std::size_t plain = 0; // start of the text not yet put into a piece
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '\\') {
            i += 2;
        } else if (text[i] != '$') {
            ++i;
        } else if (const std::size_t end = variableEnd(text, i); end == i) {
            lone_dollars.push_back(place(i, i + 1));
            ++i;
        } else {
            if (i > plain) {
                addText(pieces, text.substr(plain, i - plain), place(plain, i));
            }
            pieces.push_back({true, variableName(text.substr(i, end - i)), place(i, end)});
            i = plain = end;
        }
    }
    if (plain < text.size()) {
        addText(pieces, text.substr(plain), place(plain, text.size()));
    }
    return pieces;
}

ast::Word Builder::word(const SourceToken& token) {
    const std::string_view written = text(token);
    if (token.getType() == Lexer::STRING) {
        return {unescape(written.substr(1, written.size() - 2)), true, span(token)};
    }
    return {std::string(written), false, span(token)};
}

ast::Word Builder::declaredName(Parser::WordContext* tree) {
    ast::Word declared = word(tree);
    if (declared.text.empty()) {
        error(diag::Id::kEmptyName, declared.span, {});
    } else if (declared.text.find('.') != std::string::npos) {
        error(diag::Id::kDottedName, declared.span, {declared.text});
    }
    return declared;
}

std::vector<ast::Word> Builder::words(Tree* tree) {
    std::vector<ast::Word> result;
    Seen seen;
    for (antlr4::tree::ParseTree* child : tree->children) {
        const SourceToken& found = token(static_cast<Node*>(child));
        if (found.getType() == Lexer::COMMA) {
            continue;
        }
        result.push_back(word(found));
        once(seen, result.back().text, result.back().span);
    }
    return result;
}

ast::Name Builder::name(const SourceToken& token) {
    ast::Name result;
    result.span = span(token);
    ast::Word whole = word(token);
    if (whole.quoted) {
        result.parts.push_back(std::move(whole));
        return result;
    }
    std::string_view rest = whole.text;
    std::uint32_t at = token.begin;
    while (true) {
        const std::size_t dot = rest.find('.');
        const std::string_view part = rest.substr(0, dot);
        const auto end = static_cast<std::uint32_t>(at + part.size());
        result.parts.push_back({std::string(part), false, {file_, at, end}});
        if (dot == std::string_view::npos) {
            break;
        }
        rest = rest.substr(dot + 1);
        at = end + 1;
    }
    if (result.parts.size() > 2) {
        error(diag::Id::kDeepName, result.span, {whole.text});
    }
    return result;
}

std::vector<ast::Name> Builder::names(Parser::NamesContext* tree) {
    std::vector<ast::Name> result;
    Seen seen;
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (auto* const part = as<Parser::WordContext>(child)) {
            result.push_back(name(first(part)));
            once(seen, result.back().text(), result.back().span);
        }
    }
    return result;
}

std::uint64_t Builder::number(std::string_view digits, Span span) {
    std::uint64_t result = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    if (status != std::errc{} || end != digits.data() + digits.size()) {
        error(diag::Id::kNumberTooLarge, span, {std::string(digits.substr(0, 40))});
        return 0;
    }
    if (digits.size() > 1 && digits[0] == '0') {
        error(diag::Id::kLeadingZero, span, {std::string(digits)})
            .fix(span, std::to_string(result), "write it without leading zeros");
    }
    return result;
}

ast::Ports Builder::ports(const SourceToken& token) {
    const std::string_view written = text(token);
    const Span where = span(token);
    const std::size_t dots = written.find("..");
    const std::uint64_t from = number(written.substr(0, dots), where);
    const std::uint64_t to = dots == std::string_view::npos ? from : number(written.substr(dots + 2), where);
    return {from, to, where};
}

ast::Pattern Builder::pattern(Parser::PatternContext* tree) {
    ast::Pattern result;
    result.span = span(tree);
    for (antlr4::tree::ParseTree* child : tree->children) {
        const SourceToken& piece = token(static_cast<Node*>(child));
        if (piece.getType() == Lexer::VARIABLE || piece.getType() == Lexer::PATH_VARIABLE) {
            result.pieces.push_back({true, variableName(text(piece)), span(piece)});
        } else {
            addText(result.pieces, text(piece), span(piece));
        }
    }
    return result;
}

ast::Pattern Builder::textPattern(const SourceToken& token) {
    ast::Pattern result;
    result.span = span(token);
    result.pieces.push_back({false, std::string(text(token)), result.span});
    return result;
}

ast::Pattern Builder::stringPattern(const SourceToken& token) {
    ast::Pattern result;
    result.quoted = true;
    result.span = span(token);
    const std::string_view written = text(token);
    std::vector<Span> lone_dollars;
    result.pieces = splitPieces(written.substr(1, written.size() - 2), file_, token.begin + 1, lone_dollars);
    for (const Span dollar : lone_dollars) {
        error(diag::Id::kLoneDollar, dollar, {}).fix(dollar, "\\$", "write `\\$` for a literal dollar sign");
    }
    return result;
}

ast::Pattern Builder::path(Tree* tree) {
    if (Parser::PatternContext* const bare = part<Parser::PatternContext>(tree)) {
        return pattern(bare);
    }
    return stringPattern(token(leaf(tree, Lexer::STRING)));
}

ast::Value Builder::value(Parser::ValueContext* tree) {
    if (Parser::ListContext* const list = part<Parser::ListContext>(tree)) {
        ast::List result;
        result.span = span(list);
        for (antlr4::tree::ParseTree* child : list->children) {
            if (auto* const item = as<Parser::ValueContext>(child)) {
                result.items.push_back(value(item));
            }
        }
        return result;
    }
    const SourceToken& start = first(tree);
    ast::Pattern result;
    switch (start.getType()) {
    case Lexer::NUMBER:
    case Lexer::RANGE:
        return ports(start);
    case Lexer::WORD:
        return textPattern(start);
    case Lexer::STRING:
        result = stringPattern(start);
        break;
    default:
        result = pattern(part<Parser::PatternContext>(tree));
        break;
    }
    // A variable alone stands for its whole value, which may be a list.
    if (result.pieces.size() == 1 && result.pieces[0].is_variable) {
        return ast::VariableUse{result.pieces[0].text, result.span};
    }
    return result;
}

ast::Value Builder::port(const SourceToken& token) {
    if (token.getType() == Lexer::VARIABLE) {
        return ast::VariableUse{variableName(text(token)), span(token)};
    }
    return ports(token);
}

diag::Diagnostic& Builder::error(diag::Id id, Span span, std::vector<std::string> args) {
    failed_ = true;
    if (++reported_ > kMaxSyntaxErrors) {
        return discarded_ = {};
    }
    return sink_.report(id, span, std::move(args));
}

void Builder::once(Seen& seen, const std::string& key, Span span) {
    if (!seen.add(key)) {
        saidTwice(key, span);
    }
}

void Builder::saidTwice(std::string_view what, Span span) {
    error(diag::Id::kSaidTwice, span, {std::string(what)}).fix(span, "", "remove the second one");
}

void Builder::oneOf(const ast::Word& word, std::string_view kind, const std::vector<std::string>& known) {
    for (const std::string& candidate : known) {
        if (word.text == candidate) {
            return;
        }
    }
    std::string all;
    for (const std::string& candidate : known) {
        all += fmt::format("{}`{}`", all.empty() ? "" : ", ", candidate);
    }
    diag::Diagnostic& diagnostic = error(diag::Id::kUnknownWord, word.span, {std::string(kind), word.text, all});
    if (const std::string near = diag::nearest(word.text, known); !near.empty()) {
        diagnostic.fix(word.span, near, "did you mean");
    }
}

} // namespace landlatch::syntax
