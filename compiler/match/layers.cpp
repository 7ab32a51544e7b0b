// SPDX-License-Identifier: Apache-2.0
// First a bound that settles nearly every policy: all rulesets of `always` rules with those of one effect. Where that
// is more than a task can have, a search for execs that really get so many: the region of a rule, narrowed by one
// `always` rule after the other. A competing rule counts where it matches, decided or not, so the answer errs only
// towards refusing.
#include "compiler/match/layers.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace landlatch::match {

namespace {

constexpr std::size_t kMaxNodes = 100000;

using Rulesets = std::vector<ir::RulesetId>; // sorted

Rulesets unite(const Rulesets& a, const Rulesets& b) {
    Rulesets out;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

class Search {
public:
    Search(const ir::Policy& policy, Space& space, const std::vector<Competitor>& always)
        : policy_(policy), space_(space) {
        for (const Competitor& rule : always) {
            if (!effect(rule).rulesets.empty()) {
                always_.push_back(&rule);
            }
        }
        rest_.resize(always_.size() + 1);
        for (std::size_t i = always_.size(); i > 0; --i) {
            rest_[i - 1] = unite(rest_[i], effect(*always_[i - 1]).rulesets);
        }
    }

    [[nodiscard]] const Rulesets& all() const { return rest_.front(); }

    /// Whether some exec of `box` that gets `have` already can get too many. True also when the bound is reached.
    bool exceeds(const Box& box, const Rulesets& have, std::size_t next) {
        if (have.size() > kMaxLayers || nodes_++ > kMaxNodes) {
            return true;
        }
        if (next == always_.size() || unite(have, rest_[next]).size() <= kMaxLayers) {
            return false;
        }
        path_.push_back(always_[next]->rule);
        for (const Box& other : always_[next]->boxes) {
            if (const std::optional<Box> both = space_.intersect(box, other)) {
                if (exceeds(*both, unite(have, effect(*always_[next]).rulesets), next + 1)) {
                    return true;
                }
            }
        }
        path_.pop_back();
        return exceeds(box, have, next + 1);
    }

    [[nodiscard]] const std::vector<ir::RuleId>& path() const { return path_; }
    [[nodiscard]] bool gaveUp() const { return nodes_ > kMaxNodes; }

private:
    [[nodiscard]] const ir::Effect& effect(const Competitor& rule) const { return policy_.rules[rule.rule].effect; }

    const ir::Policy& policy_;
    Space& space_;
    std::vector<const Competitor*> always_;
    std::vector<Rulesets> rest_; ///< of the rules from an index on
    std::vector<ir::RuleId> path_;
    std::size_t nodes_ = 0;
};

void report(const ir::Policy& policy, const Search& search, ir::RuleId rule, diag::Sink& sink) {
    diag::Diagnostic& diagnostic = sink.report(diag::Id::kLayersTogether, policy.rules[rule].span,
                                               {ruleName(policy, rule), std::to_string(kMaxLayers)});
    std::size_t labels = 0;
    for (const ir::RuleId other : search.path()) {
        if (other != rule && labels++ < 8) {
            diagnostic.label(policy.rules[other].span, effectText(policy, policy.rules[other].effect));
        }
    }
    if (search.gaveUp()) {
        diagnostic.note("there are too many combinations of `always` rules to try them all, so this may not happen");
    }
    diagnostic.help("put what belongs together into one ruleset with `extends`");
}

} // namespace

void checkLayers(const ir::Policy& policy, Space& space, const std::vector<Competitor>& competing,
                 const std::vector<Competitor>& always, diag::Sink& sink) {
    Search bound(policy, space, always);
    std::set<ir::RulesetId> all(bound.all().begin(), bound.all().end());
    bool refused = false;
    for (const Competitor& rule : competing) {
        const Rulesets& own = policy.rules[rule.rule].effect.rulesets;
        all.insert(own.begin(), own.end());
        if (refused || unite(own, bound.all()).size() <= kMaxLayers) {
            continue;
        }
        Search search(policy, space, always);
        refused = std::any_of(rule.boxes.begin(), rule.boxes.end(),
                              [&](const Box& box) { return search.exceeds(box, own, 0); });
        if (refused) {
            report(policy, search, rule.rule, sink);
        }
    }
    if (!refused && bound.all().size() > kMaxLayers) {
        Search search(policy, space, always);
        refused = search.exceeds(Box{}, {}, 0);
        if (refused) {
            report(policy, search, search.path().empty() ? always.front().rule : search.path().front(), sink);
        }
    }
    if (!refused && all.size() > kMaxLayers) {
        const ir::RuleId first = competing.empty() ? always.front().rule : competing.front().rule;
        sink.report(diag::Id::kManyRulesets, policy.rules[first].span,
                    {std::to_string(all.size()), std::to_string(kMaxLayers)})
            .note("a program that is confined keeps its layers when it executes the next one; at " +
                  std::to_string(kMaxLayers) + " a further ruleset can't be applied and the exec is refused");
    }
}

} // namespace landlatch::match
