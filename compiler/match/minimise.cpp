// SPDX-License-Identifier: Apache-2.0
// Partition refinement by signatures. A state's signature is where its default leads and which classes lead
// elsewhere, in terms of the present blocks. When a block falls apart its largest part keeps the name, so only states
// that lead to the smaller parts have to be looked at again: each state changes its block at most log n times, and the
// whole costs O(m log n) for m defaults and exceptions (Hopcroft's argument, as in Valmari's and Blom & Orzan's
// algorithms).
//
// For the result to be the smallest, equal behaviour must give equal signatures however a row splits it into
// default and exceptions. So signatures take one class, the same for all, as their default: the one that the fewest
// rows have as an exception.
#include "compiler/match/dfa.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace landlatch::match {

namespace {

class Refinement {
public:
    explicit Refinement(const Dfa& dfa) : dfa_(dfa), count_(static_cast<std::uint32_t>(dfa.rows.size())) {}

    Dfa run() {
        chooseDefault();
        linkBack();
        firstPartition();
        while (!dirty_blocks_.empty()) {
            round();
        }
        return quotient();
    }

private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    void chooseDefault() {
        std::vector<std::uint32_t> uses(dfa_.classes, 0);
        for (const Dfa::Exception& exception : dfa_.exceptions) {
            ++uses[exception.byte_class];
        }
        nul_ = dfa_.byte_class[0];
        uses[nul_] = ~std::uint32_t{0};
        default_ = static_cast<std::uint32_t>(std::min_element(uses.begin(), uses.end()) - uses.begin());
    }

    /// States that lead to a state, as lists in one array.
    void linkBack() {
        back_begin_.assign(count_ + 1, 0);
        const auto each = [&](auto&& visit) {
            for (std::uint32_t state = 0; state < count_; ++state) {
                const Dfa::Row& row = dfa_.rows[state];
                visit(state, row.otherwise);
                for (std::uint32_t i = row.begin; i < row.end; ++i) {
                    visit(state, dfa_.exceptions[i].to);
                }
            }
        };
        each([&](std::uint32_t, std::uint32_t to) { ++back_begin_[to + 1]; });
        std::partial_sum(back_begin_.begin(), back_begin_.end(), back_begin_.begin());
        back_.resize(back_begin_.back());
        std::vector<std::uint32_t> at(back_begin_.begin(), back_begin_.end() - 1);
        each([&](std::uint32_t from, std::uint32_t to) { back_[at[to]++] = from; });
    }

    /// Blocks are ranges of one permutation of the states; the marked members of a block come first.
    struct Block {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint32_t marked = 0;
        [[nodiscard]] std::uint32_t size() const { return end - begin; }
    };

    void firstPartition() {
        const auto block_of = [&](std::uint32_t state) {
            const std::uint32_t accept = dfa_.rows[state].accept;
            return accept == Dfa::kNoPath ? 0 : accept + 1;
        };
        blocks_.resize(dfa_.accept_sets.size() + 1);
        block_.resize(count_);
        for (std::uint32_t state = 0; state < count_; ++state) {
            block_[state] = block_of(state);
            ++blocks_[block_[state]].end;
        }
        std::uint32_t begin = 0;
        for (Block& block : blocks_) {
            const std::uint32_t size = block.end;
            block.begin = block.end = begin;
            begin += size;
        }
        members_.resize(count_);
        place_.resize(count_);
        for (std::uint32_t state = 0; state < count_; ++state) {
            putAt(blocks_[block_[state]].end++, state);
        }
        for (std::uint32_t state = 0; state < count_; ++state) {
            mark(state);
        }
    }

    void putAt(std::uint32_t place, std::uint32_t state) {
        members_[place] = state;
        place_[state] = place;
    }

    void swapTo(std::uint32_t place, std::uint32_t state) {
        const std::uint32_t other = members_[place];
        putAt(place_[state], other);
        putAt(place, state);
    }

    void mark(std::uint32_t state) {
        Block& block = blocks_[block_[state]];
        if (place_[state] < block.begin + block.marked) {
            return;
        }
        if (block.marked == 0) {
            dirty_blocks_.push_back(block_[state]);
        }
        swapTo(block.begin + block.marked++, state);
    }

