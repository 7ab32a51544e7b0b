// SPDX-License-Identifier: Apache-2.0
// Breadth-first over the automaton, which finds a shortest path of each atom.
#include "compiler/match/atoms.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace landlatch::match {

namespace {

/// Each class's nicest byte to show, and the classes by the niceness of that.
class Representatives {
public:
    explicit Representatives(const Dfa& dfa) : byte_(dfa.classes, 0) {
        std::vector<bool> seen(dfa.classes, false);
        for (const char c : niceBytes()) {
            const std::uint32_t cls = dfa.byte_class[static_cast<unsigned char>(c)];
            if (!seen[cls]) {
                seen[cls] = true;
                byte_[cls] = c;
                order_.push_back(cls);
            }
        }
        rank_.resize(dfa.classes, dfa.classes);
        for (std::uint32_t i = 0; i < order_.size(); ++i) {
            rank_[order_[i]] = i;
        }
    }
    [[nodiscard]] char byte(std::uint32_t cls) const { return byte_[cls]; }
    [[nodiscard]] std::uint32_t rank(std::uint32_t cls) const { return rank_[cls]; }
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }

private:
    std::vector<char> byte_;
    std::vector<std::uint32_t> order_;
    std::vector<std::uint32_t> rank_;
};

struct Reached {
    std::uint32_t from = 0;
    char byte = 0;
    bool seen = false;
};

/// Steps out of states by the nicest bytes: one for the default, one an exception.
class Steps {
public:
    explicit Steps(const Dfa& dfa) : dfa_(dfa), names_(dfa) {}

    /// Of one state, nicest first; valid until the next call. Second: the byte, first: where it leads.
    const std::vector<std::pair<std::uint32_t, char>>& of(std::uint32_t state) {
        const Dfa::Row& row = dfa_.rows[state];
        found_.clear();
        taken_.clear();
        for (std::uint32_t i = row.begin; i < row.end; ++i) {
            const std::uint32_t rank = names_.rank(dfa_.exceptions[i].byte_class);
            taken_.push_back(rank);
            if (rank < names_.order().size() && dfa_.exceptions[i].to != Dfa::kDead) {
                found_.emplace_back(rank, dfa_.exceptions[i].to);
            }
        }
        if (row.otherwise != Dfa::kDead) {
            std::sort(taken_.begin(), taken_.end());
            std::uint32_t free = 0;
            for (const std::uint32_t rank : taken_) {
                free += rank == free ? 1 : 0;
            }
            if (free < names_.order().size()) {
                found_.emplace_back(free, row.otherwise);
            }
        }
        std::sort(found_.begin(), found_.end());
        steps_.clear();
        for (const auto& [rank, to] : found_) {
            steps_.emplace_back(to, names_.byte(names_.order()[rank]));
        }
        return steps_;
    }

private:
    const Dfa& dfa_;
    Representatives names_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found_; ///< rank, target
    std::vector<std::uint32_t> taken_;
    std::vector<std::pair<std::uint32_t, char>> steps_;
};

std::string pathTo(const std::vector<Reached>& reached, std::uint32_t state, const Dfa& dfa) {
    std::string text;
    for (; state != dfa.start; state = reached[state].from) {
        text += reached[state].byte;
    }
    if (dfa.direction == Direction::kForward) {
        std::reverse(text.begin(), text.end());
    }
    return text;
}

} // namespace

const std::string& niceBytes() {
    static const std::string bytes = [] {
        std::string order = "xyzabcdefghijklmnopqrstuvw0123456789-_XYZABCDEFGHIJKLMNOPQRSTUVW+=@:%~.,/";
        for (unsigned byte = 1; byte < 256; ++byte) {
            if (order.find(static_cast<char>(byte)) == std::string::npos) {
                order += static_cast<char>(byte);
            }
        }
        return order;
    }();
    return bytes;
}

Atoms makeAtoms(Dfa dfa, bool absent) {
    Atoms atoms;
    std::vector<Reached> reached(dfa.rows.size());
    std::vector<std::uint32_t> found; // accept sets, by shortest example
    std::vector<std::string> example(dfa.accept_sets.size());
    std::vector<bool> has(dfa.accept_sets.size(), false);
    Steps steps(dfa);
    std::vector<std::uint32_t> next;
    std::vector<std::uint32_t> now = {dfa.start};
    reached[dfa.start].seen = true;
    for (std::uint32_t length = 0; length <= kMaxPathBytes && !now.empty(); ++length) {
        next.clear();
        for (const std::uint32_t state : now) {
            const std::uint32_t accept = dfa.rows[state].accept;
            if (accept != Dfa::kNoPath && !has[accept]) {
                has[accept] = true;
                example[accept] = pathTo(reached, state, dfa);
                found.push_back(accept);
            }
            for (const auto& [to, byte] : steps.of(state)) {
                if (!reached[to].seen) {
                    reached[to] = {state, byte, true};
                    next.push_back(to);
                }
            }
        }
        now.swap(next);
    }
    std::stable_partition(found.begin(), found.end(), [](std::uint32_t accept) { return accept == 0; });
    atoms.first = absent ? 0 : 1;
    atoms.of.assign(dfa.accept_sets.size(), 0);
    atoms.examples.emplace_back();
    atoms.labels.emplace_back();
    for (const std::uint32_t accept : found) {
        atoms.of[accept] = atoms.count++;
        atoms.examples.push_back(std::move(example[accept]));
        atoms.labels.push_back(dfa.accept_sets[accept]);
    }
    atoms.dfa = std::move(dfa);
    return atoms;
}

} // namespace landlatch::match
