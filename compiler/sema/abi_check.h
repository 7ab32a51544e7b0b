// SPDX-License-Identifier: Apache-2.0
// Pass 10: what older kernels can't restrict, and whether the policy says so (language points 18 and 19).
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/file_abi.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace landlatch::sema {

/// Sets the policy's abi, floor and leaving. Reports rights above the floor that `leaving` doesn't name, with the whole
/// list as fix-it, and names in it that give nothing up.
void checkFloor(ir::Policy& policy, const std::vector<FileAbi>& abis, Context& context);

/// `--abi N`: what a kernel of ABI `target` would not restrict, ruleset by ruleset; an error below the floor.
void reportTarget(const ir::Policy& policy, const FileAbi& root, std::uint32_t target, Context& context);

/// Rulesets that restrict TCP and give UDP up: what may not go out by one goes by the other.
void lintOneProtocol(const std::vector<ir::Ruleset>& rulesets, Context& context);

} // namespace landlatch::sema
