// SPDX-License-Identifier: Apache-2.0
// Subset construction. Rows are kept as a default and exceptions: of the classes that no pattern mentions at a state
// all lead to one place, so the work is in the number of edges and not in states times bytes.
#include "compiler/match/dfa.h"
#include "compiler/match/universe.h"
#include "compiler/match/words.h"

#include <algorithm>
#include <bit>
#include <map>

namespace landlatch::match {

namespace {

/// Sets of NFA nodes with a universe state, numbered as they are found. Number 0 is the dead state.
class Subsets {
public:
    Subsets() : slots_(1024, 0), entries_(1) {}

    std::uint32_t intern(std::uint8_t universe, const std::vector<std::uint32_t>& nodes) {
        if (universe == kUDead) {
            return 0;
        }
        const std::uint64_t hash = hashOf(nodes, 0x9e3779b97f4a7c15ULL + universe);
        std::size_t slot = hash & (slots_.size() - 1);
        while (slots_[slot] != 0) {
            const Entry& entry = entries_[slots_[slot]];
            if (entry.hash == hash && entry.universe == universe && entry.size == nodes.size() &&
                std::equal(nodes.begin(), nodes.end(), arena_.begin() + static_cast<std::ptrdiff_t>(entry.offset))) {
                return slots_[slot];
            }
            slot = (slot + 1) & (slots_.size() - 1);
        }
        const auto number = static_cast<std::uint32_t>(entries_.size());
        slots_[slot] = number;
        entries_.push_back({hash, arena_.size(), static_cast<std::uint32_t>(nodes.size()), universe});
        arena_.insert(arena_.end(), nodes.begin(), nodes.end());
        if (entries_.size() * 2 > slots_.size()) {
            grow();
        }
        return number;
    }

    /// Room for so many.
    void reserve(std::size_t count) {
        entries_.reserve(count);
        arena_.reserve(count);
        slots_.assign(std::max(slots_.size(), std::bit_ceil(2 * count + 2)), 0);
    }

    [[nodiscard]] std::size_t count() const { return entries_.size(); }
    [[nodiscard]] std::size_t nodeCount() const { return arena_.size(); }
    [[nodiscard]] std::uint8_t universe(std::uint32_t number) const { return entries_[number].universe; }
    /// Puts them in place of what `into` holds.
    void nodes(std::uint32_t number, std::vector<std::uint32_t>& into) const {
        const Entry& entry = entries_[number];
        const auto begin = arena_.begin() + static_cast<std::ptrdiff_t>(entry.offset);
        into.assign(begin, begin + entry.size);
    }

private:
    struct Entry {
        std::uint64_t hash = 0;
        std::size_t offset = 0;
        std::uint32_t size = 0;
        std::uint8_t universe = kUDead;
    };
    void grow() {
        slots_.assign(slots_.size() * 2, 0);
        for (std::uint32_t number = 1; number < entries_.size(); ++number) {
            std::size_t slot = entries_[number].hash & (slots_.size() - 1);
            while (slots_[slot] != 0) {
                slot = (slot + 1) & (slots_.size() - 1);
            }
            slots_[slot] = number;
        }
    }
    std::vector<std::uint32_t> slots_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> arena_;
};

/// What of a subset can't matter any more. Below a `**` at a pattern's end the pattern matches whatever follows; then
/// other nodes that lead to patterns of the same labels alone say nothing new. Else a list of n such patterns would
/// have a state for each of 2^n sets of them.
class Settled {
public:
    Settled(const Nfa& nfa, const std::vector<std::vector<std::uint32_t>>& labels) : nfa_(nfa), labels_(labels) {
        for (std::uint32_t node = 0; node < nfa.size(); ++node) {
            any_ = any_ || stays(node);
        }
        if (any_) {
            findLeads();
            first_.resize(lists_.size(), kNone);
            for (auto node = static_cast<std::uint32_t>(nfa.size()); node-- > 0;) {
                if (stays(node) && leads_[node] < kSeveral) {
                    first_[leads_[node]] = node;
                }
            }
        }
    }

