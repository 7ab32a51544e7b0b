// SPDX-License-Identifier: Apache-2.0
// Sets of atoms of one dimension, by number. Equal sets have equal numbers.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace landlatch::match {

using SetId = std::uint32_t;

/// Subsets of {0 … size-1}. A set is kept by its elements or by what it lacks, whichever is less.
class SetPool {
public:
    static constexpr SetId kEmpty = 0;
    static constexpr SetId kAll = 1;

    explicit SetPool(std::uint32_t size = 0);

    /// `elements` sorted and distinct.
    SetId intern(const std::vector<std::uint32_t>& elements);
    SetId complement(SetId a);
    SetId intersect(SetId a, SetId b);
    SetId unite(SetId a, SetId b) { return complement(intersect(complement(a), complement(b))); }
    SetId subtract(SetId a, SetId b) { return intersect(a, complement(b)); }

    [[nodiscard]] bool disjoint(SetId a, SetId b) const;
    [[nodiscard]] bool subset(SetId a, SetId b) const;
    [[nodiscard]] bool contains(SetId set, std::uint32_t element) const;
    /// Number of elements.
    [[nodiscard]] std::uint32_t count(SetId set) const;
    [[nodiscard]] std::uint32_t universe() const { return size_; }
    /// Kept by what it lacks.
    [[nodiscard]] bool isNegative(SetId set) const { return sets_[set].negative; }
    /// The elements, or with isNegative() those that it lacks.
    [[nodiscard]] std::span<const std::uint32_t> kept(SetId set) const;
    [[nodiscard]] std::vector<std::uint32_t> elements(SetId set) const;

private:
    struct Entry {
        std::size_t offset = 0;
        std::uint32_t size = 0;
        bool negative = false;
        SetId complement = ~SetId{0};
    };
    SetId store(const std::vector<std::uint32_t>& kept, bool negative);

    std::uint32_t size_;
    std::vector<Entry> sets_;
    std::vector<std::uint32_t> arena_;
    std::unordered_multimap<std::uint64_t, SetId> by_hash_;
    std::unordered_map<std::uint64_t, SetId> intersections_;
};

} // namespace landlatch::match
