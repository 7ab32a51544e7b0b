// SPDX-License-Identifier: Apache-2.0
#include "compiler/lsp/document.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>

namespace landlatch::lsp {

namespace {

/// Bytes of the character at `at`: 1 for a byte that begins none, so that any text is walked to its end.
std::size_t characterBytes(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t wanted = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
    std::size_t length = 1;
    while (length < wanted && at + length < text.size() &&
           (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80) {
        ++length;
    }
    return length;
}

std::uint32_t unitsOfCharacter(std::size_t bytes, Encoding encoding) {
    return encoding == Encoding::kUtf8 ? static_cast<std::uint32_t>(bytes) : bytes == 4 ? 2 : 1;
}

std::uint64_t numberAt(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

int hexDigit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

} // namespace

std::uint32_t offsetOf(std::string_view text, const Json& position, Encoding encoding) {
    std::uint64_t lines = position.is_object() ? numberAt(position, "line") : 0;
    std::uint64_t units = position.is_object() ? numberAt(position, "character") : 0;
    std::size_t at = 0;
    for (; lines > 0; --lines) {
        at = text.find('\n', at);
        if (at == std::string_view::npos) {
            return static_cast<std::uint32_t>(text.size());
        }
        ++at;
    }
    while (units > 0 && at < text.size() && text[at] != '\n' && text[at] != '\r') {
        const std::size_t bytes = characterBytes(text, at);
        const std::uint32_t width = unitsOfCharacter(bytes, encoding);
        if (width > units) {
            break;
        }
        units -= width;
        at += bytes;
    }
    return static_cast<std::uint32_t>(at);
}

std::uint32_t unitsOf(std::string_view text, Encoding encoding) {
    if (encoding == Encoding::kUtf8 ||
        std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
        return static_cast<std::uint32_t>(text.size());
    }
    std::uint32_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = characterBytes(text, at);
        units += unitsOfCharacter(bytes, encoding);
        at += bytes;
    }
    return units;
}

Json positionOf(std::string_view text, std::uint32_t offset, Encoding encoding) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return {{"line", std::count(before.begin(), before.end(), '\n')},
            {"character", unitsOf(before.substr(line_start), encoding)}};
}

Json rangeOf(std::string_view text, std::uint32_t begin, std::uint32_t end, Encoding encoding) {
    return {{"start", positionOf(text, begin, encoding)}, {"end", positionOf(text, end, encoding)}};
}

Json rangeOf(const SourceManager& sources, Span span, Encoding encoding) {
    const auto position = [&](std::uint32_t offset) {
        const LineColumn at = sources.lineColumn(span.file, offset);
        const std::string_view before = sources.text(Span{span.file, offset - (at.column - 1), offset});
        return Json{{"line", at.line - 1}, {"character", unitsOf(before, encoding)}};
    };
    return {{"start", position(span.begin)}, {"end", position(span.end)}};
}

std::string pathOf(const std::string& uri) {
    constexpr std::string_view kScheme = "file://";
    if (!uri.starts_with(kScheme)) {
        return uri;
    }
    std::string path;
    for (std::size_t i = kScheme.size(); i < uri.size(); ++i) {
        if (uri[i] == '%' && i + 2 < uri.size() && hexDigit(uri[i + 1]) >= 0 && hexDigit(uri[i + 2]) >= 0) {
            path += static_cast<char>(hexDigit(uri[i + 1]) * 16 + hexDigit(uri[i + 2]));
            i += 2;
        } else {
            path += uri[i];
        }
    }
    return normalised(path);
}

std::string uriOf(const std::string& path) {
    std::string uri = "file://";
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("/-._~").find(c) != std::string_view::npos;
        uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return uri;
}

std::string normalised(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

Result<std::string> OverlayFileSystem::read(const std::string& path, std::size_t limit) {
    const auto found = documents_.find(normalised(path));
    if (found == documents_.end()) {
        std::error_code unknown;
        if (std::filesystem::is_fifo(path, unknown)) {
            return Error{EINVAL, path + ": a pipe, whose writer would be waited for"};
        }
        return real_.read(path, limit);
    }
    if (found->second.text.size() > limit) {
        return Error{EFBIG, path + ": larger than " + std::to_string(limit) + " bytes"};
    }
    return found->second.text;
}

Result<std::string> OverlayFileSystem::canonical(const std::string& path) {
    Result<std::string> real = real_.canonical(path);
    if (!real && documents_.contains(normalised(path))) {
        return normalised(path); // not saved yet
    }
    return real;
}

} // namespace landlatch::lsp
