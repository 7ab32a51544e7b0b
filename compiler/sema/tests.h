// SPDX-License-Identifier: Apache-2.0
// Pass 8: the root file's `test` blocks, checked (language point 33). Running them is the tools' work.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/scope.h"
#include "compiler/sema/values.h"

#include <cstdint>
#include <vector>

namespace landlatch::sema {

/// Names exist, facts are well formed and said once, `user` is there when a rule reads it, params that are set have a
/// value of their type. Rulesets and params go by DeclId and by index into `variables.params()`.
std::vector<ir::Test> buildTests(const Declarations& declarations, std::uint32_t abi, const BuiltRules& rules,
                                 Variables& variables, Context& context);

} // namespace landlatch::sema
