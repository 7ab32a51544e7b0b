// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/rules.h"

#include "compiler/sema/conditions.h"

#include <algorithm>
#include <map>
#include <set>

namespace landlatch::sema {

namespace {

/// Whether a `use rules` of it takes anything: its own rules, or those that it takes itself.
bool offersRules(const Declarations& declarations, ModuleId module) {
    const auto& statements = declarations.modules()[module].ast.statements;
    return std::any_of(statements.begin(), statements.end(), [](const ast::Statement& statement) {
        return std::holds_alternative<ast::Rule>(statement.what) ||
               std::holds_alternative<ast::UseRules>(statement.what);
    });
}

/// The modules that `module` takes rules of.
std::vector<ModuleId> usesOf(const Declarations& declarations, ModuleId module, Context& context) {
    std::vector<ModuleId> uses;
    std::set<std::string> seen;
    for (const ast::Statement& statement : declarations.modules()[module].ast.statements) {
        const auto* use = std::get_if<ast::UseRules>(&statement.what);
        if (use == nullptr) {
            continue;
        }
        for (const ast::Name& name : use->names) {
            if (!seen.insert(name.text()).second) {
                context.report(diag::Id::kRepeated, name.span, {name.text()});
                continue;
            }
            const std::optional<ModuleId> target = declarations.findNamespace(module, name);
            if (!target || *target == kNoModule) {
                continue;
            }
            uses.push_back(*target);
            if (!offersRules(declarations, *target)) {
                context.report(diag::Id::kNoRulesToUse, name.span, {name.text()});
            }
        }
    }
    return uses;
}

/// The modules whose rules the policy has, the root first.
std::vector<ModuleId> takenModules(const Declarations& declarations, Context& context) {
    std::vector<std::vector<ModuleId>> uses;
    for (ModuleId module = 0; module < declarations.modules().size(); ++module) {
        uses.push_back(usesOf(declarations, module, context));
    }
    std::vector<ModuleId> taken{kRoot};
    std::set<ModuleId> seen{kRoot};
    for (std::size_t i = 0; i < taken.size(); ++i) {
        for (const ModuleId target : uses[taken[i]]) {
            if (seen.insert(target).second) {
                taken.push_back(target);
            }
        }
    }
    return taken;
}

class RuleBuilder {
public:
    RuleBuilder(const Declarations& declarations, const std::vector<ir::Ruleset>& rulesets, Variables& variables,
                Context& context)
        : declarations_(declarations), rulesets_(rulesets), variables_(variables), context_(context) {}

    BuiltRules run() {
        const std::vector<ModuleId> taken = takenModules(declarations_, context_);
        const std::set<ModuleId> is_taken(taken.begin(), taken.end());
        std::map<ModuleId, std::vector<DeclId>> by_module;
        const auto count = static_cast<DeclId>(declarations_.rules().size());
        for (DeclId id = 0; id < count; ++id) {
            by_module[declarations_.rules()[id].module].push_back(id);
        }
        for (const ModuleId module : taken) {
            for (const DeclId id : by_module[module]) {
                ids_[id] = static_cast<ir::RuleId>(built_.rules.size());
                built_.rules.push_back(build(id));
            }
        }
        for (const auto& [module, rules] : by_module) {
            for (const DeclId id : rules) {
                if (!is_taken.contains(module)) {
                    build(id); // for its errors
                }
            }
        }
        for (ModuleId module = 0; module < declarations_.modules().size(); ++module) {
            addPrefers(module, is_taken.contains(module));
        }
        return std::move(built_);
    }

private:
    ir::Rule build(DeclId id) {
        const RuleDecl& decl = declarations_.rules()[id];
        const ast::Rule& source = *decl.rule;
        ir::Rule rule;
        if (source.name) {
            rule.name = declarations_.publicName(decl.module, source.name->text, false);
        }
        if (std::optional<ir::Condition> condition = buildCondition(decl.module, source, variables_, context_)) {
            rule.condition = std::move(*condition);
        }
        rule.always = source.always;
        rule.audit = source.audit;
        rule.used = decl.module != kRoot;
        rule.span = decl.span;
        rule.effect = effectOf(decl.module, source);
        warnOfContainers(rule, source.action_span);
        return rule;
    }

