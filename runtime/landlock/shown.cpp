// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/shown.h"

#include "runtime/object/text.h"

#include <fmt/format.h>

namespace landlatch::landlock {

std::string shown(std::string_view text, std::size_t limit) {
    const bool plain = object::isPlainText(text.substr(0, limit));
    std::string out;
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool keep = plain ? byte != '\t' : byte >= 0x20 && byte < 0x7f;
        out += keep ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
    }
    return text.size() > limit ? out + "…" : out;
}

} // namespace landlatch::landlock
