// SPDX-License-Identifier: Apache-2.0
// The running kernel's Landlock ABI, for `--abi host`.
#pragma once

#include "runtime/base/result.h"

#include <cstdint>

namespace landlatch::driver {

/// landlock_create_ruleset(2) with LANDLOCK_CREATE_RULESET_VERSION. ENOSYS: not built in; EOPNOTSUPP: off at boot.
Result<std::uint32_t> hostAbi();

} // namespace landlatch::driver