    /// `nodes` without those; of nodes below the end of patterns with the same labels one stands for all.
    void drop(std::vector<std::uint32_t>& nodes) {
        settled_.clear();
        for (std::uint32_t& node : nodes) {
            if (any_ && leads_[node] < kSeveral && first_[leads_[node]] != kNone && stays(node)) {
                node = first_[leads_[node]];
                settled_.push_back(node);
            }
        }
        if (settled_.empty()) {
            return;
        }
        std::erase_if(nodes, [&](std::uint32_t node) {
            return leads_[node] < kSeveral &&
                   std::any_of(
                       settled_.begin(), settled_.end(),
                       [&](std::uint32_t other) { return node != other && leads_[node] == leads_[other]; });
        });
        std::sort(nodes.begin(), nodes.end());
        nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    }

private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    static constexpr std::uint32_t kSeveral = kNone - 1;

    /// Whether all that follows leads back to it, and it accepts.
    [[nodiscard]] bool stays(std::uint32_t node) const {
        if (!nfa_.isAccepting(node)) {
            return false;
        }
        for (std::uint32_t at = nfa_.firstEdge(node); at != 0; at = nfa_.edge(at).next) {
            if (nfa_.edge(at).bytes == Nfa::kAny && nfa_.edge(at).to == node) {
                return true;
            }
        }
        return false;
    }

    /// By node: the one list of labels of all patterns that it leads to.
    void findLeads() {
        leads_.assign(nfa_.size(), kNone);
        const auto join = [&](std::uint32_t node, std::uint32_t list) {
            const std::uint32_t joined = leads_[node] == kNone || leads_[node] == list ? list : kSeveral;
            const bool changed = list != kNone && joined != leads_[node];
            leads_[node] = changed ? joined : leads_[node];
            return changed;
        };
        for (std::uint32_t node = 0; node < nfa_.size(); ++node) {
            for (const std::uint32_t pattern : nfa_.accepts(node)) {
                join(node,
                     lists_.try_emplace(labels_[pattern], static_cast<std::uint32_t>(lists_.size())).first->second);
            }
        }
        for (bool changed = true; changed;) { // nodes are mostly after what leads to them
            changed = false;
            for (auto node = static_cast<std::uint32_t>(nfa_.size()); node-- > 0;) {
                for (std::uint32_t at = nfa_.firstEdge(node); at != 0; at = nfa_.edge(at).next) {
                    changed = join(node, leads_[nfa_.edge(at).to]) || changed;
                }
                for (std::uint32_t at = nfa_.firstEpsilon(node); at != 0; at = nfa_.edge(at).next) {
                    changed = join(node, leads_[nfa_.edge(at).to]) || changed;
                }
            }
        }
    }

    const Nfa& nfa_;
    const std::vector<std::vector<std::uint32_t>>& labels_;
    bool any_ = false;
    WordsNumbers lists_;
    std::vector<std::uint32_t> leads_;
    std::vector<std::uint32_t> first_;   ///< by list: a node that stays
    std::vector<std::uint32_t> settled_; ///< of the subset at hand
};

class Construction {
public:
    Construction(const Nfa& nfa, const std::vector<std::vector<std::uint32_t>>& labels, Universe universe,
                 Direction direction, const Room& room)
        : nfa_(nfa), labels_(labels), universe_(universe), room_(room), settled_(nfa, labels) {
        dfa_.direction = direction;
    }

    std::optional<Dfa> run() {
        makeClasses();
        dfa_.accept_sets.emplace_back();
        accept_ids_.emplace(std::vector<std::uint32_t>{}, 0);
        dfa_.rows.reserve(nfa_.size()); // about as many
        subsets_.reserve(nfa_.size());
        dfa_.rows.emplace_back();
        Nodes first = nfa_.closure(0);
        settled_.drop(first);
        dfa_.start = subsets_.intern(kUStart, first);
        const std::size_t states = room_.maxStates(nfa_);
        const std::size_t steps = room_.maxSteps(nfa_);
        for (std::uint32_t state = dfa_.start; state < subsets_.count(); ++state) {
            makeRow(state);
            if (subsets_.count() > states || subsets_.nodeCount() > steps || work_ > steps) {
                return std::nullopt;
            }
        }
        return std::move(dfa_);
    }

private:
    using Nodes = std::vector<std::uint32_t>;

