// SPDX-License-Identifier: Apache-2.0
// A parent gives grants only: those that the child doesn't handle fall away, and a parent reached by two ways gives
// them once.
#include "compiler/sema/rulesets.h"

#include "compiler/ir/dump.h"
#include "compiler/sema/except.h"
#include "compiler/sema/own_ruleset.h"
#include "compiler/sema/rights.h"

#include <algorithm>
#include <set>

namespace landlatch::sema {

namespace {

class Extender {
public:
    Extender(const Declarations& declarations, const std::vector<FileAbi>& abis, Variables& variables, Context& context)
        : declarations_(declarations), context_(context), parents_(declarations.rulesets().size()),
          ancestors_(parents_.size()), states_(parents_.size(), State::kUnseen) {
        const auto count = static_cast<DeclId>(parents_.size());
        own_.reserve(count);
        for (DeclId id = 0; id < count; ++id) {
            const std::uint32_t abi = abis[declarations.rulesets()[id].module].abi;
            own_.push_back(buildOwnRuleset(declarations, id, abi, variables, context));
        }
    }

    std::vector<ir::Ruleset> run() {
        const auto count = static_cast<DeclId>(own_.size());
        for (DeclId id = 0; id < count; ++id) {
            resolveParents(id);
        }
        for (DeclId id = 0; id < count; ++id) {
            collectAncestors(id);
        }
        std::vector<bool> is_parent(count);
        for (DeclId id = 0; id < count; ++id) {
            for (const std::vector<DeclId>& above : {parents_[id], ancestors_[id]}) {
                for (const DeclId parent : above) {
                    is_parent[parent] = true;
                }
            }
        }
        std::vector<ir::Ruleset> result;
        result.reserve(count);
        for (DeclId id = 0; id < count; ++id) {
            checkLeaves(id);
            result.push_back(unite(id, is_parent[id] ? own_[id] : std::move(own_[id])));
            checkExcepts(result.back());
        }
        return result;
    }

private:
    enum class State : std::uint8_t { kUnseen, kOpen, kDone };

    [[nodiscard]] const ast::Ruleset& astOf(DeclId id) const { return *declarations_.rulesets()[id].ruleset; }

    void resolveParents(DeclId id) {
        std::set<DeclId> seen;
        for (const ast::Name& name : astOf(id).extends) {
            const std::optional<DeclId> parent = declarations_.findRuleset(declarations_.rulesets()[id].module, name);
            if (!parent) {
                continue;
            }
            if (!seen.insert(*parent).second) {
                context_.report(diag::Id::kRepeated, name.span, {name.text()});
                continue;
            }
            parents_[id].push_back(*parent);
        }
    }

    /// All rulesets above `id`, each once, nearest first in the order of `extends`.
    void collectAncestors(DeclId id) {
        if (states_[id] == State::kDone) {
            return;
        }
        states_[id] = State::kOpen;
        open_.push_back(id);
        std::set<DeclId> seen;
        for (std::size_t i = 0; i < parents_[id].size(); ++i) {
            const DeclId parent = parents_[id][i];
            if (states_[parent] == State::kOpen) {
                reportCycle(id, i);
                continue;
            }
            if (open_.size() > kMaxExtendsDepth) {
                reportDepth(astOf(id).extends.front().span);
                continue;
            }
            collectAncestors(parent);
            addAncestor(id, parent, seen);
            for (const DeclId above : ancestors_[parent]) {
                addAncestor(id, above, seen);
            }
        }
        open_.pop_back();
        states_[id] = State::kDone;
    }

    void addAncestor(DeclId id, DeclId ancestor, std::set<DeclId>& seen) {
        if (total_ancestors_ < kMaxTotalGrants && seen.insert(ancestor).second) {
            ancestors_[id].push_back(ancestor);
            if (++total_ancestors_ == kMaxTotalGrants) {
                reportTotal(id);
            }
        }
    }

    void reportTotal(DeclId id) {
        if (!total_reported_) {
            context_.report(diag::Id::kTooManyGrants, own_[id].span, {"the policy", std::to_string(kMaxTotalGrants)});
            total_reported_ = true;
        }
    }

    void reportDepth(Span where) {
        if (!depth_reported_) {
            context_.report(diag::Id::kNestsTooDeep, where, {"extends", std::to_string(kMaxExtendsDepth)});
            depth_reported_ = true;
        }
    }

    void reportCycle(DeclId id, std::size_t parent_index) {
        const DeclId parent = parents_[id][parent_index];
        std::string chain;
        for (auto it = std::find(open_.begin(), open_.end(), parent); it != open_.end(); ++it) {
            chain += "`" + own_[*it].name + "` extends ";
        }
        context_.report(diag::Id::kExtendsCycle, spanOfParent(id, parent), {chain + "`" + own_[parent].name + "`"});
    }

    /// Where `id` names `parent`.
    Span spanOfParent(DeclId id, DeclId parent) {
        for (const ast::Name& name : astOf(id).extends) {
            if (name.parts.back().text == astOf(parent).name.text || name.text() == own_[parent].name) {
                return name.span;
            }
        }
        return astOf(id).extends.empty() ? own_[id].span : astOf(id).extends.front().span;
    }

