// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/ports.h"

#include "runtime/landlock/abi.h"

#include <iterator>

namespace landlatch::landlock {

static_assert(abi::known(abi::kLatest).net == 0xf, "PortSweep counts four net rights");

void PortSweep::add(const object::PortRange& range, std::uint64_t access, bool quiet) {
    if (range.first > range.last) {
        return;
    }
    for (std::size_t bit = 0; bit <= kQuiet; ++bit) {
        if (bit == kQuiet ? quiet : (access >> bit & 1) != 0) {
            ++steps_[range.first][bit];
            --steps_[std::uint32_t{range.last} + 1][bit];
        }
    }
}

std::map<std::uint16_t, PortRule> PortSweep::rules() const {
    std::map<std::uint16_t, PortRule> rules;
    Counts open = {};
    for (auto step = steps_.begin(); step != steps_.end(); ++step) {
        PortRule rule;
        for (std::size_t bit = 0; bit <= kQuiet; ++bit) {
            open[bit] += step->second[bit];
            if (open[bit] > 0 && bit == kQuiet) {
                rule.quiet = true;
            } else if (open[bit] > 0) {
                rule.access |= 1ULL << bit;
            }
        }
        const auto next = std::next(step);
        if (next == steps_.end() || (rule.access == 0 && !rule.quiet)) {
            continue; // nothing is open behind the last step
        }
        for (std::uint32_t port = step->first; port < next->first; ++port) {
            rules.emplace_hint(rules.end(), static_cast<std::uint16_t>(port), rule);
        }
    }
    return rules;
}

} // namespace landlatch::landlock
