// SPDX-License-Identifier: Apache-2.0
// One part of the tables after the other, into one array of words; the header last.
#include "compiler/match/emit.h"

#include "compiler/match/comb.h"
#include "compiler/match/pack.h"
#include "runtime/base/check.h"

#include <algorithm>
#include <map>
#include <set>

namespace landlatch::match {

namespace {

/// The automaton of a dimension of paths.
std::uint32_t dfaOf(std::uint32_t dim) { return dim < LL_DFAS ? dim : dim - LL_DIMS + LL_DFAS; }

class Emitter {
public:
    Emitter(Space& space, const std::vector<RankedBox>& boxes, const std::vector<TableEffect>& effects)
        : space_(space), boxes_(boxes), effects_(effects), words_(LL_W_HEADER, 0) {}

    Emitted run() {
        for (std::uint32_t dim = 0; dim < space_.dims(); ++dim) {
            numberSets(dim);
        }
        for (std::uint32_t dim = 0; dim < space_.dims(); ++dim) {
            automaton(dim);
        }
        chooseTriggers();
        for (std::uint32_t dim = 0; dim < space_.dims(); ++dim) {
            dimension(dim);
        }
        lineage();
        boxes();
        effects();
        words_.resize(words_.size() + LL_R_WORDS, LL_NOTHING);
        words_[LL_W_MAGIC] = LL_MAGIC;
        words_[LL_W_USED] = used_;
        words_[LL_W_GROUPS] = static_cast<std::uint32_t>(space_.groups().size());
        words_[LL_W_LENGTH] = here();
        return {std::move(words_), used_, candidates(), too_large_};
    }

private:
    [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(words_.size()); }
    void append(const std::vector<std::uint32_t>& words) { words_.insert(words_.end(), words.begin(), words.end()); }
    void append2(std::uint64_t value) {
        words_.push_back(static_cast<std::uint32_t>(value));
        words_.push_back(static_cast<std::uint32_t>(value >> 32));
    }
    std::uint32_t& dimWord(std::uint32_t dim, std::uint32_t index) {
        return words_[LL_W_DIM + dim * LL_D_WORDS + index];
    }

    /// The set as the table has it: always by its elements, with LL_SET_NOT for the others.
    SetId positive(std::uint32_t dim, SetId set) {
        return space_.sets(dim).isNegative(set) ? space_.sets(dim).complement(set) : set;
    }

    void numberSets(std::uint32_t dim) {
        for (const RankedBox& ranked : boxes_) {
            const SetId set = ranked.box.sets[dim];
            if (set != SetPool::kAll) {
                const auto fresh = static_cast<std::uint32_t>(set_numbers_[dim].size());
                if (set_numbers_[dim].emplace(positive(dim, set), fresh).second) {
                    set_order_[dim].push_back(positive(dim, set));
                }
                used_ |= 1U << space_.factOf(dim);
            }
        }
    }

    void automaton(std::uint32_t dim) {
        const Atoms& atoms = space_.atoms(dim);
        if (atoms.dfa.rows.empty()) {
            return;
        }
        const std::optional<PackedDfa> packed = pack(atoms.dfa, atoms.of);
        if (!packed) {
            too_large_ = true;
            return;
        }
        std::array<std::uint32_t, LL_A_WORDS> head{};
        head[LL_A_START] = packed->start;
        head[LL_A_BACKWARD] = atoms.dfa.direction == Direction::kBackward ? 1 : 0;
        head[LL_A_CLASSES] = here();
        for (std::uint32_t byte = 0; byte < 256; byte += 4) {
            std::uint32_t classes = 0;
            for (std::uint32_t i = 0; i < 4; ++i) {
                classes |= static_cast<std::uint32_t>(atoms.dfa.byte_class[byte + i]) << (8 * i);
            }
            words_.push_back(classes);
        }
        head[LL_A_CELLS] = here();
        head[LL_A_CELLS_N] = static_cast<std::uint32_t>(packed->cells.size());
        append(packed->cells);
        head[LL_A_CHAINS] = here();
        for (const std::array<std::uint32_t, 3>& chain : packed->chains) {
            words_.insert(words_.end(), chain.begin(), chain.end());
        }
        head[LL_A_CHAINS_N] = static_cast<std::uint32_t>(packed->chains.size());
        head[LL_A_LINKS] = here();
        head[LL_A_LINKS_N] = static_cast<std::uint32_t>(packed->links.size());
        append(packed->links);
        if (dim >= LL_DIMS) {
            head[LL_A_FACT] = space_.factOf(dim);
            words_[LL_W_PARTED] |= 1U << space_.factOf(dim);
            used_ |= LL_USED_PARTS;
        }
        std::copy(head.begin(), head.end(), words_.begin() + LL_W_DFA + dfaOf(dim) * LL_A_WORDS);
    }

