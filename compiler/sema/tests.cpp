// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/tests.h"

#include "compiler/sema/conditions.h"
#include "compiler/sema/paths.h"
#include "compiler/sema/rights.h"
#include "compiler/sema/units.h"
#include "runtime/glob/glob.h"
#include "runtime/landlock/abi.h"

#include <algorithm>
#include <set>

namespace landlatch::sema {

namespace {

template <typename... Visitors> struct Overload : Visitors... {
    using Visitors::operator()...;
};

class TestBuilder {
public:
    TestBuilder(const Declarations& declarations, std::uint32_t abi, const BuiltRules& rules, Variables& variables,
                Context& context)
        : declarations_(declarations), rights_(abi, context), variables_(variables), context_(context) {
        for (const ir::Rule& rule : rules.rules) {
            reads_user_ = reads_user_ || reads(rule.condition, {ir::Fact::kUser, ir::Fact::kRealUser});
        }
    }

    ir::Test build(const ast::Test& source, Span where) {
        ir::Test test;
        test.name = source.name.text;
        test.span = where;
        if (!names_.insert(test.name).second) {
            context_.report(diag::Id::kDuplicateName, source.name.span, {"test", test.name});
        }
        for (const auto& given : source.given) {
            std::visit(Overload{[&](const ast::GivenLink& link) { addLink(link, test); },
                                [&](const ast::SetParam& set) { addParam(set, test); }},
                       given);
        }
        if (source.exec) { // else the parser has said so
            test.exec = exec(*source.exec);
            test.exec.span = source.exec->span;
        }
        for (const ast::Expect& expect : source.expects) {
            addExpect(expect, test);
        }
        return test;
    }

private:
    // --- given, set ---

    void addLink(const ast::GivenLink& source, ir::Test& test) {
        const std::optional<std::string> link = path(source.link, "a test's link");
        const std::optional<std::string> target = literal(source.target);
        if (!link || !target) {
            return;
        }
        if (target->empty() || target->size() > kMaxPathBytes) {
            context_.report(diag::Id::kPathNotCanonical, source.target.span, {*target, "is no link's target"});
            return;
        }
        const bool again = std::any_of(test.links.begin(), test.links.end(),
                                       [&](const ir::TestLink& other) { return other.link == *link; });
        if (again) {
            context_.report(diag::Id::kRepeated, source.link.span, {*link});
        }
        test.links.push_back({*link, *target, source.span});
    }

    void addParam(const ast::SetParam& source, ir::Test& test) {
        const std::optional<DeclId> id = declarations_.findVariable(kRoot, source.param.text(), source.param.span);
        if (!id) {
            return;
        }
        const std::optional<ir::ParamId> param = variables_.paramOf(*id);
        if (!param) {
            context_.report(diag::Id::kSetOfLet, source.param.span, {source.param.text()});
            return;
        }
        if (std::any_of(test.params.begin(), test.params.end(),
                        [&](const ir::TestParam& other) { return other.param == *param; })) {
            context_.report(diag::Id::kRepeated, source.param.span, {source.param.text()});
            return;
        }
        std::optional<std::string> text;
        std::optional<std::vector<ir::PortRange>> ports;
        const Span where = std::visit([](const auto& v) { return v.span; }, source.value);
        if (!variables_.bind(kRoot, source.value, where, variables_.params()[*param].type, text, ports)) {
            return;
        }
        ir::TestParam set;
        set.param = *param;
        set.span = source.span;
        if (text) {
            set.value = std::move(*text);
        } else if (ports) {
            set.value = std::move(*ports);
        }
        test.params.push_back(std::move(set));
    }

    // --- exec ---

    ir::TestExec exec(const ast::TestExec& source) {
        ir::TestExec result;
        bool has_user = false;
        for (const ast::FactTest& fact : source.facts) {
            has_user = has_user || fact.fact == ast::Fact::kUser;
            addFact(fact, result);
        }
        if (reads_user_ && !has_user) {
            context_.report(diag::Id::kTestNeedsUser, source.span).help("add `user NAME` to the exec");
        }
        const bool by_name = result.unit || result.user_unit || result.slice;
        if (result.cgroup && by_name) {
            context_.report(diag::Id::kTestFact, source.span,
                            {"`under cgroup` is the whole place; units and slices are part of it"});
        }
        return result;
    }

