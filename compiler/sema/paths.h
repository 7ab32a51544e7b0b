// SPDX-License-Identifier: Apache-2.0
// Paths and globs of rulesets, params and tests: what may stand where, and their canonical form.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/values.h"

#include <optional>
#include <string>
#include <string_view>

namespace landlatch::sema {

/// What keeps `path` from being canonical ("is not absolute", "ends in '/'"), or empty. `/` alone is canonical.
std::string_view canonicalProblem(std::string_view path);

/// The literal path that `text` is, with params left open. `after` names what it stands after ("'beneath'") for the
/// message when it holds a glob. Empty after an error.
std::optional<ir::PathTemplate> literalPath(const Text& text, std::string_view after, Context& context);

/// The glob that `text` is, after `each` or `except`. Empty after an error.
std::optional<ir::PathTemplate> globPath(const Text& text, bool allow_double_star, Context& context);

/// A literal path without params (tests, defaults). Empty after an error.
std::optional<std::string> plainPath(const Text& text, std::string_view after, Context& context);

} // namespace landlatch::sema
