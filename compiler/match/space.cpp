// SPDX-License-Identifier: Apache-2.0
// Box algebra. All dimensions are independent of each other but for the parts of one fact, which read one path
// (joint.h), and for one pair: the caller is among the ancestors, and an image that meets one ancestor test may have to
// meet another (/usr/bin/sh is in /usr/**). A box's lineage is possible exactly when some caller is left by the
// forbidden bits and each required bit is met by an image that is left too; then the lineage of those images is one.
#include "compiler/match/space.h"

#include "runtime/base/check.h"

#include <algorithm>

namespace landlatch::match {

std::vector<JointPaths::In> Space::setsOf(const ir::FactTest& test) const {
    const auto at = test_sets_.find(&test);
    LANDLATCH_CHECK(at != test_sets_.end());
    return at->second.dim == kMaxDims ? spread_tests_[at->second.set] : std::vector{at->second};
}

std::vector<JointPaths::In> Space::asked(const Box& box, std::uint32_t fact) const {
    std::vector<JointPaths::In> sets;
    for (std::uint32_t dim = 0; dim < dims(); ++dim) {
        if (factOf(dim) == fact && box.sets[dim] != SetPool::kAll) {
            sets.push_back({dim, box.sets[dim]});
        }
    }
    return sets;
}

void Space::loosen(Box& box, std::uint32_t fact) const {
    for (std::uint32_t dim = 0; dim < dims(); ++dim) {
        if (factOf(dim) == fact) {
            box.sets[dim] = SetPool::kAll;
        }
    }
}

bool Space::canMeet(const Box& box) {
    for (std::uint32_t fact = 0; fact < LL_DIMS; ++fact) {
        if ((parted_ >> fact & 1) == 0) {
            continue;
        }
        const std::vector<JointPaths::In> sets = asked(box, fact);
        const auto absent = [&](const JointPaths::In& in) { return dims_[in.dim].sets.contains(in.set, 0); };
        const bool may_lack = fact == LL_DIM_SCRIPT && std::all_of(sets.begin(), sets.end(), absent);
        if (sets.size() > 1 && !may_lack && !pathOf(sets)) {
            return false;
        }
    }
    return true;
}

std::uint32_t Space::ancestorBit(const ir::FactTest& test) const {
    const auto at = test_bits_.find(&test);
    LANDLATCH_CHECK(at != test_bits_.end());
    return at->second;
}

std::uint32_t Space::groupBit(const ir::IdName& group) const {
    for (std::uint32_t bit = 0; bit < groups_.size(); ++bit) {
        if (groups_[bit].sameId(group)) {
            return bit;
        }
    }
    LANDLATCH_CHECK(false);
}

const Space::Left& Space::left(std::uint64_t forbidden) {
    const auto [at, fresh] = left_.try_emplace(forbidden);
    if (fresh) {
        const Dimension& parent = dims_[LL_DIM_PARENT];
        std::vector<std::uint32_t> callers;
        for (std::uint32_t atom = parent.first; atom < parent.count; ++atom) {
            if ((masks_[atom] & forbidden) == 0) {
                callers.push_back(atom - parent.first);
                at->second.can |= masks_[atom];
            }
        }
        at->second.callers = parent.count == 0 ? SetPool::kAll : dims_[LL_DIM_PARENT].sets.intern(callers);
    }
    return at->second;
}

bool Space::normalise(Box& box) {
    if ((box.grp_req & box.grp_forb) != 0 || (box.flag_req & box.flag_forb) != 0) {
        return false;
    }
    if ((box.anc_req | box.anc_forb) != 0) {
        const Left& lineage = left(box.anc_forb);
        if ((box.anc_req & ~lineage.can) != 0) {
            return false;
        }
        box.sets[LL_DIM_PARENT] = sets(LL_DIM_PARENT).intersect(box.sets[LL_DIM_PARENT], lineage.callers);
    }
    for (std::uint32_t d = 0; d < dims(); ++d) {
        if (box.sets[d] == SetPool::kEmpty) {
            return false;
        }
    }
    return parted_ == 0 || canMeet(box);
}

std::optional<Box> Space::intersect(const Box& a, const Box& b) {
    for (std::uint32_t d = 0; d < dims(); ++d) {
        if (a.sets[d] != b.sets[d] && dims_[d].sets.disjoint(a.sets[d], b.sets[d])) {
            return std::nullopt;
        }
    }
    Box box;
    for (std::uint32_t d = 0; d < dims(); ++d) {
        box.sets[d] = dims_[d].sets.intersect(a.sets[d], b.sets[d]);
    }
    box.anc_req = a.anc_req | b.anc_req;
    box.anc_forb = a.anc_forb | b.anc_forb;
    box.grp_req = a.grp_req | b.grp_req;
    box.grp_forb = a.grp_forb | b.grp_forb;
    box.flag_req = a.flag_req | b.flag_req;
    box.flag_forb = a.flag_forb | b.flag_forb;
    if (!normalise(box)) {
        return std::nullopt;
    }
    return box;
}

bool Space::subset(const Box& a, const Box& b) {
    for (std::uint32_t d = 0; d < dims(); ++d) {
        if (dims_[d].sets.subset(a.sets[d], b.sets[d])) {
            continue;
        }
        if ((parted_ >> factOf(d) & 1) == 0) {
            return false;
        }
        Box out = a; // what the fact's other dimensions ask may leave nothing of it
        out.sets[d] = dims_[d].sets.subtract(a.sets[d], b.sets[d]);
        if (normalise(out)) {
            return false;
        }
    }
    if ((b.grp_req & ~a.grp_req) != 0 || (b.grp_forb & ~a.grp_forb) != 0 || (b.flag_req & ~a.flag_req) != 0 ||
        (b.flag_forb & ~a.flag_forb) != 0) {
        return false;
    }
    // A bit that `a` doesn't name may still be forced by what it does: then the box without it is empty.
    for (std::uint64_t bits = b.anc_req & ~a.anc_req; bits != 0; bits &= bits - 1) {
        Box without = a;
        without.anc_forb |= bits & (~bits + 1);
        if ((without.anc_forb & without.anc_req) == 0 && normalise(without)) {
            return false;
        }
    }
    for (std::uint64_t bits = b.anc_forb & ~a.anc_forb; bits != 0; bits &= bits - 1) {
        Box with = a;
        with.anc_req |= bits & (~bits + 1);
        if (normalise(with)) {
            return false;
        }
    }
    return true;
}

std::vector<Box> Space::subtract(const Box& a, const Box& b) {
    std::vector<Box> pieces;
    Box rest = a; // what is left in `b` by the tests so far
    const auto piece = [&](Box box) {
        if (normalise(box)) {
            pieces.push_back(box);
        }
    };
    for (std::uint32_t d = 0; d < dims(); ++d) {
        if (dims_[d].sets.subset(rest.sets[d], b.sets[d])) {
            continue;
        }
        Box out = rest;
        out.sets[d] = dims_[d].sets.subtract(rest.sets[d], b.sets[d]);
        piece(out);
        rest.sets[d] = dims_[d].sets.intersect(rest.sets[d], b.sets[d]);
    }
    const auto bits = [&](auto Box::* required, auto Box::* forbidden) {
        for (auto left_bits = b.*required & ~(rest.*required); left_bits != 0; left_bits &= left_bits - 1) {
            const auto bit = left_bits & (~left_bits + 1);
            Box out = rest;
            out.*forbidden |= bit;
            piece(out);
            rest.*required |= bit;
        }
        for (auto left_bits = b.*forbidden & ~(rest.*forbidden); left_bits != 0; left_bits &= left_bits - 1) {
            const auto bit = left_bits & (~left_bits + 1);
            Box out = rest;
            out.*required |= bit;
            piece(out);
            rest.*forbidden |= bit;
        }
    };
    bits(&Box::flag_req, &Box::flag_forb);
    bits(&Box::grp_req, &Box::grp_forb);
    bits(&Box::anc_req, &Box::anc_forb);
    return pieces;
}

} // namespace landlatch::match
