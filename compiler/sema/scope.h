// SPDX-License-Identifier: Apache-2.0
// Pass 2: what each module declares, and how names are looked up.
//
// Four kinds of names live beside each other in a module: namespaces, variables (let and param), rulesets, rules. A
// ruleset may not have the name of a namespace, since `base` alone may mean the ruleset `base` of the namespace `base`;
// all else may share a name (`rule web: … apply web`).
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/sema/context.h"
#include "compiler/sema/modules.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::sema {

/// Index into one of Declarations' vectors.
using DeclId = std::uint32_t;

struct Variable {
    ModuleId module = kRoot;
    const ast::Word* name = nullptr;
    const ast::Let* let = nullptr; ///< one of let and param is set
    const ast::Param* param = nullptr;
};
struct RulesetDecl {
    ModuleId module = kRoot;
    const ast::Ruleset* ruleset = nullptr;
    Span span; ///< the whole statement
};
struct RuleDecl {
    ModuleId module = kRoot;
    const ast::Rule* rule = nullptr;
    Span span;
};

struct Namespace {
    ModuleId module = kNoModule;
    Span span; ///< the import
};

/// The names of one module.
struct Scope {
    std::map<std::string, Namespace> namespaces;
    std::map<std::string, DeclId> variables;
    std::map<std::string, DeclId> rulesets;
    std::map<std::string, DeclId> rules;
};

/// All declarations, in the order of modules and statements. A second declaration of a name is reported and has no
/// name, but is checked like the others.
class Declarations {
public:
    Declarations(const std::vector<Module>& modules, Context& context);

    [[nodiscard]] const std::vector<Module>& modules() const { return modules_; }
    [[nodiscard]] const std::vector<Variable>& variables() const { return variables_; }
    [[nodiscard]] const std::vector<RulesetDecl>& rulesets() const { return rulesets_; }
    [[nodiscard]] const std::vector<RuleDecl>& rules() const { return rules_; }
    [[nodiscard]] const Scope& scope(ModuleId module) const { return scopes_[module]; }

    /// Look-ups from inside `module`. Empty when there is no such thing, with an error reported unless the name's
    /// namespace is one that failed to load.
    std::optional<DeclId> findVariable(ModuleId module, std::string_view dotted, Span where) const;
    std::optional<DeclId> findRuleset(ModuleId module, const ast::Name& name) const;
    std::optional<DeclId> findRule(ModuleId module, const ast::Name& name) const;
    /// A namespace by its name alone (`use rules python`); kNoModule for one that failed to load.
    std::optional<ModuleId> findNamespace(ModuleId module, const ast::Name& name) const;

    /// "python.runtime", "web": a declaration of `module` as the root file's messages and `--set` name it. A ruleset
    /// named as its file goes by the namespace alone.
    [[nodiscard]] std::string publicName(ModuleId module, const std::string& name, bool is_ruleset) const;

private:
    using Names = std::map<std::string, DeclId> Scope::*;
    struct Wanted {
        ModuleId module;       ///< who asks
        std::string_view kind; ///< "ruleset"
        Names names;
        Span where;
    };

    void declareModule(ModuleId id);
    void declareNamespace(ModuleId id, const ImportEdge& edge);
    void declare(std::map<std::string, DeclId>& names, std::string_view kind, const ast::Word& name, DeclId decl,
                 const std::vector<Span>& places);
    bool validName(const ast::Word& name, std::string_view kind);
    void checkClashes(ModuleId id);
    void assignPrefixes();
    std::optional<DeclId> findLocal(const Wanted& wanted, const std::string& name) const;
    std::optional<DeclId> findInNamespace(const Wanted& wanted, const std::string& space,
                                          const std::string& name) const;
    std::optional<DeclId> fileNamesake(const Wanted& wanted, const std::string& space, ModuleId target) const;
    void unknown(const Wanted& wanted, const std::string& name, const std::vector<std::string>& candidates) const;

    const std::vector<Module>& modules_;
    Context& context_;
    std::vector<Scope> scopes_;
    std::vector<std::string> prefixes_; ///< of each module, "" for the root
    std::vector<Variable> variables_;
    std::vector<RulesetDecl> rulesets_;
    std::vector<RuleDecl> rules_;
    std::vector<Span> variable_spans_, ruleset_spans_, rule_spans_; ///< of the names
};

} // namespace landlatch::sema
