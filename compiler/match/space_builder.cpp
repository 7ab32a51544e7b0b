// SPDX-License-Identifier: Apache-2.0
// From all conditions of a policy to automata, atoms and the set of each test.
#include "compiler/match/automata.h"
#include "compiler/match/space.h"
#include "compiler/match/words.h"

#include "runtime/base/check.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace landlatch::match {

namespace {

/// Which automaton reads a fact; unset for those that aren't paths.
std::optional<std::uint32_t> dfaOf(ir::Fact fact) {
    switch (fact) {
    case ir::Fact::kExec:
        return LL_DFA_EXEC;
    case ir::Fact::kScript:
        return LL_DFA_SCRIPT;
    case ir::Fact::kParentExec:
    case ir::Fact::kAncestorExec:
        return LL_DFA_LINEAGE;
    case ir::Fact::kUnit:
    case ir::Fact::kUserUnit:
    case ir::Fact::kSlice:
    case ir::Fact::kCgroup:
    case ir::Fact::kInContainer:
        return LL_DFA_CGROUP;
    case ir::Fact::kExecUnlinked:
    case ir::Fact::kUser:
    case ir::Fact::kRealUser:
    case ir::Fact::kGroup:
    case ir::Fact::kSetuid:
        return std::nullopt;
    }
    return std::nullopt;
}

CgroupForm formOf(ir::Fact fact) {
    switch (fact) {
    case ir::Fact::kUnit:
        return CgroupForm::kUnit;
    case ir::Fact::kUserUnit:
        return CgroupForm::kUserUnit;
    case ir::Fact::kSlice:
        return CgroupForm::kSlice;
    default:
        return CgroupForm::kPath;
    }
}

/// What a pattern of a fact is matched against, for messages.
std::string subjectOf(ir::Fact fact) {
    switch (formOf(fact)) {
    case CgroupForm::kUnit:
    case CgroupForm::kUserUnit:
        return "unit";
    case CgroupForm::kSlice:
        return "slice";
    case CgroupForm::kPath:
        break;
    }
    return dfaOf(fact) == LL_DFA_CGROUP ? "cgroup" : "path";
}

} // namespace

/// Friend of Space: fills it.
class SpaceBuilder {
public:
    SpaceBuilder(const ir::Policy& policy, diag::Sink& sink, const Room& some)
        : policy_(policy), sink_(sink), some_(some) {}

    std::optional<Space> run() {
        for (const ir::Rule& rule : policy_.rules) {
            collect(rule.condition);
        }
        for (std::uint32_t dfa = 0; dfa < LL_DFAS; ++dfa) {
            buildDfa(dfa);
        }
        if (space_.groups_.size() > kMaxBits) {
            sink_.report(diag::Id::kTooManyBits, space_.groups_[kMaxBits].span,
                         {std::to_string(space_.groups_.size()), "groups"});
        }
        if (sink_.hasErrors()) {
            return std::nullopt;
        }
        makeDimensions();
        makeSets();
        if (sink_.hasErrors()) {
            return std::nullopt;
        }
        return std::move(space_);
    }

private:
    struct Pattern {
        const ir::FactPattern* ir = nullptr;
        ir::Fact fact{};
    };
    /// One automaton's share of the vocabulary.
    struct Vocabulary {
        std::vector<Pattern> patterns;
        std::unordered_map<std::string, std::uint32_t> pattern_ids; ///< form and text
        std::vector<std::vector<std::uint32_t>> labels;             ///< by pattern
        WordsNumbers label_ids;                                     ///< sorted patterns
    };

    void collect(const ir::Condition& condition) {
        if (condition.kind == ir::Condition::Kind::kFact) {
            collect(condition.fact);
        }
        for (const ir::Condition& child : condition.children) {
            collect(child);
        }
    }

    void collect(const ir::FactTest& test) {
        if (const std::optional<std::uint32_t> dfa = dfaOf(test.fact)) {
            Vocabulary& words = vocabularies_[*dfa];
            std::vector<std::uint32_t> list;
            for (const ir::FactPattern& pattern : test.patterns) {
                const std::string key =
                    static_cast<char>('0' + static_cast<int>(formOf(test.fact))) + glob::toText(pattern.glob);
                const auto [at, fresh] =
                    words.pattern_ids.try_emplace(key, static_cast<std::uint32_t>(words.patterns.size()));
                if (fresh) {
                    words.patterns.push_back({&pattern, test.fact});
                    words.labels.emplace_back();
                }
                list.push_back(at->second);
            }
            std::sort(list.begin(), list.end());
            list.erase(std::unique(list.begin(), list.end()), list.end());
            const auto [at, fresh] =
                words.label_ids.try_emplace(list, static_cast<std::uint32_t>(words.label_ids.size()));
            if (fresh) {
                for (const std::uint32_t pattern : list) {
                    words.labels[pattern].push_back(at->second);
                }
            }
            path_tests_.push_back({&test, *dfa, at->second});
            return;
        }
        if (test.fact == ir::Fact::kUser || test.fact == ir::Fact::kRealUser) {
            user_tests_.push_back(&test);
            reads_user_[test.fact == ir::Fact::kRealUser ? 1 : 0] = true;
            for (const ir::IdName& id : test.ids) {
                addId(space_.users_, user_index_, id);
            }
        } else if (test.fact == ir::Fact::kGroup) {
            for (const ir::IdName& id : test.ids) {
                addId(space_.groups_, group_index_, id);
            }
        }
    }

