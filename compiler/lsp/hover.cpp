// SPDX-License-Identifier: Apache-2.0
// What stands under the cursor, in words.
#include "compiler/ir/dump.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/tokens.h"
#include "runtime/landlock/abi.h"

#include <fmt/format.h>

namespace landlatch::lsp {

namespace {

std::string aboutRight(const abi::Right& right) {
    return fmt::format("`{}`: {}\n\nLandlock ABI {}, Linux {}", right.name, right.meaning, right.abi,
                       abi::kLinuxRelease[right.abi]);
}

/// Rights, groups, protocols and scopes.
std::string aboutWord(const std::string& word, const std::string& before) {
    std::string out;
    const std::string both = before + " " + word;
    for (const abi::Right& right : abi::kRights) {
        if (right.name == word || right.name == both) {
            return aboutRight(right);
        }
        if ((word == "tcp" || word == "udp") && right.name.starts_with(word + " ")) {
            out += (out.empty() ? "" : "\n\n") + aboutRight(right);
        }
    }
    for (const abi::Group& group : abi::kGroups) {
        if (group.name == word) {
            out = fmt::format("`{}`: {}", group.name, group.meaning);
            for (const abi::Right& right : abi::kRights) {
                if (right.category == abi::Category::kFs && (group.fs >> right.bit & 1U) != 0) {
                    out += fmt::format("\n- `{}`: {} (ABI {}, Linux {})", right.name, right.meaning, right.abi,
                                       abi::kLinuxRelease[right.abi]);
                }
            }
        }
    }
    return out;
}

/// The rule whose statement holds the offset.
const ast::Statement* ruleAt(const Question& question) {
    for (const ast::Statement& statement : question.symbols.modules()[0].ast.statements) {
        if (std::holds_alternative<ast::Rule>(statement.what) && statement.span.begin <= question.offset &&
            question.offset <= statement.span.end) {
            return &statement;
        }
    }
    return nullptr;
}

/// What a rule matches and does, and why it loses if it does.
std::string aboutRule(const Question& question, const ast::Statement& statement) {
    const auto& rule = std::get<ast::Rule>(statement.what);
    const SourceManager& sources = question.symbols.sources();
    std::string out = fmt::format("matches: `{}`", sources.text(rule.when->span));
    if (rule.unless) {
        out += fmt::format("\n\nunless: `{}`", sources.text(rule.unless->span));
    }
    out += fmt::format("\n\n{}{}then: `{}`", rule.always ? "always, " : "", rule.audit ? "reported only, " : "",
                       sources.text(rule.action_span));
    const Json where = rangeOf(question.document.text, statement.span.begin, statement.span.end, question.encoding);
    for (const Json& diagnostic : question.diagnostics) {
        const std::string code = diagnostic.value("code", "");
        const bool here = diagnostic["range"]["start"] == where["start"];
        if (here && (code == "W1600" || code == "E0600" || code == "W1601")) {
            out += "\n\n" + code + ": " + diagnostic.value("message", "");
        }
    }
    return out;
}

std::string aboutSymbol(const Question& question, SymbolId id) {
    const Symbols& symbols = question.symbols;
    const ast::Statement* const statement = symbols.statementOf(id);
    if (statement == nullptr) {
        return {};
    }
    if (const auto* const let = std::get_if<ast::Let>(&statement->what)) {
        return fmt::format("`let {}` = `{}`", let->name.text, symbols.expanded(id.module, let->value));
    }
    if (const auto* const param = std::get_if<ast::Param>(&statement->what)) {
        return fmt::format("`{}`\n\nset when the policy is loaded", symbols.sources().text(statement->span));
    }
    if (std::holds_alternative<ast::Rule>(statement->what)) {
        return id.module == 0 ? aboutRule(question, *statement) : "";
    }
    std::string text(symbols.sources().text(statement->span));
    constexpr std::size_t kMaxShown = 2000;
    if (text.size() > kMaxShown) {
        text = text.substr(0, kMaxShown) + "\n…";
    }
    return fmt::format("{}\n\n```landlatch\n{}\n```", symbols.modules()[id.module].path, text);
}

} // namespace

Json hover(const Question& question) {
    if (!question.symbols.loaded()) {
        return nullptr;
    }
    std::string text;
    Span span;
    if (const auto found = question.symbols.symbolAt(question.offset)) {
        text = aboutSymbol(question, found->first);
        span = found->second;
    }
    if (text.empty()) {
        const std::string_view source = question.document.text;
        std::string before;
        for (const Token& token : tokenize(source)) {
            const std::string word(source.substr(token.begin, token.end - token.begin));
            if (token.kind == TokenKind::kWord && token.begin <= question.offset && question.offset <= token.end) {
                text = aboutWord(word, before);
                span = {question.symbols.modules()[0].file, token.begin, token.end};
                break;
            }
            before = token.kind == TokenKind::kWord ? word : before;
        }
    }
    if (text.empty()) {
        if (const ast::Statement* const rule = ruleAt(question)) {
            text = aboutRule(question, *rule);
            span = rule->span;
        }
    }
    if (text.empty()) {
        return nullptr;
    }
    return {{"contents", {{"kind", "markdown"}, {"value", text}}},
            {"range", rangeOf(question.document.text, span.begin, span.end, question.encoding)}};
}

} // namespace landlatch::lsp
