// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/conditions.h"

#include "compiler/sema/containers.h"
#include "compiler/sema/paths.h"
#include "compiler/sema/units.h"
#include "runtime/base/check.h"
#include "runtime/glob/glob.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace landlatch::sema {

namespace {

/// What a fact's items are.
enum class Form : std::uint8_t { kNone, kPath, kUnit, kSlice, kCgroup, kId };

struct FactShape {
    ir::Fact fact;
    Form form;
};

FactShape shapeOf(ast::Fact fact) {
    switch (fact) {
    case ast::Fact::kExec:
    case ast::Fact::kFile: // as exec here, and as script
        return {ir::Fact::kExec, Form::kPath};
    case ast::Fact::kExecUnlinked:
        return {ir::Fact::kExecUnlinked, Form::kNone};
    case ast::Fact::kScript:
        return {ir::Fact::kScript, Form::kPath};
    case ast::Fact::kParentExec:
        return {ir::Fact::kParentExec, Form::kPath};
    case ast::Fact::kAncestorExec:
        return {ir::Fact::kAncestorExec, Form::kPath};
    case ast::Fact::kUnit:
        return {ir::Fact::kUnit, Form::kUnit};
    case ast::Fact::kUserUnit:
        return {ir::Fact::kUserUnit, Form::kUnit};
    case ast::Fact::kSlice:
        return {ir::Fact::kSlice, Form::kSlice};
    case ast::Fact::kCgroup:
        return {ir::Fact::kCgroup, Form::kCgroup};
    case ast::Fact::kInContainer:
        return {ir::Fact::kInContainer, Form::kNone};
    case ast::Fact::kUser:
        return {ir::Fact::kUser, Form::kId};
    case ast::Fact::kRealUser:
        return {ir::Fact::kRealUser, Form::kId};
    case ast::Fact::kGroup:
        return {ir::Fact::kGroup, Form::kId};
    case ast::Fact::kSetuid:
        return {ir::Fact::kSetuid, Form::kNone};
    }
    LANDLATCH_CHECK(false);
}

bool holdsDoubleStar(const glob::Sequence& sequence) {
    return std::any_of(sequence.begin(), sequence.end(), [](const glob::Node& node) {
        return node.kind == glob::Node::Kind::kDoubleStar ||
               std::any_of(node.alternatives.begin(), node.alternatives.end(), holdsDoubleStar);
    });
}

bool holdsSlash(const glob::Sequence& sequence) {
    return std::any_of(sequence.begin(), sequence.end(), [](const glob::Node& node) {
        return node.literal.find('/') != std::string::npos ||
               std::any_of(node.alternatives.begin(), node.alternatives.end(), holdsSlash);
    });
}

std::size_t nodesOf(const glob::Sequence& sequence) {
    std::size_t count = sequence.size();
    for (const glob::Node& node : sequence) {
        for (const glob::Sequence& branch : node.alternatives) {
            count += 1 + nodesOf(branch);
        }
    }
    return count;
}

/// Whether the glob's text shows that no absolute path matches; other ways to match nothing are found by match.
bool startsRelative(const glob::Sequence& sequence) {
    if (sequence.empty()) {
        return true;
    }
    const glob::Node& first = sequence.front();
    return (first.kind == glob::Node::Kind::kLiteral && !first.literal.starts_with('/')) ||
           first.kind == glob::Node::Kind::kClass;
}

class Builder {
public:
    Builder(ModuleId module, Variables& variables, Context& context)
        : module_(module), variables_(variables), context_(context) {}

    std::optional<ir::Condition> condition(const ast::Condition& source, std::size_t depth) {
        if (depth > kMaxConditionDepth) {
            context_.report(diag::Id::kNestsTooDeep, source.span, {"condition", std::to_string(kMaxConditionDepth)});
            return std::nullopt;
        }
        if (source.kind == ast::Condition::Kind::kFact) {
            return fact(source.fact);
        }
        ir::Condition result;
        result.kind = source.kind == ast::Condition::Kind::kNot   ? ir::Condition::Kind::kNot
                      : source.kind == ast::Condition::Kind::kAnd ? ir::Condition::Kind::kAnd
                                                                  : ir::Condition::Kind::kOr;
        result.span = source.span;
        bool complete = !source.children.empty();
        for (const ast::Condition& child : source.children) {
            std::optional<ir::Condition> built = condition(child, depth + 1);
            complete = complete && built;
            if (built) {
                result.children.push_back(std::move(*built));
            }
        }
        return complete ? std::optional(std::move(result)) : std::nullopt;
    }

private:
    std::optional<ir::Condition> fact(const ast::FactTest& source) {
        const FactShape shape = shapeOf(source.fact);
        ir::Condition result;
        result.span = source.span;
        result.fact.fact = shape.fact;
        result.fact.span = source.span;
        if (shape.form == Form::kNone) {
            const bool fine = shape.fact != ir::Fact::kInContainer || fillContainers(result.fact);
            return fine ? std::optional(std::move(result)) : std::nullopt;
        }
        if (!items(source, shape.form, result.fact)) {
            return std::nullopt;
        }
        return source.fact == ast::Fact::kFile ? execOrScript(std::move(result)) : std::move(result);
    }

