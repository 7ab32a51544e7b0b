// SPDX-License-Identifier: Apache-2.0
// A policy that is installed, as the JSON that llload prints.
#pragma once

#include "runtime/supervise/policies.h"

#include <nlohmann/json.hpp>

namespace landlatch::supervise {

/// Name, options and counters.
nlohmann::json describe(const Policy& policy);
/// The answer to its installation: describe(), rulesets, notes.
nlohmann::json describeInstalled(const Policy& policy);
/// The answer to `show`: rules with their hits too, and the gate's sizes.
nlohmann::json describeWhole(const Policy& policy);

} // namespace landlatch::supervise
