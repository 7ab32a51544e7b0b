// SPDX-License-Identifier: Apache-2.0
#include "runtime/load/print.h"

#include "runtime/supervise/message.h"

#include <cstdint>
#include <fmt/format.h>

namespace landlatch::load {
namespace {

using Json = nlohmann::json;

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end()) {
        return "";
    }
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// A name of a file or program, quoted where it could be taken for several words of a line.
std::string name(const Json& json, const char* key) {
    const std::string plain = text(json, key);
    return plain.find_first_of(" \"=") == std::string::npos ? plain : supervise::toText(plain);
}

/// Lines as one.
std::string oneLine(std::string lines) {
    for (std::size_t at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at)) {
        const std::size_t next = lines.find_first_not_of("\n ", at);
        lines.replace(at, (next == std::string::npos ? lines.size() : next) - at, next == std::string::npos ? "" : " ");
    }
    return lines;
}

std::string joined(const Json& list) {
    std::string all;
    for (const Json& one : list) {
        all += (all.empty() ? "" : ", ") + (one.is_string() ? one.get<std::string>() : supervise::toText(one));
    }
    return all;
}

/// "web (web.ll:12)", "web.ll:12", or nothing.
std::string ruleName(const Json& json) {
    const std::string name = text(json, "rule");
    const std::string at = text(json, "at");
    return name.empty() ? at : name + " (" + at + ")";
}

std::string rulesetLines(const Json& rulesets) {
    std::string out;
    for (const Json& ruleset : rulesets) {
        out += fmt::format("  ruleset {} ({})", text(ruleset, "name"), text(ruleset, "at"));
        if (ruleset.value("paths_in_target", false)) {
            out += ", paths in target";
        } else if (ruleset.contains("inodes")) {
            out += fmt::format(", {} inodes, {} ports", text(ruleset, "inodes"), text(ruleset, "ports"));
        }
        out += "\n";
        if (!ruleset["not_restricted"].empty()) {
            out += fmt::format("    not restricted on this kernel: {}\n", joined(ruleset["not_restricted"]));
        }
        for (const Json& note : ruleset.value("notes", Json::array())) {
            out += fmt::format("    {}\n", note.get<std::string>());
        }
    }
    return out;
}

} // namespace

std::string installedText(const Json& answer) {
    const Json& policy = answer["policy"];
    std::string out = fmt::format("{} is {} by {}: {} rules, {} rulesets\n", text(policy, "name"),
                                  policy.value("audit", false) ? "watched (audit, nothing is enforced)" : "in force",
                                  text(policy, "backend"), text(policy, "rules"), text(policy, "rulesets"));
    for (const Json& ruleset : answer["rulesets"]) {
        if (!ruleset["not_restricted"].empty()) {
            out += fmt::format("note: ruleset {}: not restricted on this kernel: {}\n", text(ruleset, "name"),
                               joined(ruleset["not_restricted"]));
        }
    }
    for (const Json& note : answer["notes"]) {
        out += fmt::format("note: {}\n", note.get<std::string>());
    }
    for (const Json& other : answer.value("passed_over", Json::array())) {
        out += fmt::format("note: not {}: {}\n", text(other, "name"), text(other, "why"));
    }
    return out;
}

std::string listText(const Json& answer) {
    if (answer["policies"].empty()) {
        return "nothing is installed\n";
    }
    std::string out = fmt::format("{:<20} {:<8} {:<13} {:>6} {:>9} {:>8} {:>8} {:>8}\n", "NAME", "MODE", "BACKEND",
                                  "RULES", "APPLIED", "DENIED", "REFUSED", "KILLED");
    for (const Json& policy : answer["policies"]) {
        out += fmt::format("{:<20} {:<8} {:<13} {:>6} {:>9} {:>8} {:>8} {:>8}\n", text(policy, "name"),
                           !policy.value("in_force", true) ? "-"
                           : policy.value("audit", false)  ? "audit"
                                                           : "enforce",
                           text(policy, "backend"), text(policy, "rules"), text(policy, "applied"),
                           text(policy, "denied"), text(policy, "refused"), text(policy, "killed"));
        if (policy.contains("problem")) {
            out += fmt::format("  problem: {}\n", text(policy, "problem"));
        }
    }
    return out;
}

