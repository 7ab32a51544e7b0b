// SPDX-License-Identifier: Apache-2.0
// Grants and rights as policies write them, and params' values from a command line.
#include "compiler/ir/dump.h"
#include "compiler/query/access.h"
#include "compiler/query/load.h"
#include "runtime/landlock/params.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace landlatch::query {

namespace {

Result<ParamValue> parseValue(const object::Param& param, std::string_view text) {
    if (param.type == object::ParamType::kPath) {
        Result<std::string> path = landlock::parsePath(text, true);
        if (!path) {
            return path.error();
        }
        return ParamValue(*std::move(path));
    }
    Result<std::vector<object::PortRange>> ports = landlock::parsePorts(text);
    if (!ports) {
        return ports.error();
    }
    return ParamValue(*std::move(ports));
}

} // namespace

Result<std::vector<ParamValue>> paramValues(const object::Policy& policy, std::span<const std::string> sets) {
    std::vector<ParamValue> values;
    for (const object::Param& param : policy.params) {
        ParamValue value;
        if (param.default_path) {
            value = *param.default_path;
        } else if (param.default_ports) {
            value = *param.default_ports;
        }
        values.push_back(std::move(value));
    }
    for (const std::string& set : sets) {
        const std::size_t equals = set.find('=');
        if (equals == std::string::npos) {
            return Error{0, fmt::format("--set {}: write name=value", set)};
        }
        const std::string name = set.substr(0, equals);
        const auto param = std::find_if(policy.params.begin(), policy.params.end(),
                                        [&](const object::Param& other) { return other.name == name; });
        if (param == policy.params.end()) {
            return Error{0, fmt::format("--set {}: the policy has no such param", name)};
        }
        Result<ParamValue> value = parseValue(*param, std::string_view(set).substr(equals + 1));
        if (!value) {
            return value.error().within("--set " + name);
        }
        values[static_cast<std::size_t>(param - policy.params.begin())] = *std::move(value);
    }
    return values;
}

std::string templateText(const object::Policy& policy, const object::PathTemplate& path) {
    std::string text;
    for (const object::PathPiece& piece : path) {
        text += piece.param ? "${" + policy.params[*piece.param].name + "}" : piece.text;
    }
    return text;
}

std::string grantText(const object::Policy& policy, const object::PathGrant& grant) {
    static constexpr std::array<std::string_view, 3> kKinds = {"beneath", "file", "each"};
    std::string except;
    for (const object::PathTemplate& pattern : grant.except) {
        except += (except.empty() ? " except " : ", ") + templateText(policy, pattern);
    }
    return fmt::format("allow {} {} {}{}{}", rightsText(grant.access, policy.abi),
                       kKinds[static_cast<std::size_t>(grant.kind)], grant.optional ? "optional " : "",
                       templateText(policy, grant.path), except);
}

std::string grantText(const object::Policy& policy, const object::PortGrant& grant) {
    std::string ports;
    if (const auto* param = std::get_if<std::uint32_t>(&grant.ports)) {
        ports = "${" + policy.params[*param].name + "}";
    } else {
        const auto& range = std::get<object::PortRange>(grant.ports);
        ports =
            range.first == range.last ? fmt::format("{}", range.first) : fmt::format("{}..{}", range.first, range.last);
    }
    return fmt::format("allow {} {}", ir::netNames(grant.access), ports);
}

std::string verdictText(const Verdict& verdict, const object::Policy& policy, std::uint32_t ruleset,
                        std::uint32_t kernel) {
    const std::string& name = policy.rulesets[ruleset].name;
    std::string grant;
    if (verdict.path != nullptr) {
        grant = fmt::format("{} ({})", grantText(policy, *verdict.path), place(verdict.path->file, verdict.path->line));
    } else if (verdict.port != nullptr) {
        grant = fmt::format("{} ({})", grantText(policy, *verdict.port), place(verdict.port->file, verdict.port->line));
    }
    switch (verdict.why) {
    case Why::kGranted:
        return fmt::format("ruleset {} allows it: {}", name, grant);
    case Why::kDenied:
        return fmt::format("ruleset {} restricts it and does not allow it there", name);
    case Why::kSplit:
        return fmt::format("ruleset {} does not allow it: a directory split for an exception has no rights of its own: "
                           "{}",
                           name, grant);
    case Why::kExcepted:
        return fmt::format("ruleset {} does not allow it: excepted by {}", name, grant);
    case Why::kLeft:
        return fmt::format("ruleset {} leaves it unrestricted (`leave`)", name);
    case Why::kVocabulary:
        return fmt::format("ruleset {} does not restrict it: unknown to its vocabulary, ABI {}", name,
                           policy.rulesets[ruleset].abi);
    case Why::kKernel:
        return verdict.allowed == Truth::kYes
                   ? fmt::format("not restricted by a kernel of ABI {}", kernel)
                   : fmt::format("denied by every ruleset on a kernel of ABI {}, which cannot allow it", kernel);
    case Why::kOpenParam:
        return fmt::format("depends on the param {}, which has no value: {}", policy.params[verdict.param].name, grant);
    }
    return {};
}

std::string_view rightName(abi::Category category, std::uint8_t bit) {
    const auto net = [](abi::Category one) { return one == abi::Category::kTcp || one == abi::Category::kUdp; };
    for (const abi::Right& right : abi::kRights) {
        if (right.bit == bit && (right.category == category || (net(right.category) && net(category)))) {
            return right.name;
        }
    }
    return "?";
}

std::string rightsText(std::uint64_t fs, std::uint32_t abi_number) {
    std::string text;
    std::uint64_t rest = fs;
    for (const abi::Group& group : abi::kGroups) {
        const std::uint64_t all = group.fs & abi::known(abi_number).fs;
        if (all != 0 && (fs & all) == all && (rest & all) != 0 && group.name != "all") {
            text += (text.empty() ? "" : ", ") + std::string(group.name);
            rest &= ~all;
        }
    }
    if (rest != 0 || text.empty()) {
        text += (text.empty() ? "" : ", ") + ir::fsNames(rest);
    }
    return text;
}

} // namespace landlatch::query
