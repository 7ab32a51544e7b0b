// SPDX-License-Identifier: Apache-2.0
// Rulesets and their clauses (language points 11 to 17).
#include "compiler/syntax/builder.h"

#include <fmt/format.h>

namespace landlatch::syntax {

ast::Ruleset Builder::ruleset(Parser::RulesetDeclContext* tree) {
    ast::Ruleset result;
    result.name = declaredName(part<Parser::WordContext>(tree));
    if (part<Parser::NamesContext>(tree) != nullptr) {
        result.extends = names(part<Parser::NamesContext>(tree));
    }
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (asLeaf(child) == nullptr && as<Parser::WordContext>(child) == nullptr &&
            as<Parser::NamesContext>(child) == nullptr) {
            result.clauses.push_back(clause(static_cast<Tree*>(child)));
        }
    }
    checkClausesOnce(result);
    return result;
}

ast::RulesetClause Builder::clause(Tree* tree) {
    ast::RulesetClause result;
    result.span = span(tree);
    switch (tree->getRuleIndex()) {
    case Parser::RuleAllow: {
        auto* const allow = static_cast<Parser::AllowContext*>(tree);
        if (part<Parser::PathGrantsContext>(allow) != nullptr) {
            result.what = pathGrants(words(part<Parser::WordsContext>(allow)), part<Parser::PathGrantsContext>(allow));
        } else {
            result.what = portGrants(words(part<Parser::WordsContext>(allow)), part<Parser::OperationsContext>(allow),
                                     part<Parser::PortsContext>(allow));
        }
        break;
    }
    case Parser::RuleLeave:
        result.what = ast::Leave{givenUp(static_cast<Parser::LeaveContext*>(tree)->givenUp())};
        break;
    case Parser::RuleIsolate:
        result.what = ast::Isolate{words(static_cast<Parser::IsolateContext*>(tree)->words())};
        break;
    case Parser::RuleQuiet:
        result.what = quiet(static_cast<Parser::QuietContext*>(tree));
        break;
    case Parser::RuleLog: {
        auto* const log = static_cast<Parser::LogContext*>(tree);
        const ast::Word state = word(log->word(1));
        oneOf(state, "log state", {"on", "off"});
        result.what = ast::Log{word(log->word(0)), state.text == "on"};
        break;
    }
    default:
        oneOf(word(static_cast<Parser::PathsInContext*>(tree)->word()), "place of paths", {"target"});
        result.what = ast::PathsInTarget{};
        break;
    }
    return result;
}

std::vector<ast::Word> Builder::givenUp(Parser::GivenUpContext* tree) {
    std::vector<ast::Word> result;
    Seen seen;
    for (Parser::RightContext* const right : tree->right()) {
        ast::Word name = word(part<Parser::WordContext>(right));
        if (leaf(right, Lexer::WORD) != nullptr) {
            name.text += " " + std::string(text(token(leaf(right, Lexer::WORD))));
            name.span = span(right);
        }
        once(seen, name.text, name.span);
        result.push_back(std::move(name));
    }
    return result;
}

ast::AllowPaths Builder::pathGrants(std::vector<ast::Word> rights, Parser::PathGrantsContext* tree) {
    ast::AllowPaths result;
    result.rights = std::move(rights);
    result.kind = leaf(tree, Lexer::BENEATH) != nullptr ? ast::PathKind::kBeneath
                  : leaf(tree, Lexer::FILE) != nullptr  ? ast::PathKind::kFile
                                                        : ast::PathKind::kEach;
    Seen paths;
    Seen exceptions;
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (auto* const item = as<Parser::PathItemContext>(child)) {
            ast::PathItem made{path(item), leaf(item, Lexer::OPTIONAL) != nullptr, span(item)};
            once(paths, std::string(text(made.pattern.span)), made.span);
            result.paths.push_back(std::move(made));
        } else if (auto* const excepted = as<Parser::PathContext>(child)) {
            result.except.push_back(path(excepted));
            once(exceptions, std::string(text(result.except.back().span)), result.except.back().span);
        }
    }
    return result;
}

ast::AllowPaths Builder::quietPaths(std::vector<ast::Word> rights, Parser::QuietPathsContext* tree) {
    ast::AllowPaths result;
    result.rights = std::move(rights);
    result.kind = leaf(tree, Lexer::BENEATH) != nullptr ? ast::PathKind::kBeneath : ast::PathKind::kFile;
    Seen seen;
    for (antlr4::tree::ParseTree* child : tree->children) {
        if (auto* const item = as<Parser::PathContext>(child)) {
            ast::PathItem made{path(item), false, span(item)};
            once(seen, std::string(text(made.span)), made.span);
            result.paths.push_back(std::move(made));
        }
    }
    return result;
}

ast::AllowPorts Builder::portGrants(std::vector<ast::Word> protocol, Parser::OperationsContext* operations,
                                    Parser::PortsContext* ports) {
    ast::AllowPorts result;
    if (protocol.size() > 1) {
        error(diag::Id::kOneProtocol, protocol[1].span, {protocol[0].text, protocol[1].text});
    }
    result.protocol = protocol[0];
    result.operations = words(operations);
    Seen seen;
    for (antlr4::tree::ParseTree* child : ports->children) {
        if (auto* const item = as<Parser::PortContext>(child)) {
            result.ports.push_back(port(first(item)));
            once(seen, std::string(text(first(item))), span(item));
        }
    }
    return result;
}

ast::Quiet Builder::quiet(Parser::QuietContext* tree) {
    std::vector<ast::Word> what = words(part<Parser::WordsContext>(tree));
    if (part<Parser::QuietPathsContext>(tree) != nullptr) {
        return {quietPaths(std::move(what), part<Parser::QuietPathsContext>(tree))};
    }
    if (part<Parser::PortsContext>(tree) != nullptr) {
        return {portGrants(std::move(what), part<Parser::OperationsContext>(tree), part<Parser::PortsContext>(tree))};
    }
    if (what.size() != 1 || what[0].text != "scope") {
        error(diag::Id::kSyntaxError, span(part<Parser::OperationsContext>(tree)),
              {fmt::format("`{}`", text(span(part<Parser::OperationsContext>(tree)))),
               "`beneath`, `file`, or a port after it"})
            .help("quiet takes `quiet RIGHTS beneath PATH`, `quiet tcp connect PORT` or `quiet scope NAME`");
    }
    return {words(part<Parser::OperationsContext>(tree))};
}

void Builder::checkClausesOnce(const ast::Ruleset& ruleset) {
    Seen seen;
    const auto all = [&](std::string_view kind, const std::vector<ast::Word>& words) {
        for (const ast::Word& word : words) {
            // Within one clause words() has looked already; there the key is new only once.
            if (!seen.add(fmt::format("{} {}", kind, word.text)) && !failed_) {
                saidTwice(word.text, word.span);
            }
        }
    };
    for (const ast::RulesetClause& clause : ruleset.clauses) {
        if (const auto* const leave = std::get_if<ast::Leave>(&clause.what)) {
            all("leave", leave->names);
        } else if (const auto* const isolate = std::get_if<ast::Isolate>(&clause.what)) {
            all("isolate", isolate->scopes);
        } else if (const auto* const log = std::get_if<ast::Log>(&clause.what)) {
            all("log", {log->flag});
        } else if (std::holds_alternative<ast::PathsInTarget>(clause.what)) {
            once(seen, "paths in target", clause.span);
        }
    }
}

} // namespace landlatch::syntax
