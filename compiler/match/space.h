// SPDX-License-Identifier: Apache-2.0
// The space of execs as this policy can tell them apart: atoms by dimension, bits of ancestors, groups and flags; and
// boxes in it. All answers are exact.
#pragma once

#include "bpf-templates/match.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/ir/policy.h"
#include "compiler/match/atoms.h"
#include "compiler/match/joint.h"
#include "compiler/match/sets.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace landlatch::match {

inline constexpr std::size_t kMaxBits = 64; ///< distinct `ancestor exec` tests, groups, `always` rulesets

/// The facts, and their parts: two policies' in a joined space.
inline constexpr std::uint32_t kMaxDims = LL_DIMS + 2 * LL_PARTS;

/// A conjunction of tests, one a dimension. Elements of a set are atoms less the dimension's first.
struct Box {
    std::array<SetId, kMaxDims> sets = [] {
        std::array<SetId, kMaxDims> all{};
        all.fill(SetPool::kAll);
        return all;
    }();
    std::uint64_t anc_req = 0;  ///< some ancestor meets each of these
    std::uint64_t anc_forb = 0; ///< no ancestor meets any of these
    std::uint64_t grp_req = 0;
    std::uint64_t grp_forb = 0;
    std::uint32_t flag_req = 0; ///< LL_FLAG_ bits
    std::uint32_t flag_forb = 0;
    bool operator==(const Box&) const = default;
};

/// One dimension of atoms.
struct Dimension {
    std::uint32_t first = 0; ///< first atom
    std::uint32_t count = 0; ///< one above the last atom; 0: no condition reads it
    SetPool sets{1};
};

class Space {
public:
    /// Reads all conditions of `policy` and builds the automata; a fact's own is split when it needs more than `some`.
    /// Reports E0550 and on; empty after an error.
    static std::optional<Space> build(const ir::Policy& policy, diag::Sink& sink, const Room& some = kSomeRoom);

    // --- tests of conditions ---

    /// The sets of a test on exec, script, parent, cgroup or users: it holds where one of them does.
    [[nodiscard]] std::vector<JointPaths::In> setsOf(const ir::FactTest& test) const;
    /// The bit of an `ancestor exec` test.
    [[nodiscard]] std::uint32_t ancestorBit(const ir::FactTest& test) const;
    [[nodiscard]] std::uint32_t groupBit(const ir::IdName& group) const;

    // --- boxes ---

    /// Dimensions: LL_DIMS, and the parts of facts.
    [[nodiscard]] std::uint32_t dims() const { return LL_DIMS + static_cast<std::uint32_t>(parts_.size()); }
    /// The fact of a dimension (LL_DIM_x).
    [[nodiscard]] std::uint32_t factOf(std::uint32_t dim) const { return dim < LL_DIMS ? dim : parts_[dim - LL_DIMS]; }
    /// What a box asks of a fact's path.
    [[nodiscard]] std::vector<JointPaths::In> asked(const Box& box, std::uint32_t fact) const;
    /// A shortest path of what a box asks of a fact that has parts; unset: there is none.
    const std::optional<std::string>& pathOf(const std::vector<JointPaths::In>& asked) {
        return joint_.find(*this, asked);
    }
    /// Lets the box ask nothing of a fact.
    void loosen(Box& box, std::uint32_t fact) const;
    /// Answers about parts were given up: whatever was found out is worth nothing.
    [[nodiscard]] bool tooLarge() const { return joint_.tooLarge(); }

    /// Whether any exec is in it. Also narrows the callers to those that the forbidden ancestors leave.
    bool normalise(Box& box);
    /// What is in both, or nothing.
    std::optional<Box> intersect(const Box& a, const Box& b);
    /// Whether all of `a` (normalised, not empty) is in `b`.
    bool subset(const Box& a, const Box& b);
    /// What of `a` isn't in `b`, as boxes apart from each other.
    std::vector<Box> subtract(const Box& a, const Box& b);

    [[nodiscard]] const Dimension& dim(std::uint32_t index) const { return dims_[index]; }
    [[nodiscard]] SetPool& sets(std::uint32_t index) { return dims_[index].sets; }
    /// Of a dimension of paths.
    [[nodiscard]] const Atoms& atoms(std::uint32_t dim) const { return atoms_[dim]; }
    [[nodiscard]] const std::vector<ir::IdName>& users() const { return users_; }
    [[nodiscard]] const std::vector<ir::IdName>& groups() const { return groups_; }
    /// Ancestor bits that an image with this lineage atom meets.
    [[nodiscard]] std::uint64_t ancestorMask(std::uint32_t atom) const { return masks_[atom]; }
    [[nodiscard]] const std::vector<std::uint64_t>& ancestorMasks() const { return masks_; }
    [[nodiscard]] std::size_t ancestorBits() const { return ancestor_sets_.size(); }
    /// Lineage atoms that meet an ancestor bit.
    [[nodiscard]] SetId ancestorSet(std::uint32_t bit) const { return ancestor_sets_[bit]; }

    /// What a forbidden set of ancestor bits leaves: callers, and what their lineage can still meet.
    struct Left {
        SetId callers = SetPool::kAll;
        std::uint64_t can = 0;
    };
    const Left& left(std::uint64_t forbidden);

private:
    friend class SpaceBuilder;
    friend class SpaceJoiner;
    Space() = default;

    /// Whether some path has all that the box asks of each fact with parts.
    bool canMeet(const Box& box);

    std::array<Dimension, kMaxDims> dims_;
    std::array<Atoms, kMaxDims> atoms_;
    std::vector<std::uint32_t> parts_; ///< by part: the dimension whose fact it reads
    std::uint32_t parted_ = 0;         ///< 1 << LL_DIM_x of those
    JointPaths joint_;
    std::vector<ir::IdName> users_;
    std::vector<ir::IdName> groups_;
    std::vector<std::uint64_t> masks_{0};                               ///< by lineage atom
    std::vector<SetId> ancestor_sets_;                                  ///< by bit
    std::unordered_map<const ir::FactTest*, JointPaths::In> test_sets_; ///< of most tests; else a number below
    std::vector<std::vector<JointPaths::In>> spread_tests_;             ///< by `set`, where `dim` is kMaxDims
    std::unordered_map<const ir::FactTest*, std::uint32_t> test_bits_;
    std::map<std::uint64_t, Left> left_;
};

} // namespace landlatch::match
