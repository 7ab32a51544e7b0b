// SPDX-License-Identifier: Apache-2.0
// The document as a whole: its outline, what folds, what each word is, and its one layout.
#include "compiler/format/format.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/tokens.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/parse.h"
#include "runtime/landlock/abi.h"

#include <algorithm>
#include <map>

namespace landlatch::lsp {

namespace {

/// Indices into tokenTypes().
enum class Type : std::uint8_t {
    kKeyword,
    kNamespace,
    kRuleset,
    kRule,
    kVariable,
    kParameter,
    kRight,
    kString,
    kNumber,
    kComment,
};

Type typeOf(ast::NameKind kind) {
    switch (kind) {
    case ast::NameKind::kNamespace:
        return Type::kNamespace;
    case ast::NameKind::kLet:
        return Type::kVariable;
    case ast::NameKind::kParam:
        return Type::kParameter;
    case ast::NameKind::kRuleset:
        return Type::kRuleset;
    case ast::NameKind::kRule:
        return Type::kRule;
    case ast::NameKind::kTest:
        break;
    }
    return Type::kString;
}

int symbolKindOf(ast::NameKind kind) {
    switch (kind) {
    case ast::NameKind::kNamespace:
        return 3; // Namespace
    case ast::NameKind::kLet:
        return 14; // Constant
    case ast::NameKind::kParam:
        return 13; // Variable
    case ast::NameKind::kRuleset:
        return 5; // Class
    case ast::NameKind::kRule:
        return 12; // Function
    case ast::NameKind::kTest:
        return 6; // Method
    }
    return 13;
}

bool isRight(std::string_view word) {
    const auto named = [&](const auto& known) { return known.name == word; };
    return std::any_of(abi::kRights.begin(), abi::kRights.end(), named) ||
           std::any_of(abi::kGroups.begin(), abi::kGroups.end(), named) || word == "tcp" || word == "udp" ||
           word == "connect" || word == "bind";
}

/// Names of the root file by the place they start at.
std::map<std::uint32_t, std::pair<std::uint32_t, Type>> namedPlaces(const Symbols& symbols) {
    std::map<std::uint32_t, std::pair<std::uint32_t, Type>> places;
    for (const ast::Declared& declared : symbols.declared(0)) {
        places[declared.name_span.begin] = {declared.name_span.end, typeOf(declared.kind)};
    }
    for (const ResolvedUse& use : symbols.uses(0)) {
        const Type type = use.symbol ? typeOf(symbols.at(*use.symbol).kind) : Type::kVariable;
        places[use.span.begin] = {use.span.end, type};
        if (use.space) {
            places[use.space->begin] = {use.space->end, Type::kNamespace};
        }
    }
    return places;
}

/// Writes tokens as the protocol wants them: each relative to the one before, none over a line's end.
class TokenWriter {
public:
    TokenWriter(const SourceManager& sources, FileId file, Encoding encoding, std::size_t tokens)
        : sources_(sources), file_(file), encoding_(encoding) {
        constexpr std::size_t kNumbers = 5; // a token
        data_.reserve(tokens * kNumbers);
    }

