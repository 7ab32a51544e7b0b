// SPDX-License-Identifier: Apache-2.0
// Shortest examples, put together.
#include "compiler/match/witness.h"

#include "runtime/base/check.h"

#include <algorithm>

namespace landlatch::match {

namespace {

/// The atom of a set with the shortest example.
std::uint32_t shortestAtom(const Space& space, std::uint32_t dim, SetId set) {
    const std::vector<std::string>& examples = space.atoms(dim).examples;
    const std::uint32_t first = space.dim(dim).first;
    std::uint32_t best = ~std::uint32_t{0};
    for (const std::uint32_t element : space.dim(dim).sets.elements(set)) {
        const std::uint32_t atom = element + first;
        if (best == ~std::uint32_t{0} || examples[atom].size() < examples[best].size()) {
            best = atom;
        }
    }
    LANDLATCH_CHECK(best != ~std::uint32_t{0});
    return best;
}

/// The caller and the ancestors that meet what a box asks of a lineage, of the fewest bytes together: a cover of the
/// required bits, found over all subsets of them where they are few.
class Lineage {
public:
    Lineage(Space& space, const Box& box) : space_(space), box_(box) {
        for (std::uint64_t rest = box.anc_req; rest != 0; rest &= rest - 1) {
            bits_.push_back(static_cast<std::uint32_t>(__builtin_ctzll(rest)));
        }
    }

    void write(Witness& w) {
        if (bits_.empty() || bits_.size() > kMaxExactBits) {
            const std::uint32_t caller = shortestAtom(space_, LL_DIM_PARENT, box_.sets[LL_DIM_PARENT]);
            w.parent = exampleOf(caller);
            addInTurn(space_.ancestorMask(caller), w);
        } else {
            addLeast(w);
        }
    }

private:
    static constexpr std::size_t kMaxExactBits = 6;
    static constexpr std::uint32_t kNobody = ~std::uint32_t{0};

    [[nodiscard]] const std::string& exampleOf(std::uint32_t atom) const {
        return space_.atoms(LL_DFA_LINEAGE).examples[atom];
    }

    /// For each bit that is missing still, the shortest image that meets it.
    void addInTurn(std::uint64_t have, Witness& w) {
        for (std::uint64_t missing = box_.anc_req & ~have; missing != 0; missing = box_.anc_req & ~have) {
            const auto bit = static_cast<std::uint32_t>(__builtin_ctzll(missing));
            const SetId fitting =
                space_.sets(LL_DIM_PARENT).intersect(space_.ancestorSet(bit), space_.left(box_.anc_forb).callers);
            const std::uint32_t atom = shortestAtom(space_, LL_DIM_PARENT, fitting);
            w.ancestors.push_back(exampleOf(atom));
            have |= space_.ancestorMask(atom);
        }
    }

    /// By subset of `bits_`: the shortest image of `set` that meets just these of them, or kNobody.
    std::vector<std::uint32_t> shortestBySubset(SetId set) {
        const Dimension& dim = space_.dim(LL_DIM_PARENT);
        std::vector<std::uint32_t> best(std::size_t{1} << bits_.size(), kNobody);
        for (const std::uint32_t element : dim.sets.elements(set)) {
            const std::uint32_t atom = element + dim.first;
            std::size_t meets = 0;
            for (std::size_t i = 0; i < bits_.size(); ++i) {
                meets |= (space_.ancestorMask(atom) >> bits_[i] & 1U) << i;
            }
            if (best[meets] == kNobody || exampleOf(atom).size() < exampleOf(best[meets]).size()) {
                best[meets] = atom;
            }
        }
        return best;
    }

    void addLeast(Witness& w) {
        struct Way {
            std::size_t length = 0;
            std::size_t from = 0;
            std::uint32_t atom = kNobody; ///< the last that was added; kNobody: not reached, but for the empty one
        };
        const std::size_t all = (std::size_t{1} << bits_.size()) - 1;
        const std::vector<std::uint32_t> callers = shortestBySubset(box_.sets[LL_DIM_PARENT]);
        const std::vector<std::uint32_t> others = shortestBySubset(space_.left(box_.anc_forb).callers);
        std::vector<Way> ways(all + 1);
        for (std::size_t met = 0; met <= all; ++met) {
            for (std::size_t more = 1; (met == 0 || ways[met].atom != kNobody) && more <= all; ++more) {
                if (others[more] == kNobody || (met | more) == met) {
                    continue;
                }
                Way& way = ways[met | more];
                const std::size_t length = ways[met].length + exampleOf(others[more]).size();
                if (way.atom == kNobody || length < way.length) {
                    way = {length, met, others[more]};
                }
            }
        }
        std::size_t best_length = 0;
        std::uint32_t best_caller = kNobody;
        std::size_t best_met = 0;
        for (std::size_t meets = 0; meets <= all; ++meets) {
            // What the caller leaves open, and perhaps more than that.
            for (std::size_t met = all; callers[meets] != kNobody; met = (met - 1) & all) {
                const bool reached = met == 0 || ways[met].atom != kNobody;
                const std::size_t length = exampleOf(callers[meets]).size() + ways[met].length;
                if (reached && (met | meets) == all && (best_caller == kNobody || length < best_length)) {
                    best_length = length;
                    best_caller = callers[meets];
                    best_met = met;
                }
                if (met == 0) {
                    break;
                }
            }
        }
        LANDLATCH_CHECK(best_caller != kNobody);
        w.parent = exampleOf(best_caller);
        for (std::size_t met = best_met; met != 0; met = ways[met].from) {
            w.ancestors.push_back(exampleOf(ways[met].atom));
        }
    }

