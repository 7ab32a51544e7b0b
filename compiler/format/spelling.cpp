// SPDX-License-Identifier: Apache-2.0
#include "compiler/format/spelling.h"

#include "compiler/syntax/keywords.h"

#include <algorithm>
#include <fmt/format.h>

namespace landlatch::format {

namespace {

/// Follows the lexer's modes IN_PATH and IN_BRACES over the text of a pattern's pieces: whether it stands bare.
class BarePath {
public:
    bool take(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            switch (text[i]) {
            case '\\':
                ++i;
                break;
            case '[':
                i = classEnd(text, i);
                if (i == std::string_view::npos) {
                    return false;
                }
                break;
            case '{':
                ++depth_;
                break;
            case '}':
                if (depth_-- == 0) {
                    return false;
                }
                break;
            case ',':
            case ';':
            case '(':
            case ')':
                if (depth_ == 0) {
                    return false;
                }
                break;
            case ' ':
            case '\t':
            case ']':
            case '#':
            case '"':
            case '$':
                return false;
            default:
                break;
            }
        }
        return true;
    }
    [[nodiscard]] bool closed() const { return depth_ == 0; }

private:
    /// The `]` of the class that opens at `at`.
    static std::size_t classEnd(std::string_view text, std::size_t at) {
        for (std::size_t i = at + 1; i < text.size(); ++i) {
            const char c = text[i];
            if (c == '\\') {
                ++i;
            } else if (c == ']') {
                return i;
            } else if (c == ' ' || c == '\t' || c == '#' || c == '"') {
                break;
            }
        }
        return std::string_view::npos;
    }

    std::size_t depth_ = 0;
};

bool standsBare(const ast::Pattern& pattern, Place place) {
    if (!pattern.quoted) {
        return true; // it was read bare
    }
    if (pattern.pieces.empty()) {
        return false;
    }
    const ast::PatternPiece& first = pattern.pieces[0];
    if (place == Place::kItem && pattern.pieces.size() == 1 && !first.is_variable && syntax::isBareWord(first.text)) {
        return true;
    }
    if (!first.is_variable && !first.text.starts_with('/')) {
        return false;
    }
    BarePath path;
    return std::all_of(pattern.pieces.begin(), pattern.pieces.end(),
                       [&](const ast::PatternPiece& piece) { return piece.is_variable || path.take(piece.text); }) &&
           path.closed();
}

std::string pieces(const ast::Pattern& pattern) {
    std::string out;
    for (std::size_t i = 0; i < pattern.pieces.size(); ++i) {
        const ast::PatternPiece& piece = pattern.pieces[i];
        if (!piece.is_variable) {
            out += piece.text;
            continue;
        }
        const bool runs_on = i + 1 < pattern.pieces.size() && !pattern.pieces[i + 1].is_variable &&
                             syntax::isWordByte(pattern.pieces[i + 1].text[0]);
        const bool dotted = piece.text.find('.') != std::string::npos;
        out += runs_on || dotted ? fmt::format("${{{}}}", piece.text) : "$" + piece.text;
    }
    return out;
}

/// What the lexer's mode RELATIVE_PATH takes as one token.
bool isRelative(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return syntax::isWordByte(c) || std::string_view(".+/~").find(c) != std::string_view::npos;
    });
}

} // namespace

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + "\"";
}

std::string spell(const ast::Word& word) { return syntax::isBareWord(word.text) ? word.text : quoted(word.text); }

std::string spell(const ast::Name& name) {
    if (name.parts.size() > 1) {
        return name.text();
    }
    // A dot in a quoted name is part of it; bare, it would separate two.
    const bool dotted = name.text().find('.') != std::string::npos;
    return dotted ? quoted(name.text()) : spell(name.parts[0]);
}

std::string spellGivenUp(const ast::Word& word) {
    const std::size_t space = word.text.find(' ');
    if (space == std::string::npos) {
        return spell(word);
    }
    const bool two_words =
        syntax::isBareWord(word.text.substr(0, space)) && syntax::isBareWord(word.text.substr(space + 1));
    return two_words ? word.text : quoted(word.text);
}

std::string spellImportPath(const ast::Import& import) {
    return isRelative(import.path) ? import.path : quoted(import.path);
}

std::string spellLinkTarget(const ast::Pattern& target) {
    const std::string text = pieces(target);
    return isRelative(text) ? text : "\"" + text + "\"";
}

std::string spell(const ast::Pattern& pattern, Place place) {
    return standsBare(pattern, place) ? pieces(pattern) : "\"" + pieces(pattern) + "\"";
}

std::string spell(const ast::Ports& ports) {
    return ports.first == ports.last ? fmt::format("{}", ports.first) : fmt::format("{}..{}", ports.first, ports.last);
}

std::string spell(const ast::VariableUse& use) {
    return use.name.find('.') != std::string::npos ? fmt::format("${{{}}}", use.name) : "$" + use.name;
}

} // namespace landlatch::format
