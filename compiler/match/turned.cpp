// SPDX-License-Identifier: Apache-2.0
// A state of the turned automaton says, of what was read, from which states of the machine it leads to which atom:
// where it leads from the machine's start is what counts once all is read. Most states lead to atom 1, which is left
// out; then whether all of it is a path is what the universe says.
#include "compiler/match/turned.h"

#include <algorithm>
#include <map>
#include <utility>

namespace landlatch::match {

namespace {

constexpr std::uint32_t kUsual = 1; ///< the atom left out

/// States of the machine and the atoms they lead to, sorted by state; and what was read of a path.
struct Turned {
    std::uint8_t universe = kUDead;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> leads;
    auto operator<=>(const Turned&) const = default;
};

/// The machine's states by class and by where they lead.
class Back {
public:
    explicit Back(const AtomMachine& machine) : states_(machine.atom.size()), begin_(machine.to.size() + 1, 0) {
        for (std::size_t i = 0; i < machine.to.size(); ++i) {
            ++begin_[at(i % machine.classes, machine.to[i]) + 1];
        }
        for (std::size_t i = 1; i < begin_.size(); ++i) {
            begin_[i] += begin_[i - 1];
        }
        from_.resize(machine.to.size());
        std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
        for (std::size_t i = 0; i < machine.to.size(); ++i) {
            from_[next[at(i % machine.classes, machine.to[i])]++] = static_cast<std::uint32_t>(i / machine.classes);
        }
    }

    template <typename Use> void each(std::uint32_t byte_class, std::uint32_t state, const Use& use) const {
        const std::size_t list = at(byte_class, state);
        for (std::uint32_t i = begin_[list]; i < begin_[list + 1]; ++i) {
            use(from_[i]);
        }
    }

private:
    [[nodiscard]] std::size_t at(std::size_t byte_class, std::uint32_t state) const {
        return byte_class * states_ + state;
    }
    std::size_t states_;
    std::vector<std::uint32_t> begin_;
    std::vector<std::uint32_t> from_;
};

class Turning {
public:
    Turning(const AtomMachine& machine, std::size_t& steps)
        : machine_(machine), steps_(steps), back_(machine), kinds_(machine.classes, 'x') {
        kinds_[machine.byte_class['.']] = '.';
        kinds_[machine.byte_class['/']] = '/';
        out_.byte_class = machine.byte_class;
        out_.classes = machine.classes;
        out_.direction = machine.direction == Direction::kForward ? Direction::kBackward : Direction::kForward;
        out_.accept_sets.emplace_back();
    }

    std::optional<Dfa> run() {
        Turned start{kUStart, {}};
        for (std::uint32_t state = 0; state < machine_.atom.size(); ++state) {
            if (machine_.atom[state] > kUsual) {
                start.leads.emplace_back(state, machine_.atom[state]);
            }
        }
        order_.push_back(numbers_.emplace(Turned{}, Dfa::kDead).first);
        out_.rows.emplace_back();
        out_.start = number(std::move(start));
        for (std::size_t i = out_.start; i < order_.size(); ++i) {
            addRow(order_[i]->first);
            if (order_.size() > kAllRoom.states || steps_ == 0) {
                return std::nullopt;
            }
        }
        return std::move(out_);
    }

private:
    std::uint32_t number(Turned state) {
        if (state.universe == kUDead) {
            return Dfa::kDead;
        }
        const auto [at, fresh] = numbers_.emplace(std::move(state), static_cast<std::uint32_t>(order_.size()));
        if (fresh) {
            order_.push_back(at);
        }
        return at->second;
    }

    void addRow(const Turned& from) {
        std::vector<std::uint32_t> targets;
        std::map<std::uint32_t, std::uint32_t> counts;
        for (std::uint32_t c = 0; c < machine_.classes; ++c) {
            Turned to{universeStep(from.universe, kinds_[c], machine_.universe, out_.direction), {}};
            for (const auto& [state, atom] : from.leads) {
                back_.each(c, state, [&, atom = atom](std::uint32_t before) { to.leads.emplace_back(before, atom); });
            }
            steps_ -= std::min(steps_, from.leads.size() + to.leads.size() + 1);
            std::sort(to.leads.begin(), to.leads.end());
            targets.push_back(number(std::move(to)));
            ++counts[targets.back()];
        }
        Dfa::Row row;
        row.otherwise = std::max_element(counts.begin(), counts.end(), [](const auto& x, const auto& y) {
                            return x.second < y.second;
                        })->first;
        row.begin = static_cast<std::uint32_t>(out_.exceptions.size());
        for (std::uint32_t c = 0; c < machine_.classes; ++c) {
            if (targets[c] != row.otherwise) {
                out_.exceptions.push_back({c, targets[c]});
            }
        }
        row.end = static_cast<std::uint32_t>(out_.exceptions.size());
        if (isPath(from.universe, out_.direction)) {
            row.accept = acceptOf(from);
        }
        out_.rows.push_back(row);
    }

    std::uint32_t acceptOf(const Turned& state) {
        const auto at = std::lower_bound(state.leads.begin(), state.leads.end(), std::pair{machine_.start, 0U});
        const std::uint32_t atom = at != state.leads.end() && at->first == machine_.start ? at->second : kUsual;
        const auto [found, fresh] = accepts_.emplace(atom, static_cast<std::uint32_t>(out_.accept_sets.size()));
        if (fresh) {
            out_.accept_sets.push_back({atom});
        }
        return found->second;
    }

    using Numbers = std::map<Turned, std::uint32_t>;
    const AtomMachine& machine_;
    std::size_t& steps_;
    Back back_;
    std::vector<char> kinds_; ///< by class
    Dfa out_;
    Numbers numbers_;
    std::vector<Numbers::const_iterator> order_;
    std::map<std::uint32_t, std::uint32_t> accepts_; ///< by atom
};

} // namespace

std::optional<Dfa> turned(const AtomMachine& machine, std::size_t& steps) {
    if (machine.to.size() > steps) {
        return std::nullopt;
    }
    return Turning(machine, steps).run();
}

} // namespace landlatch::match
