// SPDX-License-Identifier: Apache-2.0
// Only two kinds of regions can hold an undecided exec: what two rules share of which neither beats the other, and what
// two rules of a cycle of `beats` share. Everywhere else the rule that comes first in any order along `beats` decides.
#include "compiler/match/decide.h"

#include "bpf-templates/match.h"
#include "compiler/match/region.h"
#include "compiler/match/witness.h"

#include <algorithm>

namespace landlatch::match {

namespace {

/// Strongly connected components of `beats` among the competitors of a view, numbered along `beats`: who beats comes
/// first. Tarjan's algorithm without recursion.
class Components {
public:
    Components(const Competition& competition, const std::vector<bool>& in_view)
        : competition_(competition), in_view_(in_view), count_(static_cast<std::uint32_t>(in_view.size())),
          index_(count_, 0), low_(count_, 0), on_stack_(count_, false), component_(count_, 0) {
        // from the last rule to the first, so that unrelated rules come out in the order they were written
        for (std::uint32_t i = count_; i > 0; --i) {
            if (in_view_[i - 1] && index_[i - 1] == 0) {
                visit(i - 1);
            }
        }
        for (std::uint32_t& component : component_) {
            component = found_ - component; // Tarjan finds them against the edges
        }
    }
    [[nodiscard]] std::uint32_t of(std::uint32_t rule) const { return component_[rule]; }

private:
    struct Frame {
        std::uint32_t rule;
        std::size_t next;
    };
    void enter(std::uint32_t rule) {
        index_[rule] = low_[rule] = ++counter_;
        stack_.push_back(rule);
        on_stack_[rule] = true;
        frames_.push_back({rule, 0});
    }
    void visit(std::uint32_t root) {
        enter(root);
        while (!frames_.empty()) {
            const std::uint32_t rule = frames_.back().rule;
            const std::vector<Pair>& pairs = competition_.pairs(rule);
            if (frames_.back().next < pairs.size()) {
                const Pair& pair = pairs[pairs.size() - 1 - frames_.back().next++];
                if (!pair.wins || !in_view_[pair.other]) {
                    continue;
                }
                if (index_[pair.other] == 0) {
                    enter(pair.other);
                } else if (on_stack_[pair.other]) {
                    low_[rule] = std::min(low_[rule], index_[pair.other]);
                }
                continue;
            }
            frames_.pop_back();
            if (!frames_.empty()) {
                low_[frames_.back().rule] = std::min(low_[frames_.back().rule], low_[rule]);
            }
            if (low_[rule] == index_[rule]) {
                ++found_;
                while (on_stack_[rule]) {
                    component_[stack_.back()] = found_;
                    on_stack_[stack_.back()] = false;
                    stack_.pop_back();
                }
            }
        }
    }

    const Competition& competition_;
    const std::vector<bool>& in_view_;
    std::uint32_t count_;
    std::uint32_t counter_ = 0;
    std::uint32_t found_ = 0;
    std::vector<std::uint32_t> index_;
    std::vector<std::uint32_t> low_;
    std::vector<bool> on_stack_;
    std::vector<std::uint32_t> component_;
    std::vector<std::uint32_t> stack_;
    std::vector<Frame> frames_;
};

class Decision {
public:
    Decision(Competition& competition, diag::Sink& sink)
        : competition_(competition), sink_(sink), errors_(sink.errorCount()) {}

    std::optional<Order> run() {
        const std::vector<Competitor>& rules = competition_.rules();
        std::vector<bool> all(rules.size(), true);
        std::vector<bool> enforced;
        for (const Competitor& rule : rules) {
            enforced.push_back(!rule.audit);
        }
        const bool one_view = all == enforced;
        const Components audited_order(competition_, all);
        const Components enforced_order(competition_, enforced);
        checkView(enforced, enforced_order, one_view ? LL_BOX_ENFORCED | LL_BOX_AUDITED : LL_BOX_ENFORCED);
        if (!one_view) {
            checkView(all, audited_order, LL_BOX_AUDITED);
        }
        if (sink_.errorCount() != errors_) {
            return std::nullopt;
        }
        for (std::uint32_t i = 0; i < rules.size(); ++i) {
            order_.ranks.push_back(i);
        }
        // An edge between enforced rules is one of both graphs, so the second key orders what the first leaves equal.
        std::stable_sort(order_.ranks.begin(), order_.ranks.end(), [&](std::uint32_t a, std::uint32_t b) {
            return std::pair(audited_order.of(a), enforced_order.of(a)) <
                   std::pair(audited_order.of(b), enforced_order.of(b));
        });
        return std::move(order_);
    }

private:
    void checkView(const std::vector<bool>& in_view, const Components& components, std::uint32_t views) {
        for (std::uint32_t a = 0; a < in_view.size() && !stop_; ++a) {
            for (const Pair& pair : competition_.pairs(a)) {
                if (pair.other < a || !in_view[a] || !in_view[pair.other] || stop_) {
                    continue;
                }
                const bool cycle = components.of(a) == components.of(pair.other);
                if (!pair.wins && !pair.loses && !cycle) {
                    search(a, pair.other, in_view, views, false);
                } else if (cycle) {
                    search(a, pair.other, in_view, views, true);
                }
            }
        }
    }

