// SPDX-License-Identifier: Apache-2.0
// From the words of statements to lines of text: where long ones break, where comments and blank lines go.
//
// A *row* is what stands on one line where it fits: a clause, a rule, the head of a block. Each word says how readily
// the row breaks before it. A comment of the source goes with a word: behind it on its line, or on lines of its own
// before it. Which of the two is read off the source (whether something stands before the `#`), and that is what the
// printed text shows too: so formatting a second time finds the same.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/support/source.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::format {

/// How a row may break before a word, from never to first.
enum class Break : std::uint8_t {
    kNever,
    kItem, ///< items of a list: as many on a line as fit
    kTerm, ///< conditions of a rule: all or none
    kPart, ///< a rule's action: before all others
};

class Lines {
public:
    Lines(std::string_view text, const std::vector<ast::Comment>& comments) : text_(text), comments_(comments) {}

    /// Begins a row that is indented by `level` steps. With `spaced`, a blank line stands before it unless it opens
    /// its block; otherwise only where the source has one.
    void row(std::size_t level, bool spaced = false);
    /// A word that starts at `offset` of the source: takes the comments that stand before it.
    void word(std::uint32_t offset, std::string_view text, Break before = Break::kNever);
    /// A word whose place is not known: a keyword inside of a row.
    void word(std::string_view text, Break before = Break::kNever);
    /// Adds to the word last written, without a space.
    void suffix(std::string_view text);
    /// Is put before the next word, without a space.
    void prefix(std::string_view text) { prefix_ += text; }
    /// Ends a block: comments left before `offset` belong into it, one step deeper than `}`.
    void closeBlock(std::size_t level, std::uint32_t offset);
    /// Whether a comment that is not yet written stands before `offset`.
    [[nodiscard]] bool commentBefore(std::uint32_t offset) const;

    /// The whole text, with the comments that are left. Call once.
    std::string finish();

private:
    struct OwnLine {
        std::string text;
        bool blank_before = false;
    };
    struct Word {
        std::string text;
        Break before = Break::kNever;
        std::vector<OwnLine> comments; ///< on lines of their own before it
        std::string trailing;          ///< behind it, to the end of its line
    };
    struct Row {
        std::size_t level = 0;
        std::size_t comment_level = 0;
        bool spaced = false;
        bool blank_before = false; ///< in the source, before its first word
        bool closes = false;       ///< `}`
        std::vector<Word> words;
    };

    void takeComments(Word& word, std::uint32_t offset);
    [[nodiscard]] bool standsAlone(std::uint32_t offset) const;
    [[nodiscard]] bool blankBefore(std::uint32_t offset) const;
    void write(const Row& row);
    void writeHead(const Row& row);
    void writeWords(const Row& row, Break level, bool fill);
    [[nodiscard]] static std::size_t width(std::string_view text);
    void blankLine();
    void line(std::size_t level, std::string_view text);

    std::string_view text_;
    const std::vector<ast::Comment>& comments_;
    std::size_t next_comment_ = 0;
    std::string prefix_;
    std::vector<Row> rows_;
    std::string out_;
    bool opened_ = true; ///< the text so far is empty or ends with the line that opens a block
};

} // namespace landlatch::format
