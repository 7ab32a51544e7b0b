// SPDX-License-Identifier: Apache-2.0
// Tokens to nodes.
#include "compiler/match/nfa.h"

#include <algorithm>

namespace landlatch::match {

namespace {

/// Token numbers of a trie edge: byte sets as they are, loops and alternatives apart.
constexpr std::uint32_t kLoopToken = 0x40000000;
constexpr std::uint32_t kAlternativesToken = 0x80000000;

} // namespace

glob::Sequence backwards(const glob::Sequence& glob) {
    glob::Sequence result(glob.rbegin(), glob.rend());
    for (glob::Node& node : result) {
        std::reverse(node.literal.begin(), node.literal.end());
        for (glob::Sequence& branch : node.alternatives) {
            branch = backwards(branch);
        }
    }
    return result;
}

Nfa::Nfa() : nodes_(1), edges_(1) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        glob::ByteSet set;
        set.set(byte);
        byte_sets_.push_back(set);
    }
    glob::ByteSet any;
    any.set().reset(0);
    glob::ByteSet not_slash = any;
    not_slash.reset('/');
    byte_sets_.push_back(not_slash);
    byte_sets_.push_back(any);
    for (BytesId id = 0; id < byte_sets_.size(); ++id) {
        byte_set_ids_.emplace(byte_sets_[id], id);
    }
}

void Nfa::link(std::uint32_t& head, BytesId bytes, std::uint32_t to) {
    edges_.push_back({bytes, to, head});
    head = static_cast<std::uint32_t>(edges_.size() - 1);
}

std::uint32_t Nfa::addNode() {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

void Nfa::addEdge(std::uint32_t from, BytesId bytes, std::uint32_t to) { link(nodes_[from].edges, bytes, to); }
void Nfa::addEpsilon(std::uint32_t from, std::uint32_t to) { link(nodes_[from].epsilons, 0, to); }
void Nfa::accept(std::uint32_t node, std::uint32_t pattern) { link(nodes_[node].accepts, 0, pattern); }

Nfa::BytesId Nfa::bytesId(const glob::ByteSet& bytes) {
    const auto [at, fresh] = byte_set_ids_.emplace(bytes, static_cast<BytesId>(byte_sets_.size()));
    if (fresh) {
        byte_sets_.push_back(bytes);
    }
    return at->second;
}

std::pair<std::uint32_t, bool> Nfa::child(std::uint32_t node, std::uint32_t token) {
    if (nodes_[node].child == 0) {
        const std::uint32_t first = addNode();
        nodes_[node].token = token;
        nodes_[node].child = first;
        return {first, true};
    }
    if (nodes_[node].token == token) {
        return {nodes_[node].child, false};
    }
    const std::uint64_t key = static_cast<std::uint64_t>(node) << 32 | token;
    const auto [at, fresh] = children_.emplace(key, 0);
    if (fresh) {
        at->second = addNode();
    }
    return {at->second, fresh};
}

std::uint32_t Nfa::addBytes(std::uint32_t from, BytesId bytes) {
    const auto [node, fresh] = child(from, bytes);
    if (fresh) {
        addEdge(from, bytes, node);
    }
    return node;
}

std::uint32_t Nfa::addLoop(std::uint32_t from, BytesId bytes) {
    const auto [node, fresh] = child(from, kLoopToken | bytes);
    if (fresh) {
        addEpsilon(from, node);
        addEdge(node, bytes, node);
    }
    return node;
}

std::uint32_t Nfa::addAny(std::uint32_t from) { return addLoop(from, kAny); }

std::uint32_t Nfa::add(std::uint32_t from, const glob::Sequence& glob) {
    for (const glob::Node& node : glob) {
        switch (node.kind) {
        case glob::Node::Kind::kLiteral:
            for (const char c : node.literal) {
                from = addBytes(from, static_cast<unsigned char>(c));
            }
            break;
        case glob::Node::Kind::kClass:
            from = addBytes(from, bytesId(node.bytes));
            break;
        case glob::Node::Kind::kStar:
            from = addLoop(from, kNotSlash);
            break;
        case glob::Node::Kind::kDoubleStar:
            from = addLoop(from, kAny);
            break;
        case glob::Node::Kind::kAlternatives: {
            // Branches grow from the same node as any other pattern; all of them lead on to one node, so that what
            // follows is there once and nothing multiplies.
            const auto [token, unused] = alternative_tokens_.emplace(
                glob::toText({node}), static_cast<std::uint32_t>(alternative_tokens_.size()));
            const auto [join, fresh] = child(from, kAlternativesToken | token->second);
            if (fresh) {
                for (const glob::Sequence& branch : node.alternatives) {
                    addEpsilon(add(from, branch), join);
                }
            }
            from = join;
            break;
        }
        }
    }
    return from;
}

std::vector<Nfa::Edge> Nfa::edges(std::uint32_t node) const {
    std::vector<Edge> result;
    for (std::uint32_t at = nodes_[node].edges; at != 0; at = edges_[at].next) {
        result.push_back(edges_[at]);
    }
    return result;
}

std::vector<std::uint32_t> Nfa::accepts(std::uint32_t node) const {
    std::vector<std::uint32_t> result;
    for (std::uint32_t at = nodes_[node].accepts; at != 0; at = edges_[at].next) {
        result.push_back(edges_[at].to);
    }
    return result;
}

std::vector<std::uint32_t> Nfa::closure(std::uint32_t node) const {
    std::vector<std::uint32_t> seen = {node};
    if (nodes_[node].epsilons == 0) {
        return nodes_[node].edges == 0 && nodes_[node].accepts == 0 ? std::vector<std::uint32_t>{} : seen;
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        for (std::uint32_t at = nodes_[seen[i]].epsilons; at != 0; at = edges_[at].next) {
            if (std::find(seen.begin(), seen.end(), edges_[at].to) == seen.end()) {
                seen.push_back(edges_[at].to);
            }
        }
    }
    std::erase_if(seen, [&](std::uint32_t n) { return nodes_[n].edges == 0 && nodes_[n].accepts == 0; });
    std::sort(seen.begin(), seen.end());
    return seen;
}

} // namespace landlatch::match
