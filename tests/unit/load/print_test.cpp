// SPDX-License-Identifier: Apache-2.0
#include "runtime/load/print.h"

#include <gtest/gtest.h>

namespace landlatch::load {
namespace {

TEST(EventText, IsOneLineWhateverTheReason) {
    EXPECT_EQ(eventText({{"time", "T"},
                         {"event", "killed"},
                         {"pid", 7},
                         {"exec", "/usr/bin/x"},
                         {"reason", "paths are missing:\n    /a\n    /b\n"}}),
              "T killed pid=7 exec=/usr/bin/x reason=paths are missing: /a /b");
}

TEST(EventText, ANameIsOneWord) {
    EXPECT_EQ(eventText({{"time", "T"}, {"event", "applied"}, {"exec", "/tmp/a rulesets=none"}, {"comm", "a\"b"}}),
              "T applied exec=\"/tmp/a rulesets=none\" comm=\"a\\\"b\"");
}

} // namespace
} // namespace landlatch::load
