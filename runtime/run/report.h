// SPDX-License-Identifier: Apache-2.0
// Shows the tracer's events: denials always, every decision with --verbose, and JSON lines in --log FILE.
#pragma once

#include "runtime/base/unique_fd.h"
#include "runtime/tree/event.h"

#include <string>
#include <string_view>

namespace landlatch::run {

/// `text` for a terminal: control bytes, broken UTF-8 and backslashes as \xHH, so that no file name steers a terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// One event as a person reads it, without a line feed: "denied: /usr/bin/curl (pid 7) by rule net (p.ll:3): why".
[[nodiscard]] std::string describe(const tree::Event& event);

/// One event as a JSON object on one line, with the time (`seconds` since 1970 and `nanoseconds`) as an ISO 8601 text.
[[nodiscard]] std::string toJson(const tree::Event& event, std::int64_t seconds, std::int64_t nanoseconds);

class Reporter final : public tree::EventSink {
public:
    struct Settings {
        bool verbose = false;
        bool colour = false;
        UniqueFd log; ///< opened for appending; unset: no log
    };
    explicit Reporter(Settings settings) : settings_(std::move(settings)) {}

    void decided(const tree::Event& event) override;
    void note(const std::string& text) override;
    [[nodiscard]] bool wantsAll() const override { return settings_.verbose || settings_.log; }

private:
    void say(std::string_view colour, const std::string& text) const;
    void writeLog(const std::string& line);

    Settings settings_;
    bool log_failed_ = false;
};

} // namespace landlatch::run