    /// Appends the signature of `state` to `out`.
    void sign(std::uint32_t state, std::vector<std::uint32_t>& out) const {
        const Dfa::Row& row = dfa_.rows[state];
        bool plain = true;
        for (std::uint32_t i = row.begin; i < row.end; ++i) {
            plain = plain && dfa_.exceptions[i].byte_class != default_;
        }
        const std::uint32_t usual = block_[plain ? row.otherwise : dfa_.step(state, default_)];
        out.push_back(usual);
        const auto note = [&](std::uint32_t c, std::uint32_t to) {
            if (block_[to] != usual && c != nul_) {
                out.push_back(c);
                out.push_back(block_[to]);
            }
        };
        if (plain) {
            for (std::uint32_t i = row.begin; i < row.end; ++i) {
                note(dfa_.exceptions[i].byte_class, dfa_.exceptions[i].to);
            }
        } else {
            for (std::uint32_t c = 0; c < dfa_.classes; ++c) {
                note(c, dfa_.step(state, c));
            }
        }
    }

    /// A part of a block: states [begin, end) of parts_.
    struct Part {
        std::uint32_t block = 0;
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        [[nodiscard]] std::uint32_t size() const { return end - begin; }
    };
    struct Signature {
        std::uint64_t hash = 0;
        std::uint32_t begin = 0; ///< in words_
        std::uint32_t end = 0;
        std::uint32_t state = 0;
    };

    /// Looks at all states marked so far; splits their blocks. All signatures are taken before anything moves: an
    /// unmarked member then stands for all unmarked ones of its block.
    void round() {
        std::vector<std::uint32_t> blocks;
        blocks.swap(dirty_blocks_);
        parts_.clear();
        splits_.clear();
        for (const std::uint32_t block : blocks) {
            if (blocks_[block].size() > 1) {
                group(block);
            }
            blocks_[block].marked = 0;
        }
        moved_.clear();
        for (const Part& part : splits_) {
            move(part);
        }
        for (const std::uint32_t state : moved_) {
            for (std::uint32_t i = back_begin_[state]; i < back_begin_[state + 1]; ++i) {
                mark(back_[i]);
            }
        }
    }

    [[nodiscard]] Signature signature(std::uint32_t state) {
        Signature made;
        made.state = state;
        made.begin = static_cast<std::uint32_t>(words_.size());
        sign(state, words_);
        made.end = static_cast<std::uint32_t>(words_.size());
        for (std::uint32_t i = made.begin; i < made.end; ++i) {
            made.hash = (made.hash ^ words_[i]) * 0x9e3779b97f4a7c15ULL;
            made.hash ^= made.hash >> 29;
        }
        return made;
    }

    [[nodiscard]] bool equal(const Signature& a, const Signature& b) const {
        return a.hash == b.hash && std::equal(words_.begin() + a.begin, words_.begin() + a.end,
                                              words_.begin() + b.begin, words_.begin() + b.end);
    }

    /// Signatures that are equal.
    struct Group {
        Signature like;
        std::uint32_t size = 0;
        std::uint32_t next = 0; ///< where in parts_ the next state goes
    };

    /// The number of its group, a new one where none is like it.
    std::uint32_t groupOf(const Signature& signature) {
        std::size_t slot = signature.hash & (slots_.size() - 1);
        while (slots_[slot] != kNone && !equal(groups_[slots_[slot]].like, signature)) {
            slot = (slot + 1) & (slots_.size() - 1);
        }
        if (slots_[slot] == kNone) {
            slots_[slot] = static_cast<std::uint32_t>(groups_.size());
            groups_.push_back({signature, 0, 0});
        }
        return slots_[slot];
    }

    /// The marked states of a block by signature; those unmarked are one part more, all of one signature. All parts but
    /// the largest are noted in splits_.
    void group(std::uint32_t number) {
        const Block& block = blocks_[number];
        words_.clear();
        signatures_.clear();
        for (std::uint32_t i = block.begin; i < block.begin + block.marked; ++i) {
            signatures_.push_back(signature(members_[i]));
        }
        const bool has_rest = block.marked < block.size();
        const Signature rest = has_rest ? signature(members_[block.begin + block.marked]) : Signature{};
        groups_.clear();
        slots_.assign(std::bit_ceil(2 * signatures_.size() + 2), kNone);
        if (has_rest) {
            groupOf(rest);
        }
        group_of_.clear();
        for (const Signature& signature : signatures_) {
            group_of_.push_back(groupOf(signature));
            ++groups_[group_of_.back()].size;
        }
        const std::size_t first = splits_.size();
        const std::uint32_t rest_size = block.size() - block.marked + (has_rest ? groups_.front().size : 0);
        for (std::uint32_t i = has_rest ? 1 : 0; i < groups_.size(); ++i) {
            groups_[i].next = static_cast<std::uint32_t>(parts_.size());
            parts_.resize(parts_.size() + groups_[i].size);
            splits_.push_back({number, groups_[i].next, static_cast<std::uint32_t>(parts_.size())});
        }
        for (std::size_t i = 0; i < signatures_.size(); ++i) {
            if (!has_rest || group_of_[i] != 0) {
                parts_[groups_[group_of_[i]].next++] = signatures_[i].state;
            }
        }
        keepLargest(first, rest_size, rest);
    }

