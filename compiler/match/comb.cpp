// SPDX-License-Identifier: Apache-2.0
// First fit, 64 bases at once.
#include "compiler/match/comb.h"

#include <algorithm>
#include <bit>

namespace landlatch::match {

namespace {

constexpr std::size_t kBits = 64;
constexpr std::size_t kMaxTries = 4; ///< words of bases

} // namespace

/// Bit i: cell + i is free.
std::uint64_t Comb::freeFrom(std::size_t cell) const {
    const std::size_t word = cell / kBits;
    const std::size_t shift = cell % kBits;
    const std::uint64_t taken = taken_[word] >> shift;
    return ~(shift == 0 ? taken : taken | taken_[word + 1] << (kBits - shift));
}

/// Bit i: base + i is a base for the columns.
std::uint64_t Comb::fits(std::span<const std::uint32_t> columns, std::size_t base) const {
    std::uint64_t bases = ~std::uint64_t{0};
    for (std::size_t i = 0; i < columns.size() && bases != 0; ++i) {
        bases &= freeFrom(base + columns[i]);
    }
    return bases;
}

std::uint32_t Comb::place(std::span<const std::uint32_t> columns) {
    if (columns.empty()) {
        return 0;
    }
    // All that is above size_ is free, so no search goes further than a word behind it.
    taken_.resize(std::max(taken_.size(), (size_ + columns.back()) / kBits + 3), 0);
    while (taken_[full_] == ~std::uint64_t{0}) {
        ++full_;
    }
    if (columns.size() < recent_columns_) {
        recent_ = full_; // what was too crowded for longer rows may have room for shorter ones
    }
    recent_columns_ = columns.size();
    // Holes at the bottom first, then among the cells taken last, which have more of them; then above all.
    std::size_t word = full_;
    std::uint64_t bases = 0;
    const auto search = [&](std::size_t tries) {
        for (; tries > 0 && bases == 0; --tries) {
            bases = fits(columns, word * kBits);
            word += bases == 0 ? 1 : 0;
        }
    };
    search(kMaxTries);
    if (bases == 0) {
        word = std::max(word, recent_);
        search(kMaxTries);
        recent_ = word; // what lies below was too crowded
        search(taken_.size());
    }
    const auto base = static_cast<std::uint32_t>(word * kBits + static_cast<std::size_t>(std::countr_zero(bases)));
    for (const std::uint32_t column : columns) {
        const std::size_t cell = base + column;
        taken_[cell / kBits] |= std::uint64_t{1} << (cell % kBits);
    }
    size_ = std::max(size_, base + columns.back() + 1);
    return base;
}

} // namespace landlatch::match
