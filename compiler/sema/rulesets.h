// SPDX-License-Identifier: Apache-2.0
// Pass 6: `extends`. Own rulesets become final ones: with the grants of their parents, checked as a whole.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/file_abi.h"
#include "compiler/sema/scope.h"
#include "compiler/sema/values.h"

#include <vector>

namespace landlatch::sema {

/// The final ruleset of every declaration, by DeclId. Reports unknown and repeated parents, cycles as chains, a
/// parent's `leave` that isn't repeated, exceptions that another grant gives back, and what exceeds the limits.
std::vector<ir::Ruleset> buildRulesets(const Declarations& declarations, const std::vector<FileAbi>& abis,
                                       Variables& variables, Context& context);

} // namespace landlatch::sema
