// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: sets of token types in the words of the language.
#pragma once

#include "compiler/syntax/antlr.h"

#include <set>
#include <string>
#include <vector>

namespace landlatch::syntax {

/// "`apply`", "`{`", "a number": how messages name a token type.
std::string tokenName(const antlr4::dfa::Vocabulary& vocabulary, std::size_t type);

/// The spelling of a keyword: "apply".
std::string keywordText(const antlr4::dfa::Vocabulary& vocabulary, std::size_t type);

/// "a path", "a condition, `apply`, `deny` or `pass`": what the parser would have taken.
std::string describe(const antlr4::dfa::Vocabulary& vocabulary, std::set<std::size_t> expected);

} // namespace landlatch::syntax
