// SPDX-License-Identifier: Apache-2.0
// Pass 5: what each ruleset says itself, before `extends` (language points 11 to 14, 16, 17).
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/scope.h"
#include "compiler/sema/values.h"

#include <cstdint>

namespace landlatch::sema {

/// The ruleset of one declaration with its own clauses only. After an error the clause at fault is left out.
ir::Ruleset buildOwnRuleset(const Declarations& declarations, DeclId id, std::uint32_t abi, Variables& variables,
                            Context& context);

} // namespace landlatch::sema
