// SPDX-License-Identifier: Apache-2.0
// Row displacement: sparse rows laid over each other in one array so that no two occupied cells meet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace landlatch::match {

class Comb {
public:
    /// A base such that base + column is free for each of the rising `columns`; takes those cells. First fit among a
    /// bounded number of places, so the time is bounded and the array stays dense for rows of a few columns.
    std::uint32_t place(std::span<const std::uint32_t> columns);
    /// One above the last cell taken.
    [[nodiscard]] std::uint32_t size() const { return size_; }

private:
    std::uint32_t nextFree(std::uint32_t cell);
    std::vector<std::uint32_t> next_; ///< a free cell points at itself, a taken one further up
    std::uint32_t size_ = 0;
};

} // namespace landlatch::match
