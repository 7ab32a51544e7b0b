// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/scope.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <set>

namespace landlatch::sema {

namespace {

bool isWordStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool isWord(std::string_view text) {
    return !text.empty() && isWordStart(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
        return isWordStart(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '@';
    });
}

bool isPrivate(std::string_view name) { return name.starts_with('_'); }

/// The name that an import binds: `as`, or the path's last component.
ast::Word boundName(const ast::Import& import) {
    if (import.as) {
        return *import.as;
    }
    return {import.path.substr(import.path.rfind('/') + 1), false, import.path_span};
}

} // namespace

Declarations::Declarations(const std::vector<Module>& modules, Context& context)
    : modules_(modules), context_(context), scopes_(modules.size()) {
    for (ModuleId id = 0; id < modules_.size(); ++id) {
        declareModule(id);
    }
    assignPrefixes();
}

void Declarations::declareModule(ModuleId id) {
    Scope& scope = scopes_[id];
    for (const ImportEdge& edge : modules_[id].imports) {
        declareNamespace(id, edge);
    }
    const auto variable = [&](const ast::Word& name, const ast::Let* let, const ast::Param* param) {
        variables_.push_back({id, &name, let, param});
        variable_spans_.push_back(name.span);
        declare(scope.variables, "variable", name, static_cast<DeclId>(variables_.size() - 1), variable_spans_);
    };
    for (const ast::Statement& statement : modules_[id].ast.statements) {
        if (const auto* let = std::get_if<ast::Let>(&statement.what)) {
            variable(let->name, let, nullptr);
        } else if (const auto* param = std::get_if<ast::Param>(&statement.what)) {
            variable(param->name, nullptr, param);
        } else if (const auto* ruleset = std::get_if<ast::Ruleset>(&statement.what)) {
            rulesets_.push_back({id, ruleset, statement.span});
            ruleset_spans_.push_back(ruleset->name.span);
            declare(scope.rulesets, "ruleset", ruleset->name, static_cast<DeclId>(rulesets_.size() - 1),
                    ruleset_spans_);
        } else if (const auto* rule = std::get_if<ast::Rule>(&statement.what)) {
            rules_.push_back({id, rule, statement.span});
            rule_spans_.push_back(rule->name ? rule->name->span : statement.span);
            if (rule->name) {
                declare(scope.rules, "rule", *rule->name, static_cast<DeclId>(rules_.size() - 1), rule_spans_);
            }
        }
    }
    checkClashes(id);
}

void Declarations::declareNamespace(ModuleId id, const ImportEdge& edge) {
    const ast::Word name = boundName(*edge.import);
    if (!isWord(name.text)) {
        if (edge.target != kNoModule || edge.import->as) {
            context_.report(diag::Id::kBadName, name.span, {name.text, "namespace"})
                .help("give the import a name with `as`");
        }
        return;
    }
    const auto [found, inserted] = scopes_[id].namespaces.try_emplace(name.text, Namespace{edge.target, name.span});
    if (!inserted) {
        context_.report(diag::Id::kDuplicateName, name.span, {"namespace", name.text})
            .label(found->second.span, "first bound here")
            .help("give one of the imports another name with `as`");
    }
}

void Declarations::declare(std::map<std::string, DeclId>& names, std::string_view kind, const ast::Word& name,
                           DeclId decl, const std::vector<Span>& places) {
    if (!validName(name, kind)) {
        return;
    }
    const auto [found, inserted] = names.try_emplace(name.text, decl);
    if (!inserted) {
        context_.report(diag::Id::kDuplicateName, name.span, {std::string(kind), name.text})
            .label(places[found->second], "first declared here");
    }
}

bool Declarations::validName(const ast::Word& name, std::string_view kind) {
    if (isWord(name.text)) {
        return true;
    }
    context_.report(diag::Id::kBadName, name.span, {name.text, std::string(kind)})
        .help("names are letters, digits, `_`, `-` and `@`, and start with a letter or `_`");
    return false;
}

void Declarations::checkClashes(ModuleId id) {
    const Scope& scope = scopes_[id];
    for (const auto& [name, space] : scope.namespaces) {
        if (const auto ruleset = scope.rulesets.find(name); ruleset != scope.rulesets.end()) {
            context_.report(diag::Id::kNamespaceClash, ruleset_spans_[ruleset->second], {name})
                .label(space.span, "the namespace is bound here")
                .help("rename the ruleset, or the import with `as`");
        }
    }
}

void Declarations::assignPrefixes() {
    prefixes_.assign(modules_.size(), "");
    std::set<std::string> taken;
    if (!scopes_.empty()) {
        for (const auto& [name, unused] : scopes_[kRoot].rulesets) {
            taken.insert(name);
        }
    }
    for (const auto& [name, space] : scopes_.empty() ? std::map<std::string, Namespace>{} : scopes_[kRoot].namespaces) {
        if (space.module != kNoModule && prefixes_[space.module].empty()) {
            prefixes_[space.module] = name;
            taken.insert(name);
        }
    }
    for (ModuleId id = 1; id < modules_.size(); ++id) {
        if (!prefixes_[id].empty()) {
            continue;
        }
        std::string name = modules_[id].stem;
        for (int copy = 2; taken.contains(name); ++copy) {
            name = modules_[id].stem + "-" + std::to_string(copy);
        }
        prefixes_[id] = name;
        taken.insert(name);
    }
}

std::string Declarations::publicName(ModuleId module, const std::string& name, bool is_ruleset) const {
    if (module == kRoot) {
        return name;
    }
    return is_ruleset && name == modules_[module].stem ? prefixes_[module] : prefixes_[module] + "." + name;
}

// --- look-ups ---

std::optional<DeclId> Declarations::findVariable(ModuleId module, std::string_view dotted, Span where) const {
    const Wanted wanted{module, "variable", &Scope::variables, where};
    const std::size_t dot = dotted.find('.');
    if (dot == std::string_view::npos) {
        return findLocal(wanted, std::string(dotted));
    }
    return findInNamespace(wanted, std::string(dotted.substr(0, dot)), std::string(dotted.substr(dot + 1)));
}

std::optional<DeclId> Declarations::findRuleset(ModuleId module, const ast::Name& name) const {
    const Wanted wanted{module, "ruleset", &Scope::rulesets, name.span};
    if (name.parts.size() == 2) {
        return findInNamespace(wanted, name.parts[0].text, name.parts[1].text);
    }
    const Scope& own = scopes_[module];
    const std::string text = name.text();
    if (const auto space = own.namespaces.find(text); space != own.namespaces.end() && !own.rulesets.contains(text)) {
        return fileNamesake(wanted, text, space->second.module);
    }
    return findLocal(wanted, text);
}

std::optional<DeclId> Declarations::findRule(ModuleId module, const ast::Name& name) const {
    const Wanted wanted{module, "rule", &Scope::rules, name.span};
    return name.parts.size() == 2 ? findInNamespace(wanted, name.parts[0].text, name.parts[1].text)
                                  : findLocal(wanted, name.text());
}

std::optional<ModuleId> Declarations::findNamespace(ModuleId module, const ast::Name& name) const {
    const auto& namespaces = scopes_[module].namespaces;
    if (const auto found = namespaces.find(name.text()); found != namespaces.end()) {
        return found->second.module;
    }
    std::vector<std::string> candidates;
    for (const auto& [space, unused] : namespaces) {
        candidates.push_back(space);
    }
    unknown({module, "namespace", &Scope::rules, name.span}, name.text(), candidates);
    return std::nullopt;
}

std::optional<DeclId> Declarations::findLocal(const Wanted& wanted, const std::string& name) const {
    const auto& names = scopes_[wanted.module].*wanted.names;
    if (const auto found = names.find(name); found != names.end()) {
        return found->second;
    }
    std::vector<std::string> candidates;
    if (!context_.suggesting()) {
        unknown(wanted, name, {});
        return std::nullopt;
    }
    for (const auto& [known, unused] : names) {
        candidates.push_back(known);
    }
    for (const auto& [space, target] : scopes_[wanted.module].namespaces) {
        if (target.module == kNoModule) {
            continue;
        }
        if (wanted.names == &Scope::rulesets) {
            candidates.push_back(space);
        }
        // The name was meant, its namespace forgotten.
        if ((scopes_[target.module].*wanted.names).contains(name) && !isPrivate(name)) {
            context_.report(diag::Id::kUnknownName, wanted.where, {std::string(wanted.kind), name})
                .help(fmt::format("did you mean `{}.{}`?", space, name));
            return std::nullopt;
        }
    }
    unknown(wanted, name, candidates);
    return std::nullopt;
}

std::optional<DeclId> Declarations::findInNamespace(const Wanted& wanted, const std::string& space,
                                                    const std::string& name) const {
    const auto& namespaces = scopes_[wanted.module].namespaces;
    const auto found = namespaces.find(space);
    if (found == namespaces.end()) {
        std::vector<std::string> candidates;
        for (const auto& [known, unused] : namespaces) {
            candidates.push_back(known);
        }
        diag::Diagnostic& diagnostic = context_.report(diag::Id::kUnknownName, wanted.where, {"namespace", space});
        const std::string best = context_.nearest(space, candidates);
        if (!best.empty()) {
            diagnostic.help("did you mean `" + best + "." + name + "`?");
        }
        return std::nullopt;
    }
    const ModuleId target = found->second.module;
    if (target == kNoModule) {
        return std::nullopt;
    }
    const auto& names = scopes_[target].*wanted.names;
    const auto decl = names.find(name);
    if (decl == names.end()) {
        std::vector<std::string> candidates;
        for (const auto& [known, unused] : names) {
            if (!isPrivate(known) && context_.suggesting()) {
                candidates.push_back(fmt::format("{}.{}", space, known));
            }
        }
        unknown(wanted, space + "." + name, candidates);
        return std::nullopt;
    }
    if (isPrivate(name) && target != wanted.module) {
        context_.report(diag::Id::kPrivateName, wanted.where, {std::string(wanted.kind), name, modules_[target].path});
        return std::nullopt;
    }
    return decl->second;
}

std::optional<DeclId> Declarations::fileNamesake(const Wanted& wanted, const std::string& space,
                                                 ModuleId target) const {
    if (target == kNoModule) {
        return std::nullopt;
    }
    const auto& names = scopes_[target].rulesets;
    if (const auto found = names.find(modules_[target].stem); found != names.end()) {
        return found->second;
    }
    diag::Diagnostic& diagnostic =
        context_.report(diag::Id::kNamespaceAlone, wanted.where, {space, modules_[target].stem});
    std::string listed;
    for (const auto& [name, unused] : names) {
        if (!isPrivate(name) && listed.size() < 200) {
            listed += fmt::format("{}`{}.{}`", listed.empty() ? "" : ", ", space, name);
        }
    }
    if (!listed.empty()) {
        diagnostic.help("its rulesets: " + listed);
    }
    return std::nullopt;
}

void Declarations::unknown(const Wanted& wanted, const std::string& name,
                           const std::vector<std::string>& candidates) const {
    diag::Diagnostic& diagnostic =
        context_.report(diag::Id::kUnknownName, wanted.where, {std::string(wanted.kind), name});
    // A variable's span includes its `$`, which the suggestion must keep.
    if (wanted.names == &Scope::variables) {
        const std::string best = context_.nearest(name, candidates);
        if (!best.empty()) {
            diagnostic.help("did you mean `$" + (best.find('.') == std::string::npos ? best : "{" + best + "}") + "`?");
        }
        return;
    }
    context_.suggest(diagnostic, wanted.where, name, candidates);
}

} // namespace landlatch::sema
