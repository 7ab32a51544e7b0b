// SPDX-License-Identifier: Apache-2.0
// Open documents: their texts as the editor has them, places in them, and the file system that shows them to the
// compiler.
#pragma once

#include "compiler/lsp/transport.h"
#include "compiler/support/filesystem.h"
#include "compiler/support/source.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace landlatch::lsp {

/// How an editor counts columns. UTF-16 unless both sides know better.
enum class Encoding : std::uint8_t { kUtf16, kUtf8 };

/// Byte offset of a position; beyond a line's end its end, beyond the text's end the text's end, inside of a character
/// its start.
[[nodiscard]] std::uint32_t offsetOf(std::string_view text, const Json& position, Encoding encoding);
[[nodiscard]] Json positionOf(std::string_view text, std::uint32_t offset, Encoding encoding);
[[nodiscard]] Json rangeOf(std::string_view text, std::uint32_t begin, std::uint32_t end, Encoding encoding);
/// The same for a text that a SourceManager has cut into lines: no walk from its start.
[[nodiscard]] Json rangeOf(const SourceManager& sources, Span span, Encoding encoding);
/// How many units of the encoding a piece of a line has.
[[nodiscard]] std::uint32_t unitsOf(std::string_view text, Encoding encoding);

/// `file:///a%20b` to "/a b"; anything else is its own path, which no file has.
[[nodiscard]] std::string pathOf(const std::string& uri);
[[nodiscard]] std::string uriOf(const std::string& path);
/// Without `.`, `..` and double slashes.
[[nodiscard]] std::string normalised(const std::string& path);

struct Document {
    std::string uri;
    std::string text;
    std::int64_t version = 0;
};

/// Open documents by path; everything else from the machine's own files.
class OverlayFileSystem final : public FileSystem {
public:
    explicit OverlayFileSystem(const std::map<std::string, Document>& documents) : documents_(documents) {}
    Result<std::string> read(const std::string& path, std::size_t limit) override;
    Result<std::string> canonical(const std::string& path) override;

private:
    const std::map<std::string, Document>& documents_;
    RealFileSystem real_;
};

} // namespace landlatch::lsp
