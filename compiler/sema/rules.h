// SPDX-License-Identifier: Apache-2.0
// Pass 7: rules, `use rules` and `prefer` (language points 8, 17, 28, 29).
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/scope.h"
#include "compiler/sema/values.h"

#include <vector>

namespace landlatch::sema {

struct BuiltRules {
    /// The root file's rules, then those it takes by `use rules`. Effects name rulesets by DeclId.
    std::vector<ir::Rule> rules;
    std::vector<ir::Prefer> prefers;
};

/// Checks the rules of all files and keeps the root's and those taken. `use rules f` takes what f itself takes too, and
/// each rule once. `rulesets` is by DeclId, for the warning of containers.
BuiltRules buildRules(const Declarations& declarations, const std::vector<ir::Ruleset>& rulesets, Variables& variables,
                      Context& context);

/// The rulesets that an `apply` names, sorted and distinct, by DeclId. Repeats, unknown names and too many are
/// reported.
std::vector<ir::RulesetId> resolveApply(const Declarations& declarations, ModuleId module, const ast::Apply& apply,
                                        Span where, Context& context);

} // namespace landlatch::sema
