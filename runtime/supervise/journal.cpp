// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/journal.h"

#include "runtime/object/text.h"
#include "runtime/supervise/message.h"

#include <ctime>
#include <fmt/format.h>

namespace landlatch::supervise {

void Journal::add(nlohmann::json event, std::uint64_t age) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != second_) {
        second_ = now.tv_sec;
        in_second_ = 0;
    }
    if (++in_second_ > kPerSecond) {
        ++lost_;
        return;
    }
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t then = now.tv_sec * kSecond + now.tv_nsec - static_cast<std::int64_t>(age);
    const time_t second = then / kSecond;
    tm parts{};
    ::gmtime_r(&second, &parts);
    event["time"] = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, then % kSecond / 1000);
    if (lost_ != 0) {
        event["lost_before"] = std::exchange(lost_, 0);
    }
    kept_.push_back(toText(event));
    if (kept_.size() > kKept) {
        kept_.pop_front();
    }
    const std::string line = kept_.back();
    for (const auto& [id, listener] : std::map(listeners_)) {
        listener(line);
    }
}

std::uint64_t Journal::listen(Listener listener) {
    listeners_.emplace(next_id_, std::move(listener));
    return next_id_++;
}

std::string printable(std::string_view bytes, bool lines) {
    if (object::isPlainText(bytes)) {
        return std::string(bytes);
    }
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += lines && c == '\n'                         ? std::string(1, c)
                : byte >= 0x20 && byte < 0x7f && c != '\\' ? std::string(1, c)
                                                           : fmt::format("\\x{:02x}", byte);
    }
    return text;
}

} // namespace landlatch::supervise
