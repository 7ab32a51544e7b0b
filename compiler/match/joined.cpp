// SPDX-License-Identifier: Apache-2.0
// Both automata of a dimension run in step; a pair of atoms that some path reaches is an atom of the joined space, with
// that path as its example. Of two that read from different ends one is turned round first. Sets, bits and boxes are
// then carried over.
#include "compiler/match/joined.h"

#include "compiler/match/turned.h"
#include "runtime/match/validate.h"

#include <algorithm>
#include <map>

namespace landlatch::match {

namespace {

/// Labels of a joined atom: the atom of the first policy, and that of the second above this.
constexpr std::uint32_t kSecond = 1U << 30U;
/// Of a policy that doesn't read the dimension: one state, one atom.
constexpr std::uint32_t kOneAtom = 1;
/// No automaton of the policy's.
constexpr std::uint32_t kNoDfa = LL_ALL_DFAS;

/// A state of an automaton in its tables: a row, or a place in a chain (ll_walk).
struct Place {
    std::uint32_t row = 0;
    std::uint32_t link = 0;
    std::uint32_t left = 0;
    std::uint32_t end = 0;
    auto operator<=>(const Place&) const = default;
    [[nodiscard]] bool dead() const { return row == 0 && left == 0; }
};

/// One policy's tables.
class Tables {
public:
    explicit Tables(const object::Policy& policy) : policy_(&policy) {}

    [[nodiscard]] const object::Policy& policy() const { return *policy_; }
    [[nodiscard]] std::uint32_t word(std::uint32_t index) const { return policy_->tables[index]; }
    [[nodiscard]] std::uint64_t word2(std::uint32_t index) const {
        return word(index) | static_cast<std::uint64_t>(word(index + 1)) << 32U;
    }
    [[nodiscard]] std::uint32_t length() const { return static_cast<std::uint32_t>(policy_->tables.size()); }

    // --- automata ---
    [[nodiscard]] bool hasDfa(std::uint32_t dfa) const { return dfa != kNoDfa && dfaWord(dfa, LL_A_CELLS_N) != 0; }
    /// The fact that a part reads.
    [[nodiscard]] std::uint32_t partFact(std::uint32_t part) const { return dfaWord(LL_DFAS + part, LL_A_FACT); }
    [[nodiscard]] Place start(std::uint32_t dfa) const {
        if (!hasDfa(dfa)) {
            return Place{1, 0, 0, 0};
        }
        return turned_[dfa] ? Place{turned_[dfa]->start, 0, 0, 0} : placeOf(walk(dfa));
    }
    [[nodiscard]] Direction direction(std::uint32_t dfa) const {
        return (dfaWord(dfa, LL_A_BACKWARD) != 0) != turned_[dfa].has_value() ? Direction::kBackward
                                                                              : Direction::kForward;
    }
    [[nodiscard]] std::uint32_t classOf(std::uint32_t dfa, std::uint32_t byte) const {
        return hasDfa(dfa) ? word(dfaWord(dfa, LL_A_CLASSES) + byte / 4) >> (8 * (byte % 4)) & 0xff : 0;
    }
    [[nodiscard]] Place step(std::uint32_t dfa, const Place& from, std::uint32_t byte) const {
        if (!hasDfa(dfa)) {
            return from;
        }
        if (turned_[dfa]) {
            return Place{turned_[dfa]->step(from.row, classOf(dfa, byte)), 0, 0, 0};
        }
        const auto text = static_cast<char>(byte);
        ll_walk at = walk(dfa, from);
        while (ll_walk_on(&at, reinterpret_cast<const ll_text*>(&text)) == 0) {
        }
        return placeOf(at);
    }
    /// 0: what was read is no path.
    [[nodiscard]] std::uint32_t atom(std::uint32_t dfa, const Place& place) const {
        if (!hasDfa(dfa)) {
            return kOneAtom;
        }
        if (turned_[dfa]) {
            const std::uint32_t accept = turned_[dfa]->rows[place.row].accept;
            return accept == Dfa::kNoPath ? 0 : turned_[dfa]->accept_sets[accept].front();
        }
        ll_walk at = walk(dfa, place);
        at.at = at.stop;
        return ll_walk_atom(&at);
    }

