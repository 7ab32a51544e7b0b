// SPDX-License-Identifier: Apache-2.0
// Clauses of rulesets.
#include "compiler/format/printer.h"
#include "compiler/format/spelling.h"

namespace landlatch::format {

namespace {

std::string_view kindWord(ast::PathKind kind) {
    switch (kind) {
    case ast::PathKind::kBeneath:
        return "beneath";
    case ast::PathKind::kFile:
        return "file";
    case ast::PathKind::kEach:
        return "each";
    }
    return "";
}

bool isAllow(const ast::RulesetClause& clause) {
    return std::holds_alternative<ast::AllowPaths>(clause.what) || std::holds_alternative<ast::AllowPorts>(clause.what);
}

} // namespace

void Printer::clause(const ast::RulesetClause& clause) {
    span_ = clause.span;
    if (isAllow(clause)) {
        lines_.word(clause.span.begin, "allow");
    }
    std::visit([&](const auto& what) { print(what); }, clause.what);
}

void Printer::print(const ast::AllowPaths& grant) {
    words(grant.rights);
    lines_.word(kindWord(grant.kind));
    list(grant.paths, [](const ast::PathItem& item) {
        return Item{item.pattern.span, spell(item.pattern, Place::kPath), item.optional ? "optional " : ""};
    });
    if (!grant.except.empty()) {
        lines_.word("except", Break::kItem);
        list(grant.except, [](const ast::Pattern& path) { return Item{path.span, spell(path, Place::kPath)}; });
    }
}

void Printer::print(const ast::AllowPorts& grant) {
    lines_.word(grant.protocol.span.begin, spell(grant.protocol));
    words(grant.operations);
    list(grant.ports, [](const ast::Value& port) {
        if (const auto* const use = std::get_if<ast::VariableUse>(&port)) {
            return Item{use->span, spell(*use)};
        }
        const auto& ports = std::get<ast::Ports>(port);
        return Item{ports.span, spell(ports)};
    });
}

void Printer::print(const ast::Leave& leave) {
    lines_.word(span_.begin, "leave");
    givenUp(leave.names);
    lines_.word("unrestricted");
}

void Printer::print(const ast::Isolate& isolate) {
    lines_.word(span_.begin, "isolate");
    words(isolate.scopes);
}

void Printer::print(const ast::Quiet& quiet) {
    lines_.word(span_.begin, "quiet");
    if (const auto* const paths = std::get_if<ast::AllowPaths>(&quiet.what)) {
        print(*paths);
    } else if (const auto* const ports = std::get_if<ast::AllowPorts>(&quiet.what)) {
        print(*ports);
    } else {
        lines_.word("scope");
        words(std::get<std::vector<ast::Word>>(quiet.what));
    }
}

void Printer::print(const ast::Log& log) {
    lines_.word(span_.begin, "log");
    lines_.word(log.flag.span.begin, spell(log.flag));
    lines_.word(log.on ? "on" : "off");
}

void Printer::print(const ast::PathsInTarget& /*paths*/) {
    lines_.word(span_.begin, "paths");
    lines_.word("in");
    lines_.word("target");
}

} // namespace landlatch::format
