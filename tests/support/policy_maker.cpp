// SPDX-License-Identifier: Apache-2.0
#include "tests/support/policy_maker.h"

#include "runtime/base/check.h"

#include <algorithm>

namespace landlatch::ir {

namespace {

Condition join(Condition::Kind kind, std::vector<Condition> children) {
    Condition condition;
    condition.kind = kind;
    condition.children = std::move(children);
    return condition;
}

} // namespace

Condition operator!(Condition condition) { return join(Condition::Kind::kNot, {std::move(condition)}); }
Condition operator&&(Condition a, Condition b) { return join(Condition::Kind::kAnd, {std::move(a), std::move(b)}); }
Condition operator||(Condition a, Condition b) { return join(Condition::Kind::kOr, {std::move(a), std::move(b)}); }

} // namespace landlatch::ir

namespace landlatch::test {

ir::Condition fact(ir::Fact fact, std::vector<std::string> patterns) {
    ir::Condition condition;
    condition.fact.fact = fact;
    for (std::string& text : patterns) {
        Result<glob::Sequence> parsed =
            glob::parse(text, fact == ir::Fact::kExec ? glob::Escapes::kPath : glob::Escapes::kUnit);
        LANDLATCH_CHECK(parsed);
        condition.fact.patterns.push_back({std::move(text), std::move(*parsed), {}});
    }
    return condition;
}

std::vector<std::string> multiplying(std::size_t count, const std::string& folder) {
    std::vector<std::string> patterns;
    for (std::size_t i = 0; i < count; ++i) {
        patterns.push_back(folder + "/**/k" + std::to_string(i) + "/**/m" + std::to_string(i));
    }
    return patterns;
}

std::vector<std::string> multiplyingWithin(const std::string& folder) {
    std::vector<std::string> patterns = multiplying(14, folder);
    patterns.push_back(folder + "/**[!/]"); // not "/**": what matches whatever follows hides the others
    return patterns;
}

ir::Condition ids(ir::Fact fact, std::vector<std::string> names) {
    ir::Condition condition;
    condition.fact.fact = fact;
    for (const std::string& name : names) {
        ir::IdName id;
        id.name = name;
        id.numeric = name.find_first_not_of("0123456789") == std::string::npos;
        id.number = id.numeric ? static_cast<std::uint32_t>(std::stoul(name)) : 0;
        condition.fact.ids.push_back(id);
    }
    return condition;
}

ir::Effect apply(std::vector<ir::RulesetId> rulesets, bool nnp) {
    std::sort(rulesets.begin(), rulesets.end());
    return {ir::Effect::Kind::kApply, std::move(rulesets), nnp, ""};
}
ir::Effect deny(std::string why) { return {ir::Effect::Kind::kDeny, {}, false, std::move(why)}; }
ir::Effect pass() { return {}; }

PolicyMaker::PolicyMaker() {
    for (int i = 0; i < 32; ++i) {
        ir::Ruleset ruleset;
        ruleset.name = "r" + std::to_string(i);
        policy.rulesets.push_back(ruleset);
    }
}

ir::RuleId PolicyMaker::add(ir::Condition condition, ir::Effect effect) {
    ir::Rule rule;
    rule.name = "rule" + std::to_string(policy.rules.size());
    rule.condition = std::move(condition);
    rule.effect = std::move(effect);
    policy.rules.push_back(std::move(rule));
    return static_cast<ir::RuleId>(policy.rules.size() - 1);
}

ir::RuleId PolicyMaker::always(ir::Condition condition, ir::Effect effect) {
    const ir::RuleId id = add(std::move(condition), std::move(effect));
    policy.rules[id].always = true;
    return id;
}

void PolicyMaker::prefer(ir::RuleId winner, ir::RuleId loser) { policy.prefers.push_back({winner, loser, {}}); }

object::Policy toObject(const ir::Policy& policy, const match::Plan& plan) {
    object::Policy out;
    for (const ir::Effect& effect : plan.effects) {
        object::Effect made;
        made.kind = effect.kind == ir::Effect::Kind::kApply  ? object::EffectKind::kApply
                    : effect.kind == ir::Effect::Kind::kDeny ? object::EffectKind::kDeny
                                                             : object::EffectKind::kPass;
        made.rulesets = effect.rulesets;
        made.nnp = effect.nnp;
        made.why = effect.why;
        out.effects.push_back(made);
    }
    for (ir::RuleId id = 0; id < policy.rules.size(); ++id) {
        object::Rule rule;
        rule.name = policy.rules[id].name;
        rule.effect = plan.rule_effect[id];
        rule.always = policy.rules[id].always;
        rule.audit = policy.rules[id].audit;
        out.rules.push_back(rule);
    }
    out.always_rulesets = plan.always_rulesets;
    for (const ir::IdName& id : plan.users) {
        out.users.push_back({id.name, id.numeric, id.number, id.optional});
    }
    for (const ir::IdName& id : plan.groups) {
        out.groups.push_back({id.name, id.numeric, id.number, id.optional});
    }
    out.tables = plan.tables;
    return out;
}

match::IdResolution numberIds(const match::Plan& plan) {
    match::IdResolution ids;
    for (std::uint32_t i = 0; i < plan.users.size(); ++i) {
        ids.users.emplace_back(1000 + i);
    }
    for (std::uint32_t i = 0; i < plan.groups.size(); ++i) {
        ids.groups.emplace_back(1000 + i);
    }
    return ids;
}

std::optional<match::Plan> planOf(const ir::Policy& policy) {
    SourceManager sources;
    diag::Sink sink;
    return match::plan(policy, sources, sink);
}

Result<match::Matcher> matcherOf(const ir::Policy& policy) {
    const std::optional<match::Plan> plan = planOf(policy);
    return plan ? match::Matcher::create(toObject(policy, *plan), numberIds(*plan))
                : Result<match::Matcher>(Error{EINVAL, codes(policy)});
}

std::string codes(const ir::Policy& policy) {
    SourceManager sources;
    diag::Sink sink;
    (void)match::plan(policy, sources, sink);
    std::string text;
    for (const diag::Diagnostic& diagnostic : sink.all()) {
        text += (text.empty() ? "" : " ") + std::string(diag::info(diagnostic.id).code);
    }
    return text;
}

} // namespace landlatch::test
