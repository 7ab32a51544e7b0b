// SPDX-License-Identifier: Apache-2.0
// What `llload list` tells: of the supervisor, of the kernel backends, and of policies that nobody serves.
#pragma once

#include "runtime/base/result.h"

#include <nlohmann/json.hpp>

namespace landlatch::load {

/// {"ok": true, "policies": [...]}, each as supervise::describe, or with "name", "problem" and "in_force".
Result<nlohmann::json> listPolicies();

} // namespace landlatch::load