    /// Each box is filed under its smallest set that is kept by its elements.
    void chooseTriggers() {
        for (std::uint32_t dim = 0; dim < space_.dims(); ++dim) {
            triggered_[dim].resize(set_order_[dim].size());
        }
        for (std::uint32_t i = 0; i < boxes_.size(); ++i) {
            std::uint32_t best = kMaxDims;
            for (std::uint32_t dim = 0; dim < space_.dims(); ++dim) {
                const SetId set = boxes_[i].box.sets[dim];
                if (!space_.sets(dim).isNegative(set) &&
                    (best == kMaxDims ||
                     space_.sets(dim).count(set) < space_.sets(best).count(boxes_[i].box.sets[best]))) {
                    best = dim;
                }
            }
            if (best == kMaxDims) {
                free_.push_back(i);
            } else {
                triggered_[best][set_numbers_[best].at(boxes_[i].box.sets[best])].push_back(i);
            }
        }
    }

    /// `lists` as begins and one array; returns the offsets of both and the array's length.
    void lists(const std::vector<std::vector<std::uint32_t>>& lists, std::uint32_t& begins, std::uint32_t& entries,
               std::uint32_t& count) {
        const std::uint32_t begins_at = here();
        std::uint32_t sum = 0;
        for (const auto& list : lists) {
            words_.push_back(sum);
            sum += static_cast<std::uint32_t>(list.size());
        }
        words_.push_back(sum);
        begins = begins_at;
        entries = here();
        count = sum;
        for (const auto& list : lists) {
            append(list);
        }
    }

    void dimension(std::uint32_t dim) {
        const Dimension& dimension = space_.dim(dim);
        if (dimension.count == 0) {
            return;
        }
        std::vector<std::vector<std::uint32_t>> in(dimension.count); // sets by atom
        std::vector<std::vector<std::uint32_t>> triggers(dimension.count);
        for (std::uint32_t number = 0; number < set_order_[dim].size(); ++number) {
            for (const std::uint32_t element : dimension.sets.elements(set_order_[dim][number])) {
                in[element + dimension.first].push_back(number);
                if (!triggered_[dim][number].empty()) {
                    triggers[element + dimension.first].push_back(number);
                }
            }
        }
        Comb comb;
        std::vector<std::uint32_t> bases;
        for (const auto& sets : in) {
            bases.push_back(comb.place(sets));
        }
        std::vector<std::uint32_t> cells(comb.size(), LL_NOTHING);
        for (std::uint32_t atom = 0; atom < dimension.count; ++atom) {
            for (const std::uint32_t set : in[atom]) {
                cells[bases[atom] + set] = atom;
            }
        }
        std::array<std::uint32_t, LL_D_WORDS> head{};
        head[LL_D_FIRST] = dimension.first;
        head[LL_D_ATOMS] = dimension.count;
        head[LL_D_SET_COUNT] = static_cast<std::uint32_t>(set_order_[dim].size());
        lists(triggers, head[LL_D_SETS_OF], head[LL_D_SETS], head[LL_D_SETS_N]);
        head[LL_D_BASE] = here();
        append(bases);
        head[LL_D_COMB] = here();
        head[LL_D_COMB_N] = comb.size();
        append(cells);
        lists(triggered_[dim], head[LL_D_BOXES_OF], head[LL_D_BOXES], head[LL_D_BOXES_N]);
        for (std::uint32_t i = 0; i < LL_D_WORDS; ++i) {
            dimWord(dim, i) = head[i];
        }
        std::uint32_t most = 0;
        for (const auto& sets : triggers) {
            std::uint32_t sum = 0;
            for (const std::uint32_t set : sets) {
                sum += static_cast<std::uint32_t>(triggered_[dim][set].size());
            }
            most = std::max(most, sum);
        }
        most_triggered_ += most;
    }

    /// Every set of ancestor bits that a lineage can have, or nothing when there are more than can be tried.
    void lineage() {
        words_[LL_W_LINEAGE] = here();
        for (const std::uint64_t mask : space_.ancestorMasks()) {
            append2(mask);
        }
        words_[LL_W_MASKS] = here();
        if (space_.ancestorBits() == 0) {
            return;
        }
        std::set<std::uint64_t> possible;
        const Dimension& parent = space_.dim(LL_DIM_PARENT);
        std::set<std::uint64_t> images;
        for (std::uint32_t atom = parent.first; atom < parent.count; ++atom) {
            images.insert(space_.ancestorMask(atom));
        }
        for (const std::uint64_t image : images) {
            std::vector<std::uint64_t> more = {image};
            for (const std::uint64_t mask : possible) {
                more.push_back(mask | image);
            }
            possible.insert(more.begin(), more.end());
            if (possible.size() > LL_MAX_COMPLETIONS) {
                words_[LL_W_MASKS_N] = LL_NOTHING;
                return;
            }
        }
        for (const std::uint64_t mask : possible) {
            append2(mask);
        }
        words_[LL_W_MASKS_N] = static_cast<std::uint32_t>(possible.size());
    }

