// SPDX-License-Identifier: Apache-2.0
// Statements but for what is inside of rulesets, rules and tests.
#include "compiler/format/format.h"
#include "compiler/format/printer.h"
#include "compiler/format/spelling.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace landlatch::format {

namespace {

bool isBlock(const ast::Statement& statement) {
    return std::holds_alternative<ast::Ruleset>(statement.what) || std::holds_alternative<ast::Test>(statement.what);
}

} // namespace

std::string format(const ast::File& file, const SourceManager& sources) {
    Lines lines(sources.text(file.file), file.comments);
    Printer printer(lines, sources);
    bool after_block = false;
    for (const ast::Statement& statement : file.statements) {
        const bool block = isBlock(statement);
        lines.row(0, block || after_block);
        printer.statement(statement);
        after_block = block;
    }
    return lines.finish();
}

void Printer::statement(const ast::Statement& statement) {
    span_ = statement.span;
    std::visit([&](const auto& what) { print(what); }, statement.what);
}

void Printer::print(const ast::AbiDecl& abi) {
    lines_.word(span_.begin, "abi");
    lines_.word(abi.number_span.begin, std::to_string(abi.abi));
}

void Printer::print(const ast::RequiresDecl& required) {
    lines_.word(span_.begin, "requires");
    lines_.word("abi");
    lines_.word(required.number_span.begin, std::to_string(required.abi));
    if (!required.leaving.empty()) {
        lines_.word("leaving");
        givenUp(required.leaving);
        lines_.word("unrestricted");
    }
}

void Printer::print(const ast::Import& import) {
    lines_.word(span_.begin, "import");
    lines_.word(import.path_span.begin, spellImportPath(import));
    if (import.as) {
        lines_.word("as");
        lines_.word(import.as->span.begin, spell(*import.as));
    }
}

void Printer::print(const ast::UseRules& use) {
    lines_.word(span_.begin, "use");
    lines_.word("rules");
    names(use.names);
}

void Printer::print(const ast::Let& let) {
    lines_.word(span_.begin, "let");
    lines_.word(let.name.span.begin, spell(let.name));
    lines_.word("=");
    value(let.value);
}

void Printer::print(const ast::Param& param) {
    lines_.word(span_.begin, "param");
    lines_.word(param.name.span.begin, spell(param.name));
    lines_.suffix(":");
    lines_.word(param.type_span.begin, param.type == ast::ParamType::kPath   ? "path"
                                       : param.type == ast::ParamType::kPort ? "port"
                                                                             : "ports");
    if (param.env) {
        lines_.word("=");
        lines_.word("env");
        lines_.word(param.env->span.begin, spell(*param.env));
    } else if (param.default_value) {
        lines_.word("=");
        value(*param.default_value);
    }
}

void Printer::print(const ast::Prefer& prefer) {
    lines_.word(span_.begin, "prefer");
    lines_.word(prefer.winner.span.begin, spell(prefer.winner));
    lines_.word("over");
    lines_.word(prefer.loser.span.begin, spell(prefer.loser));
}

void Printer::print(const ast::Ruleset& ruleset) {
    lines_.word(span_.begin, "ruleset");
    lines_.word(ruleset.name.span.begin, spell(ruleset.name));
    if (!ruleset.extends.empty()) {
        lines_.word("extends");
        names(ruleset.extends);
    }
    if (ruleset.clauses.empty() && !lines_.commentBefore(span_.end)) {
        lines_.word("{}");
        return;
    }
    lines_.word("{");
    const std::uint32_t brace = span_.end - 1;
    for (const ast::RulesetClause& part : ruleset.clauses) {
        lines_.row(1);
        clause(part);
    }
    lines_.closeBlock(0, brace);
}

void Printer::print(const ast::Test& test) {
    lines_.word(span_.begin, "test");
    lines_.word(test.name.span.begin, spell(test.name));
    lines_.word("{");
    // In the order of the source, which the tree keeps in three parts.
    std::vector<std::pair<std::uint32_t, std::function<void()>>> parts;
    for (const auto& given : test.given) {
        std::visit([&](const auto& what) { parts.emplace_back(what.span.begin, [&] { testItem(what); }); }, given);
    }
    if (test.exec) {
        parts.emplace_back(test.exec->span.begin, [&] { testItem(*test.exec); });
    }
    for (const ast::Expect& expect : test.expects) {
        parts.emplace_back(expect.span.begin, [&] { testItem(expect); });
    }
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [offset, write] : parts) {
        lines_.row(1);
        write();
    }
    lines_.closeBlock(0, span_.end - 1);
}

void Printer::value(const ast::Value& value) {
    if (const auto* const pattern = std::get_if<ast::Pattern>(&value)) {
        lines_.word(pattern->span.begin, spell(*pattern, Place::kItem), Break::kItem);
    } else if (const auto* const ports = std::get_if<ast::Ports>(&value)) {
        lines_.word(ports->span.begin, spell(*ports), Break::kItem);
    } else if (const auto* const use = std::get_if<ast::VariableUse>(&value)) {
        lines_.word(use->span.begin, spell(*use), Break::kItem);
    } else {
        lines_.prefix("[");
        const std::vector<ast::Value>& items = std::get<ast::List>(value).items;
        for (const ast::Value& item : items) {
            if (&item != &items[0]) {
                lines_.suffix(",");
            }
            this->value(item);
        }
        lines_.suffix("]");
    }
}

void Printer::words(const std::vector<ast::Word>& words) {
    list(words, [](const ast::Word& word) { return Item{word.span, spell(word)}; });
}

void Printer::names(const std::vector<ast::Name>& names) {
    list(names, [](const ast::Name& name) { return Item{name.span, spell(name)}; });
}

void Printer::givenUp(const std::vector<ast::Word>& words) {
    list(words, [](const ast::Word& word) { return Item{word.span, spellGivenUp(word)}; });
}

} // namespace landlatch::format
