// SPDX-License-Identifier: Apache-2.0
// The reserved words of the language, as the lexer grammar has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace landlatch::syntax {

/// All keywords, sorted.
[[nodiscard]] const std::vector<std::string>& keywords();

[[nodiscard]] bool isKeyword(std::string_view word);

/// Whether `word`, written without quotes, is read as one word: `[A-Za-z_][A-Za-z0-9_@-]*` joined by single dots, and
/// no keyword.
[[nodiscard]] bool isBareWord(std::string_view word);

/// Whether `c` may stand in a bare word behind its first letter, dots aside.
[[nodiscard]] bool isWordByte(char c);

} // namespace landlatch::syntax