    void search(std::uint32_t a, std::uint32_t b, const std::vector<bool>& in_view, std::uint32_t views, bool cells) {
        std::vector<Cell> found;
        const RegionResult result =
            searchRegion(competition_, a, b, in_view, [&](const Box& box, std::uint32_t winner) {
                if (cells) {
                    found.push_back({box, winner, views});
                }
            });
        if (!result.undecided.empty()) {
            reportConflict(a, b, result.undecided);
            return;
        }
        order_.cells.insert(order_.cells.end(), found.begin(), found.end());
        if (result.too_complex || order_.cells.size() > kMaxCells) {
            reportTooComplex(a, b);
        }
    }

    [[nodiscard]] const ir::Rule& rule(std::uint32_t index) const {
        return competition_.policy().rules[competition_.rules()[index].rule];
    }
    [[nodiscard]] std::string name(std::uint32_t index) const {
        return ruleName(competition_.policy(), competition_.rules()[index].rule);
    }

    void reportTooComplex(std::uint32_t a, std::uint32_t b) {
        sink_.report(diag::Id::kDecisionTooComplex, rule(a).span, {name(a), rule(b).name.empty() ? "another" : name(b)})
            .label(rule(b).span, "and this one");
        stop_ = true;
    }

    void reportConflict(std::uint32_t a, std::uint32_t b, const std::vector<Box>& boxes) {
        if (!reported_.insert({a, b}).second) {
            return; // in the other view already
        }
        Space& space = competition_.space();
        const ir::Policy& policy = competition_.policy();
        const auto shortest = std::min_element(boxes.begin(), boxes.end(), [&](const Box& x, const Box& y) {
            return witness(space, x).length < witness(space, y).length;
        });
        const std::string first = effectText(policy, rule(a).effect);
        const std::string second = effectText(policy, rule(b).effect);
        const auto expectation = [](const std::string& effect) { return effect == "deny" ? "refuse" : effect; };
        diag::Diagnostic& report = sink_.report(
            diag::Id::kUndecided, rule(b).span,
            {rule(b).name.empty() ? "this rule" : name(b), rule(a).name.empty() ? "an earlier one" : name(a)});
        report.label(rule(b).span, second);
        report.label(rule(a).span, first);
        report.note("an exec that both match, as a test:\ntest \"which rule decides?\" {\n    " +
                    factsText(space, *shortest, witness(space, *shortest)) + "\n    expect " + expectation(second) +
                    " # or: " + expectation(first) + "\n}");
        if (rule(a).used != rule(b).used) {
            report.note("a rule that came by `use rules` doesn't beat one of the root file where that would loosen it");
        }
        if (competition_.beats(a, b) || competition_.beats(b, a)) {
            report.note("one of them beats the other, but a third rule beats that one and not both");
            report.help("narrow one of them with `unless`");
        } else if (rule(a).name.empty() || rule(b).name.empty()) {
            report.help("narrow one of them with `unless`, or name both and write `prefer ONE over OTHER`");
        } else {
            report.help("narrow one of them with `unless`, or write `prefer " + rule(b).name + " over " + rule(a).name +
                        "`");
        }
        stop_ = stop_ || reported_.size() >= kMaxConflicts;
    }

    Competition& competition_;
    diag::Sink& sink_;
    std::size_t errors_;
    Order order_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> reported_;
    bool stop_ = false;
};

} // namespace

std::optional<Order> decideAll(Competition& competition, diag::Sink& sink) { return Decision(competition, sink).run(); }

} // namespace landlatch::match
