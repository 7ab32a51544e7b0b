// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/question.h"

#include "compiler/sema/containers.h"
#include "compiler/sema/paths.h"
#include "compiler/sema/units.h"
#include "runtime/base/check.h"
#include "runtime/glob/glob.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <functional>

namespace landlatch::query {

namespace {

ir::Condition fact(ir::Fact kind) {
    ir::Condition condition;
    condition.fact.fact = kind;
    return condition;
}

ir::Condition negated(ir::Condition condition) {
    ir::Condition out;
    out.kind = ir::Condition::Kind::kNot;
    out.children.push_back(std::move(condition));
    return out;
}

class Builder {
public:
    explicit Builder(const ir::Policy& policy) : policy_(policy) {}

    void add(ir::Condition condition) { parts_.push_back(std::move(condition)); }

    Result<void> paths(ir::Fact kind, const std::vector<std::string>& texts) {
        if (texts.empty()) {
            return {};
        }
        ir::Condition condition = fact(kind);
        for (const std::string& text : texts) {
            if (const std::string_view problem = sema::canonicalProblem(text); !problem.empty()) {
                return Error{0, fmt::format("{} {} {}", factWord(kind), text, problem)};
            }
            addPattern(condition, glob::escape(text), glob::Escapes::kPath);
        }
        add(std::move(condition));
        return {};
    }

    Result<void> units(ir::Fact kind, const std::vector<std::string>& texts, std::string_view suffix) {
        if (texts.empty()) {
            return {};
        }
        ir::Condition condition = fact(kind);
        for (const std::string& text : texts) {
            if (text.empty() || text.find('/') != std::string::npos) {
                return Error{0, fmt::format("{} `{}` is no unit's name", factWord(kind), text)};
            }
            const bool bare = sema::unitSuffix(text).empty();
            addPattern(condition, escapedUnit(bare ? text + std::string(suffix) : text), glob::Escapes::kUnit);
        }
        add(std::move(condition));
        return {};
    }

    /// Exactly these cgroups: under one of them, and not under a child.
    Result<void> cgroups(const std::vector<std::string>& texts) {
        ir::Condition any;
        any.kind = ir::Condition::Kind::kOr;
        for (const std::string& text : texts) {
            if (const std::string_view problem = sema::canonicalProblem(text); !problem.empty()) {
                return Error{0, fmt::format("cgroup {} {}", text, problem)};
            }
            ir::Condition at = fact(ir::Fact::kCgroup);
            addPattern(at, escapedUnit(text), glob::Escapes::kUnit);
            ir::Condition below = fact(ir::Fact::kCgroup);
            addPattern(below, (text == "/" ? "" : escapedUnit(text)) + "/?*", glob::Escapes::kUnit);
            ir::Condition both;
            both.kind = ir::Condition::Kind::kAnd;
            both.children.push_back(std::move(at));
            both.children.push_back(negated(std::move(below)));
            any.children.push_back(std::move(both));
        }
        if (!texts.empty()) {
            add(std::move(any));
        }
        return {};
    }

    void ids(ir::Fact kind, const std::vector<std::string>& names) {
        if (names.empty()) {
            return;
        }
        ir::Condition condition = fact(kind);
        for (const std::string& name : names) {
            condition.fact.ids.push_back(id(name));
        }
        add(std::move(condition));
    }

    /// Numbers beyond those that ids can have, cut off, would mean others.
    static Result<void> checkIds(ir::Fact kind, const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            const bool number = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
            if (number && (name.size() > 10 || std::stoull(name) >= 0xffffffffULL)) {
                return Error{0, fmt::format("{} {} is above the largest id, 4294967294", factWord(kind), name)};
            }
        }
        return {};
    }

    /// All groups: those named, and none else that the policy reads.
    void groups(const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            ids(ir::Fact::kGroup, {name});
        }
        eachTest(ir::Fact::kGroup, [&](const ir::FactTest& test) {
            for (const ir::IdName& group : test.ids) {
                const bool given = std::any_of(names.begin(), names.end(),
                                               [&](const std::string& name) { return id(name).sameId(group); });
                if (!given) {
                    ir::Condition condition = fact(ir::Fact::kGroup);
                    condition.fact.ids.push_back(group);
                    add(negated(std::move(condition)));
                }
            }
        });
    }

    /// The whole lineage: no `ancestor exec` of the policy holds but for one of these.
    void onlyAncestors(std::vector<std::string> images) {
        eachTest(ir::Fact::kAncestorExec, [&](const ir::FactTest& test) {
            const bool met = std::any_of(images.begin(), images.end(), [&](const std::string& image) {
                return std::any_of(test.patterns.begin(), test.patterns.end(),
                                   [&](const ir::FactPattern& pattern) { return glob::matches(pattern.glob, image); });
            });
            if (!met) {
                ir::Condition condition = fact(ir::Fact::kAncestorExec);
                condition.fact.patterns = test.patterns;
                add(negated(std::move(condition)));
            }
        });
    }