    Space& space_;
    const Box& box_;
    std::vector<std::uint32_t> bits_; ///< required
};

const ir::IdName* userOf(const Space& space, std::uint32_t dim, SetId set) {
    const std::uint32_t element = space.dim(dim).sets.elements(set).front();
    return element == 0 ? nullptr : &space.users()[element - 1];
}

/// A path or cgroup as a test spells it.
std::string quoted(const std::string& path) {
    std::string text;
    bool bare = path.starts_with('/');
    for (const char c : glob::escape(path)) {
        if (c == '"' || c == '$') {
            text += '\\';
        }
        text += c;
        bare = bare && std::string_view(" \t,;()#\"").find(c) == std::string_view::npos;
    }
    return bare ? text : "\"" + text + "\"";
}

std::string idText(const ir::IdName* id, const std::vector<ir::IdName>& named) {
    if (id != nullptr) {
        return id->numeric ? std::to_string(id->number) : id->name;
    }
    for (const char* other : {"nobody", "other", "somebody"}) {
        if (std::none_of(named.begin(), named.end(), [&](const ir::IdName& name) { return name.name == other; })) {
            return other;
        }
    }
    return "65533";
}

} // namespace

Witness witness(Space& space, const Box& box) {
    Witness w;
    const auto path = [&](std::uint32_t dim, std::string& to) {
        const std::vector<JointPaths::In> asked = space.asked(box, dim);
        if (asked.size() > 1 || (asked.size() == 1 && asked.front().dim != dim)) {
            const bool lacks = std::all_of(asked.begin(), asked.end(), [&](const JointPaths::In& in) {
                return dim == LL_DIM_SCRIPT && space.sets(in.dim).contains(in.set, 0);
            });
            to = lacks ? std::string() : space.pathOf(asked).value_or(std::string());
        } else if (space.dim(dim).count != 0 && box.sets[dim] != SetPool::kAll) {
            to = space.atoms(dim).examples[shortestAtom(space, dim, box.sets[dim])];
        }
    };
    path(LL_DIM_EXEC, w.exec);
    path(LL_DIM_SCRIPT, w.script);
    path(LL_DIM_CGROUP, w.cgroup);
    if (space.dim(LL_DIM_PARENT).count != 0) {
        Lineage(space, box).write(w);
    }
    if (space.dim(LL_DIM_USER).count != 0) {
        w.user = userOf(space, LL_DIM_USER, box.sets[LL_DIM_USER]);
    }
    if (space.dim(LL_DIM_REAL_USER).count != 0) {
        w.real_user = userOf(space, LL_DIM_REAL_USER, box.sets[LL_DIM_REAL_USER]);
    }
    for (std::uint32_t bit = 0; bit < space.groups().size(); ++bit) {
        if ((box.grp_req >> bit & 1) != 0) {
            w.groups.push_back(&space.groups()[bit]);
        }
    }
    w.setuid = (box.flag_req & LL_FLAG_SETUID) != 0;
    w.unlinked = (box.flag_req & LL_FLAG_UNLINKED) != 0;
    w.length = w.exec.size() + w.script.size() + w.cgroup.size() + w.parent.size() + w.groups.size() +
               (w.setuid ? 1U : 0U) + (w.unlinked ? 1U : 0U);
    for (const std::string& ancestor : w.ancestors) {
        w.length += ancestor.size();
    }
    return w;
}

std::string factsText(Space& space, const Box& box, const Witness& w) {
    std::string text = "exec " + quoted(w.exec);
    if (w.unlinked) {
        text += " exec unlinked";
    }
    if (!w.script.empty()) {
        text += " script " + quoted(w.script);
    }
    if (box.sets[LL_DIM_PARENT] != SetPool::kAll || box.anc_req != 0) {
        text += " parent exec " + quoted(w.parent);
    }
    for (const std::string& ancestor : w.ancestors) {
        text += " ancestor exec " + quoted(ancestor);
    }
    if (!space.asked(box, LL_DIM_CGROUP).empty()) {
        text += " under cgroup " + quoted(w.cgroup);
    }
    if (space.dim(LL_DIM_USER).count != 0) {
        text += " user " + idText(w.user, space.users());
    }
    if (box.sets[LL_DIM_REAL_USER] != SetPool::kAll) {
        text += " real user " + idText(w.real_user, space.users());
    }
    for (const ir::IdName* group : w.groups) {
        text += " group " + idText(group, space.groups());
    }
    return text + (w.setuid ? " setuid" : "");
}

} // namespace landlatch::match
