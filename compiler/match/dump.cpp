// SPDX-License-Identifier: Apache-2.0
// Nothing here depends on addresses, hashes or places of files.
#include "compiler/match/dump.h"

#include "compiler/match/analysis.h"

#include <array>

namespace landlatch::match {

namespace {

std::string dimName(const Space& space, std::uint32_t dim) {
    constexpr std::array<const char*, LL_DIMS> kNames = {"exec", "script", "parent", "cgroup", "user", "real user"};
    const std::string name = kNames[space.factOf(dim)];
    return dim < LL_DIMS ? name : name + " part " + std::to_string(dim - LL_DIMS + 1);
}

bool isPath(std::uint32_t dim) { return dim < LL_DFAS || dim >= LL_DIMS; }

std::string idText(const ir::IdName& id) { return id.numeric ? std::to_string(id.number) : id.name; }

std::string atomText(const Space& space, std::uint32_t dim, std::uint32_t atom) {
    if (dim == LL_DIM_USER || dim == LL_DIM_REAL_USER) {
        return atom == 0 ? "any other" : idText(space.users()[atom - 1]);
    }
    return space.factOf(dim) == LL_DIM_SCRIPT && atom == 0 ? "none" : space.atoms(dim).examples[atom];
}

std::string setText(const Space& space, std::uint32_t dim, SetId set) {
    const Dimension& dimension = space.dim(dim);
    std::string text = dimension.sets.isNegative(set) ? "not {" : "{";
    const char* separator = "";
    for (const std::uint32_t element : dimension.sets.kept(set)) {
        text += separator + std::to_string(element + dimension.first);
        separator = " ";
    }
    return text + "}";
}

void addBits(std::string& text, std::uint64_t required, std::uint64_t forbidden, const char* name,
             const std::vector<ir::IdName>* ids) {
    for (std::uint32_t bit = 0; bit < 64; ++bit) {
        for (const bool forbid : {false, true}) {
            if (((forbid ? forbidden : required) >> bit & 1) != 0) {
                text += std::string(forbid ? " no " : " ") + name + " " +
                        (ids != nullptr ? idText((*ids)[bit]) : std::to_string(bit));
            }
        }
    }
}

std::string boxText(const Space& space, const Box& box) {
    std::string text;
    for (std::uint32_t dim = 0; dim < space.dims(); ++dim) {
        if (box.sets[dim] != SetPool::kAll) {
            text += " " + dimName(space, dim) + " " + setText(space, dim, box.sets[dim]);
        }
    }
    addBits(text, box.anc_req, box.anc_forb, "ancestor", nullptr);
    addBits(text, box.grp_req, box.grp_forb, "group", &space.groups());
    const std::array<std::pair<std::uint32_t, const char*>, 2> flags = {
        {{LL_FLAG_SETUID, "setuid"}, {LL_FLAG_UNLINKED, "unlinked"}}};
    for (const auto& [flag, name] : flags) {
        text += (box.flag_req & flag) != 0 ? std::string(" ") + name : "";
        text += (box.flag_forb & flag) != 0 ? std::string(" no ") + name : "";
    }
    return text.empty() ? " any exec" : text;
}

} // namespace

std::optional<std::string> dump(const ir::Policy& policy, diag::Sink& sink) {
    const std::optional<Analysis> analysis = analyse(policy, sink);
    if (!analysis) {
        return std::nullopt;
    }
    const Space& space = *analysis->space;
    std::string text;
    for (std::uint32_t dim = 0; dim < space.dims(); ++dim) {
        const Dimension& dimension = space.dim(dim);
        if (dimension.count == 0) {
            continue;
        }
        text += dimName(space, dim) + ":";
        if (isPath(dim)) {
            text += " " + std::to_string(space.atoms(dim).dfa.rows.size()) + " states";
        }
        text += "\n";
        for (std::uint32_t atom = dimension.first; atom < dimension.count; ++atom) {
            text += "  " + std::to_string(atom) + " " + atomText(space, dim, atom) + "\n";
        }
    }
    for (std::uint32_t bit = 0; bit < space.ancestorBits(); ++bit) {
        text += "ancestor " + std::to_string(bit) + ": " + setText(space, LL_DIM_PARENT, space.ancestorSet(bit)) + "\n";
    }
    text += "boxes:\n";
    for (const RankedBox& ranked : analysis->rankedBoxes(policy)) {
        const ir::Rule& rule = policy.rules[ranked.rule];
        text += "  rule " + (rule.name.empty() ? "#" + std::to_string(ranked.rule) : rule.name) +
                ((ranked.flags & LL_BOX_ALWAYS) != 0 ? " always" : "") +
                ((ranked.flags & LL_BOX_ENFORCED) == 0  ? " audit"
                 : (ranked.flags & LL_BOX_AUDITED) == 0 ? " enforced"
                                                        : "") +
                ":" + boxText(space, ranked.box) + " -> " + effectText(policy, rule.effect) + "\n";
    }
    return text;
}

} // namespace landlatch::match