    void addFact(const ast::FactTest& fact, ir::TestExec& result) {
        switch (fact.fact) {
        case ast::Fact::kExecUnlinked:
            result.unlinked = true;
            return;
        case ast::Fact::kInContainer:
            result.in_container = true;
            return;
        case ast::Fact::kSetuid:
            result.setuid = true;
            return;
        default:
            break;
        }
        for (const ast::FactItem& item : fact.items) {
            addItem(fact.fact, item, result);
        }
    }

    void addItem(ast::Fact fact, const ast::FactItem& item, ir::TestExec& result) {
        switch (fact) {
        case ast::Fact::kExec:
            result.exec = path(item.pattern, "`exec`").value_or("");
            return;
        case ast::Fact::kScript:
            result.script = path(item.pattern, "`script`");
            return;
        case ast::Fact::kParentExec:
            result.parent_exec = path(item.pattern, "`parent exec`");
            return;
        case ast::Fact::kAncestorExec:
            if (std::optional<std::string> ancestor = path(item.pattern, "`ancestor exec`")) {
                result.ancestors.push_back(std::move(*ancestor));
            }
            return;
        case ast::Fact::kUnit:
            result.unit = unit(item.pattern, ".service");
            return;
        case ast::Fact::kUserUnit:
            result.user_unit = unit(item.pattern, ".service");
            return;
        case ast::Fact::kSlice:
            result.slice = unit(item.pattern, ".slice");
            return;
        case ast::Fact::kCgroup:
            result.cgroup = path(item.pattern, "`under cgroup`", glob::Escapes::kUnit);
            return;
        case ast::Fact::kUser:
            result.user = id(item);
            return;
        case ast::Fact::kRealUser:
            result.real_user = id(item);
            return;
        case ast::Fact::kGroup:
            if (std::optional<ir::IdName> group = id(item)) {
                result.groups.push_back(std::move(*group));
            }
            return;
        case ast::Fact::kFile: // no fact of a test's grammar
        case ast::Fact::kExecUnlinked:
        case ast::Fact::kInContainer:
        case ast::Fact::kSetuid:
            return;
        }
    }

    /// One text without params and globs. Empty after an error.
    std::optional<std::string> literal(const ast::Pattern& pattern, glob::Escapes escapes = glob::Escapes::kPath) {
        const std::vector<Text> texts = variables_.expand(kRoot, pattern);
        if (texts.empty()) {
            return std::nullopt;
        }
        if (texts.size() > 1 || texts[0].firstParam() != nullptr) {
            context_.report(diag::Id::kTestFact, pattern.span, {"a test's facts are single and fixed"});
            return std::nullopt;
        }
        const Result<glob::Sequence> parsed = glob::parse(texts[0].plain(), escapes);
        if (!parsed) {
            context_.report(diag::Id::kBadGlob, pattern.span, {parsed.error().message});
            return std::nullopt;
        }
        if (!glob::isLiteral(*parsed)) {
            context_.report(diag::Id::kTestFact, pattern.span,
                            {"a test describes one exec, so no pattern can stand here"});
            return std::nullopt;
        }
        return glob::literalText(*parsed);
    }

    std::optional<std::string> path(const ast::Pattern& pattern, std::string_view what,
                                    glob::Escapes escapes = glob::Escapes::kPath) {
        std::optional<std::string> text = literal(pattern, escapes);
        if (!text) {
            return std::nullopt;
        }
        if (const std::string_view problem = canonicalProblem(*text); !problem.empty()) {
            context_.report(diag::Id::kPathNotCanonical, pattern.span, {*text, std::string(problem)})
                .note("it stands after " + std::string(what));
            return std::nullopt;
        }
        return text;
    }

    std::optional<std::string> unit(const ast::Pattern& pattern, std::string_view suffix) {
        std::optional<std::string> text = literal(pattern, glob::Escapes::kUnit);
        if (!text) {
            return std::nullopt;
        }
        if (text->empty() || text->find('/') != std::string::npos) {
            context_.report(diag::Id::kBadUnitName, pattern.span,
                            {suffix == ".slice" ? "slice" : "unit", *text, text->empty() ? "is empty" : "holds a `/`"});
            return std::nullopt;
        }
        const std::string_view own = unitSuffix(*text);
        if (suffix == ".service" && own == ".slice") {
            context_.report(diag::Id::kUnitIsSlice, pattern.span, {*text});
            return std::nullopt;
        }
        if (suffix == ".slice" && !own.empty() && own != ".slice") {
            context_.report(diag::Id::kBadUnitName, pattern.span, {"slice", *text, "is another kind of unit"});
            return std::nullopt;
        }
        return own.empty() ? *text + std::string(suffix) : *text;
    }

