// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: what is refused before a byte reaches the lexer (language point 1).
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/support/source.h"

#include <string_view>

namespace landlatch::syntax {

/// False, with a diagnostic each (at most kMaxSyntaxErrors), when `text` is no policy at all (LLVM IR, an object
/// file), is too long, is not UTF-8, or holds NUL, control, bidirectional or invisible format characters.
bool checkText(FileId file, std::string_view text, diag::Sink& sink);

} // namespace landlatch::syntax
