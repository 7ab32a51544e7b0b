// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/text_check.h"

#include "compiler/syntax/limits.h"
#include "compiler/syntax/parse.h"

#include <cstdint>
#include <cstring>
#include <fmt/format.h>

namespace landlatch::syntax {

namespace {

bool startsWithAny(std::string_view line, std::initializer_list<std::string_view> prefixes) {
    for (const std::string_view prefix : prefixes) {
        if (line.starts_with(prefix)) {
            return true;
        }
    }
    return false;
}

/// `@x = …` or `%x = …`: a definition of LLVM IR.
bool isIrDefinition(std::string_view line) {
    if (line.empty() || (line[0] != '@' && line[0] != '%')) {
        return false;
    }
    const std::size_t equals = line.find(" = ");
    return equals != std::string_view::npos && line.substr(0, equals).find(' ') == std::string_view::npos;
}

/// What the file is when it is no policy; empty when it may be one. IR is known by its first line that is neither
/// blank nor an IR comment, so a policy is never taken for it.
std::string_view foreignKind(std::string_view text) {
    if (text.starts_with("BC\xC0\xDE")) {
        return "LLVM bitcode";
    }
    if (text.starts_with("\x7f"
                         "ELF")) {
        return "an object file";
    }
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        const std::size_t first = line.find_first_not_of(" \t\r");
        if (first == std::string_view::npos) {
            continue;
        }
        line = line.substr(first);
        if (startsWithAny(line, {"; ModuleID", "source_filename", "target triple", "target datalayout", "define ",
                                 "declare ", "attributes #", "!llvm."}) ||
            isIrDefinition(line)) {
            return "LLVM IR";
        }
        if (line[0] != ';') {
            return {};
        }
    }
    return {};
}

/// A decoded character: its length in bytes (0 when the bytes are no UTF-8) and its number.
struct Decoded {
    std::size_t length = 0;
    std::uint32_t code = 0;
};

Decoded decode(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return {1, lead};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) {
        return {};
    }
    std::uint32_t code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return {};
        }
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    const std::uint32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return {};
    }
    return {length, code};
}

/// How many bytes one message covers: the one at `at` and the continuation bytes it may have been meant to lead.
std::size_t brokenLength(std::string_view text, std::size_t at) {
    std::size_t length = 1;
    while (length < 4 && at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80) {
        ++length;
    }
    return length;
}

/// What is wrong with a character, in words; empty when it may stand in a policy. Carriage returns are the caller's.
std::string_view forbidden(std::uint32_t code) {
    if (code == 0) {
        return "NUL character";
    }
    if ((code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7F && code < 0xA0)) {
        return "control character";
    }
    if (code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
        (code >= 0x2066 && code <= 0x2069)) {
        return "bidirectional control character";
    }
    if (code == 0x2028 || code == 0x2029) {
        return "line separator character";
    }
    if (code == 0xFEFF) {
        return "byte order mark";
    }
    return {};
}

/// The first byte from `at` that is not printable ASCII, tab or line feed; most policies have none.
std::size_t skipPlain(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte >= 0x7F) {
            break;
        }
        ++at;
    }
    return at;
}

bool checkCharacters(FileId file, std::string_view text, diag::Sink& sink) {
    std::size_t errors = 0;
    for (std::size_t at = skipPlain(text, 0); at < text.size() && errors < kMaxSyntaxErrors; at = skipPlain(text, at)) {
        const Decoded character = decode(text, at);
        const std::size_t length = character.length == 0 ? brokenLength(text, at) : character.length;
        const Span span{file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + length)};
        if (character.length == 0) {
            sink.report(diag::Id::kInvalidUtf8, span,
                        {fmt::format("0x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(text[at])))});
            ++errors;
        } else if (character.code == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
            // CRLF
        } else if (const std::string_view what = forbidden(character.code); !what.empty()) {
            sink.report(diag::Id::kForbiddenCharacter, span,
                        {std::string(what), fmt::format("{:04X}", character.code)});
            ++errors;
        }
        at += length;
    }
    return errors == 0;
}

} // namespace

bool checkText(FileId file, std::string_view text, diag::Sink& sink) {
    const Span start{file, 0, 0};
    if (text.size() > kMaxFileBytes) {
        sink.report(diag::Id::kFileTooLong, start, {std::to_string(text.size()), std::to_string(kMaxFileBytes)});
        return false;
    }
    if (const std::string_view kind = foreignKind(text); !kind.empty()) {
        sink.report(diag::Id::kNotAPolicy, start, {std::string(kind)})
            .help(
                "this llc compiles Landlatch policies; LLVM's IR compiler has the same name: run it by its full path, "
                "or this one as landlatch-llc");
        return false;
    }
    return checkCharacters(file, text, sink);
}

} // namespace landlatch::syntax
