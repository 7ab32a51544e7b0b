// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/explain.h"

#include "compiler/syntax/expected.h"
#include "compiler/syntax/limits.h"

#include <fmt/format.h>
#include <optional>

namespace landlatch::syntax {

namespace {

using Tokens = std::vector<SourceToken>;

std::optional<std::size_t> closingOf(std::size_t type) {
    switch (type) {
    case Lexer::LBRACE:
        return Lexer::RBRACE;
    case Lexer::LPAREN:
        return Lexer::RPAREN;
    case Lexer::LBRACK:
        return Lexer::RBRACK;
    default:
        return std::nullopt;
    }
}

bool isClosing(std::size_t type) { return type == Lexer::RBRACE || type == Lexer::RPAREN || type == Lexer::RBRACK; }

/// The innermost bracket opened before `end` and not closed; null when all are.
const SourceToken* openBracket(const Tokens& tokens, std::size_t end) {
    std::vector<const SourceToken*> open;
    for (std::size_t i = 0; i < end; ++i) {
        if (closingOf(tokens[i].getType())) {
            open.push_back(&tokens[i]);
        } else if (isClosing(tokens[i].getType()) && !open.empty()) {
            open.pop_back();
        }
    }
    return open.empty() ? nullptr : open.back();
}

bool isText(std::size_t type) {
    return type == Lexer::WORD || type == Lexer::STRING || type == Lexer::NUMBER || type == Lexer::RANGE ||
           type == Lexer::PATH || type == Lexer::VARIABLE;
}

/// Some word or value may stand here, so a comma before it was right.
bool expectsItem(const std::set<std::size_t>& expected) {
    return expected.contains(Lexer::WORD) || expected.contains(Lexer::PATH) || expected.contains(Lexer::NUMBER);
}

} // namespace

bool isKeyword(std::size_t type) { return type >= Lexer::ABI && type <= Lexer::WITH; }

bool isStatementKeyword(std::size_t type) {
    switch (type) {
    case Lexer::ABI:
    case Lexer::REQUIRES:
    case Lexer::IMPORT:
    case Lexer::USE:
    case Lexer::LET:
    case Lexer::PARAM:
    case Lexer::RULESET:
    case Lexer::RULE:
    case Lexer::WHEN:
    case Lexer::PREFER:
    case Lexer::TEST:
        return true;
    default:
        return false;
    }
}

void Explainer::unknownStart(const SourceToken& found) {
    static const std::vector<std::string> starters = {"abi",     "requires", "import", "use",    "let", "param",
                                                      "ruleset", "rule",     "when",   "prefer", "test"};
    const std::string written(text(found));
    diag::Diagnostic& diagnostic =
        sink_.report(diag::Id::kUnknownStatement, span(found), {fmt::format("`{}`", written)});
    if (const std::string near = diag::nearest(written, starters); !near.empty()) {
        diagnostic.fix(span(found), near, "did you mean");
    } else if (written == "deny" || written == "apply" || written == "pass" || isKeyword(found.getType())) {
        diagnostic.help("conditions and actions stand in a rule: `when CONDITION ACTION`");
    } else {
        diagnostic.help("statements start with `abi`, `requires`, `import`, `use`, `let`, `param`, `ruleset`, `rule`, "
                        "`when`, `prefer` or `test`");
    }
}

bool Explainer::special(const Tokens& tokens, const Failure& failure) {
    const SourceToken& found = tokens[failure.index];
    const std::size_t type = found.getType();
    const SourceToken* const before = failure.index == 0 ? nullptr : &tokens[failure.index - 1];
    if (type == Lexer::DENY && tokens[0].getType() == Lexer::RULESET && failure.expected.contains(Lexer::ALLOW)) {
        sink_.report(diag::Id::kDenyInRuleset, span(found), {})
            .help("leave the right out of every `allow` that covers the path, or carve the path out with `except`");
        return true;
    }
    if (before != nullptr && before->getType() == Lexer::LBRACK && type == Lexer::RBRACK) {
        sink_.report(diag::Id::kEmptyList, {file_, before->begin, found.end}, {});
        return true;
    }
    // In `user a, test, b` the comma is right and `test` is a name without its quotes.
    const bool in_list = isKeyword(type) && tokens[failure.index + 1].getType() == Lexer::COMMA;
    if (before != nullptr && before->getType() == Lexer::COMMA && expectsItem(failure.expected) && !isText(type) &&
        !in_list) {
        diag::Diagnostic& diagnostic = sink_.report(diag::Id::kTrailingComma, span(*before), {});
        diagnostic.fix(span(*before), "", "remove the comma");
        if (isKeyword(type) && !found.first_on_line) {
            diagnostic.help(fmt::format("`{0}` is a keyword; as a name it is written \"{0}\"", text(found)));
        }
        return true;
    }
    if (isKeyword(type) && !found.first_on_line && failure.expected.contains(Lexer::STRING)) {
        sink_
            .report(diag::Id::kKeywordAsName, span(found),
                    {std::string(text(found)), describe(vocabulary_, failure.expected)})
            .fix(span(found), fmt::format("\"{}\"", text(found)), "quote it to use it as a name");
        return true;
    }
    return false;
}

bool Explainer::unclosed(const Tokens& tokens, const Failure& failure) {
    const SourceToken& found = tokens[failure.index];
    const SourceToken* const open = openBracket(tokens, failure.index);
    if (open == nullptr || found.getType() != antlr4::Token::EOF) {
        return false;
    }
    const std::size_t closing = *closingOf(open->getType());
    if (!failure.expected.contains(closing)) {
        return false;
    }
    const std::uint32_t end = failure.index == 0 ? open->end : tokens[failure.index - 1].end;
    sink_.report(diag::Id::kUnclosed, span(*open), {std::string(text(*open))})
        .help(fmt::format("expected {} or {}", tokenName(vocabulary_, closing),
                          [&] {
                              std::set<std::size_t> others = failure.expected;
                              others.erase(closing);
                              return describe(vocabulary_, others);
                          }()))
        .label({file_, end, end}, "the statement ends here");
    return true;
}

void Explainer::syntax(const Tokens& tokens, const Failure& failure) {
    const SourceToken& found = tokens[failure.index];
    const std::size_t type = found.getType();
    const bool may_end = failure.expected.contains(antlr4::Token::EOF);
    if (failure.index == 0 || (may_end && found.first_on_line && !isClosing(type))) {
        unknownStart(found);
        return;
    }
    if (special(tokens, failure) || unclosed(tokens, failure)) {
        return;
    }
    const bool ended = type == antlr4::Token::EOF;
    const std::uint32_t end_of_last = tokens[failure.index - 1].end;
    const Span where = ended ? Span{file_, end_of_last, end_of_last} : span(found);
    diag::Diagnostic& diagnostic =
        sink_.report(diag::Id::kSyntaxError, where,
                     {ended ? "end of the statement" : fmt::format("`{}`", text(found).substr(0, 80)),
                      describe(vocabulary_, failure.expected)});
    if (type == Lexer::WORD || type == Lexer::UNQUOTED) {
        std::vector<std::string> words;
        for (const std::size_t expected : failure.expected) {
            if (isKeyword(expected)) {
                words.push_back(keywordText(vocabulary_, expected));
            }
        }
        const std::string near = diag::nearest(text(found), words);
        if (!near.empty()) {
            diagnostic.fix(where, near, "did you mean");
        }
    }
    const SourceToken* const open = openBracket(tokens, failure.index);
    if (isClosing(type) && open == nullptr) {
        diagnostic.help(fmt::format("no bracket is open that `{}` could close", text(found)));
    } else if (open != nullptr && open->getType() == Lexer::LPAREN) {
        diagnostic.label(span(*open), "opened here");
    }
}

void Explainer::flaws(const Tokens& tokens) {
    bool said_on_this_line = false;
    bool open_string = false; // the last flaw was a string left open; the next one may be its far end
    std::size_t said = 0;
    for (const SourceToken& token : tokens) {
        said_on_this_line = said_on_this_line && !token.first_on_line;
        if (token.flaw == Flaw::kNone || said_on_this_line || said >= kMaxSyntaxErrors) {
            continue;
        }
        said_on_this_line = true;
        if (token.flaw == Flaw::kUnterminated && open_string) {
            open_string = false;
            continue;
        }
        open_string = token.flaw == Flaw::kUnterminated;
        flaw(token);
        ++said;
    }
}

void Explainer::flaw(const SourceToken& token) {
    const Span where = span(token);
    const Span first_byte{file_, token.begin, std::min(token.begin + 1, token.end)};
    switch (token.flaw) {
    case Flaw::kNone:
        break;
    case Flaw::kStuckHash:
        sink_.report(diag::Id::kHashInWord, first_byte, {})
            .help("quote the whole word to keep the `#` in it, or put a blank before a comment");
        break;
    case Flaw::kUnterminated:
        sink_.report(diag::Id::kUnterminatedString, first_byte, {}).help("a quote inside a string is written `\\\"`");
        break;
    case Flaw::kUnquoted:
        needsQuotes(token);
        break;
    case Flaw::kLoneDollar:
        sink_.report(diag::Id::kLoneDollar, where, {})
            .help("a variable is `$name` or `${space.name}`; a literal dollar sign is `\\$`");
        break;
    case Flaw::kBraceSpace:
        sink_.report(diag::Id::kSpaceInBraces, first_byte, {});
        break;
    case Flaw::kBraceDepth:
        sink_.report(diag::Id::kNestedTooDeep, first_byte, {"braces", std::to_string(kMaxBraceDepth)});
        break;
    case Flaw::kTooLong:
        sink_.report(diag::Id::kTokenTooLong, first_byte,
                     {std::to_string(token.end - token.begin), std::to_string(kMaxTokenBytes)});
        break;
    case Flaw::kStray:
        stray(token);
        break;
    }
}

void Explainer::needsQuotes(const SourceToken& token) {
    const std::string_view written = text(token);
    const auto word = [&](std::string_view instead) {
        sink_.report(diag::Id::kStrayCharacter, span(token), {std::string(written)})
            .fix(span(token), std::string(instead), "did you mean");
    };
    if (written == "&&" || written == "&") {
        word("and");
        return;
    }
    if (written == "||" || written == "|") {
        word("or");
        return;
    }
    if (written == "!") {
        word("not");
        return;
    }
    const std::string shown(written.substr(0, 80));
    diag::Diagnostic& diagnostic = sink_.report(diag::Id::kNeedsQuotes, span(token), {shown});
    if (written.find('/') != std::string_view::npos) {
        diagnostic.help("a bare path starts with `/`");
    }
    if (written.find('\\') == std::string_view::npos) {
        diagnostic.fix(span(token), fmt::format("\"{}\"", written), "quote it");
    }
}

void Explainer::stray(const SourceToken& token) {
    if (text(token) == "[") {
        sink_.report(diag::Id::kUnclosedClass, span(token), {});
        return;
    }
    // A byte above 0x7F is the first of a character that takes several.
    std::uint32_t end = token.end;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80) {
        ++end;
    }
    const Span where{file_, token.begin, end};
    sink_.report(diag::Id::kStrayCharacter, where, {std::string(text_.substr(token.begin, end - token.begin))})
        .help("quote what it belongs to");
}

} // namespace landlatch::syntax
