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

TEST(ListText, SaysWhatNobodyServes) {
    EXPECT_EQ(listText({{"policies", nlohmann::json::array()}}), "nothing is installed\n");
    const std::string text =
        listText({{"policies",
                   {{{"name", "a"}, {"backend", "supervise"}, {"audit", true}, {"rules", 2}},
                    {{"name", "b"}, {"backend", "supervise"}, {"in_force", true}, {"problem", "no supervisor runs"}},
                    {{"name", "c"}, {"in_force", false}, {"problem", "not in force"}}}}});
    EXPECT_NE(text.find("a                    audit    supervise          2 "), std::string::npos) << text;
    EXPECT_NE(text.find("b                    enforce  supervise "), std::string::npos) << text;
    EXPECT_NE(text.find("c                    -  "), std::string::npos) << text;
    EXPECT_NE(text.find("\n  problem: not in force\n"), std::string::npos) << text;
}

} // namespace
} // namespace landlatch::load
