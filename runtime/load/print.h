// SPDX-License-Identifier: Apache-2.0
// The supervisor's answers as text for people. Everything in them is printable already.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace landlatch::load {

[[nodiscard]] std::string installedText(const nlohmann::json& answer);
[[nodiscard]] std::string listText(const nlohmann::json& answer);
[[nodiscard]] std::string showText(const nlohmann::json& answer);
/// One line.
[[nodiscard]] std::string eventText(const nlohmann::json& event);

} // namespace landlatch::load
