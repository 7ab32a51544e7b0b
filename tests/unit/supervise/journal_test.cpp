// SPDX-License-Identifier: Apache-2.0
// The journal: what it keeps, what it tells, and the count of what it doesn't.
#include "runtime/supervise/journal.h"

#include <chrono>
#include <gtest/gtest.h>
#include <map>
#include <thread>

namespace landlatch::supervise {
namespace {

struct Told {
    std::map<std::string, unsigned> in_second; ///< by the second of an event's time
    unsigned events = 0;
    std::uint64_t lost = 0;
};

Journal::Listener into(Told& told) {
    return [&told](const std::string& line) {
        const nlohmann::json event = nlohmann::json::parse(line);
        ++told.events;
        ++told.in_second[event["time"].get<std::string>().substr(0, 19)];
        told.lost += event.value("lost_before", std::uint64_t{0});
    };
}

TEST(Journal, CountsWhatIsAboveItsRate) {
    Journal journal;
    Told told;
    journal.listen(into(told));
    constexpr unsigned kAll = 10 * Journal::kPerSecond;
    for (unsigned i = 0; i < kAll; ++i) {
        journal.add({{"event", "denied"}});
    }
    EXPECT_LT(told.events, kAll);
    for (const auto& [second, count] : told.in_second) {
        EXPECT_LE(count, Journal::kPerSecond) << second;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    journal.add({{"event", "denied"}});
    EXPECT_EQ(told.events + told.lost, kAll + 1);
    EXPECT_EQ(journal.kept().size(), Journal::kKept);
}

TEST(Journal, TellsWhatOthersLostOnce) {
    Journal journal;
    Told told;
    journal.listen(into(told));
    journal.lost(7);
    journal.add({{"event", "denied"}});
    journal.add({{"event", "denied"}});
    EXPECT_EQ(told.lost, 7U);
    EXPECT_EQ(told.events, 2U);
}

TEST(Journal, TellsNobodyWhoHasLeft) {
    Journal journal;
    Told told;
    const std::uint64_t id = journal.listen(into(told));
    journal.leave(id);
    journal.add({{"event", "denied"}});
    EXPECT_EQ(told.events, 0U);
    EXPECT_EQ(journal.kept().size(), 1U);
}

} // namespace
} // namespace landlatch::supervise
