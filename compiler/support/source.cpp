// SPDX-License-Identifier: Apache-2.0
#include "compiler/support/source.h"

#include "runtime/base/check.h"

#include <algorithm>

namespace landlatch {

Span join(Span a, Span b) {
    if (!a.valid()) {
        return b;
    }
    if (!b.valid()) {
        return a;
    }
    LANDLATCH_CHECK(a.file == b.file);
    return Span{a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

FileId SourceManager::add(std::string name, std::string text) {
    Buffer buffer{std::move(name), std::move(text), {0}};
    for (std::size_t i = 0; i < buffer.text.size(); ++i) {
        if (buffer.text[i] == '\n') {
            buffer.line_starts.push_back(static_cast<std::uint32_t>(i + 1));
        }
    }
    buffers_.push_back(std::move(buffer));
    return static_cast<FileId>(buffers_.size() - 1);
}

std::string_view SourceManager::name(FileId file) const {
    LANDLATCH_CHECK(file < buffers_.size());
    return buffers_[file].name;
}

std::string_view SourceManager::text(FileId file) const {
    LANDLATCH_CHECK(file < buffers_.size());
    return buffers_[file].text;
}

std::string_view SourceManager::text(Span span) const {
    return text(span.file).substr(span.begin, span.end - span.begin);
}

LineColumn SourceManager::lineColumn(FileId file, std::uint32_t offset) const {
    LANDLATCH_CHECK(file < buffers_.size());
    const auto& starts = buffers_[file].line_starts;
    const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
    const auto line = static_cast<std::uint32_t>(after - starts.begin());
    return LineColumn{line, offset - starts[line - 1] + 1};
}

std::string_view SourceManager::line(FileId file, std::uint32_t line) const {
    LANDLATCH_CHECK(file < buffers_.size());
    const Buffer& buffer = buffers_[file];
    LANDLATCH_CHECK(line >= 1 && line <= buffer.line_starts.size());
    const std::uint32_t begin = buffer.line_starts[line - 1];
    std::string_view rest = std::string_view(buffer.text).substr(begin);
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r') {
        rest.remove_suffix(1);
    }
    return rest;
}

} // namespace landlatch