std::string showText(const Json& answer) {
    const Json& policy = answer["policy"];
    std::string out = fmt::format("policy {} ({} by {}), load {}\n", text(policy, "name"),
                                  policy.value("audit", false) ? "audit" : "enforced", text(policy, "backend"),
                                  text(policy, "generation"));
    if (policy.contains("problem")) {
        out += fmt::format("  problem: {}\n", text(policy, "problem"));
    }
    out += fmt::format("  applied {}, denied {}, refused {}, killed {}\n", text(policy, "applied"),
                       text(policy, "denied"), text(policy, "refused"), text(policy, "killed"));
    for (const Json& rule : answer["rules"]) {
        out += fmt::format("  rule {}: {} {}{}{}, {} hits\n", ruleName(rule), text(rule, "effect"),
                           joined(rule.value("rulesets", Json::array())), rule.value("nnp", false) ? " with nnp" : "",
                           rule.value("always", false) ? ", always" : "", text(rule, "hits"));
    }
    out += rulesetLines(answer["rulesets"]);
    for (const Json& note : answer["notes"]) {
        out += fmt::format("  note: {}\n", note.get<std::string>());
    }
    for (const Json& program : answer["gate"].value("programs", Json::array())) {
        out += fmt::format("  program {}: {} instructions, {} bytes, {} verified\n", text(program, "name"),
                           text(program, "instructions"), text(program, "machine_bytes"), text(program, "verified"));
    }
    if (answer["gate"].contains("map_bytes")) {
        out += fmt::format("  memory {} KiB of maps\n", answer["gate"]["map_bytes"].get<std::uint64_t>() / 1024);
    }
    for (const Json& program : answer.value("already_running", Json::array())) {
        out +=
            fmt::format("  already running, not confined: pid {} {}{}\n", text(program, "pid"), text(program, "exec"),
                        program.value("sure", true) ? "" : " (depends on facts that are gone)");
    }
    if (answer.contains("lost_events")) { // of a kernel backend
        out += fmt::format("  events lost {}\n", text(answer, "lost_events"));
    }
    if (!answer.contains("hold")) {
        return out;
    }
    const Json& hold = answer["hold"];
    out +=
        fmt::format("  holds {}, timed out {}, without room {}, killed by the backstop {}, tracers refused {}, not "
                    "judged {}, events lost {}\n",
                    text(hold, "holds"), text(hold, "timeouts"), text(hold, "lost_holds"), text(hold, "backstop_kills"),
                    text(hold, "refused_traces"), text(hold, "lost_execs"), text(hold, "lost_events"));
    return out;
}

std::string eventText(const Json& event) {
    std::string out = fmt::format("{} {}", text(event, "time"), text(event, "event"));
    for (const char* key : {"policy", "pid", "uid", "exec", "comm", "script"}) {
        if (event.contains(key)) {
            out += fmt::format(" {}={}", key, name(event, key));
        }
    }
    if (event.contains("rulesets") && !event["rulesets"].empty()) {
        out += " rulesets=" + joined(event["rulesets"]);
    }
    if (event.value("nnp", false)) {
        out += " nnp";
    }
    if (const std::string rule = ruleName(event); !rule.empty()) {
        out += " rule=" + rule;
    }
    for (const Json& by : event.value("by", Json::array())) {
        out += fmt::format(" by={}:{}", text(by, "policy"), ruleName(by));
    }
    for (const char* key : {"held_us", "would", "reason", "text", "lost_before", "missed_before"}) {
        if (event.contains(key)) {
            out += fmt::format(" {}={}", key, oneLine(text(event, key)));
        }
    }
    return out;
}

} // namespace landlatch::load
