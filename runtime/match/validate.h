// SPDX-License-Identifier: Apache-2.0
// The structure of match tables, checked once when a policy is read. match.h is safe on any words; this is so that
// damage is refused at load instead of at some exec, and that no table can ask for more work than a compiled one.
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <cstdint>
#include <span>

namespace landlatch::match {

/// What else the tables must agree with.
struct TableLimits {
    std::uint32_t rules = 0; ///< entries of the manifest's lists
    std::uint32_t effects = 0;
    std::uint32_t users = 0;
    std::uint32_t groups = 0;
    std::uint32_t always = 0;
};

/// EINVAL with what is wrong and the word where.
Result<void> validate(std::span<const std::uint32_t> tables, const TableLimits& limits);
/// The tables of a policy against its own lists, effect by effect and rule by rule.
Result<void> validate(const object::Policy& policy);

} // namespace landlatch::match
