// SPDX-License-Identifier: Apache-2.0
// The question is put into the policy as one more condition, so that both have one space and all answers are set
// algebra: the execs meant are cut into cells of one decision each.
#include "compiler/query/explain.h"

#include "compiler/match/analysis.h"
#include "compiler/match/witness.h"
#include "compiler/query/cells.h"
#include "compiler/query/near.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace landlatch::query {

namespace {

using match::Box;
using match::Boxes;

constexpr std::size_t kMaxNodes = 50000;
constexpr std::size_t kMaxSteps = 20000;
/// Cells compared with each other to find the facts that matter.
constexpr std::size_t kMaxCompared = 400;

/// One fact of the space, to be let loose.
struct Aspect {
    std::string_view name;
    void (*free)(const match::Space&, Box&);
};
constexpr std::array<Aspect, 9> kAspects = {{
    {"exec", [](const match::Space& space, Box& box) { space.loosen(box, LL_DIM_EXEC); }},
    {"script", [](const match::Space& space, Box& box) { space.loosen(box, LL_DIM_SCRIPT); }},
    {"lineage",
     [](const match::Space& space, Box& box) {
         space.loosen(box, LL_DIM_PARENT);
         box.anc_req = box.anc_forb = 0;
     }},
    {"cgroup", [](const match::Space& space, Box& box) { space.loosen(box, LL_DIM_CGROUP); }},
    {"user", [](const match::Space& space, Box& box) { space.loosen(box, LL_DIM_USER); }},
    {"real user", [](const match::Space& space, Box& box) { space.loosen(box, LL_DIM_REAL_USER); }},
    {"group", [](const match::Space&, Box& box) { box.grp_req = box.grp_forb = 0; }},
    {"setuid",
     [](const match::Space&, Box& box) {
         box.flag_req &= ~LL_FLAG_SETUID;
         box.flag_forb &= ~LL_FLAG_SETUID;
     }},
    {"unlinked",
     [](const match::Space&, Box& box) {
         box.flag_req &= ~LL_FLAG_UNLINKED;
         box.flag_forb &= ~LL_FLAG_UNLINKED;
     }},
}};

/// The policy with the question as an `always` rule, which competes with nothing.
ir::Policy withQuestion(const ir::Policy& policy, ir::Condition condition) {
    ir::Policy out = policy;
    ir::Rule rule;
    rule.condition = std::move(condition);
    rule.always = true;
    rule.effect.kind = ir::Effect::Kind::kApply;
    out.rules.push_back(std::move(rule));
    return out;
}

class Explainer {
public:
    Explainer(const Loaded& loaded, const SourceManager& sources, const ExplainInput& input)
        : loaded_(loaded), sources_(sources), input_(input) {}

    Result<Explanation> run() {
        if (Result<void> ready = prepare(); !ready) {
            return ready.error();
        }
        const Error open{0, "these facts leave too many cases open; give some more"};
        if (!findCells()) {
            return open;
        }
        for (Case& one : explanation_.cases) {
            noteRules(one);
        }
        findDependences();
        findNear();
        if (space().tooLarge()) { // each of these may have asked too much
            return open;
        }
        return answerAccesses();
    }

private:
    Result<void> prepare() {
        Result<ir::Condition> condition = conditionOf(input_.facts, loaded_.policy);
        if (!condition) {
            return condition.error();
        }
        policy_ = withQuestion(loaded_.policy, *std::move(condition));
        diag::Sink sink; // the policy has been found right without the question
        std::optional<match::Analysis> analysis = match::analyse(policy_, sink);
        if (!analysis) {
            const bool empty = std::any_of(sink.all().begin(), sink.all().end(), [](const diag::Diagnostic& one) {
                return one.id == diag::Id::kRuleMatchesNothing || one.id == diag::Id::kPatternMatchesNothing;
            });
            return Error{0, empty ? "no exec has all of these facts" : sink.all().front().message()};
        }
        analysis_ = *std::move(analysis);
        question_ = analysis_.always.back().boxes;
        analysis_.always.pop_back();
        boxes_.resize(loaded_.policy.rules.size());
        for (const auto* rules : {&analysis_.competing, &analysis_.always}) {
            for (const match::Competitor& rule : *rules) {
                boxes_[rule.rule] = rule.boxes;
            }
        }
        return {};
    }

