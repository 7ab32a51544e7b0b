// SPDX-License-Identifier: Apache-2.0
// Parser, printer and plain matcher of globs. The matcher carries the set of subject positions reached so far
// through the nodes; nothing backtracks, so no pattern is slow.
#include "runtime/glob/glob.h"

#include <algorithm>
#include <utility>

namespace landlatch::glob {

namespace {

constexpr std::string_view kSpecial = "*?[]{},\\";

class Parser {
public:
    Parser(std::string_view text, Escapes escapes) : text_(text), escapes_(escapes) {}

    Result<Sequence> run() {
        if (text_.size() > kMaxPatternBytes) {
            return Error{E2BIG, "pattern is longer than " + std::to_string(kMaxPatternBytes) + " bytes"};
        }
        if (const std::size_t nul = text_.find('\0'); nul != std::string_view::npos) {
            return at(nul, "NUL byte");
        }
        return sequence(0);
    }

private:
    static Error at(std::size_t byte, std::string_view what) {
        return Error{EINVAL, "at byte " + std::to_string(byte + 1) + ": " + std::string(what)};
    }

    Result<Sequence> sequence(std::size_t depth) {
        Sequence nodes;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (depth > 0 && (c == ',' || c == '}')) {
                break;
            }
            if (Result<void> done = element(nodes, depth); !done) {
                return done.error();
            }
        }
        return nodes;
    }

    Result<void> element(Sequence& nodes, std::size_t depth) {
        switch (text_[at_]) {
        case '*':
            star(nodes);
            return {};
        case '?':
            ++at_;
            nodes.push_back(anyByte());
            return {};
        case '[':
            return byteClass(nodes);
        case '{':
            return alternatives(nodes, depth);
        case ']':
            return at(at_, "']' without '['; escape it to mean itself");
        case '}':
            return at(at_, "'}' without '{'; escape it to mean itself");
        case '\\':
            return escaped(nodes);
        default:
            literal(nodes, text_.substr(at_, 1));
            ++at_;
            return {};
        }
    }

    void star(Sequence& nodes) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] == '*') {
            ++at_;
        }
        Node node;
        node.kind = at_ - begin > 1 ? Node::Kind::kDoubleStar : Node::Kind::kStar;
        nodes.push_back(std::move(node));
    }

    static Node anyByte() {
        Node node;
        node.kind = Node::Kind::kClass;
        node.bytes.set();
        node.bytes.reset('/').reset(0);
        return node;
    }

    static void literal(Sequence& nodes, std::string_view bytes) {
        if (nodes.empty() || nodes.back().kind != Node::Kind::kLiteral) {
            nodes.emplace_back();
        }
        nodes.back().literal += bytes;
    }

    /// Whether `\xHH` stands at `at_` and is to be kept as it is.
    [[nodiscard]] bool unitEscape() const {
        const auto hex = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        };
        return escapes_ == Escapes::kUnit && at_ + 3 < text_.size() && text_[at_ + 1] == 'x' && hex(text_[at_ + 2]) &&
               hex(text_[at_ + 3]);
    }

    Result<void> escaped(Sequence& nodes) {
        if (at_ + 1 == text_.size()) {
            return at(at_, "'\\' at the end escapes nothing");
        }
        if (unitEscape()) {
            literal(nodes, text_.substr(at_, 4));
            at_ += 4;
            return {};
        }
        literal(nodes, text_.substr(at_ + 1, 1));
        at_ += 2;
        return {};
    }

    /// The next member of a class, its escape undone.
    Result<unsigned char> member(std::size_t begin) {
        if (at_ < text_.size() && text_[at_] == '\\') {
            if (unitEscape()) {
                return at(at_, "'\\xHH' is four bytes and cannot stand in a class");
            }
            ++at_;
        }
        if (at_ >= text_.size()) {
            return at(begin, "'[' without ']'");
        }
        const auto byte = static_cast<unsigned char>(text_[at_]);
        if (byte >= 0x80) {
            return at(at_, "a class holds single bytes, and this character has several; write {…,…}");
        }
        ++at_;
        return byte;
    }

    Result<void> byteClass(Sequence& nodes) {
        const std::size_t begin = at_++;
        bool negated = false;
        if (at_ < text_.size() && text_[at_] == '!') {
            negated = true;
            ++at_;
        } else if (at_ < text_.size() && text_[at_] == '^') {
            return at(at_, "'[^' is written '[!'; escape the '^' to mean itself");
        }
        ByteSet bytes;
        bool any = false;
        while (at_ < text_.size() && text_[at_] != ']') {
            const std::size_t first_at = at_;
            Result<unsigned char> first = member(begin);
            if (!first) {
                return first.error();
            }
            unsigned char last = *first;
            if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
                ++at_;
                Result<unsigned char> second = member(begin);
                if (!second) {
                    return second.error();
                }
                last = *second;
                if (last < *first) {
                    return at(first_at, "range ends before it begins");
                }
            }
            for (unsigned byte = *first; byte <= last; ++byte) {
                bytes.set(byte);
            }
            any = true;
        }
        if (at_ == text_.size()) {
            return at(begin, "'[' without ']'");
        }
        ++at_;
        if (negated) {
            bytes.flip();
        }
        bytes.reset('/').reset(0);
        if (!any || bytes.none()) {
            return at(begin, any ? "class holds no byte ('/' is never in one)" : "empty class");
        }
        Node node;
        node.kind = Node::Kind::kClass;
        node.bytes = bytes;
        nodes.push_back(std::move(node));
        return {};
    }

    Result<void> alternatives(Sequence& nodes, std::size_t depth) {
        const std::size_t begin = at_;
        if (depth == kMaxNesting) {
            return at(begin, "braces nest deeper than " + std::to_string(kMaxNesting));
        }
        Node node;
        node.kind = Node::Kind::kAlternatives;
        do {
            ++at_; // '{' or ','
            Result<Sequence> branch = sequence(depth + 1);
            if (!branch) {
                return branch.error();
            }
            if (at_ == text_.size()) {
                return at(begin, "'{' without '}'");
            }
            node.alternatives.push_back(std::move(*branch));
        } while (text_[at_] == ',');
        ++at_;
        nodes.push_back(std::move(node));
        return {};
    }

    std::string_view text_;
    Escapes escapes_;
    std::size_t at_ = 0;
};

