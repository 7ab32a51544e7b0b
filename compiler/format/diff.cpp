// SPDX-License-Identifier: Apache-2.0
// Myers' greedy algorithm on the lines between the common head and tail. Its time grows with the number of changes;
// where there are too many, everything between is shown as replaced, which is right and only longer.
#include "compiler/format/diff.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <vector>

namespace landlatch::format {

namespace {

using TextLines = std::vector<std::string_view>;

constexpr std::size_t kContext = 3;
constexpr std::ptrdiff_t kMaxChanges = 2000;

/// With their line ends, so that a missing last one is a difference.
TextLines split(std::string_view text) {
    TextLines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

/// One line of the result: ' ' is in both, '-' only in the first, '+' only in the second.
struct Edit {
    char kind = ' ';
    std::string_view line;
};

/// How far diagonal `k` has come with `d` changes, from what d - 1 changes reached.
std::ptrdiff_t startOf(const std::vector<std::ptrdiff_t>& reached, std::ptrdiff_t middle, std::ptrdiff_t k,
                       std::ptrdiff_t d) {
    const auto at = [&](std::ptrdiff_t diagonal) { return reached[static_cast<std::size_t>(middle + diagonal)]; };
    return k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
}

std::vector<Edit> replaced(const TextLines& a, const TextLines& b) {
    std::vector<Edit> edits;
    for (const std::string_view line : a) {
        edits.push_back({'-', line});
    }
    for (const std::string_view line : b) {
        edits.push_back({'+', line});
    }
    return edits;
}

/// The way back through what each number of changes had reached.
std::vector<Edit> backtrack(const TextLines& a, const TextLines& b,
                            const std::vector<std::vector<std::ptrdiff_t>>& history, std::ptrdiff_t middle) {
    std::vector<Edit> edits;
    auto x = static_cast<std::ptrdiff_t>(a.size());
    auto y = static_cast<std::ptrdiff_t>(b.size());
    for (auto d = static_cast<std::ptrdiff_t>(history.size()) - 1; d >= 0; --d) {
        const std::ptrdiff_t k = x - y;
        const std::ptrdiff_t start = d == 0 ? 0 : startOf(history[static_cast<std::size_t>(d)], middle, k, d);
        while (x > start && y > start - k) {
            edits.push_back({' ', a[static_cast<std::size_t>(--x)]});
            --y;
        }
        if (d > 0) {
            const bool inserted =
                k == -d ||
                (k != d && history[static_cast<std::size_t>(d)][static_cast<std::size_t>(middle + k - 1)] <
                               history[static_cast<std::size_t>(d)][static_cast<std::size_t>(middle + k + 1)]);
            edits.push_back(inserted ? Edit{'+', b[static_cast<std::size_t>(--y)]}
                                     : Edit{'-', a[static_cast<std::size_t>(--x)]});
        }
    }
    std::reverse(edits.begin(), edits.end());
    return edits;
}

std::vector<Edit> compare(const TextLines& a, const TextLines& b) {
    const auto n = static_cast<std::ptrdiff_t>(a.size());
    const auto m = static_cast<std::ptrdiff_t>(b.size());
    const std::ptrdiff_t most = std::min(n + m, kMaxChanges);
    const std::ptrdiff_t middle = most + 1;
    std::vector<std::ptrdiff_t> reached(static_cast<std::size_t>(2 * most + 3), 0);
    std::vector<std::vector<std::ptrdiff_t>> history; // `reached` before each number of changes
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
        history.push_back(reached);
        for (std::ptrdiff_t k = -d; k <= d; k += 2) {
            std::ptrdiff_t x = d == 0 ? 0 : startOf(reached, middle, k, d);
            std::ptrdiff_t y = x - k;
            while (x < n && y < m && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(y)]) {
                ++x;
                ++y;
            }
            reached[static_cast<std::size_t>(middle + k)] = x;
            if (x >= n && y >= m) {
                return backtrack(a, b, history, middle);
            }
        }
    }
    return replaced(a, b);
}

void writeLine(std::string& out, const Edit& edit) {
    out += edit.kind;
    out += edit.line;
    if (!edit.line.ends_with('\n')) {
        out += "\n\\ No newline at end of file\n";
    }
}

std::string range(std::size_t first, std::size_t count) {
    // An empty range is named by the line before it.
    return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

/// Groups of changes with their context.
std::string hunks(const std::vector<Edit>& edits) {
    std::string out;
    std::size_t at = 0;
    std::size_t old_line = 0;
    std::size_t new_line = 0;
    while (at < edits.size()) {
        std::size_t begin = at;
        while (begin < edits.size() && edits[begin].kind == ' ') {
            ++begin;
        }
        if (begin == edits.size()) {
            break;
        }
        const std::size_t start = std::max(at, begin - std::min(begin, kContext));
        old_line += start - at;
        new_line += start - at;
        std::size_t last = begin; // the last change of the group
        for (std::size_t i = begin; i < edits.size() && i - last <= 2 * kContext; ++i) {
            last = edits[i].kind == ' ' ? last : i;
        }
        const std::size_t end = std::min(last + kContext + 1, edits.size());
        std::string body;
        std::size_t old_count = 0;
        std::size_t new_count = 0;
        for (std::size_t i = start; i < end; ++i) {
            old_count += edits[i].kind != '+' ? 1 : 0;
            new_count += edits[i].kind != '-' ? 1 : 0;
            writeLine(body, edits[i]);
        }
        out += fmt::format("@@ -{} +{} @@\n{}", range(old_line, old_count), range(new_line, new_count), body);
        old_line += old_count;
        new_line += new_count;
        at = end;
    }
    return out;
}

} // namespace

std::string unifiedDiff(std::string_view name, std::string_view before, std::string_view after) {
    if (before == after) {
        return {};
    }
    return fmt::format("--- {0}\n+++ {0}\n{1}", name, hunks(compare(split(before), split(after))));
}

} // namespace landlatch::format