    static ir::Condition execOrScript(ir::Condition exec) {
        ir::Condition script = exec;
        script.fact.fact = ir::Fact::kScript;
        ir::Condition either;
        either.kind = ir::Condition::Kind::kOr;
        either.span = exec.span;
        either.children.push_back(std::move(exec));
        either.children.push_back(std::move(script));
        return either;
    }

    bool fillContainers(ir::FactTest& test) {
        for (const ContainerPattern& pattern : kContainerPatterns) {
            Result<glob::Sequence> parsed = glob::parse(pattern.cgroup, glob::Escapes::kUnit);
            LANDLATCH_CHECK(parsed);
            if (!context_.spendNodes(nodesOf(*parsed), test.span)) {
                return false;
            }
            test.patterns.push_back({std::string(pattern.cgroup), std::move(*parsed), test.span});
        }
        return true;
    }

    bool items(const ast::FactTest& source, Form form, ir::FactTest& test) {
        bool complete = !source.items.empty();
        std::set<std::string> seen;
        for (const ast::FactItem& item : source.items) {
            const std::vector<Text> texts = variables_.expand(module_, item.pattern);
            complete = complete && !texts.empty();
            const bool by_variable = item.pattern.pieces.size() == 1 && item.pattern.pieces[0].is_variable;
            for (const Text& text : texts) {
                if (text.firstParam() != nullptr) {
                    context_.report(diag::Id::kParamInCondition, item.pattern.span,
                                    {variables_.params()[*text.firstParam()->param].name});
                    complete = false;
                    continue;
                }
                std::string key;
                if (!oneItem(text, item.optional, form, test, key)) {
                    complete = false;
                } else if (!seen.insert(key).second) {
                    dropRepeated(form, test);
                    if (!by_variable) {
                        context_.report(diag::Id::kRepeated, item.pattern.span, {key});
                    }
                }
            }
        }
        return complete;
    }

    static void dropRepeated(Form form, ir::FactTest& test) {
        if (form == Form::kId) {
            test.ids.pop_back();
        } else {
            test.patterns.pop_back();
        }
    }

    bool oneItem(const Text& text, bool optional, Form form, ir::FactTest& test, std::string& key) {
        if (form == Form::kId) {
            std::optional<ir::IdName> id = buildId(text, optional, context_);
            if (!id) {
                return false;
            }
            key = id->numeric ? std::to_string(id->number) : id->name;
            test.ids.push_back(std::move(*id));
            return true;
        }
        const std::string source = text.plain();
        Result<glob::Sequence> parsed =
            glob::parse(source, form == Form::kPath ? glob::Escapes::kPath : glob::Escapes::kUnit);
        if (!parsed) {
            context_.report(diag::Id::kBadGlob, text.span, {parsed.error().message});
            return false;
        }
        // `file` makes two facts of one, hence twice.
        if (!fits(form, source, *parsed, text.span) || !context_.spendNodes(2 * nodesOf(*parsed), text.span)) {
            return false;
        }
        key = glob::toText(*parsed);
        test.patterns.push_back({key, std::move(*parsed), text.span});
        return true;
    }

    bool fits(Form form, const std::string& source, glob::Sequence& pattern, Span where) {
        switch (form) {
        case Form::kPath:
            return fitsPath(source, pattern, where, "paths are absolute");
        case Form::kCgroup:
            return fitsPath(source, pattern, where,
                            "cgroups are written from the root of the cgroup tree, as /proc/PID/cgroup shows them");
        case Form::kUnit:
            return fitsUnit(source, pattern, where);
        case Form::kSlice:
            return fitsSlice(source, pattern, where);
        case Form::kNone:
        case Form::kId:
            break;
        }
        LANDLATCH_CHECK(false);
    }

    bool fitsPath(const std::string& source, const glob::Sequence& pattern, Span where, std::string_view rule) {
        if (startsRelative(pattern)) {
            context_.report(diag::Id::kPatternNotAbsolute, where, {source, std::string(rule)});
            return false;
        }
        if (glob::isLiteral(pattern)) {
            const std::string literal = glob::literalText(pattern);
            if (const std::string_view problem = canonicalProblem(literal); !problem.empty()) {
                context_.report(diag::Id::kPathNotCanonical, where, {literal, std::string(problem)});
                return false;
            }
        }
        if (const std::size_t at = source.find("/**/"); at != std::string::npos) {
            context_.report(diag::Id::kDoubleStarSkipsOne, where, {source, withoutLevel(source, at)})
                .help("`/{,**/}` matches both");
        }
        return true;
    }

    static std::string withoutLevel(std::string source, std::size_t at) { return source.erase(at, 3); }

