// SPDX-License-Identifier: Apache-2.0
// Row displacement: sparse rows laid over each other in one array so that no two occupied cells meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace landlatch::match {

class Comb {
public:
    /// A base such that base + column is free for each of the rising `columns`; takes those cells. First fit, but for a
    /// bound on the crowded places looked at. Without columns 0.
    std::uint32_t place(std::span<const std::uint32_t> columns);
    /// One above the last cell taken.
    [[nodiscard]] std::uint32_t size() const { return size_; }

private:
    [[nodiscard]] std::uint64_t freeFrom(std::size_t cell) const;
    [[nodiscard]] std::uint64_t fits(std::span<const std::uint32_t> columns, std::size_t base) const;
    std::vector<std::uint64_t> taken_; ///< a bit a cell
    std::uint32_t size_ = 0;
    std::size_t full_ = 0;   ///< words of taken_ in which all are
    std::size_t recent_ = 0; ///< below this one, rows of as many columns as the last hardly fit any more
    std::size_t recent_columns_ = 0;
};

} // namespace landlatch::match
