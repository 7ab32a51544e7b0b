// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/params.h"

#include "runtime/base/check.h"
#include "runtime/landlock/shown.h"

#include <cstdlib>
#include <fmt/format.h>

namespace landlatch::landlock {
namespace {

constexpr std::size_t kMaxPathBytes = 4095;
/// A list of ports can't usefully be longer than all ports.
constexpr std::size_t kMaxPortItems = 65'536;

/// What a user wrote, in a message.
std::string quoted(std::string_view text) { return shown(text, 200); }

Result<ParamValues::Value> parseValue(object::ParamType type, std::string_view text, bool allow_root) {
    switch (type) {
    case object::ParamType::kPath: {
        auto path = parsePath(text, allow_root);
        if (!path) {
            return path.error();
        }
        return ParamValues::Value{*std::move(path)};
    }
    case object::ParamType::kPort: {
        auto port = parsePort(text);
        if (!port) {
            return port.error();
        }
        return ParamValues::Value{std::vector<object::PortRange>{*port}};
    }
    case object::ParamType::kPorts: {
        auto ports = parsePorts(text);
        if (!ports) {
            return ports.error();
        }
        return ParamValues::Value{*std::move(ports)};
    }
    }
    return Error{0, "unknown type"};
}

std::string knownNames(const object::Policy& policy) {
    if (policy.params.empty()) {
        return "the policy has no params";
    }
    std::string names;
    for (const object::Param& param : policy.params) {
        names += (names.empty() ? "" : ", ") + param.name;
    }
    return "the policy has " + names;
}

std::optional<std::size_t> indexOf(const object::Policy& policy, std::string_view name) {
    for (std::size_t i = 0; i < policy.params.size(); ++i) {
        if (policy.params[i].name == name) {
            return i;
        }
    }
    return std::nullopt;
}

/// Sorts `--set` texts to their params.
std::vector<std::optional<std::string_view>> assign(const object::Policy& policy, std::span<const std::string> sets,
                                                    std::vector<std::string>& problems) {
    std::vector<std::optional<std::string_view>> given(policy.params.size());
    for (const std::string& set : sets) {
        const std::string_view text = set;
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            problems.push_back(fmt::format("--set {}: write name=value", quoted(text)));
            continue;
        }
        const std::string_view name = text.substr(0, equals);
        const auto index = indexOf(policy, name);
        if (!index) {
            problems.push_back(fmt::format("--set {}: no such param; {}", quoted(name), knownNames(policy)));
        } else if (given[*index]) {
            problems.push_back(fmt::format("--set {}: set twice", quoted(name)));
        } else {
            given[*index] = text.substr(equals + 1);
        }
    }
    return given;
}

Result<ParamValues::Value> fromEnvironment(const object::Param& param, const ParamValues::Options& options) {
    if (!options.environment) {
        return Error{0, fmt::format("param {} has no value: the environment ({}) is not read here, use --set {}=…",
                                    param.name, param.env, param.name)};
    }
    const std::optional<std::string> text = options.environment(param.env);
    if (!text) {
        return Error{0, fmt::format("param {} has no value: the environment variable {} is not set; use --set {}=…",
                                    param.name, param.env, param.name)};
    }
    if (text->empty()) {
        return Error{0, fmt::format("param {}: the environment variable {} is empty", param.name, param.env)};
    }
    auto value = parseValue(param.type, *text, options.allow_root);
    if (!value) {
        return value.error().within(fmt::format("param {}, from the environment variable {}", param.name, param.env));
    }
    return value;
}

Result<ParamValues::Value> fromDefault(const object::Param& param, bool allow_root) {
    if (param.type == object::ParamType::kPath && param.default_path) {
        auto value = parseValue(param.type, *param.default_path, allow_root);
        return value ? std::move(value) : value.error().within("the default of param " + param.name);
    }
    if (param.type != object::ParamType::kPath && param.default_ports && !param.default_ports->empty()) {
        return ParamValues::Value{*param.default_ports};
    }
    return Error{0, fmt::format("param {} has no value: use --set {}=…", param.name, param.name)};
}

} // namespace

