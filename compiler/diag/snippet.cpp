// SPDX-License-Identifier: Apache-2.0
#include "compiler/diag/snippet.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace landlatch::diag {

namespace {

constexpr std::uint32_t kTabWidth = 4;

struct Range {
    char32_t first;
    char32_t last;
};

bool inRanges(char32_t c, const auto& ranges) {
    return std::any_of(ranges.begin(), ranges.end(), [&](Range r) { return c >= r.first && c <= r.last; });
}

/// Characters that steer the terminal or the order of text instead of showing: C0, C1, bidi controls, line separators,
/// invisible format characters.
bool isControl(char32_t c) {
    static constexpr std::array<Range, 8> kRanges = {{{0x00, 0x1F},
                                                      {0x7F, 0x9F},
                                                      {0x61C, 0x61C},
                                                      {0x200B, 0x200F},
                                                      {0x2028, 0x202E},
                                                      {0x2060, 0x2069},
                                                      {0xFEFF, 0xFEFF},
                                                      {0xE0000, 0xE007F}}};
    return inRanges(c, kRanges);
}

/// Columns of one character: the ranges that terminals agree on (East Asian wide, emoji, combining marks).
std::uint32_t widthOf(char32_t c) {
    static constexpr std::array<Range, 4> kCombining = {
        {{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};
    static constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                                    {0x2E80, 0xA4CF},
                                                    {0xAC00, 0xD7A3},
                                                    {0xF900, 0xFAFF},
                                                    {0xFE30, 0xFE6F},
                                                    {0xFF00, 0xFF60},
                                                    {0xFFE0, 0xFFE6},
                                                    {0x1F300, 0x1F9FF},
                                                    {0x20000, 0x3FFFD}}};
    if (inRanges(c, kCombining)) {
        return 0;
    }
    return inRanges(c, kWide) ? 2 : 1;
}

struct Decoded {
    char32_t c = 0;
    std::uint32_t bytes = 0; ///< 0: not UTF-8
};

/// The character at the start of `text`, refusing overlong forms, surrogates and values above U+10FFFF.
Decoded decode(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) {
        return {lead, 1};
    }
    std::uint32_t length = 0;
    char32_t value = 0;
    char32_t least = 0;
    if ((lead & 0xE0) == 0xC0) {
        length = 2, value = lead & 0x1F, least = 0x80;
    } else if ((lead & 0xF0) == 0xE0) {
        length = 3, value = lead & 0x0F, least = 0x800;
    } else if ((lead & 0xF8) == 0xF0) {
        length = 4, value = lead & 0x07, least = 0x10000;
    }
    if (length == 0 || text.size() < length) {
        return {};
    }
    for (std::uint32_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0) != 0x80) {
            return {};
        }
        value = (value << 6) | (next & 0x3F);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value < least || value > 0x10FFFF || surrogate ? Decoded{} : Decoded{value, length};
}

} // namespace

std::vector<Cell> cells(std::string_view text) {
    std::vector<Cell> result;
    std::uint32_t column = 0;
    while (!text.empty()) {
        const Decoded d = decode(text);
        Cell cell{{}, std::max(d.bytes, 1U), 0};
        if (d.bytes == 0) {
            cell.text = fmt::format("\\x{:02X}", static_cast<unsigned char>(text[0]));
            cell.width = 4;
        } else if (d.c == '\t') {
            cell.width = kTabWidth - column % kTabWidth;
            cell.text.assign(cell.width, ' ');
        } else if (isControl(d.c)) {
            cell.text = d.c < 0x80 ? fmt::format("\\x{:02X}", static_cast<unsigned>(d.c))
                                   : fmt::format("\\u{{{:X}}}", static_cast<unsigned>(d.c));
            cell.width = static_cast<std::uint32_t>(cell.text.size());
        } else {
            cell.text = text.substr(0, d.bytes);
            cell.width = widthOf(d.c);
        }
        column += cell.width;
        text.remove_prefix(cell.bytes);
        result.push_back(std::move(cell));
    }
    return result;
}

Snippet snippet(std::string_view line, std::size_t begin, std::size_t end, std::uint32_t max_width) {
    begin = std::min(begin, line.size());
    end = std::clamp(end, begin, line.size());
    // A line of a megabyte is cut in bytes first: nothing outside this window can be within max_width columns.
    const std::size_t reach = std::size_t{max_width} * 4;
    std::size_t first = begin > reach ? begin - reach : 0;
    while (first > 0 && first < begin && (static_cast<unsigned char>(line[first]) & 0xC0) == 0x80) {
        ++first;
    }
    const std::size_t last = std::min(line.size(), begin + reach);
    const std::vector<Cell> shown = cells(line.substr(first, last - first));

    std::uint32_t before = 0; // columns before `begin`
    std::uint32_t marked = 0; // columns of [begin, end)
    std::size_t at = first;
    for (const Cell& cell : shown) {
        (at < begin ? before : marked) += at < end ? cell.width : 0;
        at += cell.bytes;
    }
    // Start far enough to the left to show what leads to the place, far enough to the right to show the place.
    const std::uint32_t skip = before > max_width / 2 ? before - max_width / 2 : 0;
    Snippet result;
    std::uint32_t column = 0;
    std::uint32_t skipped = 0;
    const bool cut_left = first > 0 || skip > 0;
    std::uint32_t width = cut_left ? 1 : 0;
    bool cut_right = last < line.size();
    for (const Cell& cell : shown) {
        if (column < skip) {
            skipped += cell.width;
        } else if (width + cell.width > max_width) {
            cut_right = true;
            break;
        } else {
            result.line += cell.text;
            width += cell.width;
        }
        column += cell.width;
    }
    result.line = (cut_left ? "…" : "") + result.line + (cut_right ? "…" : "");
    result.caret = before - skipped + (cut_left ? 1 : 0);
    const std::uint32_t room = width > result.caret ? width - result.caret : 1;
    result.carets = std::clamp(marked, 1U, room);
    return result;
}

} // namespace landlatch::diag
