// SPDX-License-Identifier: Apache-2.0
// A text as an editor sees it while it is typed: rough tokens that need no statement to be whole, and what surrounds a
// place. The parser's own tokens would not do: it gives up a statement that has a mistake.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::lsp {

enum class TokenKind : std::uint8_t { kWord, kNumber, kString, kPath, kVariable, kComment, kSign };

struct Token {
    TokenKind kind{};
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

[[nodiscard]] std::vector<Token> tokenize(std::string_view text);

/// What stands before a place.
struct Surroundings {
    enum class Block : std::uint8_t { kFile, kRuleset, kTest };
    Block block = Block::kFile;
    std::string head;               ///< the keyword of the statement or clause that is being written; "" at its start
    std::vector<std::string> words; ///< of it, the head first, the one at the place left out
    std::string prefix;             ///< what is written of the word, path or variable at the place
    std::uint32_t prefix_begin = 0;
    bool in_comment = false;
    bool in_string = false;
};
[[nodiscard]] Surroundings surroundings(std::string_view text, std::uint32_t offset);

} // namespace landlatch::lsp
