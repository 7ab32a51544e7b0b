// SPDX-License-Identifier: Apache-2.0
// Test blocks (language point 33).
#include "compiler/syntax/builder.h"

#include <fmt/format.h>

namespace landlatch::syntax {

ast::Test Builder::test(Parser::TestDeclContext* tree) {
    ast::Test result;
    result.name = word(part<Parser::WordContext>(tree));
    for (antlr4::tree::ParseTree* child : tree->children) {
        auto* const item = as<Parser::TestItemContext>(child);
        if (item == nullptr) {
            continue;
        }
        if (part<Parser::GivenContext>(item) != nullptr) {
            result.given.emplace_back(given(part<Parser::GivenContext>(item)));
        } else if (Parser::SetParamContext* const set = part<Parser::SetParamContext>(item)) {
            result.given.emplace_back(ast::SetParam{name(first(part<Parser::WordContext>(set))),
                                                    value(part<Parser::ValueContext>(set)), span(set)});
        } else if (part<Parser::ExpectContext>(item) != nullptr) {
            result.expects.push_back(expect(part<Parser::ExpectContext>(item)));
        } else if (result.exec) {
            error(diag::Id::kTestShape, span(item), {"describes two execs"}).help("write a test for each exec");
        } else {
            result.exec = testExec(part<Parser::TestExecContext>(item));
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
    return {path(part<Parser::PathContext>(tree)),
            target.getType() == Lexer::STRING ? stringPattern(target) : textPattern(target), span(tree)};
}

ast::TestExec Builder::testExec(Parser::TestExecContext* tree) {
    ast::TestExec result;
    result.span = span(tree);
    ast::FactTest exec;
    exec.fact = ast::Fact::kExec;
    exec.items.push_back({path(part<Parser::PathContext>(tree)), false});
    exec.span = {file_, first(tree).begin, exec.items[0].pattern.span.end};
    result.facts.push_back(std::move(exec));
    std::unordered_set<int> seen;
    for (antlr4::tree::ParseTree* child : tree->children) {
        auto* const part = as<Parser::TestFactContext>(child);
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
    if (part<Parser::PlaceContext>(tree) != nullptr) {
        return place(part<Parser::PlaceContext>(tree));
    }
    if (part<Parser::UserContext>(tree) != nullptr) {
        return user(part<Parser::UserContext>(tree));
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
        if (auto* const value = as<Parser::PathContext>(child)) {
            result.items.push_back({path(value), false});
            once(seen, std::string(text(span(value))), span(value));
        }
    }
    return result;
}

ast::Expect Builder::expect(Parser::ExpectContext* tree) {
    ast::Expect result;
    result.span = span(tree);
    if (part<Parser::DecisionContext>(tree) != nullptr) {
        result.what = decision(part<Parser::DecisionContext>(tree));
    } else {
        result.what = access(part<Parser::AccessContext>(tree));
    }
    if (leaf(tree, Lexer::NUMBER) != nullptr) {
        const SourceToken& abi = token(leaf(tree, Lexer::NUMBER));
        result.from_abi = number(text(abi), span(abi));
    }
    return result;
}

ast::ExpectDecision Builder::decision(Parser::DecisionContext* tree) {
    ast::ExpectDecision result;
    if (part<Parser::ApplyContext>(tree) != nullptr) {
        result.kind = ast::ExpectDecision::Kind::kApply;
        result.apply = apply(part<Parser::ApplyContext>(tree));
    } else if (leaf(tree, Lexer::REFUSE) != nullptr) {
        result.kind = ast::ExpectDecision::Kind::kRefuse;
        if (leaf(tree, Lexer::STRING) != nullptr) {
            result.why = word(token(leaf(tree, Lexer::STRING)));
        }
    } else {
        result.kind =
            leaf(tree, Lexer::PASS) != nullptr ? ast::ExpectDecision::Kind::kPass : ast::ExpectDecision::Kind::kNone;
    }
    return result;
}

ast::ExpectAccess Builder::access(Parser::AccessContext* tree) {
    ast::ExpectAccess result;
    result.allowed = leaf(tree, Lexer::ALLOW) != nullptr;
    std::vector<ast::Word> what = words(part<Parser::WordsContext>(tree));
    if (part<Parser::PathContext>(tree) != nullptr) {
        result.rights = std::move(what);
        result.path = path(part<Parser::PathContext>(tree));
    } else if (part<Parser::PortsContext>(tree) != nullptr) {
        result.ports =
            portGrants(std::move(what), part<Parser::OperationsContext>(tree), part<Parser::PortsContext>(tree));
    } else {
        if (what.size() != 1 || what[0].text != "scope") {
            error(
                diag::Id::kSyntaxError, span(part<Parser::OperationsContext>(tree)),
                {fmt::format("`{}`", text(span(part<Parser::OperationsContext>(tree)))), "a path, or a port after it"})
                .help("expect takes `RIGHTS PATH`, `tcp connect PORT` or `scope NAME`");
        }
        result.scopes = words(part<Parser::OperationsContext>(tree));
    }
    return result;
}

} // namespace landlatch::syntax