    /// Lets the automaton read from the other end. False: too large.
    bool turn(std::uint32_t dfa) {
        AtomMachine machine;
        machine.direction = direction(dfa);
        std::array<std::uint32_t, 256> byte_of{}; // by class
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            machine.byte_class[byte] = static_cast<std::uint8_t>(classOf(dfa, byte));
            machine.classes = std::max(machine.classes, classOf(dfa, byte) + 1);
            byte_of[classOf(dfa, byte)] = byte;
        }
        std::map<Place, std::uint32_t> numbers;
        std::vector<Place> places;
        const auto number = [&](const Place& place) {
            const auto [at, fresh] = numbers.emplace(place, static_cast<std::uint32_t>(places.size()));
            if (fresh) {
                places.push_back(place);
            }
            return at->second;
        };
        machine.start = number(start(dfa));
        for (std::size_t i = 0; i < places.size(); ++i) {
            const Place place = places[i];
            machine.atom.push_back(place.dead() ? 0 : atom(dfa, place));
            for (std::uint32_t c = 0; c < machine.classes; ++c) {
                machine.to.push_back(number(place.dead() ? place : step(dfa, place, byte_of[c])));
            }
            if (machine.to.size() > kMaxTurned) {
                return false;
            }
        }
        std::size_t steps = kMaxTurned;
        turned_[dfa] = turned(machine, steps);
        return turned_[dfa].has_value();
    }

    // --- sets and bits ---
    [[nodiscard]] bool reads(std::uint32_t dim) const { return word(LL_W_DIM + dim * LL_D_WORDS + LL_D_ATOMS) != 0; }
    [[nodiscard]] bool inSet(std::uint32_t dim, std::uint32_t atom_of_dim, std::uint32_t test) const {
        std::uint32_t bad = 0;
        return ll_test_set(policy_->tables.data(), length(), dim, atom_of_dim, test, &bad) != LL_NO;
    }
    [[nodiscard]] std::uint64_t lineageMask(std::uint32_t atom_of_lineage) const {
        return ll_lineage_mask(policy_->tables.data(), length(), atom_of_lineage);
    }

private:
    /// The matcher's own walk of one byte, at the automaton's start.
    [[nodiscard]] ll_walk walk(std::uint32_t dfa) const {
        ll_walk at{};
        ll_walk_begin(policy_->tables.data(), length(), &policy_->tables[LL_W_DFA + dfa * LL_A_WORDS], 1, &at);
        return at;
    }
    [[nodiscard]] ll_walk walk(std::uint32_t dfa, const Place& place) const {
        ll_walk at = walk(dfa);
        at.row = place.row;
        at.link = place.link;
        at.left = place.left;
        at.end = place.end;
        return at;
    }
    static Place placeOf(const ll_walk& at) {
        return at.left == 0 ? Place{at.row, 0, 0, 0} : Place{0, at.link, at.left, at.end};
    }
    [[nodiscard]] std::uint32_t dfaWord(std::uint32_t dfa, std::uint32_t index) const {
        return word(LL_W_DFA + dfa * LL_A_WORDS + index);
    }
    const object::Policy* policy_;
    std::array<std::optional<Dfa>, LL_ALL_DFAS> turned_;
};

/// Two automata of one fact in step; one may be kNoDfa. Empty above kAllRoom.
std::optional<Dfa> product(const std::array<Tables, 2>& tables, std::uint32_t first, std::uint32_t second) {
    Dfa out;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> classes;
    std::vector<std::uint32_t> byte_of; // by class
    for (std::uint32_t byte = 1; byte < 256; ++byte) {
        const auto [at, fresh] =
            classes.emplace(std::pair{tables[0].classOf(first, byte), tables[1].classOf(second, byte)},
                            static_cast<std::uint32_t>(classes.size()));
        out.byte_class[byte] = static_cast<std::uint8_t>(at->second);
        if (fresh) {
            byte_of.push_back(byte);
        }
    }
    out.classes = static_cast<std::uint32_t>(classes.size());
    out.direction = tables[0].hasDfa(first) ? tables[0].direction(first) : tables[1].direction(second);
    std::map<std::pair<Place, Place>, std::uint32_t> numbers;
    std::map<std::vector<std::uint32_t>, std::uint32_t> accepts;
    std::vector<std::pair<Place, Place>> states = {{}}; // the dead one
    out.accept_sets = {{}};
    const auto number = [&](const Place& a, const Place& b) {
        if (a.dead() || b.dead()) {
            return Dfa::kDead;
        }
        const auto [at, fresh] = numbers.emplace(std::pair{a, b}, static_cast<std::uint32_t>(states.size()));
        if (fresh) {
            states.emplace_back(a, b);
        }
        return at->second;
    };
    out.start = number(tables[0].start(first), tables[1].start(second));
    out.rows.emplace_back();
    for (std::size_t i = 1; i < states.size(); ++i) {
        if (states.size() > kAllRoom.states) {
            return std::nullopt;
        }
        const auto [a, b] = states[i];
        Dfa::Row row;
        std::vector<std::uint32_t> targets;
        std::map<std::uint32_t, std::uint32_t> counts;
        for (const std::uint32_t byte : byte_of) {
            targets.push_back(number(tables[0].step(first, a, byte), tables[1].step(second, b, byte)));
            ++counts[targets.back()];
        }
        row.otherwise = std::max_element(counts.begin(), counts.end(), [](const auto& x, const auto& y) {
                            return x.second < y.second;
                        })->first;
        row.begin = static_cast<std::uint32_t>(out.exceptions.size());
        for (std::uint32_t c = 0; c < targets.size(); ++c) {
            if (targets[c] != row.otherwise) {
                out.exceptions.push_back({c, targets[c]});
            }
        }
        row.end = static_cast<std::uint32_t>(out.exceptions.size());
        const std::uint32_t atom_a = tables[0].atom(first, a);
        const std::uint32_t atom_b = tables[1].atom(second, b);
        if (atom_a != 0 && atom_b != 0) {
            std::vector<std::uint32_t> labels = {atom_a, kSecond + atom_b};
            const auto [at, fresh] = accepts.emplace(labels, static_cast<std::uint32_t>(out.accept_sets.size()));
            if (fresh) {
                out.accept_sets.push_back(std::move(labels));
            }
            row.accept = at->second;
        }
        out.rows.push_back(row);
    }
    return out;
}

bool sameId(const object::IdName& a, const object::IdName& b) {
    return a.numeric == b.numeric && (a.numeric ? a.number == b.number : a.name == b.name);
}

/// Names of both lists, each once, and where each policy has them.
struct Ids {
    std::vector<ir::IdName> all;
    std::array<std::vector<std::uint32_t>, 2> own; ///< by index in `all`: index in the policy's list, or kNone
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
};
Ids joinIds(const std::vector<object::IdName>& a, const std::vector<object::IdName>& b) {
    Ids ids;
    std::vector<object::IdName> seen;
    const std::array<const std::vector<object::IdName>*, 2> lists = {&a, &b};
    for (std::size_t side = 0; side < 2; ++side) {
        for (std::uint32_t i = 0; i < lists[side]->size(); ++i) {
            const object::IdName& id = (*lists[side])[i];
            auto at = std::find_if(seen.begin(), seen.end(), [&](const auto& other) { return sameId(id, other); });
            if (at == seen.end()) {
                seen.push_back(id);
                ids.all.push_back({id.name, id.numeric, id.number, id.optional, {}});
                ids.own[0].push_back(Ids::kNone);
                ids.own[1].push_back(Ids::kNone);
                at = seen.end() - 1;
            }
            ids.own[side][static_cast<std::size_t>(at - seen.begin())] = i;
        }
    }
    return ids;
}

} // namespace