    [[nodiscard]] const ir::Rule& rule(ir::RuleId id) const { return loaded_.policy.rules[id]; }
    match::Space& space() { return *analysis_.space; }

    bool findCells() {
        std::vector<std::uint32_t> same_as;
        for (const match::TableEffect& effect : analysis_.table_effects) {
            same_as.push_back(effect.same_as);
        }
        const RankedRules rules = enforced(analysis_.rankedBoxes(policy_), std::move(same_as));
        return forEachCell(
            space(), question_, {&rules}, kMaxNodes,
            [&](const Box& box, const std::vector<CellDecision>& decisions) { addCell(box, decisions.front()); });
    }

    void addCell(const Box& box, const CellDecision& decision) {
        Case made;
        made.none = !decision.rule;
        if (decision.rule) {
            made.kind = rule(*decision.rule).effect.kind;
            made.deciders = {*decision.rule};
            apply(rule(*decision.rule).effect, made);
        }
        for (const std::uint32_t id : decision.always) {
            made.always.push_back(id);
            apply(rule(id).effect, made);
        }
        if (made.refused) { // then it does not matter who else adds what
            std::erase_if(made.always, [&](ir::RuleId id) { return rule(id).effect.kind != ir::Effect::Kind::kDeny; });
            made.rulesets.clear();
            made.nnp = false;
        }
        std::sort(made.rulesets.begin(), made.rulesets.end());
        made.rulesets.erase(std::unique(made.rulesets.begin(), made.rulesets.end()), made.rulesets.end());
        const match::Witness witness = match::witness(space(), box);
        made.example = match::factsText(space(), box, witness);
        made.length = witness.length;
        auto known = std::find_if(explanation_.cases.begin(), explanation_.cases.end(),
                                  [&](const Case& other) { return other.sameDecision(made); });
        if (known == explanation_.cases.end()) {
            explanation_.cases.push_back(std::move(made));
            cells_.emplace_back();
            known = explanation_.cases.end() - 1;
        } else {
            merge(made, *known);
        }
        cells_[static_cast<std::size_t>(known - explanation_.cases.begin())].push_back(box);
    }

    static void apply(const ir::Effect& effect, Case& to) {
        if (effect.kind == ir::Effect::Kind::kDeny) {
            to.why = to.refused ? to.why : effect.why;
            to.refused = true;
            return;
        }
        to.rulesets.insert(to.rulesets.end(), effect.rulesets.begin(), effect.rulesets.end());
        to.nnp = to.nnp || effect.nnp;
    }

    static void merge(const Case& from, Case& to) {
        const auto add = [](const std::vector<ir::RuleId>& more, std::vector<ir::RuleId>& all) {
            for (const ir::RuleId id : more) {
                if (std::find(all.begin(), all.end(), id) == all.end()) {
                    all.push_back(id);
                }
            }
        };
        add(from.deciders, to.deciders);
        add(from.always, to.always);
        if (from.length < to.length) {
            to.example = from.example;
            to.length = from.length;
        }
    }

    [[nodiscard]] const Boxes& cellsOf(const Case& one) const {
        return cells_[static_cast<std::size_t>(&one - explanation_.cases.data())];
    }

    /// The rules beside the deciding ones that match some exec of the case.
    void noteRules(Case& one) {
        for (const match::Competitor& competitor : analysis_.competing) {
            const ir::RuleId id = competitor.rule;
            if (std::find(one.deciders.begin(), one.deciders.end(), id) != one.deciders.end()) {
                continue;
            }
            const std::optional<Truth> truth = holds(space(), cellsOf(one), competitor.boxes);
            if (truth == Truth::kNo) {
                continue;
            }
            const std::string some = truth == Truth::kYes ? "" : "matches some of these execs; ";
            if (rule(id).audit) {
                one.lost.push_back({id, some + "is marked `audit`: reported, not enforced"});
            } else if (one.none) {
                continue;
            } else if (rule(id).effect.same(rule(one.deciders.front()).effect)) {
                one.agreed.push_back({id, some + "has the same effect"});
            } else {
                one.lost.push_back({id, some + whyBeaten(one.deciders, id)});
            }
        }
    }

