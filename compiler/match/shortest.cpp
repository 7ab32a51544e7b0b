// SPDX-License-Identifier: Apache-2.0
// Which patterns match a path at all: breadth-first through the shared NFA in step with the universe.
#include "compiler/match/dfa.h"

#include <algorithm>

namespace landlatch::match {

namespace {

/// The kinds of byte that the universe tells apart, as they occur in a set.
std::uint32_t kindsOf(const glob::ByteSet& bytes) {
    glob::ByteSet others = bytes;
    others.reset(0).reset('/').reset('.');
    return (bytes.test('/') ? 1U : 0U) | (bytes.test('.') ? 2U : 0U) | (others.any() ? 4U : 0U);
}

} // namespace

std::vector<std::uint32_t> shortestPaths(const Nfa& nfa, std::size_t patterns, Universe universe) {
    constexpr std::uint32_t kFar = ~std::uint32_t{0};
    std::vector<std::uint32_t> result(patterns, kFar);
    std::vector<std::uint32_t> kinds;
    for (const glob::ByteSet& bytes : nfa.byteSets()) {
        kinds.push_back(kindsOf(bytes));
    }
    std::vector<bool> seen(nfa.size() * kUStates, false);
    struct At {
        std::uint32_t node;
        std::uint8_t state;
    };
    std::vector<At> now;
    std::vector<At> next;
    const auto reach = [&](std::uint32_t node, std::uint8_t state, std::vector<At>& list) {
        const auto add = [&](std::uint32_t each) {
            if (!seen[each * kUStates + state]) {
                seen[each * kUStates + state] = true;
                list.push_back({each, state});
            }
        };
        if (state == kUDead) {
            return;
        }
        if (!nfa.hasEpsilons(node)) {
            add(node);
            return;
        }
        for (const std::uint32_t each : nfa.closure(node)) {
            add(each);
        }
    };
    reach(0, kUStart, now);
    for (std::uint32_t length = 0; length <= kMaxPathBytes && !now.empty(); ++length) {
        next.clear();
        for (const At at : now) {
            if (isPath(at.state)) {
                for (const std::uint32_t pattern : nfa.accepts(at.node)) {
                    result[pattern] = std::min(result[pattern], length);
                }
            }
            for (std::uint32_t e = nfa.firstEdge(at.node); e != 0; e = nfa.edge(e).next) {
                const Nfa::Edge& edge = nfa.edge(e);
                constexpr char kBytes[] = {'/', '.', 'x'};
                for (std::uint32_t kind = 0; kind < 3; ++kind) {
                    if (kinds[edge.bytes] & (1U << kind)) {
                        reach(edge.to, universeStep(at.state, kBytes[kind], universe), next);
                    }
                }
            }
        }
        now.swap(next);
    }
    return result;
}

} // namespace landlatch::match