/// Friend of Space: fills it from tables.
class SpaceJoiner {
public:
    SpaceJoiner(const object::Policy& a, const object::Policy& b) : tables_{Tables(a), Tables(b)} {}

    Result<Joined> run() {
        const object::Policy& a = tables_[0].policy();
        const object::Policy& b = tables_[1].policy();
        for (const object::Policy* policy : {&a, &b}) {
            if (Result<void> fine = validate(*policy); !fine) {
                return fine.error();
            }
        }
        users_ = joinIds(a.users, b.users);
        groups_ = joinIds(a.groups, b.groups);
        space_.users_ = users_.all;
        space_.groups_ = groups_.all;
        if (groups_.all.size() > kMaxBits) {
            return Error{E2BIG, "the policies together name more than 64 groups"};
        }
        if (!makeDimensions()) {
            return Error{E2BIG, "the policies' patterns together need more states than a policy may have"};
        }
        if (!joinAncestors()) {
            return Error{E2BIG, "the policies together have more than 64 `ancestor exec` conditions"};
        }
        Joined joined;
        for (std::uint32_t side = 0; side < 2; ++side) {
            for (std::uint32_t i = 0; i < tables_[side].word(LL_W_ALL); ++i) {
                joined.boxes[side].push_back(box(side, tables_[side].word(LL_W_BOXES) + i * LL_B_WORDS));
            }
        }
        joined.space = std::make_unique<Space>(std::move(space_));
        return joined;
    }

private:
    bool makeDimensions() {
        for (std::uint32_t index = 0; index < LL_DFAS; ++index) {
            if (!tables_[0].hasDfa(index) && !tables_[1].hasDfa(index)) {
                continue;
            }
            if (!alignDirections(index)) {
                return false;
            }
            if (!addAutomaton(index, index, index)) {
                return false;
            }
        }
        for (std::uint32_t side = 0; side < 2; ++side) {
            for (std::uint32_t part = 0; part < LL_PARTS; ++part) {
                const std::uint32_t dfa = LL_DFAS + part;
                if (!tables_[side].hasDfa(dfa)) {
                    continue;
                }
                const std::uint32_t dim = space_.dims();
                part_dims_[side][part] = dim;
                own_dims_[dim] = LL_DIMS + part;
                space_.parts_.push_back(tables_[side].partFact(part));
                space_.parted_ |= 1U << space_.parts_.back();
                if (!addAutomaton(dim, side == 0 ? dfa : kNoDfa, side == 0 ? kNoDfa : dfa)) {
                    return false;
                }
            }
        }
        for (const std::uint32_t dim : {LL_DIM_USER, LL_DIM_REAL_USER}) {
            if (tables_[0].reads(dim) || tables_[1].reads(dim)) {
                size(dim, 0, static_cast<std::uint32_t>(users_.all.size()) + 1);
            }
        }
        return true;
    }