Result<std::string> parsePath(std::string_view text, bool allow_root) {
    const std::string name = "'" + quoted(text) + "'";
    if (text.empty()) {
        return Error{0, "a path is empty"};
    }
    if (text.front() != '/') {
        return Error{0, name + " is not an absolute path"};
    }
    if (text.size() > kMaxPathBytes) {
        return Error{0, fmt::format("a path has {} bytes, above {}", text.size(), kMaxPathBytes)};
    }
    if (text == "/") {
        return allow_root ? Result<std::string>(std::string(text))
                          : Error{0, "'/' would grant the whole file system: it needs --allow-root"};
    }
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            return Error{0, name + " has a control character"};
        }
    }
    std::size_t start = 1;
    while (start <= text.size()) {
        const std::size_t end = std::min(text.find('/', start), text.size());
        const std::string_view component = text.substr(start, end - start);
        if (component.empty()) {
            return Error{0, name + (end == text.size() ? " ends in '/'" : " has an empty component ('//')")};
        }
        if (component == "." || component == "..") {
            return Error{0, fmt::format("{} has a '{}' component", name, component)};
        }
        start = end + 1;
    }
    return std::string(text);
}

Result<object::PortRange> parsePort(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text.size() > 1 && text.front() == '0')) {
        return Error{0, "'" + quoted(text) + "' is not a port (0 to 65535)"};
    }
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return Error{0, "'" + quoted(text) + "' is not a port (0 to 65535)"};
        }
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value > 65'535) {
        return Error{0, "'" + quoted(text) + "' is not a port (0 to 65535)"};
    }
    const auto port = static_cast<std::uint16_t>(value);
    return object::PortRange{port, port};
}

Result<std::vector<object::PortRange>> parsePorts(std::string_view text) {
    std::vector<object::PortRange> ranges;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string_view item = text.substr(start, end - start);
        const std::size_t dots = item.find("..");
        auto first = parsePort(item.substr(0, dots));
        if (!first) {
            return first.error();
        }
        object::PortRange range = *first;
        if (dots != std::string_view::npos) {
            auto last = parsePort(item.substr(dots + 2));
            if (!last) {
                return last.error();
            }
            range.last = last->last;
        }
        if (range.last < range.first) {
            return Error{0, "'" + quoted(item) + "' is a range that ends before it starts"};
        }
        if (ranges.size() == kMaxPortItems) {
            return Error{0, "too many ports in a list"};
        }
        ranges.push_back(range);
        start = end + 1;
    }
    return ranges;
}

std::optional<std::string> systemEnvironment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<ParamValues> ParamValues::make(const object::Policy& policy, std::span<const std::string> sets,
                                      const Options& options) {
    std::vector<std::string> problems;
    const auto given = assign(policy, sets, problems);
    ParamValues values;
    for (std::size_t i = 0; i < policy.params.size(); ++i) {
        const object::Param& param = policy.params[i];
        Result<Value> value = Error{};
        if (given[i]) {
            value = parseValue(param.type, *given[i], options.allow_root);
            if (!value) {
                value = value.error().within("--set " + param.name);
            }
        } else if (!param.env.empty()) {
            value = fromEnvironment(param, options);
        } else {
            value = fromDefault(param, options.allow_root);
        }
        if (value) {
            values.values_.push_back(*std::move(value));
        } else {
            problems.push_back(value.error().message);
        }
    }
    if (!problems.empty()) {
        return Error{0, fmt::format("{}", fmt::join(problems, "\n"))};
    }
    return values;
}

const ParamValues::Value& ParamValues::at(std::uint32_t param) const {
    LANDLATCH_CHECK(param < values_.size());
    return values_[param];
}

const std::string& ParamValues::path(std::uint32_t param) const {
    const auto* text = std::get_if<std::string>(&at(param));
    LANDLATCH_CHECK(text != nullptr);
    return *text;
}

const std::vector<object::PortRange>& ParamValues::ports(std::uint32_t param) const {
    const auto* ranges = std::get_if<std::vector<object::PortRange>>(&at(param));
    LANDLATCH_CHECK(ranges != nullptr);
    return *ranges;
}

} // namespace landlatch::landlock
