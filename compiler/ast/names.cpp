// SPDX-License-Identifier: Apache-2.0
#include "compiler/ast/names.h"

#include <algorithm>

namespace landlatch::ast {

namespace {

Declared declaredBy(const Statement& statement) {
    const auto named = [&](NameKind kind, const Word& name) {
        return Declared{kind, name.text, name.span, statement.span};
    };
    if (const auto* const import = std::get_if<Import>(&statement.what)) {
        if (import->as) {
            return named(NameKind::kNamespace, *import->as);
        }
        return {NameKind::kNamespace, import->path.substr(import->path.rfind('/') + 1), import->path_span,
                statement.span};
    }
    if (const auto* const let = std::get_if<Let>(&statement.what)) {
        return named(NameKind::kLet, let->name);
    }
    if (const auto* const param = std::get_if<Param>(&statement.what)) {
        return named(NameKind::kParam, param->name);
    }
    if (const auto* const ruleset = std::get_if<Ruleset>(&statement.what)) {
        return named(NameKind::kRuleset, ruleset->name);
    }
    if (const auto* const rule = std::get_if<Rule>(&statement.what)) {
        return rule->name ? named(NameKind::kRule, *rule->name) : Declared{};
    }
    if (const auto* const test = std::get_if<Test>(&statement.what)) {
        return named(NameKind::kTest, test->name);
    }
    return {};
}

/// Walks all statements and collects.
class Collector {
public:
    std::vector<NameUse> run(const File& file) {
        for (const Statement& statement : file.statements) {
            std::visit([&](const auto& what) { look(what); }, statement.what);
        }
        std::stable_sort(uses_.begin(), uses_.end(),
                         [](const NameUse& a, const NameUse& b) { return a.span.begin < b.span.begin; });
        return std::move(uses_);
    }

private:
    void add(NameKind kind, const Name& name, bool sets = false) {
        Span span = name.span;
        if (name.parts.size() == 1 && name.parts[0].quoted) {
            ++span.begin;
            --span.end;
        }
        uses_.push_back({kind, name.text(), span, sets});
    }
    void names(NameKind kind, const std::vector<Name>& all) {
        for (const Name& name : all) {
            add(kind, name);
        }
    }
    /// One sign around the name (`$v`), three (`${v}`, `"$v"`) or five (`"${v}"`): of those behind `$`, half come
    /// after.
    void variable(const std::string& name, Span span) {
        const auto length = static_cast<std::uint32_t>(name.size());
        span.end -= (span.end - span.begin - length - 1) / 2;
        span.begin = span.end - length;
        uses_.push_back({NameKind::kLet, name, span, false});
    }
    void pattern(const Pattern& pattern) {
        for (const PatternPiece& piece : pattern.pieces) {
            if (piece.is_variable) {
                variable(piece.text, piece.span);
            }
        }
    }
    void value(const Value& value) {
        if (const auto* const written = std::get_if<Pattern>(&value)) {
            pattern(*written);
        } else if (const auto* const use = std::get_if<VariableUse>(&value)) {
            variable(use->name, use->span);
        } else if (const auto* const list = std::get_if<List>(&value)) {
            for (const Value& item : list->items) {
                this->value(item);
            }
        }
    }
    void condition(const Condition& condition) {
        facts({condition.fact});
        for (const Condition& child : condition.children) {
            this->condition(child);
        }
    }
    void facts(const std::vector<FactTest>& tests) {
        for (const FactTest& test : tests) {
            for (const FactItem& item : test.items) {
                pattern(item.pattern);
            }
        }
    }
    void paths(const AllowPaths& grant) {
        for (const PathItem& item : grant.paths) {
            pattern(item.pattern);
        }
        for (const Pattern& excepted : grant.except) {
            pattern(excepted);
        }
    }
    void ports(const AllowPorts& grant) {
        for (const Value& port : grant.ports) {
            value(port);
        }
    }

    void look(const AbiDecl& /*abi*/) {}
    void look(const RequiresDecl& /*required*/) {}
    void look(const Import& /*import*/) {}
    void look(const UseRules& use) { names(NameKind::kNamespace, use.names); }
    void look(const Let& let) { value(let.value); }
    void look(const Param& param) {
        if (param.default_value) {
            value(*param.default_value);
        }
    }
    void look(const Ruleset& ruleset) {
        names(NameKind::kRuleset, ruleset.extends);
        for (const RulesetClause& clause : ruleset.clauses) {
            if (const auto* const granted = std::get_if<AllowPaths>(&clause.what)) {
                paths(*granted);
            } else if (const auto* const opened = std::get_if<AllowPorts>(&clause.what)) {
                ports(*opened);
            } else if (const auto* const quiet = std::get_if<Quiet>(&clause.what)) {
                if (const auto* const quiet_paths = std::get_if<AllowPaths>(&quiet->what)) {
                    paths(*quiet_paths);
                } else if (const auto* const quiet_ports = std::get_if<AllowPorts>(&quiet->what)) {
                    ports(*quiet_ports);
                }
            }
        }
    }
    void look(const Rule& rule) {
        if (rule.when) {
            condition(*rule.when);
        }
        if (rule.unless) {
            condition(*rule.unless);
        }
        if (const auto* const apply = std::get_if<Apply>(&rule.action)) {
            names(NameKind::kRuleset, apply->rulesets);
        }
    }
    void look(const Prefer& prefer) { names(NameKind::kRule, {prefer.winner, prefer.loser}); }
    void look(const Test& test) {
        for (const auto& given : test.given) {
            if (const auto* const set = std::get_if<SetParam>(&given)) {
                add(NameKind::kLet, set->param, true);
                value(set->value);
            } else {
                pattern(std::get<GivenLink>(given).link);
            }
        }
        if (test.exec) {
            facts(test.exec->facts);
        }
        for (const Expect& expect : test.expects) {
            if (const auto* const decision = std::get_if<ExpectDecision>(&expect.what)) {
                names(NameKind::kRuleset, decision->apply.rulesets);
                continue;
            }
            const auto& access = std::get<ExpectAccess>(expect.what);
            if (access.path) {
                pattern(*access.path);
            }
            if (access.ports) {
                ports(*access.ports);
            }
        }
    }

    std::vector<NameUse> uses_;
};

} // namespace

std::vector<Declared> declaredNames(const File& file) {
    std::vector<Declared> declared;
    for (const Statement& statement : file.statements) {
        if (Declared one = declaredBy(statement); one.span.valid()) {
            declared.push_back(std::move(one));
        }
    }
    return declared;
}

std::vector<NameUse> nameUses(const File& file) { return Collector().run(file); }

} // namespace landlatch::ast
