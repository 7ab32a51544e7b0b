// SPDX-License-Identifier: Apache-2.0
// Rules: conditions (language point 5), exceptions and actions.
#include "compiler/syntax/builder.h"

#include <fmt/format.h>

namespace landlatch::syntax {

namespace {

enum class Link : std::uint8_t { kAnd, kOr, kOmitted };

/// One row of a condition: terms, and what stands between them (links[i] before terms[i + 1]).
struct Row {
    std::vector<Parser::TermContext*> terms;
    std::vector<Link> links;
};

Row rowOf(Parser::ConditionContext* tree) {
    Row row;
    Link link = Link::kOmitted;
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (auto* const term = as<Parser::TermContext>(child)) {
            if (!row.terms.empty()) {
                row.links.push_back(link);
            }
            row.terms.push_back(term);
            link = Link::kOmitted;
        } else {
            const std::size_t type = static_cast<antlr4::tree::TerminalNode*>(child)->getSymbol()->getType();
            link = type == Lexer::AND ? Link::kAnd : Link::kOr;
        }
    }
    return row;
}

/// The row as text with parentheses around the runs that `first` joins.
std::string reading(const Row& row, const std::vector<std::string>& terms, bool and_first) {
    std::string out;
    for (std::size_t i = 0; i < terms.size();) {
        std::size_t end = i;
        std::string group = terms[i];
        while (end < row.links.size() && (row.links[end] != Link::kOr) == and_first) {
            ++end;
            group += (and_first ? " and " : " or ") + terms[end];
        }
        if (!out.empty()) {
            out += and_first ? " or " : " and ";
        }
        out += end > i ? "(" + group + ")" : group;
        i = end + 1;
    }
    return out;
}

bool isNegated(Parser::TermContext* term) { return term->getStart()->getType() == Lexer::NOT; }

} // namespace

ast::Rule Builder::rule(Parser::RuleDeclContext* tree) {
    ast::Rule result;
    if (part<Parser::WordContext>(tree) != nullptr) {
        result.name = declaredName(part<Parser::WordContext>(tree));
    }
    result.when = condition(part<Parser::ConditionContext>(tree), false);
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (auto* const except = as<Parser::UnlessPartContext>(child)) {
            if (result.unless) {
                error(diag::Id::kUnlessTwice, span(leaf(except, Lexer::UNLESS)), {})
                    .help("`unless` negates all that follows it: join the exceptions with `or` behind one `unless`");
                break;
            }
            result.unless = condition(part<Parser::ConditionContext>(except), true);
        } else if (auto* const node = asLeaf(child)) {
            const std::size_t type = node->getSymbol()->getType();
            bool* const flag = type == Lexer::ALWAYS ? &result.always : type == Lexer::AUDIT ? &result.audit : nullptr;
            if (flag == nullptr) {
                continue;
            }
            if (*flag) {
                saidTwice(text(token(node)), span(node));
            } else if (type == Lexer::ALWAYS && result.audit) {
                error(diag::Id::kAlwaysBeforeAudit, span(node), {});
            }
            *flag = true;
        }
    }
    Parser::ActionContext* const action = part<Parser::ActionContext>(tree);
    result.action_span = span(action);
    if (part<Parser::ApplyContext>(action) != nullptr) {
        result.action = apply(part<Parser::ApplyContext>(action));
    } else if (part<Parser::DenyContext>(action) != nullptr) {
        result.action = deny(part<Parser::DenyContext>(action));
    } else {
        result.action = ast::Pass{};
        if (result.always) {
            error(diag::Id::kAlwaysPass, result.action_span, {});
        }
    }
    return result;
}

ast::Condition Builder::condition(Parser::ConditionContext* tree, bool after_unless) {
    const Row row = rowOf(tree);
    bool has_and = false;
    bool has_or = false;
    for (const Link link : row.links) {
        (link == Link::kOr ? has_or : has_and) = true;
    }
    if (has_and && has_or) {
        std::vector<std::string> terms;
        for (Parser::TermContext* const part : row.terms) {
            terms.emplace_back(text(span(part)));
        }
        error(diag::Id::kMixedAndOr, span(tree), {})
            .fix(span(tree), reading(row, terms, true), "where `and` binds its neighbours")
            .fix(span(tree), reading(row, terms, false), "where `or` binds its neighbours");
    } else {
        for (std::size_t i = 0; i < row.links.size(); ++i) {
            const bool beside_not = isNegated(row.terms[i]) || isNegated(row.terms[i + 1]);
            if (row.links[i] == Link::kOmitted && (after_unless || beside_not)) {
                const std::uint32_t at = first(row.terms[i + 1]).begin;
                error(diag::Id::kMissingAnd, span(first(row.terms[i + 1])),
                      {beside_not ? "beside `not`" : "after `unless`"})
                    .fix({file_, at, at}, "and ", "write `and`");
                break;
            }
        }
    }
    if (row.terms.size() == 1) {
        return term(row.terms[0], after_unless);
    }
    ast::Condition result;
    result.kind = has_or ? ast::Condition::Kind::kOr : ast::Condition::Kind::kAnd;
    result.span = span(tree);
    result.children.reserve(row.terms.size());
    for (Parser::TermContext* const part : row.terms) {
        result.children.push_back(term(part, after_unless));
    }
    return result;
}

