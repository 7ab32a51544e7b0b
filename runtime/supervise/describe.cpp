// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/describe.h"

#include "runtime/supervise/loader.h"

#include <fmt/format.h>

namespace landlatch::supervise {
namespace {

nlohmann::json describeRule(const Policy& policy, std::uint32_t index) {
    const object::Rule& rule = policy.content.rules[index];
    const object::Effect& effect = policy.content.effects[rule.effect];
    nlohmann::json json{{"hits", policy.hits[index]}, {"always", rule.always}, {"audit", rule.audit}};
    addRule(json, policy, index);
    switch (effect.kind) {
    case object::EffectKind::kApply: {
        json["effect"] = "apply";
        json["nnp"] = effect.nnp;
        nlohmann::json names = nlohmann::json::array();
        for (const std::uint32_t ruleset : effect.rulesets) {
            names.push_back(policy.content.rulesets[ruleset].name);
        }
        json["rulesets"] = std::move(names);
        break;
    }
    case object::EffectKind::kDeny:
        json["effect"] = "deny";
        if (!effect.why.empty()) {
            json["why"] = effect.why;
        }
        break;
    case object::EffectKind::kPass:
        json["effect"] = "pass";
        break;
    }
    return json;
}

nlohmann::json describeRuleset(const Policy& policy, std::uint32_t index) {
    const object::Ruleset& ruleset = policy.content.rulesets[index];
    nlohmann::json json{{"name", ruleset.name},
                        {"at", fmt::format("{}:{}", ruleset.file, ruleset.line)},
                        {"not_restricted", landlock::notRestricted(ruleset, policy.abi)},
                        {"paths_in_target", ruleset.in_target}};
    if (index < policy.rulesets.size()) {
        json["inodes"] = policy.rulesets[index].paths.size();
        json["ports"] = policy.rulesets[index].ports.size();
        json["notes"] = policy.rulesets[index].notes;
    }
    return json;
}

nlohmann::json describeRulesets(const Policy& policy) {
    nlohmann::json rulesets = nlohmann::json::array();
    for (std::uint32_t i = 0; i < policy.content.rulesets.size(); ++i) {
        rulesets.push_back(describeRuleset(policy, i));
    }
    return rulesets;
}

} // namespace

nlohmann::json describe(const Policy& policy) {
    nlohmann::json json{{"name", policy.name},
                        {"generation", policy.generation},
                        {"audit", policy.audit},
                        {"backend", backendName(policy.backend)},
                        {"rules", policy.content.rules.size()},
                        {"rulesets", policy.content.rulesets.size()},
                        {"applied", policy.counts.applied},
                        {"denied", policy.counts.denied},
                        {"refused", policy.counts.refused},
                        {"killed", policy.counts.killed},
                        {"audited", policy.counts.audited}};
    if (policy.request.contains("path")) {
        json["path"] = policy.request["path"];
    }
    if (!policy.problem.empty()) {
        json["problem"] = policy.problem;
    }
    return json;
}

nlohmann::json describeInstalled(const Policy& policy) {
    return {
        {"ok", true}, {"policy", describe(policy)}, {"notes", policy.notes}, {"rulesets", describeRulesets(policy)}};
}

nlohmann::json describeWhole(const Policy& policy) {
    nlohmann::json answer{{"ok", true}, {"policy", describe(policy)}, {"gate", policy.gate}};
    nlohmann::json rules = nlohmann::json::array();
    for (std::uint32_t i = 0; i < policy.content.rules.size(); ++i) {
        rules.push_back(describeRule(policy, i));
    }
    answer["rules"] = std::move(rules);
    answer["rulesets"] = describeRulesets(policy);
    answer["notes"] = policy.notes;
    return answer;
}

} // namespace landlatch::supervise