    bool addAutomaton(std::uint32_t dim, std::uint32_t first, std::uint32_t second) {
        std::optional<Dfa> dfa = product(tables_, first, second);
        if (!dfa) {
            return false;
        }
        space_.atoms_[dim] = makeAtoms(*std::move(dfa), space_.factOf(dim) == LL_DIM_SCRIPT);
        size(dim, space_.atoms_[dim].first, space_.atoms_[dim].count);
        return true;
    }

    /// Both from one end, whichever is possible.
    bool alignDirections(std::uint32_t index) {
        return !tables_[0].hasDfa(index) || !tables_[1].hasDfa(index) ||
               tables_[0].direction(index) == tables_[1].direction(index) || tables_[0].turn(index) ||
               tables_[1].turn(index);
    }

    void size(std::uint32_t dim, std::uint32_t first, std::uint32_t count) {
        space_.dims_[dim].first = first;
        space_.dims_[dim].count = count;
        space_.dims_[dim].sets = SetPool(std::max(count - first, 1U));
    }

    /// A policy's own atom of a joined one.
    [[nodiscard]] std::uint32_t own(std::uint32_t side, std::uint32_t dim, std::uint32_t atom) const {
        if (dim == LL_DIM_USER || dim == LL_DIM_REAL_USER) {
            const std::uint32_t index = atom == 0 ? Ids::kNone : users_.own[side][atom - 1];
            return index == Ids::kNone ? 0 : index + 1;
        }
        const std::vector<std::uint32_t>& labels = space_.atoms_[dim].labels[atom];
        return labels.size() < 2 ? 0 : side == 0 ? labels[0] : labels[1] - kSecond; // none: no script
    }

    SetId setOf(std::uint32_t side, std::uint32_t dim, std::uint32_t test) {
        const auto [at, fresh] = sets_.try_emplace({side, dim, test});
        if (fresh) {
            std::vector<std::uint32_t> elements;
            const Dimension& dimension = space_.dims_[dim];
            for (std::uint32_t atom = dimension.first; atom < dimension.count; ++atom) {
                if (tables_[side].inSet(dim < LL_DIMS ? dim : own_dims_[dim], own(side, dim, atom), test)) {
                    elements.push_back(atom - dimension.first);
                }
            }
            at->second = space_.dims_[dim].sets.intern(elements);
        }
        return at->second;
    }

