// SPDX-License-Identifier: Apache-2.0
// Facts to atoms, atoms to a decision, a decision to rulesets.
#include "runtime/match/matcher.h"

#include "runtime/match/validate.h"

#include <algorithm>
#include <bit>

namespace landlatch::match {

namespace {

/// What ll_dfa_walk gives for a path that is none.
constexpr std::uint32_t kUnknown = 0;

std::uint32_t bit(std::uint32_t dim) { return 1U << dim; }

} // namespace

Result<Matcher> Matcher::create(const object::Policy& policy, const IdResolution& ids) {
    if (Result<void> checked = validate(policy); !checked) {
        return checked.error();
    }
    if (ids.users.size() != policy.users.size() || ids.groups.size() != policy.groups.size()) {
        return Error{EINVAL, "users and groups were resolved for another policy"};
    }
    Matcher matcher;
    matcher.tables_ = policy.tables;
    matcher.effects_ = policy.effects;
    matcher.always_rulesets_ = policy.always_rulesets;
    const auto fill = [](std::vector<IdAtom>& to, const std::vector<std::optional<std::uint32_t>>& from,
                         std::uint32_t first) {
        for (std::uint32_t i = 0; i < from.size(); ++i) {
            if (from[i]) {
                to.push_back({*from[i], first + i});
            }
        }
        std::sort(to.begin(), to.end(), [](const IdAtom& a, const IdAtom& b) { return a.id < b.id; });
        return std::adjacent_find(to.begin(), to.end(),
                                  [](const IdAtom& a, const IdAtom& b) { return a.id == b.id; }) == to.end();
    };
    if (!fill(matcher.users_, ids.users, 1) || !fill(matcher.groups_, ids.groups, 0)) {
        return Error{EINVAL, "two users or two groups of the policy are one id"};
    }
    return matcher;
}

std::uint32_t Matcher::pathAtom(std::uint32_t dfa, const std::optional<std::string_view>& path) const {
    if (!path || path->size() > LL_MAX_PATH) {
        return kUnknown;
    }
    return ll_dfa_walk(tables_.data(), static_cast<std::uint32_t>(tables_.size()), dfa, path->data(),
                       static_cast<std::uint32_t>(path->size()));
}

Lineage Matcher::begin(std::optional<std::string_view> image) const {
    Lineage lineage;
    lineage.ancestors_known = true;
    return after(lineage, image);
}

Lineage Matcher::after(const Lineage& before, std::optional<std::string_view> image) const {
    Lineage lineage = before;
    lineage.image_atom = pathAtom(LL_DFA_LINEAGE, image);
    lineage.image_known = lineage.image_atom != kUnknown;
    lineage.ancestors_known = before.ancestors_known && lineage.image_known;
    lineage.ancestors |=
        ll_lineage_mask(tables_.data(), static_cast<std::uint32_t>(tables_.size()), lineage.image_atom);
    return lineage;
}

/// All that a lineage comes from: the automaton's classes, cells, chains and links, and the ancestor conditions
/// of its atoms.
std::array<std::span<const std::uint32_t>, 5> Matcher::lineageTables() const {
    constexpr std::size_t kClassWords = 256 / 4;
    const std::span<const std::uint32_t> all(tables_);
    const auto automaton = all.subspan(LL_W_DFA + std::size_t{LL_DFA_LINEAGE} * LL_A_WORDS, LL_A_WORDS);
    const auto parent = all.subspan(LL_W_DIM + std::size_t{LL_DIM_PARENT} * LL_D_WORDS, LL_D_WORDS);
    if (automaton[LL_A_CELLS_N] == 0) {
        return {};
    }
    return {all.subspan(automaton[LL_A_CLASSES], kClassWords),
            all.subspan(automaton[LL_A_CELLS], automaton[LL_A_CELLS_N]),
            all.subspan(automaton[LL_A_CHAINS], std::size_t{3} * automaton[LL_A_CHAINS_N]),
            all.subspan(automaton[LL_A_LINKS], automaton[LL_A_LINKS_N]),
            all.subspan(tables_[LL_W_LINEAGE], std::size_t{2} * parent[LL_D_ATOMS])};
}

bool Matcher::sharesLineage(const Matcher& other) const {
    const auto start = [](const Matcher& matcher) {
        constexpr std::size_t kLineage = LL_W_DFA + std::size_t{LL_DFA_LINEAGE} * LL_A_WORDS;
        return std::pair{matcher.tables_[kLineage + LL_A_START], matcher.tables_[kLineage + LL_A_BACKWARD]};
    };
    const auto ours = lineageTables();
    const auto others = other.lineageTables();
    return start(*this) == start(other) &&
           std::equal(ours.begin(), ours.end(), others.begin(),
                      [](const auto& a, const auto& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); });
}

