// SPDX-License-Identifier: Apache-2.0
// Globs of the policy language, shared by the compiler (which makes automata of them) and the runtime
// (which expands `each` and `except` on disk).
//
//   *      zero or more bytes but '/'        **     zero or more bytes of any kind
//   ?      one byte but '/'                  [a-z]  [!a-z]  one byte, never '/'
//   {a,b}  alternatives, may nest, may be empty      \c     the byte c itself
#pragma once

#include "runtime/base/result.h"

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::glob {

using ByteSet = std::bitset<256>;

struct Node;
/// Nodes matched one after the other.
using Sequence = std::vector<Node>;

struct Node {
    enum class Kind : unsigned char {
        kLiteral,      ///< the bytes of `literal`
        kClass,        ///< one byte of `bytes` ('?' is all but '/'; never holds '/' or NUL)
        kStar,         ///< zero or more bytes but '/'
        kDoubleStar,   ///< zero or more bytes
        kAlternatives, ///< one of `alternatives`
    };
    Kind kind = Kind::kLiteral;
    std::string literal;
    ByteSet bytes;
    std::vector<Sequence> alternatives;
};

/// How `\` is read.
enum class Escapes : unsigned char {
    kPath, ///< `\c` is c
    kUnit, ///< as kPath, but `\xHH` stays the four bytes systemd writes
};

inline constexpr std::size_t kMaxPatternBytes = 4095;
inline constexpr std::size_t kMaxNesting = 16;

/// Parses one glob. Errors say what and at which byte ("at byte 7: '[' without ']'"): unclosed or empty
/// class, reversed range, unclosed brace, lone trailing backslash, NUL, deeper nesting than kMaxNesting,
/// longer than kMaxPatternBytes.
Result<Sequence> parse(std::string_view text, Escapes escapes = Escapes::kPath);

/// True when the glob has no `*`, `**`, `?`, class or alternatives; then `literalText` is the one string it matches.
[[nodiscard]] bool isLiteral(const Sequence& glob);
[[nodiscard]] std::string literalText(const Sequence& glob);

/// Whether the glob matches all of `subject`. The plain meaning of the language, used as the oracle that automata are
/// tested against. Time O(nodes × bytes).
[[nodiscard]] bool matches(const Sequence& glob, std::string_view subject);

/// The glob back as text that parses to the same nodes.
[[nodiscard]] std::string toText(const Sequence& glob);

/// `text` with every byte that has a meaning in a glob escaped.
[[nodiscard]] std::string escape(std::string_view text);

} // namespace landlatch::glob
