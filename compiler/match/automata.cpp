// SPDX-License-Identifier: Apache-2.0
// Room is given in steps, and at each what is cheapest at run time is tried first: one automaton from the start, one
// from the end, parts.
#include "compiler/match/automata.h"

#include "bpf-templates/tables.h"

#include <algorithm>
#include <numeric>

namespace landlatch::match {

namespace {

/// Atoms of a part have 16 bits.
constexpr std::size_t kMaxPartAtoms = 0xffff;
/// States that a part may have, before shares: many parts are tried for each that is made.
constexpr std::size_t kMaxPartRoom = std::size_t{1} << 15;

/// Eight times as much; what is tried in vain before that counts for little.
Room larger(const Room& room) {
    Room more = kAllRoom;
    more.states = std::min(kAllRoom.states, 8 * room.states);
    more.steps = std::min(kAllRoom.steps, 8 * room.steps);
    return more;
}

} // namespace

std::size_t stars(const glob::Sequence& glob, bool wide) {
    std::size_t count = 0;
    for (const glob::Node& node : glob) {
        count += node.kind == glob::Node::Kind::kDoubleStar || (node.kind == glob::Node::Kind::kStar && !wide) ? 1 : 0;
        for (const glob::Sequence& branch : node.alternatives) {
            count += stars(branch, wide);
        }
    }
    return count;
}

AutomataMaker::AutomataMaker(const std::vector<PathPattern>& patterns,
                             const std::vector<std::vector<std::uint32_t>>& labels, std::uint32_t dfa)
    : patterns_(patterns), labels_(labels), dfa_(dfa),
      universe_(dfa == LL_DFA_CGROUP ? Universe::kCgroup : Universe::kFile), all_(patterns.size()) {
    std::iota(all_.begin(), all_.end(), 0U);
    nfa_ = nfaOf(all_);
}

std::vector<std::uint32_t> AutomataMaker::shortest() const { return shortestPaths(nfa_, patterns_.size(), universe_); }

std::optional<Automata> AutomataMaker::make(std::size_t most_parts, const Room& some) const {
    for (Room room = some;; room = larger(room)) {
        if (const std::optional<Dfa> dfa = eitherWay(all_, nfa_, room)) {
            return Automata{atomsOf(*dfa), {}};
        }
        if (room.states <= kMaxPartRoom) {
            if (std::optional<Automata> made = split(most_parts, room)) {
                return made;
            }
        }
        if (room.states == kAllRoom.states) {
            return std::nullopt;
        }
    }
}

Nfa AutomataMaker::nfaOf(const Patterns& patterns) const {
    Nfa nfa;
    CgroupPatterns cgroups(nfa);
    for (const std::uint32_t id : patterns) {
        if (dfa_ == LL_DFA_CGROUP) {
            cgroups.add(patterns_[id].form, *patterns_[id].glob, id);
        } else {
            nfa.accept(nfa.add(0, *patterns_[id].glob), id);
        }
    }
    cgroups.weave();
    return nfa;
}

/// From the start, or else from the end. Cgroup patterns say how a path begins, and are read from its start alone.
std::optional<Dfa> AutomataMaker::eitherWay(const Patterns& patterns, const Nfa& nfa, const Room& room) const {
    std::optional<Dfa> dfa = determinise(nfa, labels_, universe_, Direction::kForward, room);
    if (dfa || dfa_ == LL_DFA_CGROUP) {
        return dfa;
    }
    Nfa reversed;
    for (const std::uint32_t id : patterns) {
        reversed.accept(reversed.add(0, backwards(*patterns_[id].glob)), id);
    }
    return determinise(reversed, labels_, universe_, Direction::kBackward, room);
}

Atoms AutomataMaker::atomsOf(const Dfa& dfa) const { return makeAtoms(minimise(dfa), dfa_ == LL_DFA_SCRIPT); }

/// Leaves patterns that don't multiply in the fact's own automaton and puts the others into as many parts as it takes.
std::optional<Automata> AutomataMaker::split(std::size_t most_parts, const Room& room) const {
    const auto multiplies = [&](std::uint32_t id, int view) {
        return view == 2 || stars(*patterns_[id].glob, view == 0) > 1;
    };
    for (const int view : {0, 1, 2}) { // by `**`, by `*` too, all of them
        Patterns own;
        Patterns others;
        for (const std::uint32_t id : all_) {
            (multiplies(id, view) ? others : own).push_back(id);
        }
        std::optional<Dfa> dfa;
        if (!own.empty()) {
            dfa = eitherWay(own, nfaOf(own), room);
            if (!dfa) {
                continue;
            }
        }
        std::optional<std::vector<Atoms>> made = parts(others, most_parts, room);
        if (!made) {
            return std::nullopt;
        }
        return Automata{dfa ? std::optional(atomsOf(*dfa)) : std::nullopt, *std::move(made)};
    }
    return std::nullopt;
}

/// As many of the patterns as fit into one automaton after the other.
std::optional<std::vector<Atoms>> AutomataMaker::parts(const Patterns& patterns, std::size_t most,
                                                       const Room& room) const {
    std::vector<Atoms> made;
    std::size_t guess = 8;
    for (auto begin = patterns.begin(); begin != patterns.end();) {
        if (made.size() == most) {
            return std::nullopt;
        }
        const auto left = static_cast<std::size_t>(patterns.end() - begin);
        std::size_t fits = 0; // so many do, and `too_many` don't
        std::size_t too_many = left + 1;
        std::optional<Dfa> best;
        for (std::size_t count = std::min(guess, left); count > fits && count < too_many;) {
            const Patterns tried(begin, begin + static_cast<std::ptrdiff_t>(count));
            std::optional<Dfa> dfa = eitherWay(tried, nfaOf(tried), room);
            if (dfa && dfa->accept_sets.size() < kMaxPartAtoms) {
                fits = count;
                best = std::move(dfa);
            } else {
                too_many = count;
            }
            count = too_many > left ? std::min(2 * fits, left) : fits + (too_many - fits) / 2;
        }
        if (!best) {
            return std::nullopt;
        }
        made.push_back(atomsOf(*best));
        begin += static_cast<std::ptrdiff_t>(fits);
        guess = fits;
    }
    return made;
}

} // namespace landlatch::match
