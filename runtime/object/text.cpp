// SPDX-License-Identifier: Apache-2.0
// Checks of strings, see text.h.
#include "runtime/object/text.h"

#include <cstddef>
#include <cstdint>

namespace landlatch::object {
namespace {

/// One code point from the front of `text`, or length 0 where it isn't well-formed.
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;
};

CodePoint decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byte(0);
    if (first < 0x80) {
        return {first, 1};
    }
    std::size_t length = 0;
    std::uint32_t value = 0;
    std::uint32_t least = 0;
    if ((first & 0xE0U) == 0xC0U) {
        length = 2, value = first & 0x1FU, least = 0x80;
    } else if ((first & 0xF0U) == 0xE0U) {
        length = 3, value = first & 0x0FU, least = 0x800;
    } else if ((first & 0xF8U) == 0xF0U) {
        length = 4, value = first & 0x07U, least = 0x10000;
    } else {
        return {};
    }
    if (text.size() < length) {
        return {};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return {};
        }
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return {};
    }
    return {value, length};
}

/// A tab is white space to the language and harmless to a terminal.
bool isControl(std::uint32_t c) {
    return (c < 0x20 && c != '\t') || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

} // namespace

bool isPlainText(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (point.length == 0 || isControl(point.value)) {
            return false;
        }
        text.remove_prefix(point.length);
    }
    return true;
}

bool isCanonicalPath(std::string_view path) {
    if (path.empty() || path.front() != '/') {
        return false;
    }
    if (path == "/") {
        return true;
    }
    while (!path.empty()) {
        path.remove_prefix(1); // the '/' before each component
        const std::string_view component = path.substr(0, path.find('/'));
        if (component.empty() || component == "." || component == "..") {
            return false;
        }
        path.remove_prefix(component.size());
    }
    return true;
}

} // namespace landlatch::object
