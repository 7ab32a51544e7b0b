// SPDX-License-Identifier: Apache-2.0
// Rulesets, lets and params that nothing uses.
#include "compiler/ast/names.h"

#include "compiler/lint/lint.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace landlatch::lint {

namespace {

std::string_view kindOf(ast::NameKind kind) {
    switch (kind) {
    case ast::NameKind::kLet:
        return "let";
    case ast::NameKind::kParam:
        return "param";
    case ast::NameKind::kRuleset:
        return "ruleset";
    case ast::NameKind::kNamespace:
    case ast::NameKind::kRule:
    case ast::NameKind::kTest:
        break;
    }
    return {};
}

/// A file without rules and tests is a library: its names are there for others, but for private ones.
bool isLibrary(const ast::File& file) {
    return std::none_of(file.statements.begin(), file.statements.end(), [](const ast::Statement& statement) {
        return std::holds_alternative<ast::Rule>(statement.what) ||
               std::holds_alternative<ast::UseRules>(statement.what) ||
               std::holds_alternative<ast::Test>(statement.what);
    });
}

} // namespace

void checkNames(const Input& input, diag::Sink& sink) {
    const ast::File& root = input.modules[0].ast;
    std::set<std::string> variables;
    std::set<std::string> rulesets;
    for (const ast::NameUse& use : ast::nameUses(root)) {
        if (use.kind == ast::NameKind::kRuleset) {
            rulesets.insert(use.name);
        } else if (use.kind == ast::NameKind::kLet && !use.sets) {
            variables.insert(use.name);
        }
    }
    const bool library = isLibrary(root);
    for (const ast::Declared& declared : ast::declaredNames(root)) {
        const std::string_view kind = kindOf(declared.kind);
        const bool is_public = library && !declared.name.starts_with('_');
        const std::set<std::string>& used = declared.kind == ast::NameKind::kRuleset ? rulesets : variables;
        if (!kind.empty() && !is_public && !used.contains(declared.name)) {
            sink.report(diag::Id::kUnusedName, declared.name_span, {std::string(kind), declared.name});
        }
    }
}

} // namespace landlatch::lint
