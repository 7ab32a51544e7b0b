// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/near.h"

namespace landlatch::query {

namespace {

constexpr std::size_t kMaxSteps = 20000;

class Counter {
public:
    Counter(match::Space& space, const match::Boxes& question) : space_(space), question_(question) {}

    /// `node` is shown for `condition`: the negation around it, if any.
    Misses count(const ir::Condition& condition, const ir::Condition& node, bool wanted) {
        switch (condition.kind) {
        case ir::Condition::Kind::kFact:
            return test(condition, node, wanted);
        case ir::Condition::Kind::kNot:
            return count(condition.children.front(), wanted ? condition : condition.children.front(), !wanted);
        case ir::Condition::Kind::kAnd:
            return wanted ? sum(condition, wanted) : least(condition, wanted);
        case ir::Condition::Kind::kOr:
            return wanted ? least(condition, wanted) : sum(condition, wanted);
        }
        return {};
    }

private:
    Misses test(const ir::Condition& condition, const ir::Condition& node, bool wanted) {
        const std::optional<match::Boxes> boxes = match::toBoxes(space_, condition);
        const Truth truth = boxes ? holds(space_, question_, *boxes).value_or(Truth::kMaybe) : Truth::kMaybe;
        Misses misses;
        if (truth == (wanted ? Truth::kNo : Truth::kYes)) {
            misses.count = 1;
            misses.failing.push_back(&node);
        } else if (truth != Truth::kMaybe) {
            misses.met = 1;
        }
        return misses;
    }
    Misses sum(const ir::Condition& condition, bool wanted) {
        Misses all;
        for (const ir::Condition& child : condition.children) {
            const Misses one = count(child, child, wanted);
            all.count += one.count;
            all.met += one.met;
            all.failing.insert(all.failing.end(), one.failing.begin(), one.failing.end());
        }
        return all;
    }
    Misses least(const ir::Condition& condition, bool wanted) {
        std::optional<Misses> best;
        for (const ir::Condition& child : condition.children) {
            Misses one = count(child, child, wanted);
            if (!best || one.count < best->count || (one.count == best->count && one.met > best->met)) {
                best = std::move(one);
            }
        }
        return best.value_or(Misses{});
    }

    match::Space& space_;
    const match::Boxes& question_;
};

} // namespace

std::optional<Truth> holds(match::Space& space, const match::Boxes& question, const match::Boxes& condition) {
    bool touches = false;
    for (const match::Box& a : question) {
        for (const match::Box& b : condition) {
            touches = touches || space.intersect(a, b);
        }
    }
    if (!touches) {
        return Truth::kNo;
    }
    std::size_t steps = kMaxSteps;
    const std::optional<bool> inside = match::subset(space, question, condition, steps);
    return !inside ? std::nullopt : std::optional(*inside ? Truth::kYes : Truth::kMaybe);
}

Misses missesOf(match::Space& space, const match::Boxes& question, const ir::Condition& condition) {
    return Counter(space, question).count(condition, condition, true);
}

} // namespace landlatch::query