ll_facts Matcher::reduce(const ExecFacts& exec) const {
    ll_facts facts{};
    const auto size = static_cast<std::uint32_t>(tables_.size());
    const auto path = [&](std::uint32_t dim, std::uint32_t dfa, const std::optional<std::string_view>& text) {
        facts.atom[dim] = pathAtom(dfa, text);
        const bool known =
            facts.atom[dim] != kUnknown && ll_parts_walk(tables_.data(), size, dim, text->data(),
                                                         static_cast<std::uint32_t>(text->size()), facts.part) != 0;
        facts.unknown |= known ? 0 : bit(dim);
    };
    const auto user = [&](std::uint32_t dim, const std::optional<std::uint32_t>& id) {
        if (!id) {
            facts.unknown |= bit(dim);
            return;
        }
        const auto at = std::lower_bound(users_.begin(), users_.end(), *id,
                                         [](const IdAtom& atom, std::uint32_t wanted) { return atom.id < wanted; });
        facts.atom[dim] = at != users_.end() && at->id == *id ? at->value : 0;
    };
    path(LL_DIM_EXEC, LL_DFA_EXEC, exec.exec);
    switch (exec.script.kind) {
    case Script::Kind::kNone:
        break; // atom 0
    case Script::Kind::kPath:
        path(LL_DIM_SCRIPT, LL_DFA_SCRIPT, exec.script.path);
        break;
    case Script::Kind::kUnreadable:
        facts.unknown |= bit(LL_DIM_SCRIPT);
        break;
    }
    path(LL_DIM_CGROUP, LL_DFA_CGROUP, exec.cgroup);
    facts.atom[LL_DIM_PARENT] = exec.lineage.image_atom;
    facts.unknown |= exec.lineage.image_known ? 0 : bit(LL_DIM_PARENT);
    facts.ancestors = exec.lineage.ancestors;
    facts.unknown |= exec.lineage.ancestors_known ? 0 : LL_UNKNOWN_ANCESTORS;
    user(LL_DIM_USER, exec.euid);
    user(LL_DIM_REAL_USER, exec.ruid);
    if (exec.groups) {
        for (const gid_t gid : *exec.groups) {
            const auto at = std::lower_bound(groups_.begin(), groups_.end(), gid,
                                             [](const IdAtom& atom, gid_t wanted) { return atom.id < wanted; });
            facts.groups |= at != groups_.end() && at->id == gid ? 1ULL << at->value : 0;
        }
    }
    facts.unknown |= exec.groups ? 0 : LL_UNKNOWN_GROUPS;
    facts.flags |= exec.setuid.value_or(false) ? LL_FLAG_SETUID : 0;
    facts.unknown |= exec.setuid ? 0 : LL_UNKNOWN_SETUID;
    facts.flags |= exec.unlinked.value_or(false) ? LL_FLAG_UNLINKED : 0;
    facts.unknown |= exec.unlinked ? 0 : LL_UNKNOWN_UNLINKED;
    return facts;
}

View Matcher::view(std::uint32_t kind, std::uint32_t rule, std::uint32_t effect, std::uint32_t nnp,
                   std::uint64_t always) const {
    View view;
    view.kind = static_cast<ll_kind>(kind);
    if (rule != LL_NOTHING) {
        view.rule = rule;
    }
    if (kind == LL_DENY || kind == LL_REFUSE) {
        return view;
    }
    view.nnp = nnp != 0;
    if (kind == LL_APPLY) {
        view.rulesets = effects_[effect].rulesets;
    }
    for (; always != 0; always &= always - 1) {
        view.rulesets.push_back(always_rulesets_[static_cast<std::size_t>(std::countr_zero(always))]);
    }
    std::sort(view.rulesets.begin(), view.rulesets.end());
    view.rulesets.erase(std::unique(view.rulesets.begin(), view.rulesets.end()), view.rulesets.end());
    return view;
}

Decision Matcher::decide(const ExecFacts& exec) const {
    const ll_facts facts = reduce(exec);
    Decision decision;
    ll_decide(tables_.data(), static_cast<std::uint32_t>(tables_.size()), &facts, &decision.raw);
    const ll_decision& raw = decision.raw;
    decision.enforced = view(raw.kind, raw.rule, raw.effect, raw.nnp, raw.always);
    decision.audited = view(raw.audit_kind, raw.audit_rule, raw.audit_effect, raw.audit_nnp, raw.audit_always);
    return decision;
}

} // namespace landlatch::match
