// SPDX-License-Identifier: Apache-2.0
// Units and slices as languages over the cgroup path.
//
// systemd names a process's unit by its cgroup path: leading components that end in ".slice" are skipped, the next
// component is the unit. Whether a component is a slice is only known at its end, so patterns of units run in
// product with a small automaton that follows how much of ".slice" the component so far ends with (kSuffix states; the
// last one is all of it). A unit's pattern counts where the component doesn't end in ".slice", a slice's where it does.
// Nothing of this depends on names that a user could make deeper in the tree: after the first component that is no
// slice, no further component is looked at.
#include "compiler/match/nfa.h"

#include <array>
#include <map>
#include <string_view>
#include <unordered_map>

namespace landlatch::match {

namespace {

constexpr std::string_view kSlice = ".slice";
constexpr std::uint32_t kSuffixes = static_cast<std::uint32_t>(kSlice.size()) + 1;
constexpr std::uint32_t kIsSlice = kSuffixes - 1;
constexpr std::uint32_t kNothing = kSuffixes; ///< before the first byte: no component yet, and never an empty one

/// How much of ".slice" a component ends with after one more byte.
std::uint32_t suffixAfter(std::uint32_t suffix, unsigned char byte) {
    if (suffix < kSlice.size() && byte == static_cast<unsigned char>(kSlice[suffix])) {
        return suffix + 1;
    }
    return byte == '.' ? 1 : 0; // no proper suffix of ".slice" but "." begins it
}

/// `bytes` without '/', split by the suffix state they lead to.
std::array<glob::ByteSet, kSuffixes> split(const glob::ByteSet& bytes, std::uint32_t suffix) {
    std::array<glob::ByteSet, kSuffixes> result;
    for (unsigned byte = 1; byte < 256; ++byte) {
        if (byte != '/' && bytes.test(byte)) {
            result[suffixAfter(suffix, static_cast<unsigned char>(byte))].set(byte);
        }
    }
    return result;
}

} // namespace

void CgroupPatterns::add(CgroupForm form, const glob::Sequence& glob, std::uint32_t pattern) {
    if (form == CgroupForm::kPath) {
        const std::uint32_t end = nfa_.add(0, glob);
        nfa_.accept(end, pattern);
        if (glob::matches(glob, "/")) {
            nfa_.accept(nfa_.addAny(end), pattern);
        } else {
            glob::Node slash;
            slash.literal = "/";
            nfa_.accept(nfa_.addAny(nfa_.add(end, {slash})), pattern);
        }
        return;
    }
    Components& components = form == CgroupForm::kUnit ? units_ : form == CgroupForm::kSlice ? slices_ : user_units_;
    components.used = true;
    components.nfa.accept(components.nfa.add(0, glob), pattern);
}

std::uint32_t CgroupPatterns::slicesFrom(std::uint32_t entry) {
    std::array<std::uint32_t, kSuffixes> states{};
    for (std::uint32_t& state : states) {
        state = nfa_.addNode();
    }
    glob::ByteSet any;
    any.set();
    for (std::uint32_t suffix = 0; suffix < kSuffixes; ++suffix) {
        const auto parts = split(any, suffix);
        for (std::uint32_t next = 0; next < kSuffixes; ++next) {
            if (parts[next].any()) {
                nfa_.addEdge(states[suffix], nfa_.bytesId(parts[next]), states[next]);
            }
        }
    }
    const std::uint32_t start = nfa_.addNode();
    nfa_.addEpsilon(start, states[0]);
    nfa_.addEdge(states[kIsSlice], '/', start);
    nfa_.addEpsilon(entry, start);
    return start;
}

std::uint32_t CgroupPatterns::leadingSlices() {
    const std::uint32_t root = nfa_.addNode();
    nfa_.addEdge(0, '/', root);
    return slicesFrom(root);
}

std::uint32_t CgroupPatterns::userManager() {
    std::uint32_t node = leadingSlices();
    const auto step = [&](Nfa::BytesId bytes) {
        const std::uint32_t next = nfa_.addNode();
        nfa_.addEdge(node, bytes, next);
        node = next;
    };
    for (const char c : std::string_view("user@")) {
        step(static_cast<unsigned char>(c));
    }
    glob::ByteSet digits;
    for (char c = '0'; c <= '9'; ++c) {
        digits.set(static_cast<unsigned char>(c));
    }
    step(nfa_.bytesId(digits));
    nfa_.addEdge(node, nfa_.bytesId(digits), node);
    for (const char c : std::string_view(".service/")) {
        step(static_cast<unsigned char>(c));
    }
    return slicesFrom(node);
}

void CgroupPatterns::weaveComponents(const Components& components, std::uint32_t start, bool slices) {
    if (!components.used) {
        return;
    }
    // Pairs (node of the component's automaton, suffix so far), made when first reached.
    std::unordered_map<std::uint64_t, std::uint32_t> pairs;
    const auto key_of = [](std::uint32_t node, std::uint32_t suffix) {
        return static_cast<std::uint64_t>(node) * (kSuffixes + 1) + suffix;
    };
    std::vector<std::pair<std::uint32_t, std::uint32_t>> todo;
    std::map<std::vector<std::uint32_t>, std::uint32_t> below; // patterns -> the node where all is matched
    const auto reach = [&](std::uint32_t node, std::uint32_t suffix) {
        const auto [at, fresh] = pairs.emplace(key_of(node, suffix), 0);
        if (fresh) {
            at->second = nfa_.addNode();
            todo.emplace_back(node, suffix);
        }
        return at->second;
    };
    for (const std::uint32_t node : components.nfa.closure(0)) {
        nfa_.addEpsilon(start, reach(node, kNothing));
    }
    while (!todo.empty()) {
        const auto [node, suffix] = todo.back();
        todo.pop_back();
        const std::uint32_t from = pairs.at(key_of(node, suffix));
        const std::uint32_t before = suffix == kNothing ? 0 : suffix;
        for (std::uint32_t at = components.nfa.firstEdge(node); at != 0; at = components.nfa.edge(at).next) {
            const Nfa::Edge& edge = components.nfa.edge(at);
            if (edge.bytes < 256) { // one byte, nearly always
                if (edge.bytes != 0 && edge.bytes != '/') {
                    const std::uint32_t next = suffixAfter(before, static_cast<unsigned char>(edge.bytes));
                    for (const std::uint32_t to : components.nfa.closure(edge.to)) {
                        nfa_.addEdge(from, edge.bytes, reach(to, next));
                    }
                }
                continue;
            }
            const auto parts = split(components.nfa.byteSets()[edge.bytes], before);
            for (std::uint32_t next = 0; next < kSuffixes; ++next) {
                if (parts[next].none()) {
                    continue;
                }
                const Nfa::BytesId bytes = nfa_.bytesId(parts[next]);
                for (const std::uint32_t to : components.nfa.closure(edge.to)) {
                    nfa_.addEdge(from, bytes, reach(to, next));
                }
            }
        }
        const std::vector<std::uint32_t> patterns = components.nfa.accepts(node);
        if (patterns.empty() || suffix == kNothing || (suffix == kIsSlice) != slices) {
            continue;
        }
        const auto [at, fresh] = below.emplace(patterns, 0);
        if (fresh) {
            at->second = nfa_.addNode();
            nfa_.addEdge(at->second, Nfa::kAny, at->second);
            for (const std::uint32_t pattern : patterns) {
                nfa_.accept(at->second, pattern);
            }
        }
        for (const std::uint32_t pattern : patterns) {
            nfa_.accept(from, pattern);
        }
        nfa_.addEdge(from, '/', at->second);
    }
}

void CgroupPatterns::weave() {
    if (units_.used || slices_.used) {
        const std::uint32_t start = leadingSlices();
        weaveComponents(units_, start, false);
        weaveComponents(slices_, start, true);
    }
    if (user_units_.used) {
        weaveComponents(user_units_, userManager(), false);
    }
}

} // namespace landlatch::match
