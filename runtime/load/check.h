// SPDX-License-Identifier: Apache-2.0
// `llload check` and `--dry-run`: can this machine enforce, by which backend, and what wouldn't be restricted.
#pragma once

#include "runtime/base/result.h"
#include "runtime/load/options.h"

#include <nlohmann/json.hpp>

namespace landlatch::load {

/// "ok", "kernel" (release, Landlock ABI), "backends" (name, ok, why), and with an object what it comes to here.
/// Changes nothing.
nlohmann::json check(const Options& options);
[[nodiscard]] std::string checkText(const nlohmann::json& report);

} // namespace landlatch::load