    void boxes() {
        words_[LL_W_BOXES] = here();
        words_[LL_W_ALL] = static_cast<std::uint32_t>(boxes_.size());
        for (const RankedBox& ranked : boxes_) {
            const Box& box = ranked.box;
            words_[LL_W_MAIN] += (ranked.flags & LL_BOX_ALWAYS) != 0 ? 0 : 1;
            append({ranked.rule, ranked.effect, ranked.flags | moreOf(box) << LL_BOX_MORE,
                    box.flag_req | box.flag_forb << 16});
            append2(box.anc_req);
            append2(box.anc_forb);
            append2(box.grp_req);
            append2(box.grp_forb);
            append2(ranked.always);
            for (std::uint32_t dim = 0; dim < LL_DIMS; ++dim) {
                words_.push_back(testOf(box, dim));
            }
            used_ |= (box.anc_req | box.anc_forb) != 0 ? LL_UNKNOWN_ANCESTORS : 0;
            used_ |= (box.grp_req | box.grp_forb) != 0 ? LL_UNKNOWN_GROUPS : 0;
            used_ |= ((box.flag_req | box.flag_forb) & LL_FLAG_SETUID) != 0 ? LL_UNKNOWN_SETUID : 0;
            used_ |= ((box.flag_req | box.flag_forb) & LL_FLAG_UNLINKED) != 0 ? LL_UNKNOWN_UNLINKED : 0;
        }
        words_[LL_W_MORE] = here();
        for (const PartTests& tests : more_) {
            words_.insert(words_.end(), tests.begin(), tests.end());
        }
        words_[LL_W_FREE] = here();
        words_[LL_W_FREE_N] = static_cast<std::uint32_t>(free_.size());
        append(free_);
    }

    /// What a box asks of a dimension, as its word.
    std::uint32_t testOf(const Box& box, std::uint32_t dim) {
        const SetId set = box.sets[dim];
        const std::uint32_t negated = space_.sets(dim).isNegative(set) ? LL_SET_NOT : 0;
        return set == SetPool::kAll ? 0 : (set_numbers_[dim].at(positive(dim, set)) + 1) | negated;
    }

    /// 1 + the number of the entry for what a box asks of parts; 0 for nothing.
    std::uint32_t moreOf(const Box& box) {
        PartTests tests{};
        for (std::uint32_t dim = LL_DIMS; dim < space_.dims(); ++dim) {
            tests[dim - LL_DIMS] = testOf(box, dim);
        }
        if (tests == PartTests{}) {
            return 0;
        }
        const auto [at, fresh] = more_numbers_.emplace(tests, static_cast<std::uint32_t>(more_.size()));
        if (fresh) {
            more_.push_back(tests);
        }
        return at->second + 1;
    }

    void effects() {
        words_[LL_W_EFFECTS] = here();
        words_[LL_W_EFFECTS_N] = static_cast<std::uint32_t>(effects_.size());
        for (const TableEffect& effect : effects_) {
            append({effect.kind | (effect.nnp ? LL_EFFECT_NNP : 0), effect.beside});
            append2(effect.of_always);
            words_.push_back(effect.same_as);
        }
    }

    [[nodiscard]] std::uint32_t candidates() const {
        return most_triggered_ + static_cast<std::uint32_t>(free_.size());
    }

    using PartTests = std::array<std::uint32_t, LL_PARTS>;

    Space& space_;
    const std::vector<RankedBox>& boxes_;
    const std::vector<TableEffect>& effects_;
    std::vector<std::uint32_t> words_;
    std::uint32_t used_ = 0;
    std::uint32_t most_triggered_ = 0;
    bool too_large_ = false;
    std::array<std::map<SetId, std::uint32_t>, kMaxDims> set_numbers_;
    std::array<std::vector<SetId>, kMaxDims> set_order_;
    std::array<std::vector<std::vector<std::uint32_t>>, kMaxDims> triggered_; ///< boxes by set
    std::vector<PartTests> more_;
    std::map<PartTests, std::uint32_t> more_numbers_;
    std::vector<std::uint32_t> free_;
};

} // namespace

Emitted emit(Space& space, const std::vector<RankedBox>& boxes, const std::vector<TableEffect>& effects) {
    return Emitter(space, boxes, effects).run();
}

} // namespace landlatch::match