    std::string whyBeaten(const std::vector<ir::RuleId>& deciders, ir::RuleId loser) {
        std::string why;
        for (const ir::RuleId winner : deciders) {
            std::string one = reason(winner, loser);
            if (!one.empty()) {
                why = std::move(one);
                break;
            }
        }
        return why.empty() ? "another rule with the same effect as the deciding one beats it" : why;
    }

    std::string reason(ir::RuleId winner, ir::RuleId loser) {
        std::size_t steps = kMaxSteps;
        const bool inside = match::subset(space(), boxes_[winner], boxes_[loser], steps).value_or(false);
        const bool around = match::subset(space(), boxes_[loser], boxes_[winner], steps).value_or(false);
        if (inside && !around) {
            return fmt::format("the deciding rule, {}, is more specific: it matches only execs that this one matches "
                               "too",
                               ruleText(winner));
        }
        for (const ir::Prefer& prefer : loaded_.policy.prefers) {
            if (prefer.winner == winner && prefer.loser == loser) {
                return fmt::format("`prefer` at {} puts the deciding rule over it", place(sources_, prefer.span));
            }
        }
        if (rule(winner).effect.kind == ir::Effect::Kind::kDeny && !around) {
            return "the deciding rule denies, and this one is not more specific";
        }
        return {};
    }

    [[nodiscard]] std::string ruleText(ir::RuleId id) const {
        const std::string where = place(sources_, rule(id).span);
        return rule(id).name.empty() ? where : fmt::format("{} ({})", rule(id).name, where);
    }

    /// A fact matters when two execs that differ in it alone are decided in two ways.
    void findDependences() {
        std::size_t all = 0;
        for (const Boxes& cells : cells_) {
            all += cells.size();
        }
        for (const Aspect& aspect : kAspects) {
            bool matters = all > kMaxCompared; // then all that could are named
            for (std::size_t i = 0; i < cells_.size() && !matters; ++i) {
                for (std::size_t j = i + 1; j < cells_.size() && !matters; ++j) {
                    matters = meet(aspect, cells_[i], cells_[j]);
                }
            }
            if (matters && cells_.size() > 1 && isRead(aspect)) {
                for (std::string& name : namesOf(aspect)) {
                    explanation_.depends_on.push_back(std::move(name));
                }
            }
        }
    }

    bool meet(const Aspect& aspect, const Boxes& a, const Boxes& b) {
        for (Box x : a) {
            aspect.free(space(), x);
            for (Box y : b) {
                aspect.free(space(), y);
                if (space().intersect(x, y)) {
                    return true;
                }
            }
        }
        return false;
    }

    bool isRead(const Aspect& aspect) {
        return std::any_of(cells_.begin(), cells_.end(), [&](const Boxes& cells) {
            return std::any_of(cells.begin(), cells.end(), [&](const Box& box) {
                Box free = box;
                aspect.free(space(), free);
                return free != box;
            });
        });
    }

    /// The facts behind an aspect that rules which may match read.
    std::vector<std::string> namesOf(const Aspect& aspect) {
        const bool lineage = aspect.name == "lineage";
        if (!lineage && aspect.name != "cgroup") {
            return {std::string(aspect.name)};
        }
        std::set<ir::Fact> facts;
        for (std::size_t id = 0; id < boxes_.size(); ++id) {
            forEachFact(policy_.rules[id].condition, [&](const ir::Condition& condition) {
                const ir::Fact fact = condition.fact.fact;
                const bool of_lineage = fact == ir::Fact::kParentExec || fact == ir::Fact::kAncestorExec;
                const bool of_cgroup = fact >= ir::Fact::kUnit && fact <= ir::Fact::kInContainer;
                if (lineage ? !of_lineage : !of_cgroup) {
                    return;
                }
                const std::optional<Boxes> boxes = match::toBoxes(space(), condition);
                if (boxes && holds(space(), question_, *boxes).value_or(Truth::kMaybe) == Truth::kMaybe &&
                    holds(space(), question_, boxes_[id]).value_or(Truth::kMaybe) == Truth::kMaybe) {
                    facts.insert(fact);
                }
            });
        }
        std::vector<std::string> names;
        for (const ir::Fact fact : facts) {
            names.emplace_back(factWord(fact));
        }
        return names;
    }