    void flag(ir::Fact kind, const std::optional<bool>& value) {
        if (value) {
            add(*value ? fact(kind) : negated(fact(kind)));
        }
    }

    void container(const std::optional<bool>& value) {
        if (!value) {
            return;
        }
        ir::Condition condition = fact(ir::Fact::kInContainer);
        for (const sema::ContainerPattern& pattern : sema::kContainerPatterns) {
            addPattern(condition, std::string(pattern.cgroup), glob::Escapes::kUnit);
        }
        add(*value ? std::move(condition) : negated(std::move(condition)));
    }

    void noScript() {
        ir::Condition any = fact(ir::Fact::kScript);
        addPattern(any, "/**", glob::Escapes::kPath);
        add(negated(std::move(any)));
    }

    ir::Condition take() {
        ir::Condition all;
        all.kind = ir::Condition::Kind::kAnd;
        all.children = std::move(parts_);
        return all;
    }

private:
    static void addPattern(ir::Condition& condition, const std::string& text, glob::Escapes escapes) {
        Result<glob::Sequence> parsed = glob::parse(text, escapes);
        LANDLATCH_CHECK(parsed || text.size() > glob::kMaxPatternBytes);
        if (parsed) {
            condition.fact.patterns.push_back({text, *std::move(parsed), {}});
        }
    }

    /// Escaped for a pattern in which `\xHH` is itself.
    static std::string escapedUnit(const std::string& text) {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool as_systemd = text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x' &&
                                    std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0 &&
                                    std::isxdigit(static_cast<unsigned char>(text[i + 3])) != 0;
            const bool meaning = std::string_view("*?[]{},!\\").find(text[i]) != std::string_view::npos;
            out += meaning && !as_systemd ? std::string("\\") + text[i] : std::string(1, text[i]);
        }
        return out;
    }

    static ir::IdName id(const std::string& name) {
        ir::IdName made;
        made.name = name;
        made.numeric = !name.empty() && name.size() <= 10 && name.find_first_not_of("0123456789") == std::string::npos;
        made.number = made.numeric ? static_cast<std::uint32_t>(std::stoull(name)) : 0;
        return made;
    }

    void eachTest(ir::Fact kind, const std::function<void(const ir::FactTest&)>& visit) const {
        for (const ir::Rule& rule : policy_.rules) {
            forEachFact(rule.condition, [&](const ir::Condition& condition) {
                if (condition.fact.fact == kind) {
                    visit(condition.fact);
                }
            });
        }
    }

    const ir::Policy& policy_;
    std::vector<ir::Condition> parts_;
};

} // namespace

std::string_view factWord(ir::Fact fact) {
    static constexpr std::string_view kWords[] = {"exec", "unlinked",  "script", "parent", "ancestor",
                                                  "unit", "user unit", "slice",  "cgroup", "container",
                                                  "user", "real user", "group",  "setuid"};
    return kWords[static_cast<std::size_t>(fact)];
}

Result<ir::Condition> conditionOf(const Facts& facts, const ir::Policy& policy) {
    Builder builder(policy);
    std::vector<Result<void>> done;
    done.push_back(builder.paths(ir::Fact::kExec, facts.exec));
    done.push_back(builder.paths(ir::Fact::kScript, facts.script));
    done.push_back(builder.paths(ir::Fact::kParentExec, facts.parent));
    for (const std::string& ancestor : facts.ancestors) {
        done.push_back(builder.paths(ir::Fact::kAncestorExec, {ancestor}));
    }
    done.push_back(builder.units(ir::Fact::kUnit, facts.unit, ".service"));
    done.push_back(builder.units(ir::Fact::kUserUnit, facts.user_unit, ".service"));
    done.push_back(builder.units(ir::Fact::kSlice, facts.slice, ".slice"));
    done.push_back(builder.cgroups(facts.cgroup));
    done.push_back(Builder::checkIds(ir::Fact::kUser, facts.user));
    done.push_back(Builder::checkIds(ir::Fact::kRealUser, facts.real_user));
    done.push_back(Builder::checkIds(ir::Fact::kGroup, facts.groups));
    for (const Result<void>& one : done) {
        if (!one) {
            return one.error();
        }
    }
    if (facts.no_script) {
        builder.noScript();
    }
    if (!facts.ancestors.empty()) {
        std::vector<std::string> images = facts.ancestors;
        images.insert(images.end(), facts.parent.begin(), facts.parent.end());
        builder.onlyAncestors(std::move(images));
    }
    builder.ids(ir::Fact::kUser, facts.user);
    builder.ids(ir::Fact::kRealUser, facts.real_user);
    if (!facts.groups.empty() || facts.no_groups) {
        builder.groups(facts.groups);
    }
    builder.flag(ir::Fact::kSetuid, facts.setuid);
    builder.flag(ir::Fact::kExecUnlinked, facts.unlinked);
    builder.container(facts.container);
    return builder.take();
}

} // namespace landlatch::query
