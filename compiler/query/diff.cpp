// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/diff.h"

#include "compiler/ir/dump.h"
#include "compiler/match/joined.h"
#include "compiler/match/witness.h"
#include "compiler/query/cells.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace landlatch::query {

namespace {

constexpr std::size_t kMaxNodes = 1'000'000;
/// Of rulesets together in force, with others.
constexpr std::size_t kMaxComparisons = 4'000;

/// By effect: the first that is the same decision, `why` too.
std::vector<std::uint32_t> sameAs(const object::Policy& policy) {
    std::vector<std::uint32_t> first;
    for (const object::Effect& effect : policy.effects) {
        const auto at = std::find(policy.effects.begin(), policy.effects.end(), effect);
        first.push_back(static_cast<std::uint32_t>(at - policy.effects.begin()));
    }
    return first;
}

void apply(const object::Policy& policy, std::uint32_t rule, DiffDecision& to) {
    const object::Effect& effect = policy.effects[policy.rules[rule].effect];
    switch (effect.kind) {
    case object::EffectKind::kDeny:
        if (!to.refused) {
            to.why = effect.why;
            to.rule = rule;
        }
        to.refused = true;
        return;
    case object::EffectKind::kPass:
        to.passed = true;
        break;
    case object::EffectKind::kApply:
        to.rulesets.insert(to.rulesets.end(), effect.rulesets.begin(), effect.rulesets.end());
        to.nnp = to.nnp || effect.nnp;
        break;
    }
    to.rule = to.rule ? to.rule : rule;
}

DiffDecision decisionOf(const object::Policy& policy, const CellDecision& cell) {
    DiffDecision decision;
    if (cell.rule) {
        apply(policy, *cell.rule, decision);
    }
    for (const std::uint32_t rule : cell.always) {
        apply(policy, rule, decision);
    }
    if (decision.refused) {
        decision.rulesets.clear();
        decision.nnp = decision.passed = false;
    }
    std::sort(decision.rulesets.begin(), decision.rulesets.end());
    decision.rulesets.erase(std::unique(decision.rulesets.begin(), decision.rulesets.end()), decision.rulesets.end());
    decision.passed = decision.passed && decision.rulesets.empty();
    return decision;
}

class Differ {
public:
    Differ(const object::Policy& before, const object::Policy& after) : before_(before), after_(after) {}

    Result<Diff> run() {
        Result<match::Joined> joined = match::join(before_, after_);
        if (!joined) {
            return joined.error();
        }
        RankedRules before = enforced(joined->boxes[0], sameAs(before_));
        RankedRules after = enforced(joined->boxes[1], sameAs(after_));
        before.each_always = after.each_always = false;
        match::Space& space = *joined->space;
        const bool done = forEachCell(
            space, {match::Box{}}, {&before, &after}, kMaxNodes,
            [&](const match::Box& box, const std::vector<CellDecision>& decisions) { add(space, box, decisions); });
        if (!done || space.tooLarge()) {
            return tooManyWays();
        }
        for (DecisionChange& change : changes_) {
            if (Result<void> judged = judge(change); !judged) {
                return judged.error();
            }
        }
        keepDifferences();
        compareFloors();
        return std::move(diff_);
    }

private:
    static Error tooManyWays() { return Error{E2BIG, "the policies overlap in too many ways to be compared exactly"}; }

    void add(match::Space& space, const match::Box& box, const std::vector<CellDecision>& decisions) {
        DecisionChange made;
        made.before = decisionOf(before_, decisions[0]);
        made.after = decisionOf(after_, decisions[1]);
        const match::Witness witness = match::witness(space, box);
        made.length = witness.length;
        const auto [at, fresh] = numbers_.try_emplace({made.before.key(), made.after.key()}, changes_.size());
        if (!fresh && changes_[at->second].length <= made.length) {
            return;
        }
        made.witness = match::factsText(space, box, witness);
        if (fresh) {
            changes_.push_back(std::move(made));
        } else {
            changes_[at->second] = std::move(made);
        }
    }

    /// Narrower or wider, by point 35.
    Result<void> judge(DecisionChange& change) {
        change.renamed = decisionText(before_, change.before) != decisionText(after_, change.after);
        if (change.before.refused || change.after.refused) {
            change.relation = relationOf(!change.after.refused, !change.before.refused);
            if (change.before.refused && change.after.refused) {
                change.relation = Relation::kSame;
            }
            return {};
        }
        const Result<RightsDiff*> rights = rightsOf(change.before.rulesets, change.after.rulesets);
        if (!rights) {
            return rights.error();
        }
        change.relation = (*rights)->relation;
        if (!change.before.rulesets.empty() && !change.after.rulesets.empty()) {
            change.rights = (*rights)->changes;
        }
        change.relation += relationOf(change.before.nnp && !change.after.nnp, change.after.nnp && !change.before.nnp);
        return {};
    }

