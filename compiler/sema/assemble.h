// SPDX-License-Identifier: Apache-2.0
// Pass 9: the policy of what can be reached, numbered anew.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/scope.h"

#include <vector>

namespace landlatch::sema {

struct Assembled {
    ir::Policy policy;
    std::vector<ir::Ruleset> unused; ///< of the root file, left out of the policy; their params have no numbers there
};

/// Keeps the rulesets that a rule applies or a test names, and the params that these read or a test sets; a root file
/// without rules and tests is a library and keeps all its rulesets. Everything keeps its order. The floor is not set.
Assembled assemble(const Declarations& declarations, std::vector<ir::Ruleset> rulesets, BuiltRules rules,
                   std::vector<ir::Test> tests, const std::vector<ir::Param>& params);

} // namespace landlatch::sema
