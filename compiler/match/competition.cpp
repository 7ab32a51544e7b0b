// SPDX-License-Identifier: Apache-2.0
// Pairs are found through atoms: each box is filed under its smallest positive set, and only boxes filed under a common
// atom, or not filed in the same dimension at all, are compared. Rules of one effect are never compared: they can't
// disagree.
#include "compiler/match/competition.h"

#include "runtime/base/check.h"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>

namespace landlatch::match {

namespace {

/// Boxes whose smallest set has more atoms are compared with all others instead of being filed.
constexpr std::uint32_t kMaxFiled = 256;
/// Comparisons of two boxes, and steps of exact inclusion for one pair of rules.
constexpr std::size_t kMaxComparisons = std::size_t{1} << 27;
constexpr std::size_t kMaxInclusionSteps = 20000;

} // namespace

std::string ruleName(const ir::Policy& policy, ir::RuleId rule) {
    const std::string& name = policy.rules[rule].name;
    return name.empty() ? "this rule" : "rule `" + name + "`";
}

std::string effectText(const ir::Policy& policy, const ir::Effect& effect) {
    switch (effect.kind) {
    case ir::Effect::Kind::kDeny:
        return "deny";
    case ir::Effect::Kind::kPass:
        return "pass";
    case ir::Effect::Kind::kApply:
        break;
    }
    std::string text = "apply ";
    for (std::size_t i = 0; i < effect.rulesets.size(); ++i) {
        text += (i == 0 ? "" : ", ") + policy.rulesets[effect.rulesets[i]].name;
    }
    return text + (effect.nnp ? " with nnp" : "");
}

Competition::Competition(const ir::Policy& policy, Space& space, std::vector<Competitor> rules)
    : policy_(policy), space_(space), rules_(std::move(rules)), pairs_(rules_.size()) {
    for (std::uint32_t i = 0; i < rules_.size(); ++i) {
        index_[rules_[i].rule] = i;
    }
}

bool Competition::beats(std::uint32_t a, std::uint32_t b) const {
    const std::vector<Pair>& list = pairs_[a];
    const auto at = std::lower_bound(list.begin(), list.end(), b,
                                     [](const Pair& pair, std::uint32_t other) { return pair.other < other; });
    return at != list.end() && at->other == b && at->wins;
}

bool Competition::prefers(std::uint32_t a, std::uint32_t b) const { return prefers_.contains({a, b}); }

/// Point 35: pass is widest, more rulesets are narrower, nnp narrows, deny is narrowest. What can't be compared
/// loosens in some way.
bool Competition::loosens(std::uint32_t inner, std::uint32_t outer) const {
    const ir::Effect& in = rule(inner).effect;
    const ir::Effect& out = rule(outer).effect;
    if (in.kind == ir::Effect::Kind::kDeny || out.kind == ir::Effect::Kind::kPass) {
        return false;
    }
    return in.kind == ir::Effect::Kind::kPass || out.kind == ir::Effect::Kind::kDeny || (out.nnp && !in.nnp) ||
           !std::includes(in.rulesets.begin(), in.rulesets.end(), out.rulesets.begin(), out.rulesets.end());
}

bool Competition::beatsBy(std::uint32_t a, std::uint32_t b, bool a_inside, bool b_inside) const {
    // Point 8: what came by `use rules` gets nothing from inclusion where it would loosen a rule of the root file.
    if (a_inside && !(rule(a).used && !rule(b).used && loosens(a, b))) {
        return true;
    }
    if (prefers(a, b)) {
        return true;
    }
    return rule(a).effect.kind == ir::Effect::Kind::kDeny && rule(b).effect.kind != ir::Effect::Kind::kDeny &&
           !b_inside && !prefers(b, a);
}

void Competition::addPair(std::uint32_t a, std::uint32_t b, Inclusion inclusion) {
    const bool a_inside = inclusion == Inclusion::kInside;
    const bool b_inside = inclusion == Inclusion::kAround;
    const bool a_wins = beatsBy(a, b, a_inside, b_inside);
    const bool b_wins = beatsBy(b, a, b_inside, a_inside);
    LANDLATCH_CHECK(!(a_wins && b_wins));
    pairs_[a].push_back({b, a_wins, b_wins});
    pairs_[b].push_back({a, b_wins, a_wins});
}

std::optional<Competition::Inclusion> Competition::inclusion(std::uint32_t a, std::uint32_t b) {
    std::size_t steps = kMaxInclusionSteps;
    const std::optional<bool> inside = subset(space_, rules_[a].boxes, rules_[b].boxes, steps);
    const std::optional<bool> around = subset(space_, rules_[b].boxes, rules_[a].boxes, steps);
    if (!inside || !around) {
        return std::nullopt;
    }
    return *inside && *around ? Inclusion::kEqual
           : *inside          ? Inclusion::kInside
           : *around          ? Inclusion::kAround
                              : Inclusion::kNone;
}

void Competition::tooComplex(diag::Sink& sink, std::uint32_t a, std::uint32_t b) const {
    sink.report(
            diag::Id::kDecisionTooComplex, rule(a).span,
            {ruleName(policy_, rules_[a].rule), rule(b).name.empty() ? "another" : ruleName(policy_, rules_[b].rule)})
        .label(rule(b).span, "and this one");
}

bool Competition::checkPrefers(diag::Sink& sink) {
    const std::size_t errors = sink.errorCount();
    for (const ir::Prefer& prefer : policy_.prefers) {
        const auto winner = index_.find(prefer.winner);
        const auto loser = index_.find(prefer.loser);
        if (winner == index_.end() || loser == index_.end()) {
            const ir::RuleId always = winner == index_.end() ? prefer.winner : prefer.loser;
            if (policy_.rules[always].always) { // others were refused for matching nothing
                sink.report(diag::Id::kPreferAlways, prefer.span, {ruleName(policy_, always)})
                    .label(policy_.rules[always].span, "an `always` rule");
            }
            continue;
        }
        const std::uint32_t a = winner->second;
        const std::uint32_t b = loser->second;
        const std::optional<Inclusion> relation = inclusion(a, b);
        if (!relation) {
            tooComplex(sink, a, b);
            continue;
        }
        // Where point 8 takes the force from an inclusion, `prefer` is how either side is chosen.
        const bool forceless = rule(b).used && !rule(a).used && loosens(b, a);
        if (*relation == Inclusion::kAround && !forceless) {
            sink.report(diag::Id::kPreferAgainstInclusion, prefer.span,
                        {ruleName(policy_, prefer.loser), ruleName(policy_, prefer.winner)})
                .label(rule(b).span, "matches only execs that the other matches too")
                .label(rule(a).span, "matches more")
                .help("narrow the preferred rule, or add `unless` to the other");
            continue;
        }
        prefers_.insert({a, b});
    }
    return sink.errorCount() == errors && checkPreferCycles(sink);
}

/// Depth-first over `prefer` alone.
bool Competition::checkPreferCycles(diag::Sink& sink) {
    std::map<std::uint32_t, std::vector<std::uint32_t>> next;
    for (const auto& [winner, loser] : prefers_) {
        next[winner].push_back(loser);
    }
    std::map<std::uint32_t, int> state; // 1 on the path, 2 done
    std::vector<std::uint32_t> path;
    bool good = true;
    const std::function<void(std::uint32_t)> visit = [&](std::uint32_t at) {
        state[at] = 1;
        path.push_back(at);
        for (const std::uint32_t to : next[at]) {
            if (good && state[to] == 1) {
                good = false;
                std::string chain;
                for (auto i = std::find(path.begin(), path.end(), to); i != path.end(); ++i) {
                    chain += "`" + rule(*i).name + "` over ";
                }
                const auto span = std::find_if(policy_.prefers.begin(), policy_.prefers.end(), [&](const auto& p) {
                    return p.winner == rules_[at].rule && p.loser == rules_[to].rule;
                });
                sink.report(diag::Id::kPreferCycle, span->span, {chain + "`" + rule(to).name + "`"});
            } else if (good && state[to] == 0) {
                visit(to);
            }
        }
        path.pop_back();
        state[at] = 2;
    };
    // Recursion as deep as the longest chain of `prefer`: bounded here.
    if (prefers_.size() > 10000) {
        sink.report(diag::Id::kTooManyPrefers, policy_.prefers.front().span, {std::to_string(prefers_.size())});
        return false;
    }
    for (const auto& [winner, loser] : prefers_) {
        if (good && state[winner] == 0) {
            visit(winner);
        }
    }
    return good;
}

bool Competition::findPairs(diag::Sink& sink) {
    struct Filed {
        std::uint32_t rule;
        std::uint32_t dim; ///< kMaxDims: not filed
        const Box* box;
    };
    std::vector<Filed> filed;
    std::array<std::vector<std::vector<std::uint32_t>>, kMaxDims> by_atom;
    std::array<std::vector<std::uint32_t>, kMaxDims + 1> by_dim;
    for (std::uint32_t d = 0; d < space_.dims(); ++d) {
        by_atom[d].resize(space_.sets(d).universe());
    }
    std::size_t comparisons = 0;
    std::unordered_set<std::uint64_t> seen;
    const auto compare = [&](const Filed& a, const Filed& b) {
        if (a.rule == b.rule || rules_[a.rule].effect == rules_[b.rule].effect ||
            seen.contains(static_cast<std::uint64_t>(a.rule) << 32 | b.rule) || !space_.intersect(*a.box, *b.box)) {
            return true;
        }
        seen.insert(static_cast<std::uint64_t>(a.rule) << 32 | b.rule);
        const std::optional<Inclusion> relation = inclusion(a.rule, b.rule);
        if (!relation) {
            tooComplex(sink, a.rule, b.rule);
            return false;
        }
        addPair(a.rule, b.rule, *relation);
        return true;
    };
    for (std::uint32_t index = 0; index < rules_.size(); ++index) {
        for (const Box& box : rules_[index].boxes) {
            Filed now{index, kMaxDims, &box};
            std::uint32_t smallest = kMaxFiled + 1;
            for (std::uint32_t d = 0; d < space_.dims(); ++d) {
                const std::uint32_t size = space_.sets(d).count(box.sets[d]);
                if (!space_.sets(d).isNegative(box.sets[d]) && size < smallest) {
                    smallest = size;
                    now.dim = d;
                }
            }
            for (std::uint32_t d = 0; d <= kMaxDims; ++d) {
                if (d == now.dim && d != kMaxDims) {
                    continue;
                }
                comparisons += by_dim[d].size();
                if (comparisons > kMaxComparisons) {
                    sink.report(diag::Id::kPolicyTooComplex, rule(index).span);
                    return false;
                }
                for (const std::uint32_t other : by_dim[d]) {
                    if (!compare(filed[other], now)) {
                        return false;
                    }
                }
            }
            const auto id = static_cast<std::uint32_t>(filed.size());
            if (now.dim != kMaxDims) {
                for (const std::uint32_t element : space_.sets(now.dim).elements(box.sets[now.dim])) {
                    for (const std::uint32_t other : by_atom[now.dim][element]) {
                        if (++comparisons > kMaxComparisons) {
                            sink.report(diag::Id::kPolicyTooComplex, rule(index).span);
                            return false;
                        }
                        if (!compare(filed[other], now)) {
                            return false;
                        }
                    }
                    by_atom[now.dim][element].push_back(id);
                }
            }
            by_dim[now.dim].push_back(id);
            filed.push_back(now);
        }
    }
    for (std::vector<Pair>& list : pairs_) {
        std::sort(list.begin(), list.end(), [](const Pair& a, const Pair& b) { return a.other < b.other; });
    }
    return true;
}

bool Competition::relate(diag::Sink& sink) { return checkPrefers(sink) && findPairs(sink); }

} // namespace landlatch::match