ast::Condition Builder::term(Parser::TermContext* tree, bool after_unless) {
    ast::Condition inner;
    bool negated = false;
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (auto* const node = asLeaf(child)) {
            if (node->getSymbol()->getType() == Lexer::NOT) {
                if (negated) {
                    saidTwice("not", span(node));
                    break;
                }
                negated = true;
            }
        } else if (auto* const test = as<Parser::FactContext>(child)) {
            inner.kind = ast::Condition::Kind::kFact;
            inner.fact = fact(test);
            inner.span = inner.fact.span;
        } else if (auto* const group = as<Parser::ConditionContext>(child)) {
            inner = condition(group, after_unless);
        } else {
            auto* const except = static_cast<Parser::UnlessPartContext*>(child);
            error(diag::Id::kUnlessInParentheses, span(leaf(except, Lexer::UNLESS)), {})
                .help("inside parentheses write `and not`");
            break;
        }
    }
    if (!negated) {
        return inner;
    }
    ast::Condition result;
    result.kind = ast::Condition::Kind::kNot;
    result.span = span(tree);
    result.children.push_back(std::move(inner));
    return result;
}

ast::FactTest Builder::fact(Parser::FactContext* tree) {
    if (part<Parser::PlaceContext>(tree) != nullptr) {
        return place(part<Parser::PlaceContext>(tree));
    }
    if (part<Parser::UserContext>(tree) != nullptr) {
        return user(part<Parser::UserContext>(tree));
    }
    ast::FactTest result;
    result.span = span(tree);
    switch (first(tree).getType()) {
    case Lexer::EXEC:
        result.fact = leaf(tree, Lexer::UNLINKED) != nullptr ? ast::Fact::kExecUnlinked : ast::Fact::kExec;
        break;
    case Lexer::SCRIPT:
        result.fact = ast::Fact::kScript;
        break;
    case Lexer::FILE:
        result.fact = ast::Fact::kFile;
        break;
    case Lexer::PARENT:
        result.fact = ast::Fact::kParentExec;
        break;
    case Lexer::ANCESTOR:
        result.fact = ast::Fact::kAncestorExec;
        break;
    default:
        result.fact = ast::Fact::kSetuid;
        break;
    }
    if (part<Parser::ItemsContext>(tree) != nullptr) {
        result.items = items(part<Parser::ItemsContext>(tree), false);
    }
    return result;
}

ast::FactTest Builder::place(Parser::PlaceContext* tree) {
    ast::FactTest result;
    result.span = span(tree);
    if (leaf(tree, Lexer::IN) != nullptr) {
        oneOf(word(part<Parser::WordContext>(tree)), "place", {"container"});
        result.fact = ast::Fact::kInContainer;
        return result;
    }
    result.fact = leaf(tree, Lexer::USER) != nullptr    ? ast::Fact::kUserUnit
                  : leaf(tree, Lexer::UNIT) != nullptr  ? ast::Fact::kUnit
                  : leaf(tree, Lexer::SLICE) != nullptr ? ast::Fact::kSlice
                                                        : ast::Fact::kCgroup;
    result.items = items(part<Parser::ItemsContext>(tree), false);
    return result;
}

ast::FactTest Builder::user(Parser::UserContext* tree) {
    ast::FactTest result;
    result.span = span(tree);
    result.fact = leaf(tree, Lexer::REAL) != nullptr   ? ast::Fact::kRealUser
                  : leaf(tree, Lexer::USER) != nullptr ? ast::Fact::kUser
                                                       : ast::Fact::kGroup;
    result.items = items(part<Parser::ItemsContext>(tree), true);
    return result;
}

std::vector<ast::FactItem> Builder::items(Parser::ItemsContext* tree, bool may_be_optional) {
    std::vector<ast::FactItem> result;
    Seen seen;
    for (antlr4::tree::ParseTree* child : tree->children) {
        auto* const item = as<Parser::ItemContext>(child);
        if (item == nullptr) {
            continue;
        }
        ast::FactItem made;
        made.optional = leaf(item, Lexer::OPTIONAL) != nullptr;
        if (made.optional && !may_be_optional) {
            error(diag::Id::kOptionalPlace, span(leaf(item, Lexer::OPTIONAL)), {});
        }
        const SourceToken& written = last(item);
        if (part<Parser::PatternContext>(item) != nullptr) {
            made.pattern = pattern(part<Parser::PatternContext>(item));
        } else if (written.getType() == Lexer::STRING) {
            made.pattern = stringPattern(written);
        } else {
            made.pattern = textPattern(written);
        }
        once(seen, std::string(text(made.pattern.span)), span(item));
        result.push_back(std::move(made));
    }
    return result;
}

ast::Apply Builder::apply(Parser::ApplyContext* tree) {
    ast::Apply result;
    result.rulesets = names(part<Parser::NamesContext>(tree));
    if (part<Parser::WordContext>(tree) != nullptr) {
        oneOf(word(part<Parser::WordContext>(tree)), "option of apply", {"nnp"});
        result.nnp = true;
    }
    return result;
}

ast::Deny Builder::deny(Parser::DenyContext* tree) {
    ast::Deny result;
    if (leaf(tree, Lexer::STRING) != nullptr) {
        result.why = word(token(leaf(tree, Lexer::STRING)));
    }
    return result;
}

} // namespace landlatch::syntax
