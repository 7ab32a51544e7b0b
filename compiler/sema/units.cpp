// SPDX-License-Identifier: Apache-2.0
// The walk keeps the literal text that a way through the glob ends in, as far as braces join it: `web.{service,socket}`
// ends in ".service" or ".socket", though neither branch alone does.
#include "compiler/sema/units.h"

#include <algorithm>
#include <array>

namespace landlatch::sema {

namespace {

constexpr std::array<std::string_view, 11> kSuffixes = {".service",   ".socket", ".device", ".mount",
                                                        ".automount", ".swap",   ".target", ".path",
                                                        ".timer",     ".slice",  ".scope"};

/// The literal text that the first `count` nodes end in, after `before`; a wildcard stands as one `*`.
std::string tailOf(const glob::Sequence& sequence, std::size_t count, std::string before) {
    for (std::size_t i = 0; i < count; ++i) {
        if (sequence[i].kind == glob::Node::Kind::kLiteral) {
            before += sequence[i].literal;
        } else {
            before = "*";
        }
    }
    return before;
}

bool endsInAlternatives(const glob::Sequence& sequence) {
    return !sequence.empty() && sequence.back().kind == glob::Node::Kind::kAlternatives;
}

void add(glob::Sequence& sequence, std::string_view suffix, const std::string& before) {
    if (endsInAlternatives(sequence)) {
        const std::string tail = tailOf(sequence, sequence.size() - 1, before);
        for (glob::Sequence& branch : sequence.back().alternatives) {
            add(branch, suffix, tail);
        }
        return;
    }
    if (!unitSuffix(tailOf(sequence, sequence.size(), before)).empty()) {
        return;
    }
    if (!sequence.empty() && sequence.back().kind == glob::Node::Kind::kLiteral) {
        sequence.back().literal += suffix;
        return;
    }
    glob::Node node;
    node.literal = suffix;
    sequence.push_back(std::move(node));
}

bool ends(const glob::Sequence& sequence, std::string_view suffix, const std::string& before) {
    if (endsInAlternatives(sequence)) {
        const std::string tail = tailOf(sequence, sequence.size() - 1, before);
        const auto& branches = sequence.back().alternatives;
        return std::any_of(branches.begin(), branches.end(),
                           [&](const glob::Sequence& branch) { return ends(branch, suffix, tail); });
    }
    return tailOf(sequence, sequence.size(), before).ends_with(suffix);
}

} // namespace

std::string_view unitSuffix(std::string_view name) {
    const auto found = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](std::string_view suffix) {
        return name.size() > suffix.size() && name.ends_with(suffix);
    });
    return found == kSuffixes.end() ? std::string_view{} : *found;
}

void addUnitSuffix(glob::Sequence& sequence, std::string_view suffix) { add(sequence, suffix, ""); }

bool endsIn(const glob::Sequence& sequence, std::string_view suffix) { return ends(sequence, suffix, ""); }

} // namespace landlatch::sema