    void add(std::uint32_t begin, std::uint32_t end, Type type) {
        if (begin >= end) {
            return;
        }
        const LineColumn at = sources_.lineColumn(file_, begin);
        const std::uint32_t line = at.line - 1;
        const std::uint32_t column = unitsOf(sources_.text(Span{file_, begin - (at.column - 1), begin}), encoding_);
        const std::uint32_t length = unitsOf(sources_.text(Span{file_, begin, end}), encoding_);
        data_.emplace_back(line - line_);
        data_.emplace_back(line == line_ ? column - column_ : column);
        data_.emplace_back(length);
        data_.emplace_back(static_cast<std::uint32_t>(type));
        data_.emplace_back(0U);
        line_ = line;
        column_ = column;
    }
    Json::array_t take() { return std::move(data_); }

private:
    const SourceManager& sources_;
    FileId file_;
    Encoding encoding_;
    std::uint32_t line_ = 0;
    std::uint32_t column_ = 0;
    Json::array_t data_;
};

Type plainType(const Token& token, std::string_view word) {
    switch (token.kind) {
    case TokenKind::kNumber:
        return Type::kNumber;
    case TokenKind::kComment:
        return Type::kComment;
    case TokenKind::kVariable:
        return Type::kVariable;
    case TokenKind::kWord:
        return syntax::isKeyword(word) ? Type::kKeyword : isRight(word) ? Type::kRight : Type::kString;
    case TokenKind::kString:
    case TokenKind::kPath:
    case TokenKind::kSign:
        break;
    }
    return Type::kString;
}

} // namespace

const std::vector<std::string>& tokenTypes() {
    static const std::vector<std::string> types = {"keyword",   "namespace",  "class",  "function", "variable",
                                                   "parameter", "enumMember", "string", "number",   "comment"};
    return types;
}

Json documentSymbols(const Question& question) {
    Json symbols = Json::array();
    if (!question.symbols.loaded()) {
        return symbols;
    }
    const SourceManager& sources = question.symbols.sources();
    const auto add = [&](const std::string& name, int kind, Span whole, Span name_span) {
        symbols.push_back({{"name", name},
                           {"kind", kind},
                           {"range", rangeOf(sources, whole, question.encoding)},
                           {"selectionRange", rangeOf(sources, name_span, question.encoding)}});
    };
    for (const ast::Declared& declared : question.symbols.declared(0)) {
        add(declared.name.empty() ? "\"\"" : declared.name, symbolKindOf(declared.kind), declared.span,
            declared.name_span);
    }
    for (const ast::Statement& statement : question.symbols.modules()[0].ast.statements) {
        const auto* const rule = std::get_if<ast::Rule>(&statement.what);
        if (rule != nullptr && !rule->name) {
            const std::string condition(sources.text(rule->when->span));
            add("when " + condition.substr(0, condition.find('\n')), symbolKindOf(ast::NameKind::kRule), statement.span,
                rule->when->span);
        }
    }
    return symbols;
}

Json foldingRanges(const Question& question) {
    Json ranges = Json::array();
    if (!question.symbols.loaded()) {
        return ranges;
    }
    const SourceManager& sources = question.symbols.sources();
    const ast::File& file = question.symbols.modules()[0].ast;
    const auto add = [&](std::uint32_t first, std::uint32_t last, const char* kind) {
        if (last > first) {
            Json range = {{"startLine", first - 1}, {"endLine", last - 1}};
            if (*kind != '\0') {
                range["kind"] = kind;
            }
            ranges.push_back(std::move(range));
        }
    };
    const auto line = [&](std::uint32_t offset) { return sources.lineColumn(file.file, offset).line; };
    for (const ast::Statement& statement : file.statements) {
        add(line(statement.span.begin), line(statement.span.end), "");
    }
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    for (const ast::Comment& comment : file.comments) {
        const std::uint32_t here = line(comment.span.begin);
        if (here != last + 1) {
            add(first, last, "comment");
            first = here;
        }
        last = here;
    }
    add(first, last, "comment");
    return ranges;
}

Json semanticTokens(const Question& question) {
    if (!question.symbols.loaded()) {
        return {{"data", Json::array()}};
    }
    const auto places = namedPlaces(question.symbols);
    const std::string_view text = question.document.text;
    const std::vector<Token> tokens = tokenize(text);
    TokenWriter writer(question.symbols.sources(), question.symbols.modules()[0].file, question.encoding,
                       tokens.size() + places.size());
    for (const Token& token : tokens) {
        if (token.kind == TokenKind::kSign) {
            continue;
        }
        const Type plain = plainType(token, text.substr(token.begin, token.end - token.begin));
        std::uint32_t at = token.begin;
        for (auto place = places.lower_bound(token.begin);
             place != places.end() && place->first < token.end && place->second.first <= token.end; ++place) {
            if (place->first >= at) {
                writer.add(at, place->first, plain);
                writer.add(place->first, place->second.first, place->second.second);
                at = place->second.first;
            }
        }
        writer.add(at, token.end, plain);
    }
    return {{"data", writer.take()}};
}

Json formatting(const Question& question) {
    SourceManager sources;
    diag::Sink sink;
    const FileId file = sources.add("", question.document.text);
    const ast::File tree = syntax::parse(sources, file, sink);
    if (sink.hasErrors()) {
        return nullptr;
    }
    const std::string formatted = format::format(tree, sources);
    if (formatted == question.document.text) {
        return Json::array();
    }
    const auto end = static_cast<std::uint32_t>(question.document.text.size());
    return Json::array({{{"range", rangeOf(sources, Span{file, 0, end}, question.encoding)}, {"newText", formatted}}});
}

} // namespace landlatch::lsp
