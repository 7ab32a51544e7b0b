// SPDX-License-Identifier: Apache-2.0
// Row displacement: sparse rows laid over each other in one array so that no two occupied cells meet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace landlatch::match {

class Comb {
public:
    /// A base such that base + column is free for each of the rising `columns`; takes those cells. First fit, but for a
    /// bound on the crowded places looked at.
    std::uint32_t place(std::span<const std::uint32_t> columns);
    /// One above the last cell taken.
    [[nodiscard]] std::uint32_t size() const { return size_; }

private:
    std::uint32_t nextFree(std::uint32_t cell);
    std::vector<std::uint32_t> next_; ///< a free cell points at itself, a taken one further up
    std::uint32_t size_ = 0;
    std::uint32_t recent_ = 0; ///< below it rows of several columns hardly fit any more
};

} // namespace landlatch::match