    bool joinAncestors() {
        const Atoms& atoms = space_.atoms_[LL_DFA_LINEAGE];
        space_.masks_.assign(std::max(atoms.count, 1U), 0);
        for (std::uint32_t side = 0; side < 2; ++side) {
            std::uint64_t used = 0;
            for (std::uint32_t i = 0; i < tables_[side].word(LL_W_ALL); ++i) {
                const std::uint32_t at = tables_[side].word(LL_W_BOXES) + i * LL_B_WORDS;
                used |= tables_[side].word2(at + LL_B_ANC_REQ) | tables_[side].word2(at + LL_B_ANC_FORB);
            }
            for (std::uint32_t bit = 0; bit < kMaxBits; ++bit) {
                if ((used >> bit & 1) != 0 && !joinAncestor(side, bit)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Tests of one set of images are one bit.
    bool joinAncestor(std::uint32_t side, std::uint32_t bit) {
        const Atoms& atoms = space_.atoms_[LL_DFA_LINEAGE];
        std::vector<std::uint32_t> elements;
        for (std::uint32_t atom = atoms.first; atom < atoms.count; ++atom) {
            if ((tables_[side].lineageMask(own(side, LL_DIM_PARENT, atom)) >> bit & 1) != 0) {
                elements.push_back(atom - atoms.first);
            }
        }
        const SetId set = space_.dims_[LL_DIM_PARENT].sets.intern(elements);
        auto at = std::find(space_.ancestor_sets_.begin(), space_.ancestor_sets_.end(), set);
        const auto joined = static_cast<std::uint32_t>(at - space_.ancestor_sets_.begin());
        if (at == space_.ancestor_sets_.end()) {
            if (joined == kMaxBits) {
                return false;
            }
            space_.ancestor_sets_.push_back(set);
            for (const std::uint32_t element : elements) {
                space_.masks_[element + atoms.first] |= std::uint64_t{1} << joined;
            }
        }
        ancestors_[side][bit] = joined;
        return true;
    }

    [[nodiscard]] std::uint64_t ancestorBits(std::uint32_t side, std::uint64_t bits) const {
        std::uint64_t out = 0;
        for (std::uint32_t bit = 0; bit < kMaxBits; ++bit) {
            out |= (bits >> bit & 1) != 0 ? std::uint64_t{1} << ancestors_[side][bit] : 0;
        }
        return out;
    }
    [[nodiscard]] std::uint64_t groupBits(std::uint32_t side, std::uint64_t bits) const {
        std::uint64_t out = 0;
        for (std::uint32_t i = 0; i < groups_.all.size(); ++i) {
            const std::uint32_t bit = groups_.own[side][i];
            out |= bit != Ids::kNone && (bits >> bit & 1) != 0 ? std::uint64_t{1} << i : 0;
        }
        return out;
    }

    RankedBox box(std::uint32_t side, std::uint32_t at) {
        const Tables& tables = tables_[side];
        RankedBox ranked;
        ranked.rule = tables.word(at + LL_B_RULE);
        ranked.effect = tables.word(at + LL_B_EFFECT);
        ranked.flags = tables.word(at + LL_B_FLAGS) & ((1U << LL_BOX_MORE) - 1);
        ranked.always = tables.word2(at + LL_B_ALWAYS);
        Box& box = ranked.box;
        box.flag_req = tables.word(at + LL_B_REQUIRED) & 0xffff;
        box.flag_forb = tables.word(at + LL_B_REQUIRED) >> 16U;
        box.anc_req = ancestorBits(side, tables.word2(at + LL_B_ANC_REQ));
        box.anc_forb = ancestorBits(side, tables.word2(at + LL_B_ANC_FORB));
        box.grp_req = groupBits(side, tables.word2(at + LL_B_GRP_REQ));
        box.grp_forb = groupBits(side, tables.word2(at + LL_B_GRP_FORB));
        for (std::uint32_t dim = 0; dim < LL_DIMS; ++dim) {
            const std::uint32_t test = tables.word(at + LL_B_SETS + dim);
            box.sets[dim] = test == 0 ? SetPool::kAll : setOf(side, dim, test);
        }
        const std::uint32_t more = tables.word(at + LL_B_FLAGS) >> LL_BOX_MORE;
        for (std::uint32_t part = 0; part < LL_PARTS && more != 0; ++part) {
            const std::uint32_t test = tables.word(tables.word(LL_W_MORE) + (more - 1) * LL_PARTS + part);
            if (test != 0) {
                box.sets[part_dims_[side][part]] = setOf(side, part_dims_[side][part], test);
            }
        }
        (void)space_.normalise(box);
        return ranked;
    }

    std::array<Tables, 2> tables_;
    Space space_;
    Ids users_;
    Ids groups_;
    std::array<std::array<std::uint32_t, kMaxBits>, 2> ancestors_{};
    std::array<std::array<std::uint32_t, LL_PARTS>, 2> part_dims_{}; ///< of a policy's parts here
    std::array<std::uint32_t, kMaxDims> own_dims_{};                 ///< of a part's dimension, in its policy
    std::map<std::array<std::uint32_t, 3>, SetId> sets_;
};

Result<Joined> join(const object::Policy& a, const object::Policy& b) { return SpaceJoiner(a, b).run(); }

} // namespace landlatch::match