/// Positions of the subject, 0 to size: where a match of the nodes so far may end.
using Positions = std::vector<bool>;

Positions advance(const Sequence& glob, std::string_view subject, Positions from);

Positions advanceNode(const Node& node, std::string_view subject, const Positions& from) {
    const std::size_t n = subject.size();
    Positions to(n + 1, false);
    switch (node.kind) {
    case Node::Kind::kLiteral:
        for (std::size_t i = 0; i + node.literal.size() <= n; ++i) {
            if (from[i] && subject.substr(i, node.literal.size()) == node.literal) {
                to[i + node.literal.size()] = true;
            }
        }
        break;
    case Node::Kind::kClass:
        for (std::size_t i = 0; i < n; ++i) {
            if (from[i] && node.bytes.test(static_cast<unsigned char>(subject[i]))) {
                to[i + 1] = true;
            }
        }
        break;
    case Node::Kind::kStar:
        for (std::size_t i = 0; i <= n; ++i) {
            to[i] = from[i] || (i > 0 && to[i - 1] && subject[i - 1] != '/');
        }
        break;
    case Node::Kind::kDoubleStar:
        for (std::size_t i = 0; i <= n; ++i) {
            to[i] = from[i] || (i > 0 && to[i - 1]);
        }
        break;
    case Node::Kind::kAlternatives:
        for (const Sequence& branch : node.alternatives) {
            const Positions reached = advance(branch, subject, from);
            for (std::size_t i = 0; i <= n; ++i) {
                to[i] = to[i] || reached[i];
            }
        }
        break;
    }
    return to;
}

Positions advance(const Sequence& glob, std::string_view subject, Positions from) {
    for (const Node& node : glob) {
        from = advanceNode(node, subject, from);
    }
    return from;
}

std::string classText(ByteSet bytes) {
    const bool negated = bytes.test(0xff);
    std::string text = negated ? "[!" : "[";
    if (negated) {
        bytes.flip();
        bytes.reset('/').reset(0);
    }
    const auto member = [&](unsigned byte) {
        if (std::string_view("]\\-!^").find(static_cast<char>(byte)) != std::string_view::npos) {
            text += '\\';
        }
        text += static_cast<char>(byte);
    };
    for (unsigned byte = 1; byte < 256; ++byte) {
        if (!bytes.test(byte)) {
            continue;
        }
        unsigned last = byte;
        while (last < 255 && bytes.test(last + 1)) {
            ++last;
        }
        member(byte);
        if (last > byte + 1) {
            text += '-';
        }
        if (last > byte) {
            member(last);
        }
        byte = last;
    }
    return text + "]";
}

void append(std::string& text, const Sequence& glob) {
    for (const Node& node : glob) {
        switch (node.kind) {
        case Node::Kind::kLiteral:
            text += escape(node.literal);
            break;
        case Node::Kind::kClass:
            text += node.bytes.count() == 254 ? "?" : classText(node.bytes);
            break;
        case Node::Kind::kStar:
            text += '*';
            break;
        case Node::Kind::kDoubleStar:
            text += "**";
            break;
        case Node::Kind::kAlternatives:
            char separator = '{';
            for (const Sequence& branch : node.alternatives) {
                text += separator;
                append(text, branch);
                separator = ',';
            }
            text += '}';
            break;
        }
    }
}

} // namespace

Result<Sequence> parse(std::string_view text, Escapes escapes) { return Parser(text, escapes).run(); }

bool isLiteral(const Sequence& glob) {
    return std::all_of(glob.begin(), glob.end(), [](const Node& node) { return node.kind == Node::Kind::kLiteral; });
}

std::string literalText(const Sequence& glob) {
    std::string text;
    for (const Node& node : glob) {
        text += node.literal;
    }
    return text;
}

bool matches(const Sequence& glob, std::string_view subject) {
    Positions start(subject.size() + 1, false);
    start[0] = true;
    return advance(glob, subject, std::move(start)).back();
}

std::string toText(const Sequence& glob) {
    std::string text;
    append(text, glob);
    return text;
}

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (kSpecial.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

} // namespace landlatch::glob
