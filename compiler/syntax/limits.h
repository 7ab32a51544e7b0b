// SPDX-License-Identifier: Apache-2.0
// What bounds the parser's time and memory on any input, beside the limits in parse.h.
#pragma once

#include <cstddef>

namespace landlatch::syntax {

/// A token (a quoted string, a path, a word). Patterns have their own, lower limit, which sema checks.
inline constexpr std::size_t kMaxTokenBytes = 65535;
/// The tokens of one statement, which are held with their parse tree until its AST is made.
inline constexpr std::size_t kMaxStatementTokens = 200'000;
/// Syntax errors reported before the rest of the file is left unread.
inline constexpr std::size_t kMaxSyntaxErrors = 100;
/// `{` inside `{` of a bare path; the glob parser allows fewer.
inline constexpr std::size_t kMaxBraceDepth = 32;

} // namespace landlatch::syntax
