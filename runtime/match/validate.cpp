// SPDX-License-Identifier: Apache-2.0
// One pass over every part of the tables. Each part is checked to lie inside the array and to hold only numbers that
// are below what they index.
#include "runtime/match/validate.h"

#include "bpf-templates/match.h"

#include <algorithm>
#include <string>
#include <vector>

namespace landlatch::match {

namespace {

class Checker {
public:
    Checker(std::span<const std::uint32_t> words, const TableLimits& limits) : words_(words), limits_(limits) {}

    Result<void> run() {
        constexpr std::uint32_t kKind = 0xffffff; // "LLM", before the version
        if (words_.size() > LL_W_MAGIC && (words_[LL_W_MAGIC] & kKind) == (LL_MAGIC & kKind) &&
            words_[LL_W_MAGIC] != LL_MAGIC) {
            return Error{EINVAL, "match tables of another version of llc: compile the policy again"};
        }
        if (words_.size() < LL_W_HEADER + LL_R_WORDS || words_[LL_W_MAGIC] != LL_MAGIC ||
            words_[LL_W_LENGTH] != words_.size()) {
            return Error{EINVAL, "match tables: no valid header"};
        }
        for (std::uint32_t dfa = 0; dfa < LL_ALL_DFAS && ok(); ++dfa) {
            automaton(LL_W_DFA + dfa * LL_A_WORDS, atoms(dfa));
        }
        for (std::uint32_t dim = 0; dim < LL_ALL_DIMS && ok(); ++dim) {
            dimension(head(dim));
        }
        parts();
        idDimension(LL_DIM_USER);
        idDimension(LL_DIM_REAL_USER);
        boxes();
        rest();
        if (!ok()) {
            return Error{EINVAL, problem_};
        }
        return {};
    }

private:
    [[nodiscard]] bool ok() const { return problem_.empty(); }
    static std::uint32_t head(std::uint32_t dim) { return LL_W_DIM + dim * LL_D_WORDS; }

    void expect(bool condition, const char* what, std::uint64_t word) {
        if (!condition && ok()) {
            problem_ = std::string("match tables: ") + what + " at word " + std::to_string(word);
        }
    }

    /// Whether `count` items of `size` words from `offset` are all there, before the words at the end that no part has.
    bool part(std::uint32_t offset, std::uint64_t count, std::uint64_t size, const char* what) {
        const std::uint64_t end = words_.size() - LL_R_WORDS;
        const bool inside = offset >= LL_W_HEADER && offset <= end && count <= (end - offset) / size;
        expect(inside, what, offset);
        return inside;
    }

    /// Atoms that an automaton may give: those of its dimension.
    [[nodiscard]] std::uint32_t atoms(std::uint32_t dfa) const {
        const std::uint32_t dim = dfa < LL_DFAS ? dfa : dfa - LL_DFAS + LL_DIMS; // both have the same order
        return words_[head(dim) + LL_D_ATOMS];
    }

    /// Rows and chains of one automaton, as they are come by.
    struct Automaton {
        std::uint32_t at;
        std::uint32_t cells;
        std::uint32_t row_words; ///< as many as its classes make it
        std::vector<bool> known;
        std::vector<std::uint32_t> rows; ///< not yet looked at
    };

    void row(Automaton& automaton, std::uint32_t number, std::uint64_t word) {
        const std::uint32_t count = words_[automaton.at + LL_A_CELLS_N];
        if (number >= count || automaton.row_words > count - number) {
            expect(false, "row outside its cells", word);
        } else if (!automaton.known[number]) {
            automaton.known[number] = true;
            automaton.rows.push_back(number);
        }
    }

    /// Whether a step may lead there.
    void leads(Automaton& automaton, std::uint32_t to, std::uint64_t word) {
        if ((to & LL_TO_CHAIN) != 0) {
            expect((to & ~LL_TO_CHAIN) < words_[automaton.at + LL_A_CHAINS_N], "next state unknown", word);
        } else {
            row(automaton, to, word);
        }
    }

