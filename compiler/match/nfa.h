// SPDX-License-Identifier: Apache-2.0
// All patterns of one dimension as one nondeterministic automaton: a trie of pattern tokens, so that patterns with a
// common beginning share it and the subsets of determinise.h stay small.
#pragma once

#include "runtime/glob/glob.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace landlatch::match {

/// The glob of the same strings, each turned round.
glob::Sequence backwards(const glob::Sequence& glob);

/// An NFA over bytes. Node 0 is the root. The language of a node is the set of strings that lead to it from the root;
/// sharing keeps that true because equal token paths mean equal languages.
class Nfa {
public:
    /// Bytes of an edge, by index into byteSets(). Single bytes come first, at their own value.
    using BytesId = std::uint32_t;
    static constexpr BytesId kNotSlash = 256;
    static constexpr BytesId kAny = 257;

    struct Edge {
        BytesId bytes;
        std::uint32_t to;
        std::uint32_t next; ///< further edges of the same node; 0 ends
    };

    Nfa();

    /// The node after `glob` from `from`.
    std::uint32_t add(std::uint32_t from, const glob::Sequence& glob);
    /// The node after any bytes (none too) from `from`.
    std::uint32_t addAny(std::uint32_t from);
    std::uint32_t addNode();
    void addEdge(std::uint32_t from, BytesId bytes, std::uint32_t to);
    void addEpsilon(std::uint32_t from, std::uint32_t to);
    BytesId bytesId(const glob::ByteSet& bytes);
    /// Strings that lead to `node` match pattern `pattern`.
    void accept(std::uint32_t node, std::uint32_t pattern);

    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    [[nodiscard]] const std::vector<glob::ByteSet>& byteSets() const { return byte_sets_; }
    [[nodiscard]] std::vector<Edge> edges(std::uint32_t node) const;
    [[nodiscard]] std::uint32_t firstEdge(std::uint32_t node) const { return nodes_[node].edges; }
    [[nodiscard]] std::uint32_t firstEpsilon(std::uint32_t node) const { return nodes_[node].epsilons; }
    [[nodiscard]] const Edge& edge(std::uint32_t index) const { return edges_[index]; }
    /// Patterns that `node` accepts.
    [[nodiscard]] std::vector<std::uint32_t> accepts(std::uint32_t node) const;
    [[nodiscard]] bool isAccepting(std::uint32_t node) const { return nodes_[node].accepts != 0; }
    /// `node` and all that epsilons lead to, only those with edges or patterns, sorted.
    [[nodiscard]] std::vector<std::uint32_t> closure(std::uint32_t node) const;
    [[nodiscard]] bool hasEpsilons(std::uint32_t node) const { return nodes_[node].epsilons != 0; }

private:
    struct NodeData {
        std::uint32_t edges = 0;    ///< head of a list in edges_
        std::uint32_t epsilons = 0; ///< the same, `bytes` unused
        std::uint32_t accepts = 0;  ///< the same, `to` is the pattern
        std::uint32_t token = 0;    ///< of the first child; most nodes have one alone
        std::uint32_t child = 0;    ///< 0: none
    };
    void link(std::uint32_t& head, BytesId bytes, std::uint32_t to);
    /// The child of `node` for a token, and whether it is new.
    std::pair<std::uint32_t, bool> child(std::uint32_t node, std::uint32_t token);
    std::uint32_t addLoop(std::uint32_t from, BytesId bytes);
    std::uint32_t addBytes(std::uint32_t from, BytesId bytes);

    std::vector<NodeData> nodes_;
    std::vector<Edge> edges_;
    std::vector<glob::ByteSet> byte_sets_;
    std::unordered_map<glob::ByteSet, BytesId> byte_set_ids_;
    std::unordered_map<std::string, std::uint32_t> alternative_tokens_;
    std::unordered_map<std::uint64_t, std::uint32_t> children_; ///< node << 32 | token, but for first children
};

/// Languages over a cgroup path (language point 23).
enum class CgroupForm : std::uint8_t {
    kPath,     ///< the pattern's path, and everything below
    kUnit,     ///< leading slices, then a unit, then anything
    kUserUnit, ///< the same inside user@UID.service
    kSlice,    ///< one of the leading slices
};

/// Adds cgroup patterns; weave() puts them into the automaton once all are known.
class CgroupPatterns {
public:
    explicit CgroupPatterns(Nfa& nfa) : nfa_(nfa) {}
    void add(CgroupForm form, const glob::Sequence& glob, std::uint32_t pattern);
    void weave();

private:
    /// Patterns of one component, in an automaton of their own.
    struct Components {
        Nfa nfa;
        bool used = false;
    };
    /// Where a component begins among leading slices, by form.
    std::uint32_t leadingSlices();
    void weaveComponents(const Components& components, std::uint32_t start, bool slices);
    /// The node after user@UID.service and '/', among the slices inside.
    std::uint32_t userManager();
    /// One more `start` like state for slices: the seven states of a component's suffix.
    std::uint32_t slicesFrom(std::uint32_t entry);

    Nfa& nfa_;
    Components units_;
    Components user_units_;
    Components slices_;
};

} // namespace landlatch::match
