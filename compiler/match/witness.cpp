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
        if (space.dim(dim).count == 0 || (box.sets[dim] == SetPool::kAll && dim != LL_DIM_PARENT)) {
            return std::uint32_t{0};
        }
        const std::uint32_t atom = shortestAtom(space, dim, box.sets[dim]);
        to = space.atoms(dim).examples[atom];
        w.length += box.sets[dim] == SetPool::kAll ? 0 : to.size();
        return atom;
    };
    path(LL_DIM_EXEC, w.exec);
    path(LL_DIM_SCRIPT, w.script);
    path(LL_DIM_CGROUP, w.cgroup);
    if (space.dim(LL_DIM_PARENT).count != 0) {
        std::uint64_t have = space.ancestorMask(path(LL_DIM_PARENT, w.parent));
        for (std::uint64_t missing = box.anc_req & ~have; missing != 0; missing = box.anc_req & ~have) {
            const auto bit = static_cast<std::uint32_t>(__builtin_ctzll(missing));
            const SetId fitting =
                space.sets(LL_DIM_PARENT).intersect(space.ancestorSet(bit), space.left(box.anc_forb).callers);
            const std::uint32_t atom = shortestAtom(space, LL_DIM_PARENT, fitting);
            w.ancestors.push_back(space.atoms(LL_DFA_LINEAGE).examples[atom]);
            w.length += w.ancestors.back().size();
            have |= space.ancestorMask(atom);
        }
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
    w.length += w.groups.size() + (w.setuid ? 1U : 0U) + (w.unlinked ? 1U : 0U);
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
    if (box.sets[LL_DIM_CGROUP] != SetPool::kAll) {
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