    ir::Effect effectOf(ModuleId module, const ast::Rule& source) {
        ir::Effect effect;
        if (const auto* apply = std::get_if<ast::Apply>(&source.action)) {
            effect.kind = ir::Effect::Kind::kApply;
            effect.nnp = apply->nnp;
            effect.rulesets = resolveApply(declarations_, module, *apply, source.action_span, context_);
        } else if (const auto* deny = std::get_if<ast::Deny>(&source.action)) {
            effect.kind = ir::Effect::Kind::kDeny;
            effect.why = deny->why ? deny->why->text : "";
        } else {
            effect.kind = ir::Effect::Kind::kPass;
        }
        return effect;
    }

    /// A ruleset's paths are the host's inodes unless it says `paths in target`: a container sees other ones.
    void warnOfContainers(const ir::Rule& rule, Span where) {
        if (rule.effect.kind != ir::Effect::Kind::kApply || !reads(rule.condition, {ir::Fact::kInContainer}, true)) {
            return;
        }
        for (const ir::RulesetId id : rule.effect.rulesets) {
            if (!rulesets_[id].paths.empty() && !rulesets_[id].in_target) {
                context_.report(diag::Id::kContainerHostPaths, where, {rulesets_[id].name})
                    .label(rulesets_[id].span, "without `paths in target`")
                    .help("`paths in target` opens them in the container");
            }
        }
    }

    void addPrefers(ModuleId module, bool taken) {
        std::map<std::pair<DeclId, DeclId>, Span> seen;
        for (const ast::Statement& statement : declarations_.modules()[module].ast.statements) {
            const auto* prefer = std::get_if<ast::Prefer>(&statement.what);
            if (prefer == nullptr) {
                continue;
            }
            const std::optional<DeclId> winner = declarations_.findRule(module, prefer->winner);
            const std::optional<DeclId> loser = declarations_.findRule(module, prefer->loser);
            if (!winner || !loser) {
                continue;
            }
            if (*winner == *loser) {
                context_.report(diag::Id::kPreferItself, prefer->loser.span, {prefer->loser.text()});
                continue;
            }
            const auto [found, inserted] = seen.try_emplace({*winner, *loser}, statement.span);
            if (!inserted) {
                context_
                    .report(diag::Id::kRepeated, statement.span,
                            {"prefer " + prefer->winner.text() + " over " + prefer->loser.text()})
                    .label(found->second, "first here");
                continue;
            }
            if (taken && isTaken(*winner, prefer->winner) && isTaken(*loser, prefer->loser)) {
                built_.prefers.push_back({ids_.at(*winner), ids_.at(*loser), statement.span});
            }
        }
    }

    bool isTaken(DeclId rule, const ast::Name& name) {
        if (ids_.contains(rule)) {
            return true;
        }
        context_.report(diag::Id::kRuleNotTaken, name.span, {name.text()})
            .help("`use rules " + name.parts.front().text + "` takes the rules of that file");
        return false;
    }

    const Declarations& declarations_;
    const std::vector<ir::Ruleset>& rulesets_;
    Variables& variables_;
    Context& context_;
    BuiltRules built_;
    std::map<DeclId, ir::RuleId> ids_;
};

} // namespace

std::vector<ir::RulesetId> resolveApply(const Declarations& declarations, ModuleId module, const ast::Apply& apply,
                                        Span where, Context& context) {
    std::set<ir::RulesetId> found;
    for (const ast::Name& name : apply.rulesets) {
        const std::optional<DeclId> id = declarations.findRuleset(module, name);
        if (id && !found.insert(*id).second) {
            context.report(diag::Id::kRepeated, name.span, {name.text()});
        }
    }
    if (found.size() > kMaxLayers) {
        context.report(diag::Id::kTooManyLayers, where, {std::to_string(found.size()), std::to_string(kMaxLayers)});
    }
    return {found.begin(), found.end()};
}

BuiltRules buildRules(const Declarations& declarations, const std::vector<ir::Ruleset>& rulesets, Variables& variables,
                      Context& context) {
    return RuleBuilder(declarations, rulesets, variables, context).run();
}

} // namespace landlatch::sema