    void automaton(std::uint32_t at, std::uint32_t atom_count) {
        const std::uint32_t cells = words_[at + LL_A_CELLS_N];
        expect((cells == 0) == (atom_count == 0), "automaton without its dimension", at);
        if (cells == 0 || !ok() || !part(words_[at + LL_A_CLASSES], 64, 1, "byte classes outside") ||
            !part(words_[at + LL_A_CELLS], cells, 1, "cells outside")) {
            return;
        }
        std::uint32_t classes = 0;
        for (std::uint32_t byte = 1; byte < 256; ++byte) {
            const std::uint32_t word = words_[at + LL_A_CLASSES] + byte / 4;
            const std::uint32_t byte_class = words_[word] >> (8 * (byte % 4)) & 0xff;
            expect(byte_class != 0xff, "byte of class 255", word);
            classes = std::max(classes, byte_class + 1);
        }
        Automaton automaton{at, words_[at + LL_A_CELLS], LL_R_CELLS + classes, std::vector<bool>(cells), {}};
        row(automaton, 0, at);
        leads(automaton, words_[at + LL_A_START], at + LL_A_START);
        expect(words_[at + LL_A_BACKWARD] <= 1, "no direction", at + LL_A_BACKWARD);
        for (std::uint32_t word = automaton.cells; word < automaton.cells + cells && ok(); ++word) {
            if (words_[word] < LL_R_MARK) {
                leads(automaton, words_[word] & LL_TO_MASK, word);
            }
        }
        chains(automaton);
        while (!automaton.rows.empty() && ok()) {
            const std::uint32_t word = automaton.cells + automaton.rows.back();
            automaton.rows.pop_back();
            expect(words_[word] >= LL_R_MARK && words_[word + LL_R_ATOM] >= LL_R_MARK, "no row", word);
            leads(automaton, words_[word + LL_R_OTHERWISE] & LL_TO_MASK, word);
            expect((words_[word + LL_R_ATOM] & LL_TO_MASK) < atom_count, "atom unknown", word);
        }
        expect((words_[automaton.cells + LL_R_ATOM] & LL_TO_MASK) == 0, "dead row with an atom", automaton.cells);
    }

    void chains(Automaton& automaton) {
        const std::uint32_t at = automaton.at;
        const std::uint32_t count = words_[at + LL_A_CHAINS_N];
        const std::uint32_t links = words_[at + LL_A_LINKS_N];
        if (!part(words_[at + LL_A_CHAINS], count, 3, "chains outside") ||
            !part(words_[at + LL_A_LINKS], links, 1, "links outside")) {
            return;
        }
        for (std::uint32_t chain = 0; chain < count && ok(); ++chain) {
            const std::uint32_t word = words_[at + LL_A_CHAINS] + 3 * chain;
            expect(words_[word] <= links && words_[word + 1] > 0 && words_[word + 1] <= links - words_[word],
                   "chain outside its links", word);
            leads(automaton, words_[word + 2], word + 2);
        }
        for (std::uint32_t link = 0; link < links && ok(); ++link) {
            const std::uint32_t word = words_[at + LL_A_LINKS] + link;
            row(automaton, words_[word] & LL_TO_MASK, word);
        }
    }

    /// A list of lists: `count` + 1 rising begins into `entries` numbers below `limit`, each list rising.
    void lists(std::uint32_t begins, std::uint64_t count, std::uint32_t list, std::uint32_t entries,
               std::uint32_t limit) {
        if (!part(begins, count + 1, 1, "index outside") || !part(list, entries, 1, "list outside")) {
            return;
        }
        expect(words_[begins] == 0 && words_[begins + count] == entries, "index doesn't cover its list", begins);
        for (std::uint64_t i = 0; i < count && ok(); ++i) {
            const std::uint32_t begin = words_[begins + i];
            const std::uint32_t end = words_[begins + i + 1];
            expect(begin <= end && end <= entries, "index not rising", begins + i);
            for (std::uint32_t j = begin; j < end && ok(); ++j) {
                expect(words_[list + j] < limit, "entry too large", list + j);
                expect(j == begin || words_[list + j - 1] < words_[list + j], "list not rising", list + j);
            }
        }
    }

    void dimension(std::uint32_t at) {
        const std::uint32_t count = words_[at + LL_D_ATOMS];
        if (count == 0) {
            return;
        }
        expect(words_[at + LL_D_FIRST] <= count && words_[at + LL_D_FIRST] <= 2, "first atom", at);
        lists(words_[at + LL_D_SETS_OF], count, words_[at + LL_D_SETS], words_[at + LL_D_SETS_N],
              words_[at + LL_D_SET_COUNT]);
        lists(words_[at + LL_D_BOXES_OF], words_[at + LL_D_SET_COUNT], words_[at + LL_D_BOXES],
              words_[at + LL_D_BOXES_N], words_[LL_W_ALL]);
        triggers_ += words_[at + LL_D_BOXES_N];
        if (part(words_[at + LL_D_BASE], count, 1, "bases outside") &&
            part(words_[at + LL_D_COMB], words_[at + LL_D_COMB_N], 1, "comb outside")) {
            for (std::uint32_t atom = 0; atom < count; ++atom) {
                const std::uint32_t word = words_[at + LL_D_BASE] + atom;
                expect(words_[word] <= words_[at + LL_D_COMB_N], "base outside its comb", word);
            }
        }
    }