    bool fitsName(const std::string& source, const glob::Sequence& pattern, Span where, std::string_view kind) {
        std::string_view problem;
        if (pattern.empty()) {
            problem = "is empty";
        } else if (holdsSlash(pattern)) {
            problem = "holds a `/`";
        } else if (holdsDoubleStar(pattern)) {
            problem = "holds `**`; names are one component, `*` matches all of it";
        }
        if (problem.empty()) {
            return true;
        }
        diag::Diagnostic& diagnostic =
            context_.report(diag::Id::kBadUnitName, where, {std::string(kind), source, std::string(problem)});
        if (holdsSlash(pattern)) {
            diagnostic.help("`under cgroup` takes whole paths");
        }
        return false;
    }

    bool fitsUnit(const std::string& source, glob::Sequence& pattern, Span where) {
        if (!fitsName(source, pattern, where, "unit")) {
            return false;
        }
        if (endsIn(pattern, ".slice")) {
            context_.report(diag::Id::kUnitIsSlice, where, {source}).help("a slice holds units: write `under slice`");
            return false;
        }
        addUnitSuffix(pattern, ".service");
        return true;
    }

    bool fitsSlice(const std::string& source, glob::Sequence& pattern, Span where) {
        if (!fitsName(source, pattern, where, "slice")) {
            return false;
        }
        addUnitSuffix(pattern, ".slice");
        if (glob::isLiteral(pattern) && unitSuffix(glob::literalText(pattern)) != ".slice") {
            context_.report(diag::Id::kBadUnitName, where, {"slice", source, "is another kind of unit"})
                .help("write `under unit`");
            return false;
        }
        return true;
    }

    ModuleId module_;
    Variables& variables_;
    Context& context_;
};

} // namespace

std::optional<ir::IdName> buildId(const Text& text, bool optional, Context& context) {
    const Result<glob::Sequence> parsed = glob::parse(text.plain());
    std::string_view problem;
    ir::IdName id;
    id.optional = optional;
    id.span = text.span;
    if (!parsed) {
        context.report(diag::Id::kBadGlob, text.span, {parsed.error().message});
        return std::nullopt;
    }
    id.name = glob::literalText(*parsed);
    const bool digits =
        !id.name.empty() && std::all_of(id.name.begin(), id.name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.firstParam() != nullptr || !glob::isLiteral(*parsed)) {
        problem = "is a pattern; users and groups are named one by one";
    } else if (id.name.empty() || id.name.size() > 255 || id.name.find_first_of("/:,\n\t ") != std::string::npos ||
               id.name[0] == '-' || id.name[0] == '+') {
        problem = "is neither a name nor a number";
    } else if (digits && id.name.size() > 1 && id.name[0] == '0') {
        problem = "has leading zeros";
    } else if (digits) {
        const auto [end, error] = std::from_chars(id.name.data(), id.name.data() + id.name.size(), id.number);
        id.numeric = true;
        // The last number is the kernel's "no id".
        if (error != std::errc() || end != id.name.data() + id.name.size() || id.number == ~std::uint32_t{0}) {
            problem = "is above 4294967294";
        }
    }
    if (!problem.empty()) {
        context.report(diag::Id::kBadId, text.span, {text.plain(), std::string(problem)});
        return std::nullopt;
    }
    return id;
}

std::optional<ir::Condition> buildCondition(ModuleId module, const ast::Rule& rule, Variables& variables,
                                            Context& context) {
    Builder builder(module, variables, context);
    if (!rule.when) {
        return std::nullopt;
    }
    std::optional<ir::Condition> when = builder.condition(*rule.when, 0);
    if (!rule.unless) {
        return when;
    }
    std::optional<ir::Condition> unless = builder.condition(*rule.unless, 0);
    if (!when || !unless) {
        return std::nullopt;
    }
    ir::Condition negated;
    negated.kind = ir::Condition::Kind::kNot;
    negated.span = unless->span;
    negated.children.push_back(std::move(*unless));
    ir::Condition both;
    both.kind = ir::Condition::Kind::kAnd;
    both.span = when->span;
    both.children.push_back(std::move(*when));
    both.children.push_back(std::move(negated));
    return both;
}

bool reads(const ir::Condition& condition, std::initializer_list<ir::Fact> facts, bool positive) {
    struct Walk {
        std::initializer_list<ir::Fact> facts;
        bool positive;
        bool operator()(const ir::Condition& c, bool negated) const {
            if (c.kind == ir::Condition::Kind::kFact) {
                return !(positive && negated) && std::find(facts.begin(), facts.end(), c.fact.fact) != facts.end();
            }
            const bool below = negated != (c.kind == ir::Condition::Kind::kNot);
            return std::any_of(c.children.begin(), c.children.end(),
                               [&](const ir::Condition& child) { return (*this)(child, below); });
        }
    };
    return Walk{facts, positive}(condition, false);
}

} // namespace landlatch::sema
