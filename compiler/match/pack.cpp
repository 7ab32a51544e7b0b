// SPDX-License-Identifier: Apache-2.0
// Most states lie on the way through a pattern's fixed text: one byte goes on, and all others lead where they lead from
// many other such states. These become places in chains; what they have in common is a row, their *usual* row. A state
// may be a place when the row without its one step is usual for several. What is left are rows.
#include "compiler/match/pack.h"

#include "compiler/match/comb.h"
#include "compiler/match/words.h"
#include "runtime/base/check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <unordered_map>

namespace landlatch::match {

namespace {

/// States with more exceptions are never places: their row is worth its words.
constexpr std::uint32_t kMaxExceptions = 4;
/// A usual row must serve so many states.
constexpr std::uint32_t kMinShared = 4;
constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// Lists of words, one behind the other.
class WordLists {
public:
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    [[nodiscard]] WordsView operator[](std::size_t list) const {
        const std::size_t begin = list == 0 ? 0 : ends_[list - 1];
        return WordsView(words_).subspan(begin, ends_[list] - begin);
    }
    [[nodiscard]] std::size_t words() const { return words_.size(); }
    /// To the list that is not ended yet.
    void push(std::uint32_t word) { words_.push_back(word); }
    void end() { ends_.push_back(words_.size()); }
    /// Numbers of the lists, longest first, else as they came.
    [[nodiscard]] std::vector<std::uint32_t> longestFirst() const {
        std::vector<std::uint32_t> order(size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return (*this)[a].size() > (*this)[b].size(); });
        return order;
    }

private:
    std::vector<std::uint32_t> words_;
    std::vector<std::size_t> ends_; ///< by list
};

class Packer {
public:
    Packer(const Dfa& dfa, const std::vector<std::uint32_t>& atom_of) : dfa_(dfa), atom_of_(atom_of) {}

    std::optional<PackedDfa> run(std::uint32_t most_cells) {
        chooseLinks();
        findHeads();
        numberChains();
        if (!placeRows(most_cells)) {
            return std::nullopt;
        }
        writeRows();
        layChains();
        out_.start = leads_to_[dfa_.start];
        return std::move(out_);
    }

private:
    using Words = std::vector<std::uint32_t>;

    /// A state as a place in a chain.
    struct Link {
        std::uint32_t exception = kNone; ///< index into dfa_.exceptions: the one step; kNone: the state is a row
        std::uint32_t usual = 0;         ///< index into usual_
    };

    [[nodiscard]] std::uint32_t atom(std::uint32_t state) const {
        const std::uint32_t accept = dfa_.rows[state].accept;
        return accept == Dfa::kNoPath ? 0 : atom_of_[accept];
    }

    /// The row of `state` but for one exception: default, atom, then class and target of each.
    [[nodiscard]] Words without(std::uint32_t state, std::uint32_t left_out) const {
        const Dfa::Row& row = dfa_.rows[state];
        Words words = {row.otherwise, atom(state)};
        for (std::uint32_t e = row.begin; e < row.end; ++e) {
            if (e != left_out) {
                words.push_back(dfa_.exceptions[e].byte_class);
                words.push_back(dfa_.exceptions[e].to);
            }
        }
        return words;
    }

    /// Calls `visit(exception, hash of the row without it)` for each that may be the one step of `state`.
    template <typename Visit> void eachStep(std::uint32_t state, Visit visit) const {
        const Dfa::Row& row = dfa_.rows[state];
        if (state == Dfa::kDead || row.end - row.begin > kMaxExceptions || row.otherwise == state) {
            return; // where most bytes stay, as in what no pattern matches: entering a chain for each would be dear
        }
        std::array<std::uint64_t, kMaxExceptions> hashes{};
        std::uint64_t all = mix(mix(1, row.otherwise), atom(state));
        for (std::uint32_t e = row.begin; e < row.end; ++e) {
            std::uint64_t& hash = hashes[e - row.begin];
            hash = mix(dfa_.exceptions[e].byte_class, dfa_.exceptions[e].to + 1ULL) * 0x9e3779b97f4a7c15ULL;
            all += hash; // a sum, so that one can be taken out again
        }
        for (std::uint32_t e = row.begin; e < row.end; ++e) {
            visit(e, all - hashes[e - row.begin]);
        }
    }