    /// Bytes that every pattern treats alike form a class; '/', '.' and NUL have their own.
    void makeClasses() {
        std::array<std::uint32_t, 256> of{};
        std::uint32_t count = 1;
        const auto refine = [&](const glob::ByteSet& set) {
            std::map<std::uint32_t, std::uint32_t> inside; // class -> class of its bytes in `set`
            std::array<std::uint32_t, 256> sizes{};
            std::array<std::uint32_t, 256> hits{};
            for (unsigned byte = 0; byte < 256; ++byte) {
                ++sizes[of[byte]];
                hits[of[byte]] += set.test(byte) ? 1 : 0;
            }
            for (unsigned byte = 0; byte < 256; ++byte) {
                const std::uint32_t old = of[byte];
                if (!set.test(byte) || hits[old] == sizes[old]) {
                    continue;
                }
                const auto [at, fresh] = inside.emplace(old, count);
                count += fresh ? 1 : 0;
                of[byte] = at->second;
            }
        };
        std::vector<bool> used(nfa_.byteSets().size(), false);
        for (std::uint32_t node = 0; node < nfa_.size(); ++node) {
            for (std::uint32_t at = nfa_.firstEdge(node); at != 0; at = nfa_.edge(at).next) {
                used[nfa_.edge(at).bytes] = true;
            }
        }
        for (const unsigned byte : {0U, static_cast<unsigned>('/'), static_cast<unsigned>('.')}) {
            used[byte] = true;
        }
        for (std::size_t id = 0; id < used.size(); ++id) {
            if (used[id]) {
                refine(nfa_.byteSets()[id]);
            }
        }
        dfa_.classes = count;
        const std::uint32_t nul = of[0]; // alone in it; made the last, so that no byte of a path has class 255
        for (std::uint32_t& c : of) {
            c = c == nul ? count - 1 : c == count - 1 ? nul : c;
        }
        const std::uint32_t slash =
            of['/']; // made the first: the exception of most rows, which lie closest with it in front
        for (std::uint32_t& c : of) {
            c = c == slash ? 0 : c == 0 ? slash : c;
        }
        for (unsigned byte = 0; byte < 256; ++byte) {
            dfa_.byte_class[byte] = static_cast<std::uint8_t>(of[byte]);
        }
        // A set as classes; one that holds most classes is kept as what it leaves out.
        for (std::size_t id = 0; id < used.size(); ++id) {
            Bytes bytes;
            if (used[id]) {
                std::vector<bool> in(count, false);
                for (unsigned byte = 1; byte < 256; ++byte) {
                    if (nfa_.byteSets()[id].test(byte)) {
                        in[of[byte]] = true;
                    }
                }
                const auto inside = static_cast<std::size_t>(std::count(in.begin(), in.end(), true));
                bytes.most = id > 255 && inside * 2 > count;
                for (std::uint32_t c = 0; c < count; ++c) {
                    if (in[c] != bytes.most && c != of[0]) {
                        bytes.classes.push_back(c);
                    }
                }
            }
            bytes_.push_back(std::move(bytes));
        }
        for (std::uint32_t c = 0; c < count; ++c) {
            class_kind_.push_back('x');
        }
        class_kind_[of[static_cast<unsigned char>('/')]] = '/';
        class_kind_[of[static_cast<unsigned char>('.')]] = '.';
        targets_.resize(count);
        touched_.resize(count, false);
    }

    void addClosure(Nodes& to, std::uint32_t node) {
        if (!nfa_.hasEpsilons(node)) {
            if (nfa_.firstEdge(node) != 0 || nfa_.isAccepting(node)) {
                to.push_back(node);
            }
            return;
        }
        auto [at, fresh] = closures_.try_emplace(node);
        if (fresh) {
            at->second = nfa_.closure(node);
        }
        to.insert(to.end(), at->second.begin(), at->second.end());
    }

    static void normalise(Nodes& nodes) {
        std::sort(nodes.begin(), nodes.end());
        nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    }

    void touch(std::uint32_t c) {
        if (!touched_[c]) {
            touched_[c] = true;
            touched_list_.push_back(c);
            targets_[c].clear();
        }
    }

