// SPDX-License-Identifier: Apache-2.0
// Source text and places in it. A place is a buffer id and a byte offset; lines are computed when shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch {

/// Index of a buffer in its SourceManager.
using FileId = std::uint32_t;
inline constexpr FileId kNoFile = ~FileId{0};

/// Bytes [begin, end) of one buffer.
struct Span {
    FileId file = kNoFile;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    [[nodiscard]] bool valid() const { return file != kNoFile; }
    bool operator==(const Span&) const = default;
};

/// The smallest span that holds both; `a` and `b` are of one file.
[[nodiscard]] Span join(Span a, Span b);

/// A place as people read it: both counted from 1, the column in bytes.
struct LineColumn {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

/// Owns every source buffer of a compilation. Buffers are never changed or removed.
class SourceManager {
public:
    /// `name` is what messages show (as the user wrote it); `text` is the file's bytes.
    FileId add(std::string name, std::string text);

    [[nodiscard]] std::string_view name(FileId file) const;
    [[nodiscard]] std::string_view text(FileId file) const;
    [[nodiscard]] std::string_view text(Span span) const;
    [[nodiscard]] LineColumn lineColumn(FileId file, std::uint32_t offset) const;
    /// The line (counted from 1) without its line end.
    [[nodiscard]] std::string_view line(FileId file, std::uint32_t line) const;
    [[nodiscard]] std::size_t size() const { return buffers_.size(); }

private:
    struct Buffer {
        std::string name;
        std::string text;
        std::vector<std::uint32_t> line_starts;
    };
    std::vector<Buffer> buffers_;
};

} // namespace landlatch