    using IdIndex = std::map<std::pair<bool, std::string>, std::uint32_t>;
    static std::pair<bool, std::string> idKey(const ir::IdName& id) {
        return {id.numeric, id.numeric ? std::to_string(id.number) : id.name};
    }
    static void addId(std::vector<ir::IdName>& ids, IdIndex& index, const ir::IdName& id) {
        const auto [at, fresh] = index.emplace(idKey(id), static_cast<std::uint32_t>(ids.size()));
        if (fresh) {
            ids.push_back(id);
        } else if (!id.optional) {
            ids[at->second].optional = false; // required somewhere is required
        }
    }

    void buildDfa(std::uint32_t index) {
        const Vocabulary& words = vocabularies_[index];
        if (words.patterns.empty()) {
            return;
        }
        std::vector<PathPattern> patterns;
        for (const Pattern& pattern : words.patterns) {
            patterns.push_back({&pattern.ir->glob, formOf(pattern.fact)});
        }
        AutomataMaker maker(patterns, words.labels, index);
        if (refuseEmpty(words, maker.shortest())) {
            return;
        }
        const std::size_t most_parts = index == LL_DFA_LINEAGE ? 0 : LL_PARTS - space_.parts_.size();
        std::optional<Automata> made = maker.make(most_parts, some_);
        if (!made) {
            refuseLarge(words, maker.bound());
            return;
        }
        if (made->own) {
            space_.atoms_[index] = *std::move(made->own);
        }
        for (Atoms& part : made->parts) {
            space_.atoms_[space_.dims()] = std::move(part);
            space_.parts_.push_back(index);
            space_.parted_ |= 1U << index;
        }
    }

    bool refuseEmpty(const Vocabulary& words, const std::vector<std::uint32_t>& shortest) {
        bool any = false;
        for (std::uint32_t id = 0; id < words.patterns.size(); ++id) {
            if (shortest[id] != ~std::uint32_t{0}) {
                continue;
            }
            any = true;
            const Pattern& pattern = words.patterns[id];
            const std::string subject = subjectOf(pattern.fact);
            diag::Diagnostic& report =
                sink_.report(diag::Id::kPatternMatchesNothing, pattern.ir->span, {pattern.ir->text, subject});
            if (subject == "path" || subject == "cgroup") {
                report.note("paths are absolute, have no '//', '.' or '..' components and no '/' at the end, and at "
                            "most 4095 bytes");
            } else if (subject == "unit" && pattern.ir->text.ends_with(".slice")) {
                report.help("a slice is selected by `under slice`");
            } else {
                report.note("a " + subject + " is one component of the cgroup path, so its name has no '/'");
            }
        }
        return any;
    }

    void refuseLarge(const Vocabulary& words, std::size_t bound) {
        std::vector<const Pattern*> worst;
        for (const Pattern& pattern : words.patterns) {
            worst.push_back(&pattern);
        }
        std::stable_sort(worst.begin(), worst.end(),
                         [](const Pattern* a, const Pattern* b) { return stars(a->ir->glob) > stars(b->ir->glob); });
        worst.resize(std::min<std::size_t>(worst.size(), 4));
        std::string names;
        for (const Pattern* pattern : worst) {
            names += (names.empty() ? "`" : ", `") + pattern->ir->text + "`";
        }
        diag::Diagnostic& report =
            sink_.report(diag::Id::kAutomatonTooLarge, worst.front()->ir->span, {std::to_string(bound), names});
        for (std::size_t i = 1; i < worst.size(); ++i) {
            report.label(worst[i]->ir->span, "also here");
        }
        report.help("fewer patterns with `**` or `*` in the middle: each one doubles what has to be remembered");
    }

    void makeDimensions() {
        const auto size = [&](std::uint32_t dim, std::uint32_t first, std::uint32_t count) {
            space_.dims_[dim].first = first;
            space_.dims_[dim].count = count;
            space_.dims_[dim].sets = SetPool(std::max(count - first, 1U));
        };
        for (std::uint32_t dim = 0; dim < space_.dims(); ++dim) {
            if (!space_.atoms_[dim].dfa.rows.empty()) {
                size(dim, space_.atoms_[dim].first, space_.atoms_[dim].count);
            }
        }
        const auto users = static_cast<std::uint32_t>(space_.users_.size());
        for (std::uint32_t i = 0; i < 2; ++i) {
            if (reads_user_[i]) {
                size(i == 0 ? LL_DIM_USER : LL_DIM_REAL_USER, 0, users + 1);
            }
        }
    }

