// SPDX-License-Identifier: Apache-2.0
// Landlock's rules name one port each; policies name ranges.
#pragma once

#include "runtime/landlock/load.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace landlatch::landlock {

/// Joins ranges into one rule a port: the work is in the number of ranges plus that of ports, not their product.
class PortSweep {
public:
    /// Ranges that end before they start hold nothing.
    void add(const object::PortRange& range, std::uint64_t access, bool quiet);
    [[nodiscard]] std::map<std::uint16_t, PortRule> rules() const;

private:
    static constexpr std::size_t kQuiet = 4; ///< behind the four net rights
    using Counts = std::array<std::int64_t, kQuiet + 1>;
    std::map<std::uint32_t, Counts> steps_; ///< how many ranges begin here, less those that ended just before
};

} // namespace landlatch::landlock