    /// For each state the step without which its row is the most usual one.
    void chooseLinks() {
        // How usual a row is, by some bits of its hash: rows that meet there pass for more usual than they are, nothing
        // worse.
        std::vector<std::uint32_t> counts(std::bit_ceil(2 * dfa_.exceptions.size() + 1));
        const auto place = [&](std::uint64_t hash) { return (hash ^ hash >> 29) & (counts.size() - 1); };
        const auto count = static_cast<std::uint32_t>(dfa_.rows.size());
        for (std::uint32_t state = 0; state < count; ++state) {
            eachStep(state, [&](std::uint32_t, std::uint64_t hash) { ++counts[place(hash)]; });
        }
        link_.resize(count);
        std::unordered_map<std::uint64_t, std::uint32_t> numbers;
        for (std::uint32_t state = 0; state < count; ++state) {
            std::uint32_t most = kMinShared;
            std::uint64_t best = 0;
            Link link;
            eachStep(state, [&](std::uint32_t e, std::uint64_t hash) {
                if (const std::uint32_t shared = counts[place(hash)]; shared >= most) {
                    most = shared;
                    best = hash;
                    link.exception = e;
                }
            });
            if (link.exception == kNone) {
                continue;
            }
            const auto [at, fresh] = numbers.try_emplace(best, static_cast<std::uint32_t>(usual_.size()));
            link.usual = at->second;
            if (fresh) {
                usual_.push_back(without(state, link.exception));
            }
            if (fresh || isUsual(state, link)) { // two rows of one hash: the second stays a row
                link_[state] = link;
            }
        }
    }

    /// Whether the row of `state` without its step is really the usual one.
    [[nodiscard]] bool isUsual(std::uint32_t state, const Link& link) const {
        const Dfa::Row& row = dfa_.rows[state];
        const Words& usual = usual_[link.usual];
        if (usual.size() != 2UL * (row.end - row.begin) || usual[0] != row.otherwise || usual[1] != atom(state)) {
            return false;
        }
        std::size_t i = 2;
        for (std::uint32_t e = row.begin; e < row.end; ++e) {
            if (e != link.exception) {
                if (usual[i] != dfa_.exceptions[e].byte_class || usual[i + 1] != dfa_.exceptions[e].to) {
                    return false;
                }
                i += 2;
            }
        }
        return true;
    }

    [[nodiscard]] bool isLink(std::uint32_t state) const { return link_[state].exception != kNone; }
    [[nodiscard]] std::uint32_t next(std::uint32_t state) const { return dfa_.exceptions[link_[state].exception].to; }

    /// Places that are led to by anything but one link alone begin a chain.
    void findHeads() {
        std::vector<std::uint32_t> from_links(dfa_.rows.size(), 0);
        head_.assign(dfa_.rows.size(), false);
        head_[dfa_.start] = true;
        for (std::uint32_t state = 0; state < dfa_.rows.size(); ++state) {
            if (isLink(state)) {
                head_[next(state)] = head_[next(state)] || ++from_links[next(state)] > 1;
                continue;
            }
            head_[dfa_.rows[state].otherwise] = true;
            for (std::uint32_t e = dfa_.rows[state].begin; e < dfa_.rows[state].end; ++e) {
                head_[dfa_.exceptions[e].to] = true;
            }
        }
        for (const Words& row : usual_) {
            head_[row[0]] = true;
            for (std::size_t i = 3; i < row.size(); i += 2) {
                head_[row[i]] = true;
            }
        }
    }

    void numberChains() {
        leads_to_.assign(dfa_.rows.size(), kNone);
        std::uint32_t chains = 0;
        for (std::uint32_t state = 0; state < dfa_.rows.size(); ++state) {
            if (isLink(state) && head_[state]) {
                leads_to_[state] = chains++ | LL_TO_CHAIN;
            }
        }
    }

    /// False: there is no room.
    bool placeRows(std::uint32_t most_cells) {
        WordLists columns; // of a row's words: of the dead one, of other states, then of usual rows
        std::vector<std::uint32_t> states;
        const auto begin = [&] {
            columns.push(LL_R_OTHERWISE);
            columns.push(LL_R_ATOM);
        };
        for (std::uint32_t state = 0; state < dfa_.rows.size(); ++state) {
            if (!isLink(state)) {
                states.push_back(state);
                begin();
                for (std::uint32_t e = dfa_.rows[state].begin; e < dfa_.rows[state].end; ++e) {
                    columns.push(LL_R_CELLS + dfa_.exceptions[e].byte_class);
                }
                columns.end();
            }
        }
        for (const Words& row : usual_) {
            begin();
            for (std::size_t i = 2; i < row.size(); i += 2) {
                columns.push(LL_R_CELLS + row[i]);
            }
            columns.end();
        }
        Comb comb;
        comb.place(columns[Dfa::kDead]); // comes first, and so is row 0
        leads_to_[Dfa::kDead] = 0;
        usual_at_.resize(usual_.size());
        std::uint32_t last = 0;
        for (const std::uint32_t row : columns.longestFirst()) {
            if (row != Dfa::kDead) {
                const std::uint32_t at = comb.place(columns[row]);
                (row < states.size() ? leads_to_[states[row]] : usual_at_[row - states.size()]) = at;
                last = std::max(last, at);
            }
        }
        // Each row has as many words as there are classes.
        out_.cells.assign(std::max(comb.size(), last + LL_R_CELLS + dfa_.classes), LL_NOTHING);
        return last < most_cells;
    }

