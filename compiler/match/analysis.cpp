// SPDX-License-Identifier: Apache-2.0
// The steps of the decision phase, in order.
#include "compiler/match/analysis.h"

#include "compiler/match/layers.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>

namespace landlatch::match {

namespace {

/// What of an effect makes the decision; with `why` where its text counts too.
struct EffectKey {
    ir::Effect::Kind kind;
    bool nnp;
    const std::vector<ir::RulesetId>* rulesets;
    std::string_view why;

    bool operator==(const EffectKey& other) const {
        return kind == other.kind && nnp == other.nnp && why == other.why && *rulesets == *other.rulesets;
    }
};

struct EffectKeyHash {
    std::size_t operator()(const EffectKey& key) const {
        std::size_t hash =
            std::hash<std::string_view>()(key.why) + static_cast<std::size_t>(key.kind) * 2 + (key.nnp ? 1 : 0);
        for (const ir::RulesetId id : *key.rulesets) {
            hash = (hash ^ id) * 0x9e3779b97f4a7c15ULL;
        }
        return hash;
    }
};

/// Numbers of effects by what they are, in the order they come in. Keeps pointers into the effects given.
class EffectNumbers {
public:
    /// The number of the first effect like this one: `fresh` where there was none.
    std::uint32_t number(const ir::Effect& effect, std::string_view why, std::uint32_t fresh) {
        return numbers_.try_emplace({effect.kind, effect.nnp, &effect.rulesets, why}, fresh).first->second;
    }

private:
    std::unordered_map<EffectKey, std::uint32_t, EffectKeyHash> numbers_;
};

/// Distinct effects, and which of them are one decision.
void collectEffects(const ir::Policy& policy, Analysis& analysis) {
    EffectNumbers distinct;
    for (const ir::Rule& rule : policy.rules) {
        const auto fresh = static_cast<std::uint32_t>(analysis.effects.size());
        analysis.rule_effect.push_back(distinct.number(rule.effect, rule.effect.why, fresh));
        if (analysis.rule_effect.back() == fresh) {
            analysis.effects.push_back(rule.effect);
        }
    }
    EffectNumbers decisions;
    for (const ir::Effect& effect : analysis.effects) {
        TableEffect made;
        made.same_as = decisions.number(effect, {}, static_cast<std::uint32_t>(analysis.table_effects.size()));
        made.nnp = effect.kind == ir::Effect::Kind::kApply && effect.nnp;
        switch (effect.kind) {
        case ir::Effect::Kind::kApply:
            made.kind = LL_APPLY;
            break;
        case ir::Effect::Kind::kDeny:
            made.kind = LL_DENY;
            break;
        case ir::Effect::Kind::kPass:
            made.kind = LL_PASS;
            break;
        }
        analysis.table_effects.push_back(made);
    }
}

void collectRules(const ir::Policy& policy, Analysis& analysis, diag::Sink& sink) {
    for (ir::RuleId id = 0; id < policy.rules.size(); ++id) {
        const ir::Rule& rule = policy.rules[id];
        std::optional<Boxes> boxes = toBoxes(*analysis.space, rule.condition);
        if (!boxes) {
            sink.report(diag::Id::kTooManyBoxes, rule.span, {ruleName(policy, id), std::to_string(kMaxBoxes)})
                .help("write it as several rules, or take alternatives apart by exec");
            continue;
        }
        if (boxes->empty()) {
            sink.report(diag::Id::kRuleMatchesNothing, rule.condition.span.valid() ? rule.condition.span : rule.span,
                        {ruleName(policy, id)});
            continue;
        }
        const std::uint32_t effect = analysis.table_effects[analysis.rule_effect[id]].same_as;
        (rule.always ? analysis.always : analysis.competing).push_back({id, effect, rule.audit, std::move(*boxes)});
    }
    for (const Competitor& rule : analysis.always) {
        for (const ir::RulesetId ruleset : policy.rules[rule.rule].effect.rulesets) {
            auto& list = analysis.always_rulesets;
            if (std::find(list.begin(), list.end(), ruleset) == list.end()) {
                list.push_back(ruleset);
            }
        }
    }
    if (analysis.always_rulesets.size() > kMaxBits) {
        sink.report(diag::Id::kTooManyBits, policy.rules[analysis.always.back().rule].span,
                    {std::to_string(analysis.always_rulesets.size()), "rulesets applied by `always` rules"});
    }
}

/// What of each effect `always` rules can apply as well: a decision is the union of both.
void splitEffects(Analysis& analysis) {
    std::vector<ir::Effect> rests;
    rests.reserve(analysis.effects.size()); // `numbers` points into it
    EffectNumbers numbers;
    for (std::size_t i = 0; i < analysis.effects.size(); ++i) {
        ir::Effect rest = analysis.effects[i];
        rest.nnp = false;
        TableEffect& made = analysis.table_effects[i];
        for (std::size_t bit = 0; bit < analysis.always_rulesets.size(); ++bit) {
            if (std::erase(rest.rulesets, analysis.always_rulesets[bit]) != 0) {
                made.of_always |= std::uint64_t{1} << bit;
            }
        }
        rests.push_back(std::move(rest));
        made.beside = numbers.number(rests.back(), {}, static_cast<std::uint32_t>(i));
    }
}

/// A rule that every other sentence of the policy overrules, and one that contains and can be undone.
void lint(const Competition& competition, Space& space, diag::Sink& sink) {
    const ir::Policy& policy = competition.policy();
    const auto catch_all = [&](const Competitor& rule) {
        return policy.rules[rule.rule].effect.kind != ir::Effect::Kind::kPass &&
               std::all_of(rule.boxes.begin(), rule.boxes.end(), [&](const Box& box) {
                   return space.asked(box, LL_DIM_EXEC).empty() && space.asked(box, LL_DIM_SCRIPT).empty() &&
                          !space.asked(box, LL_DIM_CGROUP).empty();
               });
    };
    for (std::uint32_t i = 0; i < competition.rules().size(); ++i) {
        const Competitor& rule = competition.rules()[i];
        const bool catches = catch_all(rule);
        for (const Pair& pair : competition.pairs(i)) {
            if (!pair.loses) {
                continue;
            }
            const Competitor& winner = competition.rules()[pair.other];
            const ir::Rule& by = policy.rules[winner.rule];
            std::size_t steps = 1000;
            if (!winner.audit && subset(space, rule.boxes, winner.boxes, steps).value_or(false)) {
                sink.report(diag::Id::kNeverDecides, policy.rules[rule.rule].span, {ruleName(policy, rule.rule)})
                    .label(by.span, "decides for all of its execs");
                break;
            }
            if (catches && by.effect.kind != ir::Effect::Kind::kDeny) {
                sink.report(diag::Id::kCatchAllUndone, policy.rules[rule.rule].span, {ruleName(policy, rule.rule)})
                    .label(by.span, "this rule decides instead: " + effectText(policy, by.effect))
                    .help("write `always` before the action to hold it for all execs");
                break;
            }
        }
    }
}

/// All steps once there is a space. False after an error.
bool decide(const ir::Policy& policy, Analysis& analysis, diag::Sink& sink) {
    collectEffects(policy, analysis);
    collectRules(policy, analysis, sink);
    if (sink.hasErrors()) {
        return false;
    }
    splitEffects(analysis);
    Competition competition(policy, *analysis.space, analysis.competing);
    if (!competition.relate(sink)) {
        return false;
    }
    std::optional<Order> order = decideAll(competition, sink);
    if (!order) {
        return false;
    }
    analysis.order = std::move(*order);
    checkLayers(policy, *analysis.space, analysis.competing, analysis.always, sink);
    lint(competition, *analysis.space, sink);
    return !sink.hasErrors();
}

} // namespace

std::vector<RankedBox> Analysis::rankedBoxes(const ir::Policy& policy) const {
    std::vector<RankedBox> boxes;
    const auto add = [&](const Box& box, ir::RuleId rule, std::uint32_t flags, std::uint64_t bits) {
        boxes.push_back({box, rule, rule_effect[rule], flags, bits});
    };
    const auto views_of = [](const Competitor& rule) {
        return rule.audit ? LL_BOX_AUDITED : LL_BOX_ENFORCED | LL_BOX_AUDITED;
    };
    for (const Cell& cell : order.cells) {
        add(cell.box, competing[cell.winner].rule, cell.views, 0);
    }
    for (const std::uint32_t index : order.ranks) {
        for (const Box& box : competing[index].boxes) {
            add(box, competing[index].rule, views_of(competing[index]), 0);
        }
    }
    for (const Competitor& rule : always) {
        const ir::Effect& effect = policy.rules[rule.rule].effect;
        std::uint64_t bits = 0;
        for (const ir::RulesetId ruleset : effect.rulesets) {
            const auto at = std::find(always_rulesets.begin(), always_rulesets.end(), ruleset);
            bits |= std::uint64_t{1} << (at - always_rulesets.begin());
        }
        for (const Box& box : rule.boxes) {
            add(box, rule.rule, views_of(rule) | LL_BOX_ALWAYS | (effect.nnp ? LL_BOX_NNP : 0), bits);
        }
    }
    return boxes;
}

std::optional<Analysis> analyse(const ir::Policy& policy, diag::Sink& sink, const Room& some) {
    std::optional<Space> space = Space::build(policy, sink, some);
    if (!space) {
        return std::nullopt;
    }
    Analysis analysis;
    analysis.space = std::make_unique<Space>(std::move(*space));
    diag::Sink found;
    const bool good = decide(policy, analysis, found);
    if (analysis.space->tooLarge()) { // then what was found may not be so
        sink.report(diag::Id::kPolicyTooComplex, policy.rules.front().span)
            .help("fewer patterns with several `**`, or with `*` in several places of one component");
        return std::nullopt;
    }
    sink.append(found);
    if (!good) {
        return std::nullopt;
    }
    return analysis;
}

} // namespace landlatch::match
