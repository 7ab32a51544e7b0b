// SPDX-License-Identifier: Apache-2.0
// The phase's result.
#include "compiler/match/plan.h"

#include "compiler/match/analysis.h"

namespace landlatch::match {

std::optional<Plan> plan(const ir::Policy& policy, const SourceManager&, diag::Sink& sink) {
    return plan(policy, sink, kSomeRoom);
}

std::optional<Plan> plan(const ir::Policy& policy, diag::Sink& sink, const Room& some) {
    std::optional<Analysis> analysis = analyse(policy, sink, some);
    if (!analysis) {
        return std::nullopt;
    }
    const std::vector<RankedBox> boxes = analysis->rankedBoxes(policy);
    Emitted emitted = emit(*analysis->space, boxes, analysis->table_effects);
    if (emitted.too_large) {
        const std::string most = std::to_string(std::size_t{LL_TO_CHAIN} * sizeof(std::uint32_t));
        sink.report(diag::Id::kTablesTooLarge, Span{}, {"over " + most, most + " for the patterns of one fact"});
        return std::nullopt;
    }
    Plan plan;
    plan.effects = std::move(analysis->effects);
    plan.rule_effect = std::move(analysis->rule_effect);
    plan.always_rulesets = std::move(analysis->always_rulesets);
    plan.users = analysis->space->users();
    plan.groups = analysis->space->groups();
    plan.tables = std::move(emitted.words);
    plan.used_dims = emitted.used;
    plan.stats.boxes = static_cast<std::uint32_t>(boxes.size());
    plan.stats.max_candidates = emitted.max_candidates;
    for (std::uint32_t dim = 0; dim < analysis->space->dims(); ++dim) {
        const Atoms& atoms = analysis->space->atoms(dim);
        plan.stats.dfa_states += static_cast<std::uint32_t>(atoms.dfa.rows.size());
        plan.stats.atoms += atoms.dfa.rows.empty() ? 0 : atoms.count - atoms.first;
    }
    return plan;
}

} // namespace landlatch::match