    void checkLeaves(DeclId id) {
        const ir::Ruleset& child = own_[id];
        ir::Access missing;
        std::string who;
        for (const DeclId parent : parents_[id]) {
            const ir::Access here = own_[parent].left & child.handled;
            if (!empty(here)) {
                missing = missing | here;
                who += (who.empty() ? "`" : ", `") + own_[parent].name + "`";
            }
        }
        if (empty(missing)) {
            return;
        }
        const std::string names = compactNames(missing, vocabulary(child.abi));
        const Span whole = declarations_.rulesets()[id].span;
        diag::Diagnostic& diagnostic = context_.report(diag::Id::kParentLeaves, child.span, {who, names, child.name});
        if (whole.valid() && whole.end > whole.begin) {
            const Span before_brace{whole.file, whole.end - 1, whole.end - 1};
            diagnostic.fix(before_brace, "leave " + names + " unrestricted ", "leave it here too");
        }
    }

    /// `result`: what the ruleset says itself.
    ir::Ruleset unite(DeclId id, ir::Ruleset result) {
        std::size_t count = result.paths.size() + result.ports.size();
        bool too_many = false;
        for (const DeclId ancestor : ancestors_[id]) {
            const ir::Ruleset& parent = own_[ancestor];
            count += parent.paths.size() + parent.ports.size();
            too_many = too_many || count > kMaxGrants || total_grants_ + count > kMaxTotalGrants;
            if (too_many) {
                break;
            }
            for (ir::PathGrant grant : parent.paths) {
                grant.access &= result.handled.fs;
                if (grant.access != 0) {
                    result.paths.push_back(std::move(grant));
                }
            }
            for (ir::PortGrant grant : parent.ports) {
                grant.access &= result.handled.net;
                if (grant.access != 0) {
                    result.ports.push_back(grant);
                }
            }
        }
        if (too_many && count > kMaxGrants) {
            context_.report(diag::Id::kTooManyGrants, result.span,
                            {"ruleset `" + result.name + "`", std::to_string(kMaxGrants)});
        } else if (too_many) {
            reportTotal(id);
        }
        total_grants_ += result.paths.size() + result.ports.size();
        return result;
    }

    // --- except ---

    /// One grant of the final ruleset, cut up.
    struct Cut {
        const ir::PathGrant* grant = nullptr;
        Steps path;
        std::vector<Steps> excepts;
    };

    void checkExcepts(const ir::Ruleset& ruleset) {
        std::size_t excepts = 0;
        for (const ir::PathGrant& grant : ruleset.paths) {
            excepts += grant.except.size();
        }
        if (excepts == 0) {
            return;
        }
        if (excepts > kMaxExcepts) {
            reportTooManyExcepts(ruleset);
            return;
        }
        std::vector<Cut> cuts;
        for (const ir::PathGrant& grant : ruleset.paths) {
            Cut one{&grant, cut(grant.path, grant.kind == ir::PathKind::kEach), {}};
            for (const ir::PathTemplate& except : grant.except) {
                one.excepts.push_back(cut(except, true));
            }
            cuts.push_back(std::move(one));
        }
        std::size_t work = 0;
        for (const Cut& holder : cuts) {
            for (std::size_t i = 0; i < holder.excepts.size(); ++i) {
                for (const Cut& other : cuts) {
                    work += comparisonCost(holder.excepts[i], other.path);
                }
                if (work > kMaxExceptWork) {
                    reportTooManyExcepts(ruleset);
                    return;
                }
                checkExcept(holder, i, cuts);
            }
        }
    }

    void reportTooManyExcepts(const ir::Ruleset& ruleset) {
        context_.report(diag::Id::kTooManyExcepts, ruleset.span, {ruleset.name, std::to_string(kMaxExcepts)});
    }

    void checkExcept(const Cut& holder, std::size_t index, const std::vector<Cut>& cuts) {
        const Steps& except = holder.excepts[index];
        for (const Cut& other : cuts) {
            if (&other != &holder && givesBack(other, except)) {
                const ir::PathTemplate& written = holder.grant->except[index];
                std::string text;
                for (const ir::PathPiece& piece : written.pieces) {
                    text += piece.param ? "$…" : piece.text;
                }
                context_.report(diag::Id::kExceptGivenBack, other.grant->span, {text})
                    .label(written.span, "excepted here")
                    .help("Landlock adds grants up: take it out of this one with `except` too, or drop the exception");
                return;
            }
        }
    }

    static bool givesBack(const Cut& other, const Steps& except) {
        // A grant of something at or below what is excepted.
        if (atOrAbove(except, other.path) == Answer::kYes) {
            return true;
        }
        if (other.grant->kind == ir::PathKind::kFile || atOrAbove(other.path, except) != Answer::kYes) {
            return false;
        }
        return std::none_of(other.excepts.begin(), other.excepts.end(),
                            [&](const Steps& own) { return includes(own, except); });
    }

    const Declarations& declarations_;
    Context& context_;
    std::vector<ir::Ruleset> own_;
    std::vector<std::vector<DeclId>> parents_;
    std::vector<std::vector<DeclId>> ancestors_;
    std::vector<State> states_;
    std::vector<DeclId> open_;
    std::size_t total_ancestors_ = 0;
    std::size_t total_grants_ = 0;
    bool depth_reported_ = false;
    bool total_reported_ = false;
};

} // namespace

std::vector<ir::Ruleset> buildRulesets(const Declarations& declarations, const std::vector<FileAbi>& abis,
                                       Variables& variables, Context& context) {
    return Extender(declarations, abis, variables, context).run();
}

} // namespace landlatch::sema
