// SPDX-License-Identifier: Apache-2.0
// How much of anything one policy may hold. Far above what people write, low enough that no input makes the compiler
// run for minutes or fill the memory.
#pragma once

#include <cstddef>

namespace landlatch::sema {

/// Files of one policy, the root and std among them.
inline constexpr std::size_t kMaxFiles = 256;
/// `import` in an imported file in an imported file …
inline constexpr std::size_t kMaxImportDepth = 32;
/// All files of one policy together.
inline constexpr std::size_t kMaxTotalBytes = 128UL * 1024 * 1024;
/// A `let` that uses a `let` that uses …; lists in lists likewise.
inline constexpr std::size_t kMaxVariableDepth = 64;
/// Paths, patterns and ports of one policy, and their bytes. Each use of a list counts all its items again.
inline constexpr std::size_t kMaxExpandedValues = 2'000'000;
inline constexpr std::size_t kMaxExpandedBytes = 128UL * 1024 * 1024;
/// `extends` of a ruleset that extends …
inline constexpr std::size_t kMaxExtendsDepth = 64;
/// Grants of one ruleset with those of its parents, and of all rulesets together.
inline constexpr std::size_t kMaxGrants = 20'000;
inline constexpr std::size_t kMaxTotalGrants = 1'000'000;
/// `except` patterns of one ruleset with those of its parents.
inline constexpr std::size_t kMaxExcepts = 1'000;
/// Work of comparing exceptions with grants, in byte comparisons, for one ruleset.
inline constexpr std::size_t kMaxExceptWork = 300'000'000;
/// Parentheses in a condition; the parser's own limit is lower.
inline constexpr std::size_t kMaxConditionDepth = 256;
/// Layers of one task (LANDLOCK_MAX_NUM_LAYERS).
inline constexpr std::size_t kMaxLayers = 16;
/// A file system path, without its final NUL (PATH_MAX - 1).
inline constexpr std::size_t kMaxPathBytes = 4095;
/// Nodes of all parsed patterns of conditions.
inline constexpr std::size_t kMaxPatternNodes = 3'000'000;
/// Errors, and warnings, that are kept. Far more than is ever shown.
inline constexpr std::size_t kMaxReports = 1'000;
/// "Did you mean" is worked out for this many unknown words of one policy.
inline constexpr std::size_t kMaxSuggestions = 50;

} // namespace landlatch::sema