    void makeRow(std::uint32_t state) {
        const std::uint8_t universe = subsets_.universe(state);
        subsets_.nodes(state, nodes_);
        touched_list_.clear();
        touch(dfa_.byte_class[static_cast<unsigned char>('/')]);
        touch(dfa_.byte_class[static_cast<unsigned char>('.')]);
        wide_.clear();
        for (const std::uint32_t node : nodes_) {
            for (std::uint32_t at = nfa_.firstEdge(node); at != 0; at = nfa_.edge(at).next) {
                const Nfa::Edge& edge = nfa_.edge(at);
                for (const std::uint32_t c : bytes_[edge.bytes].classes) {
                    touch(c);
                    if (!bytes_[edge.bytes].most) {
                        addClosure(targets_[c], edge.to);
                    }
                }
                if (bytes_[edge.bytes].most) {
                    wide_.push_back(&edge);
                }
            }
        }
        rest_.clear();
        for (const Nfa::Edge* edge : wide_) {
            addClosure(rest_, edge->to);
        }
        normalise(rest_);
        settled_.drop(rest_);
        Dfa::Row row;
        row.otherwise = subsets_.intern(universeStep(universe, 'x', universe_, dfa_.direction), rest_);
        row.accept = isPath(universe, dfa_.direction) ? acceptOf(nodes_) : Dfa::kNoPath;
        row.begin = static_cast<std::uint32_t>(dfa_.exceptions.size());
        std::sort(touched_list_.begin(), touched_list_.end());
        for (const std::uint32_t c : touched_list_) {
            touched_[c] = false;
            for (const Nfa::Edge* edge : wide_) {
                const auto& left_out = bytes_[edge->bytes].classes;
                if (!std::binary_search(left_out.begin(), left_out.end(), c)) {
                    addClosure(targets_[c], edge->to);
                }
            }
            work_ += targets_[c].size();
            normalise(targets_[c]);
            settled_.drop(targets_[c]);
            const std::uint8_t after = universeStep(universe, class_kind_[c], universe_, dfa_.direction);
            const std::uint32_t to = subsets_.intern(after, targets_[c]);
            if (to != row.otherwise) {
                dfa_.exceptions.push_back({c, to});
            }
        }
        row.end = static_cast<std::uint32_t>(dfa_.exceptions.size());
        dfa_.rows.push_back(row);
    }

    std::uint32_t acceptOf(const Nodes& nodes) {
        Nodes labels;
        for (const std::uint32_t node : nodes) {
            if (nfa_.isAccepting(node)) {
                for (const std::uint32_t pattern : nfa_.accepts(node)) {
                    labels.insert(labels.end(), labels_[pattern].begin(), labels_[pattern].end());
                }
            }
        }
        if (labels.empty()) {
            return 0;
        }
        normalise(labels);
        const auto [at, fresh] = accept_ids_.try_emplace(labels, static_cast<std::uint32_t>(dfa_.accept_sets.size()));
        if (fresh) {
            dfa_.accept_sets.push_back(std::move(labels));
        }
        return at->second;
    }

    struct Bytes {
        std::vector<std::uint32_t> classes; ///< in the set; with `most`, those left out
        bool most = false;
    };

    const Nfa& nfa_;
    const std::vector<std::vector<std::uint32_t>>& labels_;
    Universe universe_;
    Room room_;
    Settled settled_;
    Dfa dfa_;
    Subsets subsets_;
    std::size_t work_ = 0; ///< nodes put into subsets, found before or not
    std::vector<Bytes> bytes_;
    std::vector<char> class_kind_;
    Nodes nodes_; ///< of the row at hand
    Nodes rest_;  ///< where all classes but those touched lead
    std::vector<const Nfa::Edge*> wide_;
    std::vector<Nodes> targets_; ///< by class, for the row at hand
    std::vector<bool> touched_;
    std::vector<std::uint32_t> touched_list_;
    std::unordered_map<std::uint32_t, Nodes> closures_;
    WordsNumbers accept_ids_;
};

} // namespace

std::uint32_t Dfa::step(std::uint32_t state, std::uint32_t byte_class_index) const {
    const Row& row = rows[state];
    for (std::uint32_t i = row.begin; i < row.end && exceptions[i].byte_class <= byte_class_index; ++i) {
        if (exceptions[i].byte_class == byte_class_index) {
            return exceptions[i].to;
        }
    }
    return row.otherwise;
}

std::optional<Dfa> determinise(const Nfa& nfa, const std::vector<std::vector<std::uint32_t>>& labels, Universe universe,
                               Direction direction, const Room& room) {
    return Construction(nfa, labels, universe, direction, room).run();
}

} // namespace landlatch::match
