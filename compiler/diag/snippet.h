// SPDX-License-Identifier: Apache-2.0
// One source line with carets below it, right for tabs, wide characters, stray bytes and lines of any length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::diag {

/// One character of a source line as it is shown.
struct Cell {
    std::string text;    ///< what the terminal gets
    std::uint32_t bytes; ///< how many source bytes it stands for
    std::uint32_t width; ///< columns on the terminal
};

/// Splits text into shown characters. Tabs become spaces up to the next multiple of 4, counted from the start of
/// `text`; control and bidi characters and bytes that aren't UTF-8 become escapes.
[[nodiscard]] std::vector<Cell> cells(std::string_view text);

struct Snippet {
    std::string line;         ///< the shown part of the source line
    std::uint32_t caret = 0;  ///< columns before the first caret
    std::uint32_t carets = 1; ///< at least one
};

/// The part of `line` around bytes [begin, end), at most `max_width` columns; cut ends are marked with "…".
[[nodiscard]] Snippet snippet(std::string_view line, std::size_t begin, std::size_t end, std::uint32_t max_width);

} // namespace landlatch::diag