    /// Each reads a path, and the header says which have some.
    void parts() {
        constexpr std::uint32_t kParted = 1U << LL_DIM_EXEC | 1U << LL_DIM_SCRIPT | 1U << LL_DIM_CGROUP;
        std::uint32_t parted = 0;
        for (std::uint32_t part = 0; part < LL_PARTS; ++part) {
            const std::uint32_t at = LL_W_DFA + (LL_DFAS + part) * LL_A_WORDS;
            if (words_[at + LL_A_CELLS_N] != 0) {
                expect(words_[at + LL_A_FACT] < LL_DIMS && (kParted >> words_[at + LL_A_FACT] & 1) != 0,
                       "part of no path", at + LL_A_FACT);
                expect(atoms(LL_DFAS + part) <= 0x10000, "part of too many atoms", at);
                parted |= 1U << (words_[at + LL_A_FACT] & 31);
            }
        }
        expect(words_[LL_W_PARTED] == parted, "other facts have parts", LL_W_PARTED);
        expect((parted != 0) == ((words_[LL_W_USED] & LL_USED_PARTS) != 0), "parts not named", LL_W_USED);
    }

    void idDimension(std::uint32_t dim) {
        const std::uint32_t at = head(dim);
        expect(words_[at + LL_D_ATOMS] == 0 || words_[at + LL_D_ATOMS] == limits_.users + 1, "users don't fit", at);
    }

    void boxes() {
        const std::uint32_t all = words_[LL_W_ALL];
        if (!part(words_[LL_W_BOXES], all, LL_B_WORDS, "boxes outside")) {
            return;
        }
        const std::uint32_t more = words_[LL_W_MORE];
        expect(words_[LL_W_MAIN] <= all, "more competing boxes than boxes", LL_W_MAIN);
        for (std::uint32_t box = 0; box < all && ok(); ++box) {
            const std::uint32_t at = words_[LL_W_BOXES] + box * LL_B_WORDS;
            expect(words_[at + LL_B_RULE] < limits_.rules, "rule unknown", at);
            expect(words_[at + LL_B_EFFECT] < limits_.effects, "effect unknown", at);
            expect((words_[at + LL_B_FLAGS] & ((1U << LL_BOX_MORE) - 1)) < 16, "flag unknown", at);
            expect(((words_[at + LL_B_FLAGS] & LL_BOX_ALWAYS) != 0) == (box >= words_[LL_W_MAIN]),
                   "`always` box out of place", at);
            const std::uint64_t always =
                words_[at + LL_B_ALWAYS] | static_cast<std::uint64_t>(words_[at + LL_B_ALWAYS + 1]) << 32;
            expect(limits_.always >= 64 || always >> limits_.always == 0, "`always` layer unknown", at);
            for (std::uint32_t dim = 0; dim < LL_DIMS; ++dim) {
                test(dim, at + LL_B_SETS + dim);
            }
            const std::uint64_t entry = words_[at + LL_B_FLAGS] >> LL_BOX_MORE;
            if (entry != 0 && part(more, entry, LL_PARTS, "tests of parts outside")) {
                for (std::uint32_t i = 0; i < LL_PARTS; ++i) {
                    test(LL_DIMS + i, more + (entry - 1) * LL_PARTS + i);
                }
            }
        }
    }

    void test(std::uint32_t dim, std::uint64_t word) {
        const std::uint32_t set = words_[word] & ~LL_SET_NOT;
        expect(words_[word] == 0 ||
                   (words_[head(dim) + LL_D_ATOMS] > 0 && set > 0 && set <= words_[head(dim) + LL_D_SET_COUNT]),
               "set unknown", word);
    }

