// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/assemble.h"

#include <cstddef>

namespace landlatch::sema {

namespace {

/// Which of a vector's elements stay, and their new places.
class Renumbering {
public:
    explicit Renumbering(std::size_t size) : kept_(size, false), place_(size, 0) {}
    void keep(std::uint32_t id) { kept_[id] = true; }
    void number() {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < kept_.size(); ++i) {
            place_[i] = next;
            next += kept_[i] ? 1 : 0;
        }
    }
    [[nodiscard]] bool kept(std::size_t id) const { return kept_[id]; }
    void apply(std::uint32_t& id) const { id = place_[id]; }

private:
    std::vector<bool> kept_;
    std::vector<std::uint32_t> place_;
};

/// Calls `visit` with every param id that a ruleset holds.
template <typename Visit> void forEachParam(ir::Ruleset& ruleset, const Visit& visit) {
    const auto path = [&](ir::PathTemplate& text) {
        for (ir::PathPiece& piece : text.pieces) {
            if (piece.param) {
                visit(*piece.param);
            }
        }
    };
    for (auto* grants : {&ruleset.paths, &ruleset.quiet_paths}) {
        for (ir::PathGrant& grant : *grants) {
            path(grant.path);
            for (ir::PathTemplate& except : grant.except) {
                path(except);
            }
        }
    }
    for (auto* grants : {&ruleset.ports, &ruleset.quiet_ports}) {
        for (ir::PortGrant& grant : *grants) {
            if (auto* param = std::get_if<ir::ParamId>(&grant.ports)) {
                visit(*param);
            }
        }
    }
}

/// Calls `visit` with every list of rulesets that rules and tests hold.
template <typename Visit> void forEachRulesetList(BuiltRules& rules, std::vector<ir::Test>& tests, const Visit& visit) {
    for (ir::Rule& rule : rules.rules) {
        visit(rule.effect.rulesets);
    }
    for (ir::Test& test : tests) {
        for (ir::Expect& expect : test.expects) {
            if (auto* decision = std::get_if<ir::ExpectDecision>(&expect.what)) {
                visit(decision->rulesets);
            }
        }
    }
}

} // namespace

Assembled assemble(const Declarations& declarations, std::vector<ir::Ruleset> rulesets, BuiltRules rules,
                   std::vector<ir::Test> tests, const std::vector<ir::Param>& params) {
    Renumbering ruleset_ids(rulesets.size());
    Renumbering param_ids(params.size());
    forEachRulesetList(rules, tests, [&](const std::vector<ir::RulesetId>& ids) {
        for (const ir::RulesetId id : ids) {
            ruleset_ids.keep(id);
        }
    });
    if (rules.rules.empty() && tests.empty()) {
        for (std::size_t id = 0; id < rulesets.size(); ++id) {
            if (declarations.rulesets()[id].module == kRoot) {
                ruleset_ids.keep(static_cast<ir::RulesetId>(id));
            }
        }
    }
    ruleset_ids.number();
    Assembled assembled;
    ir::Policy& policy = assembled.policy;
    for (std::size_t id = 0; id < rulesets.size(); ++id) {
        if (ruleset_ids.kept(id)) {
            policy.rulesets.push_back(std::move(rulesets[id]));
            forEachParam(policy.rulesets.back(), [&](ir::ParamId param) { param_ids.keep(param); });
        } else if (declarations.rulesets()[id].module == kRoot) {
            assembled.unused.push_back(std::move(rulesets[id]));
        }
    }
    for (const ir::Test& test : tests) {
        for (const ir::TestParam& set : test.params) {
            param_ids.keep(set.param);
        }
    }
    param_ids.number();
    for (std::size_t id = 0; id < params.size(); ++id) {
        if (param_ids.kept(id)) {
            policy.params.push_back(params[id]);
        }
    }
    for (ir::Ruleset& ruleset : policy.rulesets) {
        forEachParam(ruleset, [&](ir::ParamId& param) { param_ids.apply(param); });
    }
    for (ir::Test& test : tests) {
        for (ir::TestParam& set : test.params) {
            param_ids.apply(set.param);
        }
    }
    // Order is kept, so that sorted lists stay sorted.
    forEachRulesetList(rules, tests, [&](std::vector<ir::RulesetId>& ids) {
        for (ir::RulesetId& id : ids) {
            ruleset_ids.apply(id);
        }
    });
    policy.rules = std::move(rules.rules);
    policy.prefers = std::move(rules.prefers);
    policy.tests = std::move(tests);
    return assembled;
}

} // namespace landlatch::sema