    Result<RightsDiff*> rightsOf(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after) {
        const auto [at, fresh] = rights_.try_emplace({before, after});
        if (!fresh) {
            return &at->second;
        }
        const bool gone = missing(before_, before, after_, after);
        const bool come = missing(after_, after, before_, before);
        if (!gone && !come) {
            return &at->second; // layer by layer the same
        }
        if (++compared_ > kMaxComparisons) {
            return tooManyWays();
        }
        Result<RightsDiff> compared = compareRights({&before_, before}, {&after_, after});
        if (!compared) {
            return compared.error();
        }
        at->second = *std::move(compared);
        if (at->second.relation == Relation::kSame && gone != come) {
            at->second.relation = relationOf(gone, come); // one more layer is narrower, whatever it allows
        }
        return &at->second;
    }

    /// Whether a ruleset of `these` has none of the same content among `those`.
    static bool missing(const object::Policy& policy, const std::vector<std::uint32_t>& these,
                        const object::Policy& other, const std::vector<std::uint32_t>& those) {
        return std::any_of(these.begin(), these.end(), [&](std::uint32_t one) {
            return std::none_of(those.begin(), those.end(), [&](std::uint32_t another) {
                return sameContent(policy, policy.rulesets[one], other, other.rulesets[another]);
            });
        });
    }

    void keepDifferences() {
        std::erase_if(changes_, [](const DecisionChange& change) {
            return change.relation == Relation::kSame && !change.renamed && change.rights.empty();
        });
        // What widens is looked for first; then by length, so that the order doesn't hang on the search.
        const auto rank = [](const DecisionChange& change) {
            static constexpr std::array<int, 4> kRanks = {3, 2, 0, 1};
            return kRanks[static_cast<std::size_t>(change.relation)];
        };
        std::sort(changes_.begin(), changes_.end(), [&](const DecisionChange& a, const DecisionChange& b) {
            return std::tuple(rank(a), a.length, a.witness) < std::tuple(rank(b), b.length, b.witness);
        });
        for (const DecisionChange& change : changes_) {
            diff_.relation += change.relation;
        }
        diff_.decisions = std::move(changes_);
    }

    void compareFloors() {
        if (before_.floor != after_.floor) {
            const Relation relation = relationOf(after_.floor<before_.floor, after_.floor> before_.floor);
            diff_.others.push_back(
                fmt::format("floor: ABI {} -> ABI {}: {}", before_.floor, after_.floor, relationWord(relation)));
            diff_.relation += relation;
        }
        const ir::Access old_left = {before_.leaving_fs, before_.leaving_net, before_.leaving_scoped};
        const ir::Access new_left = {after_.leaving_fs, after_.leaving_net, after_.leaving_scoped};
        if (old_left == new_left) {
            return;
        }
        const auto beyond = [](const ir::Access& a, const ir::Access& b) {
            return ir::Access{a.fs & ~b.fs, a.net & ~b.net, a.scoped & ~b.scoped};
        };
        const ir::Access more = beyond(new_left, old_left);
        const ir::Access less = beyond(old_left, new_left);
        const Relation relation = relationOf(more != ir::Access{}, less != ir::Access{});
        diff_.others.push_back(fmt::format("leaving: given up now: {}; no longer: {}: {}", ir::accessNames(more),
                                           ir::accessNames(less), relationWord(relation)));
        diff_.relation += relation;
    }

    const object::Policy& before_;
    const object::Policy& after_;
    std::vector<DecisionChange> changes_;
    std::map<std::pair<DiffDecision::Key, DiffDecision::Key>, std::size_t> numbers_; ///< in `changes_`
    std::map<std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>>, RightsDiff> rights_;
    std::size_t compared_ = 0; ///< pairs of lists of rulesets
    Diff diff_;
};

} // namespace

Result<Diff> diff(const object::Policy& before, const object::Policy& after) { return Differ(before, after).run(); }

std::string decisionText(const object::Policy& policy, const DiffDecision& decision) {
    if (decision.refused) {
        return decision.why.empty() ? "deny" : fmt::format("deny \"{}\"", decision.why);
    }
    if (decision.rulesets.empty()) {
        return decision.passed ? "pass" : "none";
    }
    std::string text;
    for (const std::uint32_t id : decision.rulesets) {
        text += (text.empty() ? "apply " : ", ") + policy.rulesets[id].name;
    }
    return text + (decision.nnp ? " with nnp" : "");
}

} // namespace landlatch::query