    void makeSets() {
        std::array<std::vector<std::vector<JointPaths::In>>, LL_DFAS> sets; // by label
        for (std::uint32_t dfa = 0; dfa < LL_DFAS; ++dfa) {
            sets[dfa].resize(vocabularies_[dfa].label_ids.size());
            for (std::uint32_t dim = 0; dim < space_.dims(); ++dim) {
                if (space_.factOf(dim) == dfa) {
                    addSets(dim, sets[dfa]);
                }
            }
            for (std::vector<JointPaths::In>& in : sets[dfa]) {
                if (in.empty()) {
                    in.push_back({dfa, SetPool::kEmpty});
                }
            }
        }
        space_.masks_.assign(std::max(space_.atoms_[LL_DFA_LINEAGE].count, 1U), 0);
        for (const PathTest& test : path_tests_) {
            const std::vector<JointPaths::In>& all = sets[test.dfa][test.label];
            if (test.test->fact == ir::Fact::kAncestorExec) {
                space_.test_bits_[test.test] = ancestorBit(all.front().set, test.test->span);
            } else if (all.size() == 1) {
                space_.test_sets_[test.test] = all.front();
            } else {
                space_.test_sets_[test.test] = {kMaxDims, static_cast<SetId>(space_.spread_tests_.size())};
                space_.spread_tests_.push_back(all);
            }
        }
        for (const ir::FactTest* test : user_tests_) {
            std::vector<std::uint32_t> elements;
            for (const ir::IdName& id : test->ids) {
                elements.push_back(1 + user_index_.at(idKey(id)));
            }
            std::sort(elements.begin(), elements.end());
            elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
            const std::uint32_t dim = test->fact == ir::Fact::kUser ? LL_DIM_USER : LL_DIM_REAL_USER;
            space_.test_sets_[test] = {dim, space_.dims_[dim].sets.intern(elements)};
        }
    }

    /// Adds the set of each label that has patterns in the dimension.
    void addSets(std::uint32_t dim, std::vector<std::vector<JointPaths::In>>& sets) {
        const Atoms& atoms = space_.atoms_[dim];
        std::vector<std::vector<std::uint32_t>> elements(sets.size());
        for (std::uint32_t atom = 1; atom < atoms.count; ++atom) {
            for (const std::uint32_t label : atoms.labels[atom]) {
                elements[label].push_back(atom - atoms.first);
            }
        }
        for (std::size_t label = 0; label < sets.size(); ++label) {
            if (!elements[label].empty()) {
                sets[label].push_back({dim, space_.dims_[dim].sets.intern(elements[label])});
            }
        }
    }

    /// Tests of one set of images are one bit.
    std::uint32_t ancestorBit(SetId set, Span span) {
        const auto at = std::find(space_.ancestor_sets_.begin(), space_.ancestor_sets_.end(), set);
        const auto bit = static_cast<std::uint32_t>(at - space_.ancestor_sets_.begin());
        if (at != space_.ancestor_sets_.end()) {
            return bit;
        }
        if (bit == kMaxBits) {
            if (!too_many_ancestors_) {
                sink_.report(diag::Id::kTooManyBits, span,
                             {"more than " + std::to_string(kMaxBits), "`ancestor exec` conditions"});
            }
            too_many_ancestors_ = true;
            return 0;
        }
        space_.ancestor_sets_.push_back(set);
        const Atoms& atoms = space_.atoms_[LL_DFA_LINEAGE];
        for (const std::uint32_t element : space_.dims_[LL_DIM_PARENT].sets.elements(set)) {
            space_.masks_[element + atoms.first] |= std::uint64_t{1} << bit;
        }
        return bit;
    }

    struct PathTest {
        const ir::FactTest* test;
        std::uint32_t dfa;
        std::uint32_t label;
    };

    const ir::Policy& policy_;
    diag::Sink& sink_;
    const Room& some_; ///< of an automaton, before anything else is tried
    Space space_;
    std::array<Vocabulary, LL_DFAS> vocabularies_;
    std::vector<PathTest> path_tests_;
    std::vector<const ir::FactTest*> user_tests_;
    std::array<bool, 2> reads_user_{};
    IdIndex user_index_;
    IdIndex group_index_;
    bool too_many_ancestors_ = false;
};

std::optional<Space> Space::build(const ir::Policy& policy, diag::Sink& sink, const Room& some) {
    return SpaceBuilder(policy, sink, some).run();
}

} // namespace landlatch::match
