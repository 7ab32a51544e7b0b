// SPDX-License-Identifier: Apache-2.0
// What happened, for people: decisions of gates, what became of held programs, what the supervisor did. Kept for a
// while, sent to whoever listens. Never waited for: what a slow listener can't take is counted and dropped.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace landlatch::supervise {

class Journal {
public:
    using Listener = std::function<void(const std::string& line)>;
    static constexpr std::size_t kKept = 256;
    static constexpr unsigned kPerSecond = 2000; ///< above it events are counted, not told

    /// Adds the time and tells everybody. `event` has at least "event", one of applied, denied, refused, killed, audit,
    /// installed, unloaded, lost, note. `age`: how long ago it happened, in nanoseconds.
    void add(nlohmann::json event, std::uint64_t age = 0);
    /// Counts events that others lost; told with the next one.
    void lost(std::uint64_t count) { lost_ += count; }

    std::uint64_t listen(Listener listener);
    void leave(std::uint64_t id) { listeners_.erase(id); }
    [[nodiscard]] const std::deque<std::string>& kept() const { return kept_; }

private:
    std::map<std::uint64_t, Listener> listeners_;
    std::deque<std::string> kept_;
    std::uint64_t next_id_ = 1;
    std::uint64_t lost_ = 0;
    std::int64_t second_ = 0;
    unsigned in_second_ = 0;
};

/// Text for JSON out of bytes from outside: what isn't UTF-8 is escaped as \xHH, control bytes too,
/// but line feeds where `lines`.
[[nodiscard]] std::string printable(std::string_view bytes, bool lines = false);

} // namespace landlatch::supervise