    std::optional<ir::IdName> id(const ast::FactItem& item) {
        const std::vector<Text> texts = variables_.expand(kRoot, item.pattern);
        if (texts.size() > 1) {
            context_.report(diag::Id::kTestFact, item.pattern.span, {"a test's facts are single and fixed"});
        }
        return texts.size() == 1 ? buildId(texts[0], item.optional, context_) : std::nullopt;
    }

    // --- expect ---

    void addExpect(const ast::Expect& source, ir::Test& test) {
        ir::Expect expect;
        expect.span = source.span;
        if (source.from_abi) {
            if (*source.from_abi < abi::kFirst || *source.from_abi > abi::kLatest) {
                context_.report(
                    diag::Id::kUnknownAbi, source.span,
                    {std::to_string(*source.from_abi), std::to_string(abi::kFirst), std::to_string(abi::kLatest)});
            } else {
                expect.from_abi = static_cast<std::uint32_t>(*source.from_abi);
            }
        }
        const bool fine =
            std::visit(Overload{[&](const ast::ExpectDecision& what) { return decision(what, source.span, expect); },
                                [&](const ast::ExpectAccess& what) { return access(what, source.span, expect); }},
                       source.what);
        if (fine) {
            test.expects.push_back(std::move(expect));
        }
    }

    bool decision(const ast::ExpectDecision& source, Span where, ir::Expect& expect) {
        ir::ExpectDecision result;
        result.kind = static_cast<ir::ExpectDecision::Kind>(source.kind);
        if (source.kind == ast::ExpectDecision::Kind::kApply) {
            result.rulesets = resolveApply(declarations_, kRoot, source.apply, where, context_);
            result.nnp = source.apply.nnp;
        }
        if (source.why) {
            result.why = source.why->text;
        }
        expect.what = std::move(result);
        return true;
    }

    bool access(const ast::ExpectAccess& source, Span where, ir::Expect& expect) {
        ir::ExpectAccess result;
        result.allowed = source.allowed;
        for (const FsWord& word : rights_.fs(source.rights)) {
            result.access.fs |= word.mask;
        }
        if (source.path) {
            result.path = path(*source.path, "`expect`").value_or("");
        }
        if (source.ports) {
            result.access.net = rights_.net(source.ports->protocol, source.ports->operations);
            expectedPorts(*source.ports, where, result);
        }
        result.access.scoped = rights_.scopes(source.scopes);
        const bool fine = (result.access.fs != 0 && !result.path.empty()) ||
                          (result.access.net != 0 && !result.ports.empty()) || result.access.scoped != 0;
        expect.what = std::move(result);
        return fine; // what isn't has been reported
    }

    void expectedPorts(const ast::AllowPorts& source, Span where, ir::ExpectAccess& result) {
        for (const ast::Value& value : source.ports) {
            const Span span = std::visit([](const auto& v) { return v.span; }, value);
            for (const PortItem& item : variables_.expandPorts(kRoot, value, span.valid() ? span : where)) {
                if (const auto* range = std::get_if<ir::PortRange>(&item)) {
                    result.ports.push_back(*range);
                } else {
                    context_.report(diag::Id::kTestFact, span, {"a test's facts are single and fixed"});
                }
            }
        }
    }

    const Declarations& declarations_;
    Rights rights_;
    Variables& variables_;
    Context& context_;
    std::set<std::string> names_;
    bool reads_user_ = false;
};

} // namespace

std::vector<ir::Test> buildTests(const Declarations& declarations, std::uint32_t abi, const BuiltRules& rules,
                                 Variables& variables, Context& context) {
    TestBuilder builder(declarations, abi, rules, variables, context);
    std::vector<ir::Test> tests;
    for (const ast::Statement& statement : declarations.modules()[kRoot].ast.statements) {
        if (const auto* test = std::get_if<ast::Test>(&statement.what)) {
            tests.push_back(builder.build(*test, statement.span));
        }
    }
    return tests;
}

} // namespace landlatch::sema