    void findNear() {
        for (ir::RuleId id = 0; id < boxes_.size(); ++id) {
            if (holds(space(), question_, boxes_[id]) != Truth::kNo) {
                continue;
            }
            const Misses misses = missesOf(space(), question_, policy_.rules[id].condition);
            if (misses.count == 1 && misses.met > 0) {
                const ir::Condition& failing = *misses.failing.front();
                explanation_.near.push_back({id, textOf(failing)});
            }
        }
    }

    [[nodiscard]] std::string textOf(const ir::Condition& condition) const {
        if (condition.kind == ir::Condition::Kind::kNot) {
            return "not " + textOf(condition.children.front());
        }
        const Span span = condition.fact.span.valid() ? condition.fact.span : condition.span;
        return span.valid() ? std::string(sources_.text(span)) : std::string(factWord(condition.fact.fact));
    }

    Result<Explanation> answerAccesses() {
        Result<std::vector<ParamValue>> params = paramValues(loaded_.object, input_.sets);
        if (!params) {
            return params.error();
        }
        Model model;
        model.params = *std::move(params);
        const Evaluator evaluator(loaded_.object, std::move(model));
        for (Case& one : explanation_.cases) {
            for (const Asked& asked : input_.asked) {
                answer(one, asked, evaluator);
            }
        }
        return std::move(explanation_);
    }

    void answer(Case& one, const Asked& asked, const Evaluator& evaluator) const {
        const bool fs = asked.question.category == abi::Category::kFs;
        const bool directory_only = fs && (std::uint64_t{1} << asked.question.bit & abi::kFileRights) == 0;
        if (directory_only && input_.asked.size() > 1 && evaluator.isFile(one.rulesets, asked.question.path)) {
            return; // a group asked of a file means the rights that files have
        }
        AccessAnswer answer;
        answer.text = asked.text;
        answer.allowed = one.refused ? Truth::kNo : Truth::kYes;
        if (one.refused) {
            answer.why = "the exec is refused, so nothing is accessed";
        } else if (one.rulesets.empty()) {
            answer.why = "no ruleset is applied";
        }
        for (const ir::RulesetId ruleset : one.rulesets) {
            const Verdict verdict = evaluator.judge(ruleset, asked.question, input_.kernel);
            answer.layers.push_back({ruleset, verdict, verdictText(verdict, loaded_.object, ruleset, input_.kernel)});
            if (verdict.allowed == Truth::kNo || answer.allowed == Truth::kNo) {
                answer.allowed = Truth::kNo;
            } else if (verdict.allowed == Truth::kMaybe) {
                answer.allowed = Truth::kMaybe;
            }
        }
        one.access.push_back(std::move(answer));
    }

    const Loaded& loaded_;
    const SourceManager& sources_;
    const ExplainInput& input_;
    ir::Policy policy_; ///< with the question
    match::Analysis analysis_;
    Boxes question_;
    std::vector<Boxes> boxes_; ///< by rule
    Explanation explanation_;
    std::vector<Boxes> cells_; ///< by case
};

} // namespace

std::string_view Case::word() const {
    if (refused) {
        return "deny";
    }
    if (!rulesets.empty()) {
        return "apply";
    }
    return none ? "none" : "pass";
}

bool Case::sameDecision(const Case& other) const {
    return word() == other.word() && rulesets == other.rulesets && nnp == other.nnp && why == other.why;
}

Result<Explanation> explain(const Loaded& loaded, const SourceManager& sources, const ExplainInput& input) {
    return Explainer(loaded, sources, input).run();
}

} // namespace landlatch::query
