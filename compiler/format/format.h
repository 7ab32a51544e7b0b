// SPDX-License-Identifier: Apache-2.0
// AST and source to text in the one style there is. README.md beside this file says what that style is.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/support/source.h"

#include <string>

namespace landlatch::format {

/// The text of `file`, which was parsed from `sources` without an error. Every comment is in it; parsed again it gives
/// the same statements; formatted again it stays as it is.
[[nodiscard]] std::string format(const ast::File& file, const SourceManager& sources);

} // namespace landlatch::format
