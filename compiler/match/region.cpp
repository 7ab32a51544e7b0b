// SPDX-License-Identifier: Apache-2.0
// Branch and bound. A node is a box, the rules known to match all of it, and the rules that match part of it. It is
// decided when one of the known beats all others of another effect, known or open. It is undecided for certain when not
// even an open rule beats all the known ones. Else it is split along a box of an open rule that matters.
#include "compiler/match/region.h"

#include "compiler/match/decide.h"

#include <algorithm>

namespace landlatch::match {

namespace {

constexpr std::size_t kMaxUndecided = 32;
constexpr std::uint32_t kNobody = ~std::uint32_t{0};

struct Node {
    Box box;
    std::vector<std::uint32_t> known;
    std::vector<std::uint32_t> open;
};

class Search {
public:
    Search(Competition& competition, const std::function<void(const Box&, std::uint32_t)>& decided)
        : competition_(competition), space_(competition.space()), decided_(decided) {}

    RegionResult run(std::vector<Node> nodes) {
        std::size_t steps = kMaxRegionNodes;
        while (!nodes.empty()) {
            Node node = std::move(nodes.back());
            nodes.pop_back();
            if (steps-- == 0) {
                result_.too_complex = result_.undecided.empty();
                return result_;
            }
            sortOpen(node);
            if (const std::uint32_t winner = winnerOf(node); winner != kNobody) {
                if (result_.undecided.empty()) {
                    decided_(node.box, winner);
                }
                continue;
            }
            const std::uint32_t next = ruleToSplit(node);
            if (next == kNobody) {
                result_.undecided.push_back(node.box);
                if (result_.undecided.size() == kMaxUndecided) {
                    return result_;
                }
                continue;
            }
            split(node, next, nodes);
        }
        return result_;
    }

private:
    [[nodiscard]] bool sameEffect(std::uint32_t a, std::uint32_t b) const {
        return competition_.rules()[a].effect == competition_.rules()[b].effect;
    }
    /// Whether `a` does at least as well against `b` as a deciding rule must.
    [[nodiscard]] bool stands(std::uint32_t a, std::uint32_t b) const {
        return a == b || sameEffect(a, b) || competition_.beats(a, b);
    }
    [[nodiscard]] bool standsAll(std::uint32_t a, const std::vector<std::uint32_t>& others) const {
        return std::all_of(others.begin(), others.end(), [&](std::uint32_t b) { return stands(a, b); });
    }

    /// Drops open rules that match nothing of the box, moves those that match all of it.
    void sortOpen(Node& node) {
        std::erase_if(node.open, [&](std::uint32_t rule) {
            bool touches = false;
            for (const Box& box : competition_.rules()[rule].boxes) {
                if (!space_.intersect(node.box, box)) {
                    continue;
                }
                touches = true;
                if (space_.subset(node.box, box)) {
                    node.known.push_back(rule);
                    return true;
                }
            }
            return !touches;
        });
    }

    [[nodiscard]] std::uint32_t winnerOf(const Node& node) const {
        for (const std::uint32_t rule : node.known) {
            if (standsAll(rule, node.known) && standsAll(rule, node.open)) {
                return rule;
            }
        }
        return kNobody;
    }

    /// An open rule that could decide, or one in the way of a known rule that could; kNobody when nothing can.
    [[nodiscard]] std::uint32_t ruleToSplit(const Node& node) const {
        for (const std::uint32_t rule : node.open) {
            if (standsAll(rule, node.known)) {
                return rule;
            }
        }
        for (const std::uint32_t rule : node.known) {
            if (standsAll(rule, node.known)) {
                for (const std::uint32_t other : node.open) {
                    if (!stands(rule, other)) {
                        return other;
                    }
                }
            }
        }
        return kNobody;
    }

    void split(const Node& node, std::uint32_t rule, std::vector<Node>& nodes) {
        for (const Box& box : competition_.rules()[rule].boxes) {
            std::optional<Box> inside = space_.intersect(node.box, box);
            if (!inside) {
                continue;
            }
            for (const Box& outside : space_.subtract(node.box, box)) {
                nodes.push_back({outside, node.known, node.open});
            }
            nodes.push_back({*inside, node.known, node.open});
            return;
        }
    }

    Competition& competition_;
    Space& space_;
    const std::function<void(const Box&, std::uint32_t)>& decided_;
    RegionResult result_;
};

} // namespace

RegionResult searchRegion(Competition& competition, std::uint32_t a, std::uint32_t b, const std::vector<bool>& in_view,
                          const std::function<void(const Box&, std::uint32_t)>& decided) {
    // Whatever overlaps the region differs in effect from `a` or from `b`, so it is a pair of one of them.
    std::vector<std::uint32_t> open;
    for (const std::uint32_t side : {a, b}) {
        for (const Pair& pair : competition.pairs(side)) {
            if (in_view[pair.other] && pair.other != a && pair.other != b) {
                open.push_back(pair.other);
            }
        }
    }
    std::sort(open.begin(), open.end());
    open.erase(std::unique(open.begin(), open.end()), open.end());
    std::vector<Node> nodes;
    for (const Box& x : competition.rules()[a].boxes) {
        for (const Box& y : competition.rules()[b].boxes) {
            if (std::optional<Box> box = competition.space().intersect(x, y)) {
                nodes.push_back({*box, {a, b}, open});
            }
        }
    }
    return Search(competition, decided).run(std::move(nodes));
}

} // namespace landlatch::match