    void rest() {
        if (!ok()) {
            return;
        }
        if (part(words_[LL_W_FREE], words_[LL_W_FREE_N], 1, "free boxes outside")) {
            for (std::uint32_t i = 0; i < words_[LL_W_FREE_N]; ++i) {
                const std::uint32_t word = words_[LL_W_FREE] + i;
                expect(words_[word] < words_[LL_W_ALL], "box unknown", word);
                expect(i == 0 || words_[word - 1] < words_[word], "list not rising", word);
            }
        }
        expect(triggers_ + words_[LL_W_FREE_N] == words_[LL_W_ALL], "a box is never looked at, or twice", LL_W_ALL);
        expect(words_[LL_W_EFFECTS_N] == limits_.effects, "effects don't fit", LL_W_EFFECTS_N);
        if (part(words_[LL_W_EFFECTS], words_[LL_W_EFFECTS_N], LL_E_WORDS, "effects outside")) {
            for (std::uint32_t i = 0; i < words_[LL_W_EFFECTS_N]; ++i) {
                const std::uint32_t word = words_[LL_W_EFFECTS] + i * LL_E_WORDS;
                const std::uint32_t kind = words_[word] & ~LL_EFFECT_NNP;
                expect(kind >= LL_PASS && kind <= LL_DENY, "effect of no kind", word);
                expect(words_[word + LL_E_CLASS] < limits_.effects, "effect of no class", word);
                expect(words_[word + LL_E_SAME] < limits_.effects, "effect like no other", word);
            }
        }
        const std::uint32_t lineage = words_[head(LL_DIM_PARENT) + LL_D_ATOMS];
        part(words_[LL_W_LINEAGE], lineage, 2, "ancestor bits outside");
        if (words_[LL_W_MASKS_N] != LL_NOTHING) {
            part(words_[LL_W_MASKS], words_[LL_W_MASKS_N], 2, "ancestor values outside");
        }
        expect(words_[LL_W_GROUPS] <= 64 && words_[LL_W_GROUPS] == limits_.groups, "groups don't fit", LL_W_GROUPS);
    }

    std::span<const std::uint32_t> words_;
    const TableLimits& limits_;
    std::uint64_t triggers_ = 0;
    std::string problem_;
};

std::uint32_t kindOf(const object::Effect& effect) {
    const std::uint32_t nnp = effect.nnp ? LL_EFFECT_NNP : 0;
    switch (effect.kind) {
    case object::EffectKind::kApply:
        return LL_APPLY | nnp;
    case object::EffectKind::kDeny:
        return LL_DENY | nnp;
    case object::EffectKind::kPass:
        return LL_PASS | nnp;
    }
    return LL_NONE;
}

/// What valid tables say of a rule and of an effect is what the policy's lists say.
Result<void> agree(const object::Policy& policy) {
    const std::vector<std::uint32_t>& words = policy.tables;
    for (std::size_t i = 0; i < policy.effects.size(); ++i) {
        if (words[words[LL_W_EFFECTS] + i * LL_E_WORDS + LL_E_KIND] != kindOf(policy.effects[i])) {
            return Error{EINVAL, "match tables: effect " + std::to_string(i) + " is another than in the manifest"};
        }
    }
    for (std::uint32_t box = 0; box < words[LL_W_ALL]; ++box) {
        const std::uint32_t at = words[LL_W_BOXES] + box * LL_B_WORDS;
        const object::Rule& rule = policy.rules[words[at + LL_B_RULE]];
        if (rule.effect != words[at + LL_B_EFFECT] || rule.always != ((words[at + LL_B_FLAGS] & LL_BOX_ALWAYS) != 0)) {
            return Error{EINVAL, "match tables: what " + rule.file + ":" + std::to_string(rule.line) +
                                     " does is another thing than in the manifest"};
        }
    }
    return {};
}

} // namespace

Result<void> validate(std::span<const std::uint32_t> tables, const TableLimits& limits) {
    return Checker(tables, limits).run();
}

Result<void> validate(const object::Policy& policy) {
    TableLimits limits;
    limits.rules = static_cast<std::uint32_t>(policy.rules.size());
    limits.effects = static_cast<std::uint32_t>(policy.effects.size());
    limits.users = static_cast<std::uint32_t>(policy.users.size());
    limits.groups = static_cast<std::uint32_t>(policy.groups.size());
    limits.always = static_cast<std::uint32_t>(policy.always_rulesets.size());
    const Result<void> valid = validate(policy.tables, limits);
    return valid ? agree(policy) : valid;
}

} // namespace landlatch::match
