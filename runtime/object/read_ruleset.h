// SPDX-License-Identifier: Apache-2.0
// One blob of .landlock.rulesets -> object::Ruleset. Internal to runtime/object.
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/cursor.h"
#include "runtime/object/policy.h"

#include <cstddef>
#include <span>
#include <vector>

namespace landlatch::object {

/// Decodes and checks the content of a ruleset; name, file and line stay empty (they are in the manifest).
Result<Ruleset> readRulesetBlob(std::span<const std::byte> blob, const Strings& strings,
                                const std::vector<Param>& params, Budget& budget);

} // namespace landlatch::object
