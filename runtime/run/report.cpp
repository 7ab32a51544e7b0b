// SPDX-License-Identifier: Apache-2.0
#include "runtime/run/report.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace landlatch::run {
namespace {

using tree::Event;
using tree::Outcome;

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kReset = "\x1b[0m";

std::string_view nameOf(Outcome outcome) {
    switch (outcome) {
    case Outcome::kNone:
        return "none";
    case Outcome::kPass:
        return "pass";
    case Outcome::kApplied:
        return "apply";
    case Outcome::kKept:
        return "kept";
    case Outcome::kDenied:
        return "deny";
    case Outcome::kRefused:
        return "refuse";
    }
    return "unknown";
}

/// The outcome as the first words of a sentence.
std::string verb(const Event& event) {
    const std::string_view nnp = event.nnp ? " with nnp" : "";
    switch (event.outcome) {
    case Outcome::kNone:
        return "no rule";
    case Outcome::kPass:
        return "pass";
    case Outcome::kApplied:
        return event.rulesets.empty() ? std::string("apply nnp")
                                      : fmt::format("apply {}{}", fmt::join(event.rulesets, ", "), nnp);
    case Outcome::kKept:
        return event.inherited.empty() ? std::string("nnp in force already")
                                       : fmt::format("{} in force already", fmt::join(event.inherited, ", "));
    case Outcome::kDenied:
        return "denied";
    case Outcome::kRefused:
        return "refused";
    }
    return "unknown";
}

bool isControl(unsigned char byte) { return byte < 0x20 || byte == 0x7f; }

/// Bytes of the UTF-8 sequence at the front of `text`; 0 when it isn't one, or is a C1 control.
std::size_t sequenceLength(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xc2 ? 0
                               : first < 0xe0 ? 2
                               : first < 0xf0 ? 3
                               : first < 0xf5 ? 4
                                              : 0;
    if (length == 0 || length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool c1 = first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
    return c1 ? 0 : length;
}

} // namespace

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (length == 0 || isControl(first) || first == '\\') {
            shown += fmt::format("\\x{:02x}", first);
            text.remove_prefix(1);
            continue;
        }
        shown += text.substr(0, length);
        text.remove_prefix(length);
    }
    return shown;
}

std::string describe(const Event& event) {
    std::string text;
    if (event.audit) {
        text += "audit: ";
    }
    text += verb(event);
    text += ": ";
    text += event.exec.empty() ? "a program whose path can't be read" : printable(event.exec);
    if (!event.script.empty()) {
        text += fmt::format(" running {}", printable(event.script));
    }
    text += fmt::format(" (pid {})", event.pid);
    if (event.rule_line != 0) {
        text += event.rule.empty() ? fmt::format(" by {}:{}", printable(event.rule_file), event.rule_line)
                                   : fmt::format(" by rule {} ({}:{})", printable(event.rule),
                                                 printable(event.rule_file), event.rule_line);
    }
    if (!event.reason.empty()) {
        text += ": " + printable(event.reason);
    }
    if (event.outcome == Outcome::kApplied && !event.inherited.empty()) {
        text += fmt::format("; in force already: {}", fmt::join(event.inherited, ", "));
    }
    if (!event.not_restricted.empty()) {
        text += fmt::format("; not restricted on this kernel: {}", fmt::join(event.not_restricted, ", "));
    }
    if (!event.audited.empty()) {
        text += fmt::format("; rules under audit would: {}", event.audited);
    }
    return text;
}

std::string toJson(const Event& event, std::int64_t seconds, std::int64_t nanoseconds) {
    std::array<char, 32> day{};
    std::tm utc{};
    const std::time_t when = seconds;
    ::gmtime_r(&when, &utc);
    std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    nlohmann::ordered_json json;
    json["time"] = fmt::format("{}.{:06}Z", day.data(), nanoseconds / 1000);
    json["decision"] = nameOf(event.outcome);
    json["audit"] = event.audit;
    json["pid"] = event.pid;
    json["exec"] = event.exec.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(event.exec);
    json["script"] = event.script.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(event.script);
    json["parent"] = event.parent.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(event.parent);
    if (event.rule_line != 0) {
        json["rule"] = {{"name", event.rule}, {"file", event.rule_file}, {"line", event.rule_line}};
    } else {
        json["rule"] = nullptr;
    }
    json["rulesets"] = event.rulesets;
    json["inherited"] = event.inherited;
    json["nnp"] = event.nnp;
    json["not_restricted"] = event.not_restricted;
    json["reason"] = event.reason.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(event.reason);
    if (!event.audited.empty()) {
        json["audit_rules_would"] = event.audited;
    }
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void Reporter::say(std::string_view colour, const std::string& text) const {
    // One write, so that lines of parallel programs don't mix.
    const std::string line =
        settings_.colour ? fmt::format("llrun: {}{}{}\n", colour, text, kReset) : fmt::format("llrun: {}\n", text);
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

void Reporter::writeLog(const std::string& line) {
    const std::string text = line + "\n";
    if (::write(settings_.log.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) && !log_failed_) {
        log_failed_ = true;
        say(kRed, fmt::format("the log can't be written ({}); decisions are still enforced", std::strerror(errno)));
    }
}

void Reporter::decided(const Event& event) {
    const bool stopped = event.outcome == Outcome::kDenied || event.outcome == Outcome::kRefused;
    if (settings_.verbose || stopped || !event.audited.empty() || (event.audit && event.outcome != Outcome::kNone)) {
        const std::string_view colour = stopped ? kRed : event.outcome == Outcome::kApplied ? kGreen : kDim;
        say(colour, describe(event));
    }
    if (settings_.log) {
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        writeLog(toJson(event, now.tv_sec, now.tv_nsec));
    }
}

void Reporter::note(const std::string& text) {
    if (settings_.verbose) {
        say(kDim, printable(text));
    }
}

} // namespace landlatch::run
