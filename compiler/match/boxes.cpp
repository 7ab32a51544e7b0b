// SPDX-License-Identifier: Apache-2.0
// Negations are pushed down to the tests, then `or` joins lists and `and` multiplies them, tidied at every step.
#include "compiler/match/boxes.h"

#include <algorithm>

namespace landlatch::match {

namespace {

/// Boxes on the way to a rule's: above it the rule is refused.
constexpr std::size_t kMaxWork = 1024;

class Normaliser {
public:
    explicit Normaliser(Space& space) : space_(space) {}

    std::optional<Boxes> boxes(const ir::Condition& condition, bool negated) {
        switch (condition.kind) {
        case ir::Condition::Kind::kFact:
            return test(condition.fact, negated);
        case ir::Condition::Kind::kNot:
            return boxes(condition.children.front(), !negated);
        case ir::Condition::Kind::kAnd:
            return negated ? join(condition, negated) : multiply(condition, negated);
        case ir::Condition::Kind::kOr:
            return negated ? multiply(condition, negated) : join(condition, negated);
        }
        return std::nullopt;
    }

private:
    std::optional<Boxes> join(const ir::Condition& condition, bool negated) {
        Boxes all;
        for (const ir::Condition& child : condition.children) {
            std::optional<Boxes> more = boxes(child, negated);
            if (!more) {
                return std::nullopt;
            }
            all.insert(all.end(), more->begin(), more->end());
            if (!tidy(all)) {
                return std::nullopt;
            }
        }
        return all;
    }

    std::optional<Boxes> multiply(const ir::Condition& condition, bool negated) {
        Boxes all = {Box{}};
        for (const ir::Condition& child : condition.children) {
            const std::optional<Boxes> factors = boxes(child, negated);
            if (!factors) {
                return std::nullopt;
            }
            Boxes products;
            for (const Box& a : all) {
                for (const Box& b : *factors) {
                    if (std::optional<Box> box = space_.intersect(a, b)) {
                        products.push_back(*box);
                    }
                }
                if (products.size() > kMaxWork && !tidy(products)) {
                    return std::nullopt;
                }
            }
            if (!tidy(products)) {
                return std::nullopt;
            }
            all = std::move(products);
        }
        return all;
    }

    /// In one of the sets; negated: in none.
    Boxes onSets(const std::vector<JointPaths::In>& sets, bool negated) {
        Boxes boxes;
        Box none;
        for (const JointPaths::In& in : sets) {
            none.sets[in.dim] = space_.sets(in.dim).complement(in.set);
            boxes.emplace_back().sets[in.dim] = in.set;
        }
        return keep(negated ? Boxes{none} : std::move(boxes));
    }

    Boxes keep(Boxes boxes) {
        std::erase_if(boxes, [&](Box& box) { return !space_.normalise(box); });
        return boxes;
    }

    Boxes test(const ir::FactTest& fact, bool negated) {
        Box box;
        switch (fact.fact) {
        case ir::Fact::kExec:
        case ir::Fact::kScript:
        case ir::Fact::kParentExec:
        case ir::Fact::kUnit:
        case ir::Fact::kUserUnit:
        case ir::Fact::kSlice:
        case ir::Fact::kCgroup:
        case ir::Fact::kInContainer:
        case ir::Fact::kUser:
        case ir::Fact::kRealUser:
            return onSets(space_.setsOf(fact), negated);
        case ir::Fact::kAncestorExec:
            (negated ? box.anc_forb : box.anc_req) = std::uint64_t{1} << space_.ancestorBit(fact);
            return keep({box});
        case ir::Fact::kGroup:
            return groups(fact, negated);
        case ir::Fact::kSetuid:
            (negated ? box.flag_forb : box.flag_req) = LL_FLAG_SETUID;
            return {box};
        case ir::Fact::kExecUnlinked:
            (negated ? box.flag_forb : box.flag_req) = LL_FLAG_UNLINKED;
            return {box};
        }
        return {};
    }

