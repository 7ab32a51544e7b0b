// SPDX-License-Identifier: Apache-2.0
// Conditions of rules: variables filled in, patterns parsed, names completed (language points 21 to 25 as far as names
// and patterns go; what they match together is for compiler/match).
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/scope.h"
#include "compiler/sema/values.h"

#include <optional>

namespace landlatch::sema {

/// The condition of a rule with its `unless` as `and not`. Empty after an error.
std::optional<ir::Condition> buildCondition(ModuleId module, const ast::Rule& rule, Variables& variables,
                                            Context& context);

/// A user or group as written: a name, or a number without leading zeros. Empty after an error.
std::optional<ir::IdName> buildId(const Text& text, bool optional, Context& context);

/// Whether some fact of the condition is one of `facts`. With `positive`, only where more of it makes the condition
/// match more (not under an odd number of `not`s).
bool reads(const ir::Condition& condition, std::initializer_list<ir::Fact> facts, bool positive = false);

} // namespace landlatch::sema