    void writeRows() {
        const auto write = [&](std::uint32_t at, std::uint32_t otherwise, std::uint32_t row_atom) {
            out_.cells[at + LL_R_OTHERWISE] = LL_R_MARK | leads_to_[otherwise];
            out_.cells[at + LL_R_ATOM] = LL_R_MARK | row_atom;
        };
        const auto cell = [&](std::uint32_t at, std::uint32_t byte_class, std::uint32_t to) {
            out_.cells[at + LL_R_CELLS + byte_class] = byte_class << 24 | leads_to_[to];
        };
        for (std::uint32_t state = 0; state < dfa_.rows.size(); ++state) {
            if (!isLink(state)) {
                const Dfa::Row& row = dfa_.rows[state];
                write(leads_to_[state], row.otherwise, atom(state));
                for (std::uint32_t e = row.begin; e < row.end; ++e) {
                    cell(leads_to_[state], dfa_.exceptions[e].byte_class, dfa_.exceptions[e].to);
                }
            }
        }
        for (std::size_t i = 0; i < usual_.size(); ++i) {
            const Words& row = usual_[i];
            write(usual_at_[i], row[0], row[1]);
            for (std::size_t e = 2; e < row.size(); e += 2) {
                cell(usual_at_[i], row[e], row[e + 1]);
            }
        }
    }

    /// Links of equal chains, and of chains that end like longer ones, are stored once.
    void layChains() {
        WordLists chains;
        for (std::uint32_t state = 0; state < dfa_.rows.size(); ++state) {
            if (!isLink(state) || !head_[state]) {
                continue;
            }
            std::uint32_t at = state;
            do {
                chains.push(dfa_.exceptions[link_[at].exception].byte_class << 24 | usual_at_[link_[at].usual]);
                at = next(at);
            } while (isLink(at) && !head_[at]);
            chains.end();
            LANDLATCH_CHECK(leads_to_[at] != kNone);
            out_.chains.push_back({0, static_cast<std::uint32_t>(chains[chains.size() - 1].size()), leads_to_[at]});
        }
        std::unordered_map<std::uint64_t, std::uint32_t> ends; // hash of the links to an end of a stored chain -> begin
        ends.reserve(chains.words());
        for (const std::uint32_t chain : chains.longestFirst()) {
            out_.chains[chain][0] = store(chains[chain], ends);
        }
    }

    std::uint32_t store(WordsView links, std::unordered_map<std::uint64_t, std::uint32_t>& ends) {
        std::vector<std::uint64_t> hashes(links.size()); // of the links from an index on
        std::uint64_t hash = 1;
        for (std::size_t i = links.size(); i > 0; --i) {
            hash = mix(hash, links[i - 1]);
            hashes[i - 1] = hash;
        }
        const auto known = ends.find(hash);
        if (known != ends.end() && known->second + links.size() <= out_.links.size() &&
            std::equal(links.begin(), links.end(), out_.links.begin() + known->second)) {
            return known->second;
        }
        const auto begin = static_cast<std::uint32_t>(out_.links.size());
        out_.links.insert(out_.links.end(), links.begin(), links.end());
        for (std::size_t i = 0; i < links.size(); ++i) {
            ends.try_emplace(hashes[i], begin + static_cast<std::uint32_t>(i));
        }
        return begin;
    }

    const Dfa& dfa_;
    const std::vector<std::uint32_t>& atom_of_;
    PackedDfa out_;
    std::vector<Link> link_;              ///< by state
    std::vector<Words> usual_;            ///< as `without` gives them
    std::vector<bool> head_;              ///< by state: led to other than from the one link before it
    std::vector<std::uint32_t> usual_at_; ///< their rows
    std::vector<std::uint32_t> leads_to_; ///< by state: its row, or its chain and LL_TO_CHAIN; kNone inside a chain
};

} // namespace

std::optional<PackedDfa> pack(const Dfa& dfa, const std::vector<std::uint32_t>& atom_of, std::uint32_t most_cells) {
    return Packer(dfa, atom_of).run(most_cells);
}

} // namespace landlatch::match