    /// In any of the groups; negated: in none.
    Boxes groups(const ir::FactTest& fact, bool negated) {
        Boxes boxes;
        Box none;
        for (const ir::IdName& group : fact.ids) {
            Box box;
            box.grp_req = std::uint64_t{1} << space_.groupBit(group);
            none.grp_forb |= box.grp_req;
            if (std::find(boxes.begin(), boxes.end(), box) == boxes.end()) {
                boxes.push_back(box);
            }
        }
        return negated ? Boxes{none} : boxes;
    }

    /// Drops boxes inside others and joins pairs that differ in one set, until nothing changes. False: too many.
    bool tidy(Boxes& boxes) {
        if (boxes.size() > kMaxWork) {
            return false;
        }
        bool changed = true;
        while (changed) {
            changed = false;
            for (std::size_t i = 0; i < boxes.size(); ++i) {
                for (std::size_t j = i + 1; j < boxes.size();) {
                    if (absorb(boxes[i], boxes[j])) {
                        boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(j));
                        changed = true;
                    } else {
                        ++j;
                    }
                }
            }
        }
        return true;
    }

    /// Makes `a` the union of both where that is a box.
    bool absorb(Box& a, const Box& b) {
        if (space_.subset(b, a)) {
            return true;
        }
        if (space_.subset(a, b)) {
            a = b;
            return true;
        }
        return joinSets(a, b) || joinBits(a, b);
    }

    bool joinSets(Box& a, const Box& b) {
        Box same = b;
        same.sets = a.sets;
        if (same != a) {
            return false;
        }
        std::uint32_t differing = kMaxDims;
        for (std::uint32_t d = 0; d < space_.dims(); ++d) {
            if (a.sets[d] != b.sets[d]) {
                if (differing != kMaxDims) {
                    return false;
                }
                differing = d;
            }
        }
        a.sets[differing] = space_.sets(differing).unite(a.sets[differing], b.sets[differing]);
        return true;
    }

    /// `x and setuid` or `x and not setuid` is `x`.
    static bool joinBits(Box& a, const Box& b) {
        if (a.sets != b.sets) {
            return false;
        }
        const auto opposite = [&](auto Box::* required, auto Box::* forbidden) {
            Box x = a;
            Box y = b;
            const auto bit = (x.*required & y.*forbidden) | (x.*forbidden & y.*required);
            if (bit == 0 || (bit & (bit - 1)) != 0) {
                return false;
            }
            for (Box* box : {&x, &y}) {
                box->*required &= ~bit;
                box->*forbidden &= ~bit;
            }
            if (x != y) {
                return false;
            }
            a = x;
            return true;
        };
        return opposite(&Box::flag_req, &Box::flag_forb) || opposite(&Box::grp_req, &Box::grp_forb);
    }

    Space& space_;
};

} // namespace

std::optional<Boxes> toBoxes(Space& space, const ir::Condition& condition) {
    std::optional<Boxes> boxes = Normaliser(space).boxes(condition, false);
    if (boxes && boxes->size() > kMaxBoxes) {
        return std::nullopt;
    }
    return boxes;
}

std::optional<bool> subset(Space& space, const Box& a, const Boxes& b, std::size_t& steps) {
    // A stack of what of `a` isn't known to be covered yet, and from which of the boxes on.
    std::vector<std::pair<Box, std::size_t>> open = {{a, 0}};
    while (!open.empty()) {
        if (steps == 0) {
            return std::nullopt;
        }
        --steps;
        auto [box, next] = open.back();
        open.pop_back();
        for (; next < b.size() && !space.intersect(box, b[next]); ++next) {
        }
        if (next == b.size()) {
            return false;
        }
        if (space.subset(box, b[next])) {
            continue;
        }
        for (const Box& piece : space.subtract(box, b[next])) {
            open.emplace_back(piece, next + 1);
        }
    }
    return true;
}

std::optional<bool> subset(Space& space, const Boxes& a, const Boxes& b, std::size_t& steps) {
    for (const Box& box : a) {
        const std::optional<bool> inside = subset(space, box, b, steps);
        if (!inside || !*inside) {
            return inside;
        }
    }
    return true;
}

} // namespace landlatch::match