    /// Of the parts from `first` on and the rest, the largest keeps the block.
    void keepLargest(std::size_t first, std::uint32_t rest_size, const Signature& rest) {
        const auto largest = std::max_element(splits_.begin() + static_cast<std::ptrdiff_t>(first), splits_.end(),
                                              [](const Part& a, const Part& b) { return a.size() < b.size(); });
        if (largest == splits_.end() || (rest_size > 0 && largest->size() <= rest_size)) {
            return;
        }
        const std::uint32_t number = largest->block;
        splits_.erase(largest);
        if (rest_size == 0) {
            return;
        }
        // The rest moves instead: unmarked states, and marked ones of their signature.
        const Block& block = blocks_[number];
        const auto begin = static_cast<std::uint32_t>(parts_.size());
        for (const Signature& marked : signatures_) {
            if (equal(marked, rest)) {
                parts_.push_back(marked.state);
            }
        }
        parts_.insert(parts_.end(), members_.begin() + block.begin + block.marked, members_.begin() + block.end);
        splits_.push_back({number, begin, static_cast<std::uint32_t>(parts_.size())});
    }

    /// Makes a part a block of its own, at the end of its old one.
    void move(const Part& part) {
        const auto fresh = static_cast<std::uint32_t>(blocks_.size());
        Block& old = blocks_[part.block];
        const std::uint32_t end = old.end;
        for (std::uint32_t i = part.begin; i < part.end; ++i) {
            swapTo(--old.end, parts_[i]);
            block_[parts_[i]] = fresh;
            moved_.push_back(parts_[i]);
        }
        blocks_.push_back({end - part.size(), end, 0});
    }

    /// The automaton of the blocks, numbered breadth-first from the start.
    Dfa quotient() {
        Dfa out;
        out.byte_class = dfa_.byte_class;
        out.classes = dfa_.classes;
        out.direction = dfa_.direction;
        out.accept_sets = dfa_.accept_sets;
        std::vector<std::uint32_t> number(blocks_.size(), ~std::uint32_t{0});
        std::vector<std::uint32_t> order = {Dfa::kDead};
        number[block_[Dfa::kDead]] = 0;
        const auto visit = [&](std::uint32_t state) {
            std::uint32_t& n = number[block_[state]];
            if (n == ~std::uint32_t{0}) {
                n = static_cast<std::uint32_t>(order.size());
                order.push_back(state);
            }
            return n;
        };
        out.start = visit(dfa_.start);
        for (std::size_t i = 0; i < order.size(); ++i) {
            const Dfa::Row& row = dfa_.rows[order[i]];
            Dfa::Row made;
            made.accept = row.accept;
            made.otherwise = visit(row.otherwise);
            made.begin = static_cast<std::uint32_t>(out.exceptions.size());
            for (std::uint32_t e = row.begin; e < row.end; ++e) {
                const std::uint32_t to = visit(dfa_.exceptions[e].to);
                if (to != made.otherwise) {
                    out.exceptions.push_back({dfa_.exceptions[e].byte_class, to});
                }
            }
            made.end = static_cast<std::uint32_t>(out.exceptions.size());
            out.rows.push_back(made);
        }
        return out;
    }

    const Dfa& dfa_;
    std::uint32_t count_;
    std::uint32_t nul_ = 0;
    std::uint32_t default_ = 0;
    std::vector<std::uint32_t> back_begin_;
    std::vector<std::uint32_t> back_;
    std::vector<Block> blocks_;
    std::vector<std::uint32_t> block_;   ///< of a state
    std::vector<std::uint32_t> members_; ///< all states, those of a block side by side
    std::vector<std::uint32_t> place_;   ///< of a state in members_
    std::vector<std::uint32_t> dirty_blocks_;

    // of the round at hand
    std::vector<std::uint32_t> words_; ///< of signatures
    std::vector<Signature> signatures_;
    std::vector<Group> groups_;
    std::vector<std::uint32_t> slots_;    ///< of a hash: a group
    std::vector<std::uint32_t> group_of_; ///< by signature
    std::vector<std::uint32_t> parts_;
    std::vector<Part> splits_;
    std::vector<std::uint32_t> moved_;
};

} // namespace

Dfa minimise(const Dfa& dfa) { return Refinement(dfa).run(); }

} // namespace landlatch::match
