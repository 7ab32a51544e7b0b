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

    void firstPartition() {
        block_.resize(count_);
        place_.resize(count_);
        members_.resize(dfa_.accept_sets.size() + 1);
        for (std::uint32_t state = 0; state < count_; ++state) {
            const std::uint32_t accept = dfa_.rows[state].accept;
            put(state, accept == Dfa::kNoPath ? 0 : accept + 1);
        }
        dirty_.assign(count_, false);
        dirty_in_.resize(members_.size());
        for (std::uint32_t state = 0; state < count_; ++state) {
            mark(state);
        }
    }

    void put(std::uint32_t state, std::uint32_t block) {
        block_[state] = block;
        place_[state] = static_cast<std::uint32_t>(members_[block].size());
        members_[block].push_back(state);
    }

    void take(std::uint32_t state) {
        auto& members = members_[block_[state]];
        const std::uint32_t last = members.back();
        members[place_[state]] = last;
        place_[last] = place_[state];
        members.pop_back();
    }

    void mark(std::uint32_t state) {
        if (dirty_[state]) {
            return;
        }
        dirty_[state] = true;
        auto& list = dirty_in_[block_[state]];
        if (list.empty()) {
            dirty_blocks_.push_back(block_[state]);
        }
        list.push_back(state);
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

    /// How one block falls apart.
    struct Split {
        std::uint32_t block = 0;
        std::vector<std::vector<std::uint32_t>> groups; ///< marked members by signature
        bool rest = false;                              ///< there are unmarked members
        std::size_t with_rest = kNone;                  ///< the group that has the signature of the unmarked ones
    };
    static constexpr std::size_t kNone = ~std::size_t{0};

    /// Looks at all states marked so far; splits their blocks. All signatures are taken before anything moves: an
    /// unmarked member then stands for all unmarked ones of its block.
    void round() {
        std::vector<std::uint32_t> blocks;
        blocks.swap(dirty_blocks_);
        std::vector<Split> splits;
        for (const std::uint32_t block : blocks) {
            std::vector<std::uint32_t> states;
            states.swap(dirty_in_[block]);
            for (const std::uint32_t state : states) {
                dirty_[state] = false;
            }
            if (members_[block].size() > 1) {
                splits.push_back(group(block, states));
            }
        }
        std::vector<std::uint32_t> moved;
        for (Split& split : splits) {
            keepLargest(split, moved);
        }
        for (const std::uint32_t state : moved) {
            for (std::uint32_t i = back_begin_[state]; i < back_begin_[state + 1]; ++i) {
                mark(back_[i]);
            }
        }
    }

    /// Groups `states` of `block` by signature; those unmarked are one group more, all of one signature.
    Split group(std::uint32_t block, const std::vector<std::uint32_t>& states) {
        Split split;
        split.block = block;
        std::vector<std::uint32_t> words;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> extents; // begin, end in words
        for (const std::uint32_t state : states) {
            const auto begin = static_cast<std::uint32_t>(words.size());
            sign(state, words);
            extents.emplace_back(begin, static_cast<std::uint32_t>(words.size()));
        }
        split.rest = states.size() < members_[block].size();
        if (split.rest) {
            is_marked_.resize(count_, false);
            for (const std::uint32_t state : states) {
                is_marked_[state] = true;
            }
            const auto& members = members_[block];
            const auto unmarked =
                std::find_if(members.begin(), members.end(), [&](std::uint32_t s) { return !is_marked_[s]; });
            for (const std::uint32_t state : states) {
                is_marked_[state] = false;
            }
            const auto begin = static_cast<std::uint32_t>(words.size());
            sign(*unmarked, words);
            extents.emplace_back(begin, static_cast<std::uint32_t>(words.size()));
        }
        const auto compare = [&](std::uint32_t a, std::uint32_t b) {
            return std::lexicographical_compare_three_way(
                words.begin() + extents[a].first, words.begin() + extents[a].second, words.begin() + extents[b].first,
                words.begin() + extents[b].second);
        };
        std::vector<std::uint32_t> order(states.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return compare(a, b) < 0; });
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (i == 0 || compare(order[i - 1], order[i]) != 0) {
                split.groups.emplace_back();
                if (split.rest && compare(order[i], static_cast<std::uint32_t>(states.size())) == 0) {
                    split.with_rest = split.groups.size() - 1;
                }
            }
            split.groups.back().push_back(states[order[i]]);
        }
        return split;
    }

    /// Moves all parts of the block but the largest to blocks of their own.
    void keepLargest(Split& split, std::vector<std::uint32_t>& moved) {
        auto& groups = split.groups;
        std::size_t rest_size = members_[split.block].size();
        for (const auto& group : groups) {
            rest_size -= group.size();
        }
        if (split.with_rest < groups.size()) {
            rest_size += groups[split.with_rest].size();
            groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(split.with_rest));
        }
        if (groups.empty()) {
            return;
        }
        const auto largest = std::max_element(groups.begin(), groups.end(),
                                              [](const auto& a, const auto& b) { return a.size() < b.size(); });
        if (rest_size == 0 || largest->size() > rest_size) {
            std::vector<std::uint32_t> others;
            if (rest_size > 0) {
                for (const auto& group : groups) {
                    for (const std::uint32_t state : group) {
                        is_marked_[state] = true;
                    }
                }
                for (const std::uint32_t state : members_[split.block]) {
                    if (!is_marked_[state]) {
                        others.push_back(state);
                    }
                }
                for (const auto& group : groups) {
                    for (const std::uint32_t state : group) {
                        is_marked_[state] = false;
                    }
                }
            }
            largest->swap(others); // the largest stays; what was the rest moves
        }
        for (const auto& group : groups) {
            if (group.empty()) {
                continue;
            }
            const auto fresh = static_cast<std::uint32_t>(members_.size());
            members_.emplace_back();
            dirty_in_.emplace_back();
            for (const std::uint32_t state : group) {
                take(state);
                put(state, fresh);
                moved.push_back(state);
            }
        }
    }

    /// The automaton of the blocks, numbered breadth-first from the start.
    Dfa quotient() {
        Dfa out;
        out.byte_class = dfa_.byte_class;
        out.classes = dfa_.classes;
        out.accept_sets = dfa_.accept_sets;
        std::vector<std::uint32_t> number(members_.size(), ~std::uint32_t{0});
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
    std::vector<std::uint32_t> block_;
    std::vector<std::uint32_t> place_; ///< of a state in its block's members
    std::vector<std::vector<std::uint32_t>> members_;
    std::vector<bool> dirty_;
    std::vector<bool> is_marked_;
    std::vector<std::vector<std::uint32_t>> dirty_in_;
    std::vector<std::uint32_t> dirty_blocks_;
};

} // namespace

Dfa minimise(const Dfa& dfa) { return Refinement(dfa).run(); }

} // namespace landlatch::match
