// SPDX-License-Identifier: Apache-2.0
// The AST as text (`llc --emit=ast`): for tests and for people who wonder how their policy was read.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/support/source.h"

#include <string>

namespace landlatch::ast {

/// One statement after the other, each with the lines it spans, two blanks a level, in source order; then the comments.
/// The same file gives the same text on any machine: no pointers, no file names. Names and texts are quoted, with `"`,
/// `\` and bytes outside printable ASCII escaped.
[[nodiscard]] std::string dump(const File& file, const SourceManager& sources);

/// The same without places and comments: equal for two texts that say the same in the same order.
[[nodiscard]] std::string dumpWithoutPlaces(const File& file);

} // namespace landlatch::ast
