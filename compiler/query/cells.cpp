// SPDX-License-Identifier: Apache-2.0
// Branch and bound. A node is a box with, for each policy, the boxes that touch it, up to the first that covers it all.
// It is a cell when those are of one effect and no `always` rule covers a part of it only; else it is cut along the
// first box that covers a part.
#include "compiler/query/cells.h"

#include <algorithm>

namespace landlatch::query {

namespace {

using match::Box;
using match::RankedBox;

/// What of one policy touches a node.
struct Touching {
    std::vector<const RankedBox*> main;
    bool covered = false;                         ///< the last of `main` holds all of the node
    std::vector<const RankedBox*> always;         ///< that hold a part
    std::vector<const RankedBox*> always_covered; ///< that hold all
};

struct Node {
    Box box;
    std::vector<Touching> touching;
};

class Cutter {
public:
    Cutter(match::Space& space, const std::vector<const RankedRules*>& policies) : space_(space), policies_(policies) {}

    void sort(Node& node) {
        for (std::size_t i = 0; i < node.touching.size(); ++i) {
            Touching& touching = node.touching[i];
            std::vector<const RankedBox*> main;
            touching.covered = false;
            for (const RankedBox* ranked : touching.main) {
                if (!space_.intersect(node.box, ranked->box)) {
                    continue;
                }
                main.push_back(ranked);
                if (space_.subset(node.box, ranked->box)) {
                    touching.covered = true;
                    break;
                }
            }
            touching.main = std::move(main);
            std::erase_if(touching.always, [&](const RankedBox* ranked) {
                if (!space_.intersect(node.box, ranked->box)) {
                    return true;
                }
                if (space_.subset(node.box, ranked->box)) {
                    touching.always_covered.push_back(ranked);
                    return true;
                }
                return false;
            });
            std::erase_if(touching.always, [&](const RankedBox* ranked) {
                return std::any_of(
                    touching.always_covered.begin(), touching.always_covered.end(),
                    [&](const RankedBox* covering) { return saysNothing(*policies_[i], *ranked, *covering); });
            });
        }
    }

    /// The box to cut along, or null for a cell.
    [[nodiscard]] const Box* cut(const Node& node) const {
        for (std::size_t i = 0; i < node.touching.size(); ++i) {
            const Touching& touching = node.touching[i];
            if (!touching.always.empty()) {
                return &touching.always.front()->box;
            }
            if (touching.main.empty()) {
                continue;
            }
            const auto effect = [&](const RankedBox* ranked) { return policies_[i]->same_as[ranked->effect]; };
            const bool one = std::all_of(touching.main.begin(), touching.main.end(), [&](const RankedBox* ranked) {
                return effect(ranked) == effect(touching.main.front());
            });
            if (!one || !touching.covered) {
                return &touching.main.front()->box; // the first doesn't cover it, or it were the only one
            }
        }
        return nullptr;
    }

    [[nodiscard]] std::vector<CellDecision> decisions(const Node& node) const {
        std::vector<CellDecision> decisions;
        for (std::size_t i = 0; i < node.touching.size(); ++i) {
            const Touching& touching = node.touching[i];
            CellDecision decision;
            if (!touching.main.empty()) {
                decision.rule = touching.main.front()->rule;
                decision.effect = policies_[i]->same_as[touching.main.front()->effect];
            }
            for (const RankedBox* const ranked : touching.always_covered) {
                decision.always.push_back(ranked->rule);
            }
            std::sort(decision.always.begin(), decision.always.end());
            decision.always.erase(std::unique(decision.always.begin(), decision.always.end()), decision.always.end());
            decisions.push_back(std::move(decision));
        }
        return decisions;
    }

private:
    /// Whether `box` says nothing beside `covering`, where that holds.
    static bool saysNothing(const RankedRules& policy, const RankedBox& box, const RankedBox& covering) {
        return box.rule == covering.rule ||
               (!policy.each_always && policy.same_as[box.effect] == policy.same_as[covering.effect]);
    }

    match::Space& space_;
    const std::vector<const RankedRules*>& policies_;
};

std::vector<const RankedBox*> pointers(const std::vector<RankedBox>& boxes) {
    std::vector<const RankedBox*> out;
    for (const RankedBox& box : boxes) {
        out.push_back(&box);
    }
    return out;
}

} // namespace

RankedRules enforced(const std::vector<match::RankedBox>& boxes, std::vector<std::uint32_t> same_as) {
    RankedRules rules;
    rules.same_as = std::move(same_as);
    for (const RankedBox& box : boxes) {
        if ((box.flags & LL_BOX_ENFORCED) != 0) {
            ((box.flags & LL_BOX_ALWAYS) != 0 ? rules.always : rules.main).push_back(box);
        }
    }
    return rules;
}

bool forEachCell(match::Space& space, const std::vector<Box>& start, const std::vector<const RankedRules*>& policies,
                 std::size_t budget, const std::function<void(const Box&, const std::vector<CellDecision>&)>& visit) {
    Cutter cutter(space, policies);
    std::vector<Node> nodes;
    std::vector<Box> before; // boxes of `start` may overlap
    for (const Box& box : start) {
        std::vector<Box> parts = {box};
        for (const Box& other : before) {
            std::vector<Box> rest;
            for (const Box& part : parts) {
                if (!space.intersect(part, other)) {
                    rest.push_back(part);
                    continue;
                }
                const std::vector<Box> pieces = space.subtract(part, other);
                rest.insert(rest.end(), pieces.begin(), pieces.end());
            }
            parts = std::move(rest);
        }
        before.push_back(box);
        for (Box& part : parts) {
            Node node{part, {}};
            for (const RankedRules* policy : policies) {
                node.touching.push_back({pointers(policy->main), false, pointers(policy->always), {}});
            }
            if (space.normalise(node.box)) {
                nodes.push_back(std::move(node));
            }
        }
    }
    for (; !nodes.empty(); --budget) {
        if (budget == 0) {
            return false;
        }
        Node node = std::move(nodes.back());
        nodes.pop_back();
        cutter.sort(node);
        const Box* along = cutter.cut(node);
        if (along == nullptr) {
            visit(node.box, cutter.decisions(node));
            continue;
        }
        for (const Box& outside : space.subtract(node.box, *along)) {
            nodes.push_back({outside, node.touching});
        }
        node.box = *space.intersect(node.box, *along);
        nodes.push_back(std::move(node));
    }
    return true;
}

} // namespace landlatch::query
