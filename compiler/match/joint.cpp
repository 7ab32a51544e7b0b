// SPDX-License-Identifier: Apache-2.0
// Each set is first made a language of its own, whose automaton is as small as what was asked and not as the one it
// comes from: cut to the states from which a wanted atom can still be reached, then minimised. A search runs those in
// step.
#include "compiler/match/joint.h"

#include "compiler/match/space.h"

#include <algorithm>
#include <unordered_map>

namespace landlatch::match {

namespace {

Universe universeOf(const Space& space, std::uint32_t dim) {
    return space.factOf(dim) == LL_DIM_CGROUP ? Universe::kCgroup : Universe::kFile;
}

} // namespace

const JointPaths::Index& JointPaths::indexOf(const Atoms& atoms, std::uint32_t dim) {
    const auto [at, fresh] = indexes_.try_emplace(dim);
    Index& index = at->second;
    if (fresh) {
        const Dfa& dfa = atoms.dfa;
        const auto each = [&](const auto& use) {
            for (std::uint32_t state = 1; state < dfa.rows.size(); ++state) {
                use(state, dfa.rows[state].otherwise);
                for (std::uint32_t i = dfa.rows[state].begin; i < dfa.rows[state].end; ++i) {
                    use(state, dfa.exceptions[i].to);
                }
            }
        };
        index.begin.assign(dfa.rows.size() + 1, 0);
        each([&](std::uint32_t, std::uint32_t to) { ++index.begin[to + 1]; });
        for (std::size_t i = 1; i < index.begin.size(); ++i) {
            index.begin[i] += index.begin[i - 1];
        }
        index.from.resize(index.begin.back());
        std::vector<std::uint32_t> next(index.begin.begin(), index.begin.end() - 1);
        each([&](std::uint32_t from, std::uint32_t to) { index.from[next[to]++] = from; });
        index.of_atom.resize(atoms.count);
        for (std::uint32_t state = 1; state < dfa.rows.size(); ++state) {
            if (dfa.rows[state].accept != Dfa::kNoPath) {
                index.of_atom[atoms.of[dfa.rows[state].accept]].push_back(state);
            }
        }
    }
    return index;
}

/// The states from which an atom of `wanted` can be reached; accept set 1 is those atoms.
Dfa JointPaths::trimmed(const Atoms& atoms, std::uint32_t dim, const std::vector<std::uint32_t>& wanted) {
    const Index& index = indexOf(atoms, dim);
    std::unordered_map<std::uint32_t, std::uint32_t> numbers = {{Dfa::kDead, Dfa::kDead}};
    std::vector<std::uint32_t> live = {Dfa::kDead};
    const auto reach = [&](std::uint32_t state) {
        if (numbers.emplace(state, static_cast<std::uint32_t>(live.size())).second) {
            live.push_back(state);
        }
    };
    for (const std::uint32_t atom : wanted) {
        for (const std::uint32_t state : index.of_atom[atom]) {
            reach(state);
        }
    }
    const std::size_t accepting = live.size();
    for (std::size_t i = 1; i < live.size(); ++i) {
        for (std::uint32_t at = index.begin[live[i]]; at < index.begin[live[i] + 1]; ++at) {
            reach(index.from[at]);
        }
    }
    const auto number = [&](std::uint32_t state) {
        const auto at = numbers.find(state);
        return at == numbers.end() ? Dfa::kDead : at->second;
    };
    Dfa out;
    out.byte_class = atoms.dfa.byte_class;
    out.classes = atoms.dfa.classes;
    out.direction = atoms.dfa.direction;
    out.accept_sets = {{}, {0}};
    out.start = number(atoms.dfa.start);
    for (std::size_t i = 0; i < live.size(); ++i) {
        const Dfa::Row& row = atoms.dfa.rows[live[i]];
        Dfa::Row made;
        made.otherwise = number(row.otherwise);
        made.accept = i > 0 && i < accepting ? 1 : Dfa::kNoPath;
        made.begin = static_cast<std::uint32_t>(out.exceptions.size());
        for (std::uint32_t e = row.begin; e < row.end; ++e) {
            const std::uint32_t to = number(atoms.dfa.exceptions[e].to);
            if (to != made.otherwise) {
                out.exceptions.push_back({atoms.dfa.exceptions[e].byte_class, to});
            }
        }
        made.end = static_cast<std::uint32_t>(out.exceptions.size());
        out.rows.push_back(made);
        steps_ += 1 + made.end - made.begin;
    }
    return minimise(out);
}

const JointPaths::Language* JointPaths::language(Space& space, std::uint32_t dim, SetId positive, Direction direction) {
    const auto [at, fresh] = languages_.try_emplace({{dim, positive}, direction});
    if (!fresh) {
        return at->second ? &*at->second : nullptr;
    }
    const Atoms& atoms = space.atoms(dim);
    std::vector<std::uint32_t> wanted;
    for (const std::uint32_t element : space.sets(dim).elements(positive)) {
        wanted.push_back(element + atoms.first);
    }
    const Dfa dfa = trimmed(atoms, dim, wanted);
    Language language;
    language.byte_class = dfa.byte_class;
    language.classes = dfa.classes;
    const auto fill = [&](const Dfa& from, std::uint32_t accepted) {
        language.start = from.start;
        for (std::uint32_t state = 0; state < from.rows.size(); ++state) {
            const std::uint32_t accept = from.rows[state].accept;
            language.in.push_back(accept != Dfa::kNoPath && from.accept_sets[accept].front() == accepted);
            for (std::uint32_t c = 0; c < from.classes; ++c) {
                language.to.push_back(from.step(state, c));
            }
        }
    };
    if (dfa.direction == direction) {
        fill(dfa, 0);
    } else {
        constexpr std::uint32_t kWanted = 2;
        AtomMachine machine{dfa.byte_class, dfa.classes, dfa.start, {}, {}, dfa.direction};
        machine.universe = universeOf(space, dim);
        for (std::uint32_t state = 0; state < dfa.rows.size(); ++state) {
            machine.atom.push_back(dfa.rows[state].accept == Dfa::kNoPath ? 0 : kWanted);
            for (std::uint32_t c = 0; c < dfa.classes; ++c) {
                machine.to.push_back(dfa.step(state, c));
            }
        }
        const std::optional<Dfa> other = turned(machine, turning_);
        if (!other) {
            return nullptr;
        }
        fill(*other, kWanted);
    }
    at->second = std::move(language);
    return &*at->second;
}

std::optional<std::string> JointPaths::search(const std::vector<const Language*>& languages,
                                              const std::vector<bool>& negated, Universe universe,
                                              Direction direction) {
    std::vector<char> bytes; // one for each way in which the automata treat them
    std::map<std::vector<std::uint32_t>, bool> classes;
    for (const char byte : niceBytes()) {
        std::vector<std::uint32_t> of = {byte == '/' ? 1U : byte == '.' ? 2U : 0U};
        for (const Language* language : languages) {
            of.push_back(language->byte_class[static_cast<unsigned char>(byte)]);
        }
        if (classes.emplace(std::move(of), true).second) {
            bytes.push_back(byte);
        }
    }
    struct Reached {
        std::vector<std::uint32_t> states; ///< one a language; last, what of a path was read
        std::uint32_t from;
        char byte;
    };
    std::map<std::vector<std::uint32_t>, bool> seen;
    std::vector<Reached> reached;
    const auto reach = [&](std::vector<std::uint32_t> states, std::uint32_t from, char byte) {
        for (std::size_t i = 0; i < languages.size(); ++i) {
            if (!negated[i] && states[i] == Dfa::kDead) {
                return;
            }
        }
        if (states.back() != kUDead && seen.emplace(states, true).second) {
            reached.push_back({std::move(states), from, byte});
        }
    };
    std::vector<std::uint32_t> start;
    for (const Language* language : languages) {
        start.push_back(language->start);
    }
    start.push_back(kUStart);
    reach(start, 0, 0);
    std::size_t level_end = reached.size();
    for (std::size_t i = 0, length = 0; i < reached.size(); ++i) {
        if (i == level_end) {
            level_end = reached.size();
            if (++length > kMaxPathBytes) {
                break;
            }
        }
        const std::vector<std::uint32_t> states = reached[i].states;
        bool all = isPath(static_cast<std::uint8_t>(states.back()), direction);
        for (std::size_t l = 0; l < languages.size(); ++l) {
            all = all && languages[l]->in[states[l]] != negated[l];
        }
        if (all) {
            std::string path;
            for (std::size_t at = i; at != 0; at = reached[at].from) {
                path += reached[at].byte;
            }
            return direction == Direction::kForward ? std::string(path.rbegin(), path.rend()) : path;
        }
        steps_ += bytes.size();
        if (steps_ > kMaxSteps || reached.size() > kMaxReached) {
            too_large_ = true;
            return std::string();
        }
        for (const char byte : bytes) {
            std::vector<std::uint32_t> next;
            for (std::size_t l = 0; l < languages.size(); ++l) {
                const Language& language = *languages[l];
                next.push_back(
                    language.to[states[l] * language.classes + language.byte_class[static_cast<unsigned char>(byte)]]);
            }
            next.push_back(universeStep(static_cast<std::uint8_t>(states.back()), byte, universe, direction));
            reach(std::move(next), static_cast<std::uint32_t>(i), byte);
        }
    }
    return std::nullopt;
}

const std::optional<std::string>& JointPaths::find(Space& space, const std::vector<In>& sets) {
    const auto [at, fresh] = found_.try_emplace(sets);
    if (!fresh) {
        return at->second;
    }
    if (too_large_) {
        at->second.emplace();
        return at->second;
    }
    std::vector<bool> negated;
    std::size_t backward = 0;
    for (const In& in : sets) {
        negated.push_back(space.sets(in.dim).isNegative(in.set));
        backward += space.atoms(in.dim).dfa.direction == Direction::kBackward ? 1 : 0;
    }
    const bool most = 2 * backward > sets.size();
    for (const bool back : {most, !most}) {
        const Direction direction = back ? Direction::kBackward : Direction::kForward;
        std::vector<const Language*> languages;
        for (std::size_t i = 0; i < sets.size(); ++i) {
            SetPool& pool = space.sets(sets[i].dim);
            languages.push_back(
                language(space, sets[i].dim, negated[i] ? pool.complement(sets[i].set) : sets[i].set, direction));
        }
        if (std::find(languages.begin(), languages.end(), nullptr) == languages.end()) {
            at->second = search(languages, negated, universeOf(space, sets.front().dim), direction);
            return at->second;
        }
    }
    too_large_ = true;
    at->second.emplace();
    return at->second;
}

} // namespace landlatch::match
