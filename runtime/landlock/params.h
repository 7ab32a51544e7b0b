// SPDX-License-Identifier: Apache-2.0
// The values of a policy's params on this machine: from `--set name=value`, the environment (llrun only) or defaults.
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace landlatch::landlock {

/// One value a param. Paths are absolute, canonical and literal; ports are ranges in the order given.
class ParamValues {
public:
    using Value = std::variant<std::string, std::vector<object::PortRange>>;

    struct Options {
        /// Reads an environment variable; empty: the environment is never read (llload). See systemEnvironment.
        std::function<std::optional<std::string>(const std::string&)> environment;
        /// Whether a path param may be "/" itself.
        bool allow_root = false;
    };

    /// Gives every param of `policy` its value. `sets` are the texts after `--set` ("name=value"), which win over the
    /// environment, which wins over defaults. All that is wrong is listed in one error: unknown or repeated names, text
    /// that is not of the param's type, an empty variable, params without a value.
    static Result<ParamValues> make(const object::Policy& policy, std::span<const std::string> sets,
                                    const Options& options);

    [[nodiscard]] const Value& at(std::uint32_t param) const;
    [[nodiscard]] const std::string& path(std::uint32_t param) const;
    [[nodiscard]] const std::vector<object::PortRange>& ports(std::uint32_t param) const;
    [[nodiscard]] std::size_t size() const { return values_.size(); }

private:
    std::vector<Value> values_;
};

/// getenv.
std::optional<std::string> systemEnvironment(const std::string& name);

/// `text` as a path: absolute, at most 4,095 bytes, no "//", ".", "..", trailing '/', control bytes.
Result<std::string> parsePath(std::string_view text, bool allow_root);
/// "8080": decimal, 0 to 65535, no sign, blank or leading zero.
Result<object::PortRange> parsePort(std::string_view text);
/// "80,443,8000..8010".
Result<std::vector<object::PortRange>> parsePorts(std::string_view text);

} // namespace landlatch::landlock
