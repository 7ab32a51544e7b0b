// SPDX-License-Identifier: Apache-2.0
// Rules: conditions and actions.
#include "compiler/format/printer.h"
#include "compiler/format/spelling.h"

#include <algorithm>
#include <utility>

namespace landlatch::format {

namespace {

using Kind = ast::Condition::Kind;

/// The words that a fact opens with; a test's exec has no `matches`.
std::vector<std::string_view> factWords(ast::Fact fact, bool in_test) {
    switch (fact) {
    case ast::Fact::kExec:
        return in_test ? std::vector<std::string_view>{"exec"} : std::vector<std::string_view>{"exec", "matches"};
    case ast::Fact::kExecUnlinked:
        return in_test ? std::vector<std::string_view>{"unlinked"} : std::vector<std::string_view>{"exec", "unlinked"};
    case ast::Fact::kScript:
        return in_test ? std::vector<std::string_view>{"script"} : std::vector<std::string_view>{"script", "matches"};
    case ast::Fact::kFile:
        return {"file", "matches"};
    case ast::Fact::kParentExec:
        return in_test ? std::vector<std::string_view>{"parent", "exec"}
                       : std::vector<std::string_view>{"parent", "exec", "matches"};
    case ast::Fact::kAncestorExec:
        return in_test ? std::vector<std::string_view>{"ancestor", "exec"}
                       : std::vector<std::string_view>{"ancestor", "exec", "matches"};
    case ast::Fact::kUnit:
        return {"under", "unit"};
    case ast::Fact::kUserUnit:
        return {"under", "user", "unit"};
    case ast::Fact::kSlice:
        return {"under", "slice"};
    case ast::Fact::kCgroup:
        return {"under", "cgroup"};
    case ast::Fact::kInContainer:
        return {"in", "container"};
    case ast::Fact::kUser:
        return {"user"};
    case ast::Fact::kRealUser:
        return {"real", "user"};
    case ast::Fact::kGroup:
        return {"group"};
    case ast::Fact::kSetuid:
        return {"setuid"};
    }
    return {};
}

/// A test's exec takes paths bare or quoted; only its units, users and groups may be words.
Place placeOf(ast::Fact fact, bool in_test) {
    const bool path = fact == ast::Fact::kExec || fact == ast::Fact::kScript || fact == ast::Fact::kParentExec ||
                      fact == ast::Fact::kAncestorExec;
    return in_test && path ? Place::kPath : Place::kItem;
}

} // namespace

void Printer::print(const ast::Rule& rule) {
    if (rule.name) {
        lines_.word(span_.begin, "rule");
        lines_.word(rule.name->span.begin, spell(*rule.name));
        lines_.suffix(":");
        lines_.word("when");
    } else {
        lines_.word(span_.begin, "when");
    }
    condition(*rule.when, {.inside = Break::kTerm}, Break::kNever);
    if (rule.unless) {
        lines_.word("unless", Break::kTerm);
        condition(*rule.unless, {.after_unless = true}, Break::kNever);
    }
    Break before = Break::kPart;
    if (rule.always) {
        lines_.word("always", std::exchange(before, Break::kNever));
    }
    if (rule.audit) {
        lines_.word("audit", std::exchange(before, Break::kNever));
    }
    span_ = rule.action_span;
    action(rule.action, before);
}

void Printer::condition(const ast::Condition& condition, Where where, Break before) {
    switch (condition.kind) {
    case Kind::kFact:
        fact(condition.fact, before, false);
        return;
    case Kind::kNot: {
        lines_.word(condition.span.begin, "not", before);
        const ast::Condition& child = condition.children[0];
        const bool group = child.kind != Kind::kFact;
        if (group) {
            lines_.prefix("(");
        }
        this->condition(child, {where.after_unless, Break::kItem}, Break::kNever);
        if (group) {
            lines_.suffix(")");
        }
        return;
    }
    case Kind::kAnd:
    case Kind::kOr:
        row(condition, where, before);
        return;
    }
}

/// `a b` where all are plain facts, `a and b` or `a or b` otherwise; rows inside stand in parentheses.
void Printer::row(const ast::Condition& condition, Where where, Break before) {
    const bool plain = condition.kind == Kind::kAnd && !where.after_unless &&
                       std::all_of(condition.children.begin(), condition.children.end(),
                                   [](const ast::Condition& child) { return child.kind == Kind::kFact; });
    Break next = before;
    for (const ast::Condition& child : condition.children) {
        if (&child != &condition.children[0]) {
            next = where.inside;
            if (!plain) {
                lines_.word(condition.kind == Kind::kAnd ? "and" : "or", std::exchange(next, Break::kNever));
            }
        }
        const bool group = child.kind == Kind::kAnd || child.kind == Kind::kOr;
        if (group) {
            lines_.prefix("(");
        }
        this->condition(child, {where.after_unless, Break::kItem}, next);
        if (group) {
            lines_.suffix(")");
        }
    }
}

void Printer::fact(const ast::FactTest& fact, Break before, bool in_test) {
    const std::vector<std::string_view> words = factWords(fact.fact, in_test);
    lines_.word(fact.span.begin, words[0], before);
    for (std::size_t i = 1; i < words.size(); ++i) {
        lines_.word(words[i]);
    }
    items(fact, in_test);
}

void Printer::items(const ast::FactTest& fact, bool in_test) {
    list(fact.items, [&](const ast::FactItem& item) {
        return Item{item.pattern.span, spell(item.pattern, placeOf(fact.fact, in_test)),
                    item.optional ? "optional " : ""};
    });
}

void Printer::action(const ast::Action& action, Break before) {
    if (const auto* const applied = std::get_if<ast::Apply>(&action)) {
        lines_.word(span_.begin, "apply", before);
        apply(*applied);
    } else if (const auto* const deny = std::get_if<ast::Deny>(&action)) {
        lines_.word(span_.begin, "deny", before);
        if (deny->why) {
            lines_.word(deny->why->span.begin, quoted(deny->why->text));
        }
    } else {
        lines_.word(span_.begin, "pass", before);
    }
}

void Printer::apply(const ast::Apply& apply) {
    names(apply.rulesets);
    if (apply.nnp) {
        lines_.word("with");
        lines_.word("nnp");
    }
}

} // namespace landlatch::format
