// SPDX-License-Identifier: Apache-2.0
// Test blocks (language point 33).
#include "compiler/syntax/builder.h"

#include <fmt/format.h>

namespace landlatch::syntax {

ast::Test Builder::test(Parser::TestDeclContext* tree) {
    ast::Test result;
    result.name = word(tree->word());
    for (antlr4::tree::ParseTree* child : tree->children) {
        auto* const item = dynamic_cast<Parser::TestItemContext*>(child);
        if (item == nullptr) {
            continue;
        }
        if (item->given() != nullptr) {
            result.given.emplace_back(given(item->given()));
        } else if (Parser::SetParamContext* const set = item->setParam()) {
            result.given.emplace_back(ast::SetParam{name(first(set->word())), value(set->value()), span(set)});
        } else if (item->expect() != nullptr) {
            result.expects.push_back(expect(item->expect()));
        } else if (result.exec) {
            error(diag::Id::kTestShape, span(item), {"describes two execs"}).help("write a test for each exec");
        } else {
            result.exec = testExec(item->testExec());
        }
    }
    if (!result.exec) {
        error(diag::Id::kTestShape, result.name.span, {"has no `exec`"});
    } else if (result.expects.empty()) {
        error(diag::Id::kTestShape, result.name.span, {"has no `expect`"});
    }
    return result;
}

ast::GivenLink Builder::given(Parser::GivenContext* tree) {
    const SourceToken& target = last(tree);
    return {path(tree->path()), target.getType() == Lexer::STRING ? stringPattern(target) : textPattern(target),
            span(tree)};
}

ast::TestExec Builder::testExec(Parser::TestExecContext* tree) {
    ast::TestExec result;
    result.span = span(tree);
    ast::FactTest exec;
    exec.fact = ast::Fact::kExec;
    exec.items.push_back({path(tree->path()), false});
    exec.span = {file_, first(tree).begin, exec.items[0].pattern.span.end};
    result.facts.push_back(std::move(exec));
    std::unordered_set<int> seen;
    for (antlr4::tree::ParseTree* child : tree->children) {
        auto* const part = dynamic_cast<Parser::TestFactContext*>(child);
        if (part == nullptr) {
            continue;
        }
        ast::FactTest made = testFact(part);
        const bool may_be_many = made.fact == ast::Fact::kAncestorExec || made.fact == ast::Fact::kGroup;
        if (!seen.insert(static_cast<int>(made.fact)).second && !may_be_many) {
            saidTwice(text(first(part)), made.span);
        }
        if (made.items.size() > 1 && !may_be_many) {
            error(diag::Id::kTestShape, made.items[1].pattern.span, {"describes one exec, so this takes one value"});
        }
        for (const ast::FactItem& item : made.items) {
            if (item.optional) {
                error(diag::Id::kOptionalPlace, item.pattern.span, {});
            }
        }
        result.facts.push_back(std::move(made));
    }
    return result;
}

ast::FactTest Builder::testFact(Parser::TestFactContext* tree) {
    if (tree->place() != nullptr) {
        return place(tree->place());
    }
    if (tree->user() != nullptr) {
        return user(tree->user());
    }
    ast::FactTest result;
    result.span = span(tree);
    switch (first(tree).getType()) {
    case Lexer::SCRIPT:
        result.fact = ast::Fact::kScript;
        break;
    case Lexer::PARENT:
        result.fact = ast::Fact::kParentExec;
        break;
    case Lexer::ANCESTOR:
        result.fact = ast::Fact::kAncestorExec;
        break;
    case Lexer::UNLINKED:
        result.fact = ast::Fact::kExecUnlinked;
        break;
    default:
        result.fact = ast::Fact::kSetuid;
        break;
    }
    Seen seen;
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (auto* const value = dynamic_cast<Parser::PathContext*>(child)) {
            result.items.push_back({path(value), false});
            once(seen, std::string(text(span(value))), span(value));
        }
    }
    return result;
}

ast::Expect Builder::expect(Parser::ExpectContext* tree) {
    ast::Expect result;
    result.span = span(tree);
    if (tree->decision() != nullptr) {
        result.what = decision(tree->decision());
    } else {
        result.what = access(tree->access());
    }
    if (tree->NUMBER() != nullptr) {
        const SourceToken& abi = token(tree->NUMBER());
        result.from_abi = number(text(abi), span(abi));
    }
    return result;
}

ast::ExpectDecision Builder::decision(Parser::DecisionContext* tree) {
    ast::ExpectDecision result;
    if (tree->apply() != nullptr) {
        result.kind = ast::ExpectDecision::Kind::kApply;
        result.apply = apply(tree->apply());
    } else if (tree->REFUSE() != nullptr) {
        result.kind = ast::ExpectDecision::Kind::kRefuse;
        if (tree->STRING() != nullptr) {
            result.why = word(token(tree->STRING()));
        }
    } else {
        result.kind = tree->PASS() != nullptr ? ast::ExpectDecision::Kind::kPass : ast::ExpectDecision::Kind::kNone;
    }
    return result;
}

ast::ExpectAccess Builder::access(Parser::AccessContext* tree) {
    ast::ExpectAccess result;
    result.allowed = tree->ALLOW() != nullptr;
    std::vector<ast::Word> what = words(tree->words());
    if (tree->path() != nullptr) {
        result.rights = std::move(what);
        result.path = path(tree->path());
    } else if (tree->ports() != nullptr) {
        result.ports = portGrants(std::move(what), tree->operations(), tree->ports());
    } else {
        if (what.size() != 1 || what[0].text != "scope") {
            error(diag::Id::kSyntaxError, span(tree->operations()),
                  {fmt::format("`{}`", text(span(tree->operations()))), "a path, or a port after it"})
                .help("expect takes `RIGHTS PATH`, `tcp connect PORT` or `scope NAME`");
        }
        result.scopes = words(tree->operations());
    }
    return result;
}

} // namespace landlatch::syntax
