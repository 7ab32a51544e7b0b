// SPDX-License-Identifier: Apache-2.0
#include "compiler/format/lines.h"

#include <algorithm>

namespace landlatch::format {

namespace {

constexpr std::size_t kStep = 4;
/// Columns that a row may take before it is broken.
constexpr std::size_t kWidth = 120;
/// Between a word and the comment behind it.
constexpr std::string_view kBeforeTrailing = "  ";

} // namespace

void Lines::row(std::size_t level, bool spaced) { rows_.push_back({level, level, spaced, false, false, {}}); }

void Lines::word(std::uint32_t offset, std::string_view text, Break before) {
    Word made{prefix_ + std::string(text), before, {}, {}};
    prefix_.clear();
    takeComments(made, offset);
    Row& row = rows_.back();
    if (row.words.empty()) {
        row.blank_before = blankBefore(offset);
    }
    row.words.push_back(std::move(made));
}

void Lines::word(std::string_view text, Break before) {
    rows_.back().words.push_back({prefix_ + std::string(text), before, {}, {}});
    prefix_.clear();
}

void Lines::suffix(std::string_view text) { rows_.back().words.back().text += text; }

void Lines::closeBlock(std::size_t level, std::uint32_t offset) {
    row(level);
    rows_.back().comment_level = level + 1;
    rows_.back().closes = true;
    word(offset, "}");
    rows_.back().blank_before = false;
}

bool Lines::commentBefore(std::uint32_t offset) const {
    return next_comment_ < comments_.size() && comments_[next_comment_].span.begin < offset;
}

/// Whether nothing but blanks stands before `offset` on its line.
bool Lines::standsAlone(std::uint32_t offset) const {
    const std::size_t last = text_.substr(0, offset).find_last_not_of(" \t");
    return last == std::string_view::npos || text_[last] == '\n' || text_[last] == '\r';
}

/// Whether an empty line stands above the line of `offset`.
bool Lines::blankBefore(std::uint32_t offset) const {
    const std::string_view above = text_.substr(0, offset);
    const std::size_t last = above.find_last_not_of(" \t\r\n");
    const std::string_view between = above.substr(last == std::string_view::npos ? 0 : last + 1);
    return std::count(between.begin(), between.end(), '\n') > 1;
}

void Lines::takeComments(Word& word, std::uint32_t offset) {
    for (; commentBefore(offset); ++next_comment_) {
        const Span span = comments_[next_comment_].span;
        std::string_view comment = text_.substr(span.begin, span.end - span.begin);
        comment = comment.substr(0, comment.find_last_not_of(" \t\r") + 1);
        Word* behind = nullptr;
        if (!standsAlone(span.begin)) {
            Row& row = rows_.back();
            if (!row.words.empty()) {
                behind = &row.words.back();
            } else if (rows_.size() > 1) {
                behind = &rows_[rows_.size() - 2].words.back();
            }
        }
        if (behind != nullptr && behind->trailing.empty() && word.comments.empty()) {
            behind->trailing = comment;
        } else {
            word.comments.push_back({std::string(comment), blankBefore(span.begin)});
        }
    }
}

std::string Lines::finish() {
    row(0);
    word(static_cast<std::uint32_t>(text_.size()), "");
    const Row end = std::move(rows_.back());
    rows_.pop_back();
    for (const Row& row : rows_) {
        write(row);
    }
    writeHead(end);
    return std::move(out_);
}

std::size_t Lines::width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

void Lines::blankLine() {
    if (!opened_ && !out_.ends_with("\n\n")) {
        out_ += '\n';
    }
}

void Lines::line(std::size_t level, std::string_view text) {
    out_.append(level * kStep, ' ');
    out_ += text;
    out_ += '\n';
    opened_ = false;
}

/// The blank line and the comments before a row.
void Lines::writeHead(const Row& row) {
    bool blank = row.spaced;
    for (const OwnLine& comment : row.words[0].comments) {
        if (blank || comment.blank_before) {
            blankLine();
        }
        blank = false;
        line(row.comment_level, comment.text);
    }
    if (blank || (row.blank_before && !row.words[0].text.empty())) {
        blankLine();
    }
}

void Lines::write(const Row& row) {
    writeHead(row);
    std::size_t columns = row.level * kStep + row.words.size() - 1;
    bool commented = false; // inside, which breaks it
    for (std::size_t i = 0; i < row.words.size(); ++i) {
        columns += width(row.words[i].text);
        commented = commented || (i > 0 && !row.words[i].comments.empty()) ||
                    (i + 1 < row.words.size() && !row.words[i].trailing.empty());
    }
    if (!commented && columns <= kWidth) {
        writeWords(row, Break::kPart, false);
        return;
    }
    // The longest stretch between two breaks of the first kind says whether those are enough.
    std::size_t longest = 0;
    columns = row.level * kStep;
    for (const Word& word : row.words) {
        columns = word.before == Break::kPart ? (row.level + 1) * kStep : columns + 1;
        columns += width(word.text);
        longest = std::max(longest, columns);
    }
    writeWords(row, !commented && longest <= kWidth ? Break::kPart : Break::kTerm, true);
}

/// With `fill`, breaks before every word of `level` and above, and before an item that does not fit. What a comment
/// stands before or behind breaks in any case.
void Lines::writeWords(const Row& row, Break level, bool fill) {
    const bool has_terms =
        std::any_of(row.words.begin(), row.words.end(), [](const Word& word) { return word.before >= Break::kTerm; });
    std::string current;
    std::size_t indent = row.level;
    bool broken = false; // a comment stands behind the word before
    for (std::size_t i = 0; i < row.words.size(); ++i) {
        const Word& word = row.words[i];
        const bool part = fill && word.before >= level;
        const bool full =
            fill && word.before == Break::kItem && indent * kStep + width(current) + 1 + width(word.text) > kWidth;
        const std::size_t deeper = row.level + (has_terms && word.before < Break::kTerm ? 2 : 1);
        if (i > 0 && (broken || part || full || !word.comments.empty())) {
            if (!current.empty()) {
                line(indent, current);
                current.clear();
            }
            indent = deeper;
            for (const OwnLine& comment : word.comments) {
                line(indent, comment.text);
            }
        } else if (i > 0) {
            current += ' ';
        }
        current += word.text;
        broken = !word.trailing.empty();
        if (broken) {
            current += kBeforeTrailing;
            current += word.trailing;
        }
    }
    line(indent, current);
    opened_ = !row.closes && row.words.back().text == "{";
}

} // namespace landlatch::format
