// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/ports.h"

#include <gtest/gtest.h>
#include <random>

namespace landlatch::landlock {
namespace {

TEST(PortSweep, SaysWhatAddingPortByPortWould) {
    const std::random_device::result_type seed = std::random_device()();
    std::mt19937 random(seed);
    for (int round = 0; round < 50; ++round) {
        PortSweep sweep;
        std::map<std::uint16_t, PortRule> plain;
        for (auto i = random() % 12; i > 0; --i) {
            // Close together and at both ends, so that ranges touch, overlap and repeat.
            const auto base = static_cast<std::uint32_t>(random() % 2 == 0 ? 0 : 65'500);
            const auto first = static_cast<std::uint16_t>(base + random() % 30);
            const auto last = static_cast<std::uint16_t>(std::min(first + random() % 9, 65'535UL));
            const std::uint64_t access = random() % 16;
            const bool quiet = random() % 4 == 0;
            sweep.add({first, last}, access, quiet);
            for (std::uint32_t port = first; port <= last && (access != 0 || quiet); ++port) {
                plain[static_cast<std::uint16_t>(port)].access |= access;
                plain[static_cast<std::uint16_t>(port)].quiet |= quiet;
            }
        }
        const auto rules = sweep.rules();
        ASSERT_EQ(rules.size(), plain.size()) << "seed " << seed << " round " << round;
        for (const auto& [port, rule] : rules) {
            EXPECT_EQ(rule.access, plain[port].access) << "seed " << seed << " port " << port;
            EXPECT_EQ(rule.quiet, plain[port].quiet) << "seed " << seed << " port " << port;
        }
    }
}

TEST(PortSweep, ManyWideRangesAreCheap) {
    PortSweep sweep;
    for (int i = 0; i < 1'000'000; ++i) {
        sweep.add({0, 65'535}, 3, false);
    }
    EXPECT_EQ(sweep.rules().size(), 65'536U);
}

TEST(PortSweep, AReversedRangeHoldsNothing) {
    PortSweep sweep;
    sweep.add({2, 1}, 3, false);
    EXPECT_TRUE(sweep.rules().empty());
}

} // namespace
} // namespace landlatch::landlock
