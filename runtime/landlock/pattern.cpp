// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/pattern.h"

#include <fmt/format.h>

namespace landlatch::landlock {
namespace {

using glob::Node;
using glob::Sequence;

/// `sequence` without braces: every choice of alternatives, in order. Nothing when there are more than kMaxPatterns.
std::optional<std::vector<Sequence>> expandBraces(const Sequence& sequence) {
    std::vector<Sequence> heads(1);
    for (const Node& node : sequence) {
        if (node.kind != Node::Kind::kAlternatives) {
            for (Sequence& head : heads) {
                head.push_back(node);
            }
            continue;
        }
        std::vector<Sequence> next;
        for (const Sequence& alternative : node.alternatives) {
            const auto expanded = expandBraces(alternative);
            if (!expanded || next.size() + heads.size() * expanded->size() > kMaxPatterns) {
                return std::nullopt;
            }
            for (const Sequence& head : heads) {
                for (const Sequence& choice : *expanded) {
                    next.push_back(head);
                    next.back().insert(next.back().end(), choice.begin(), choice.end());
                }
            }
        }
        heads = std::move(next);
    }
    return heads;
}

/// Cuts at every '/' of a literal. The first piece is what stands before the first '/'.
std::vector<Component> cut(const Sequence& sequence) {
    std::vector<Component> pieces(1);
    const auto append = [&](Node node) {
        if (node.kind != Node::Kind::kLiteral || !node.literal.empty()) {
            pieces.back().glob.push_back(std::move(node));
        }
    };
    for (const Node& node : sequence) {
        if (node.kind != Node::Kind::kLiteral) {
            pieces.back().deep = pieces.back().deep || node.kind == Node::Kind::kDoubleStar;
            append(node);
            continue;
        }
        std::size_t start = 0;
        for (std::size_t slash = 0; (slash = node.literal.find('/', start)) != std::string::npos; start = slash + 1) {
            append(Node{.literal = node.literal.substr(start, slash - start), .bytes = {}, .alternatives = {}});
            pieces.emplace_back();
        }
        append(Node{.literal = node.literal.substr(start), .bytes = {}, .alternatives = {}});
    }
    for (Component& piece : pieces) {
        if (glob::isLiteral(piece.glob)) {
            piece.literal = glob::literalText(piece.glob);
        }
    }
    return pieces;
}

Result<Pattern> makePattern(const Sequence& sequence) {
    Pattern pattern;
    pattern.text = glob::toText(sequence);
    pattern.components = cut(sequence);
    if (pattern.components.size() < 2 || !pattern.components.front().glob.empty()) {
        return Error{0, fmt::format("'{}' does not start with '/'", pattern.text)};
    }
    pattern.components.erase(pattern.components.begin());
    for (const Component& component : pattern.components) {
        if (component.literal &&
            (component.literal->empty() || *component.literal == "." || *component.literal == "..")) {
            return Error{0, fmt::format("'{}' has an empty, '.' or '..' component", pattern.text)};
        }
    }
    return pattern;
}

} // namespace

Result<std::vector<Pattern>> parsePatterns(const std::string& text) {
    const auto sequence = glob::parse(text);
    if (!sequence) {
        return sequence.error().within("'" + text + "'");
    }
    const auto expanded = expandBraces(*sequence);
    if (!expanded) {
        return Error{E2BIG, fmt::format("'{}' stands for more than {} patterns", text, kMaxPatterns)};
    }
    std::vector<Pattern> patterns;
    for (const Sequence& one : *expanded) {
        auto pattern = makePattern(one);
        if (!pattern) {
            return pattern.error();
        }
        patterns.push_back(*std::move(pattern));
    }
    return patterns;
}

glob::Sequence tail(const Pattern& pattern, std::size_t from) {
    Sequence sequence;
    for (std::size_t i = from; i < pattern.components.size(); ++i) {
        if (i > from) {
            sequence.push_back(Node{.literal = "/", .bytes = {}, .alternatives = {}});
        }
        const Sequence& glob = pattern.components[i].glob;
        sequence.insert(sequence.end(), glob.begin(), glob.end());
    }
    return sequence;
}

} // namespace landlatch::landlock
