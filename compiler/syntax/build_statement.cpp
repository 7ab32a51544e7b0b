// SPDX-License-Identifier: Apache-2.0
// Statements of one line, and the choice among all statements.
#include "compiler/syntax/builder.h"

namespace landlatch::syntax {

std::optional<ast::Statement> Builder::build(Parser::StatementContext* tree) {
    failed_ = false;
    reported_ = 0;
    auto* const child = static_cast<Tree*>(tree->children.at(0));
    ast::Statement result;
    result.span = span(child);
    switch (child->getRuleIndex()) {
    case Parser::RuleAbiDecl:
        result.what = abiDecl(static_cast<Parser::AbiDeclContext*>(child));
        break;
    case Parser::RuleRequiresDecl:
        result.what = requiresDecl(static_cast<Parser::RequiresDeclContext*>(child));
        break;
    case Parser::RuleImportDecl:
        result.what = importDecl(static_cast<Parser::ImportDeclContext*>(child));
        break;
    case Parser::RuleUseRules:
        result.what = ast::UseRules{names(part<Parser::NamesContext>(static_cast<Tree*>(child)))};
        break;
    case Parser::RuleLetDecl: {
        auto* const let = static_cast<Parser::LetDeclContext*>(child);
        result.what = ast::Let{declaredName(part<Parser::WordContext>(let)), value(part<Parser::ValueContext>(let))};
        break;
    }
    case Parser::RuleParamDecl:
        result.what = paramDecl(static_cast<Parser::ParamDeclContext*>(child));
        break;
    case Parser::RuleRulesetDecl:
        result.what = ruleset(static_cast<Parser::RulesetDeclContext*>(child));
        break;
    case Parser::RuleRuleDecl:
        result.what = rule(static_cast<Parser::RuleDeclContext*>(child));
        break;
    case Parser::RulePreferDecl: {
        auto* const prefer = static_cast<Parser::PreferDeclContext*>(child);
        result.what = ast::Prefer{name(first(prefer->word(0))), name(first(prefer->word(1)))};
        break;
    }
    default:
        result.what = test(static_cast<Parser::TestDeclContext*>(child));
        break;
    }
    if (failed_) {
        return std::nullopt;
    }
    return result;
}

ast::AbiDecl Builder::abiDecl(Parser::AbiDeclContext* tree) {
    const SourceToken& digits = token(leaf(tree, Lexer::NUMBER));
    return {number(text(digits), span(digits)), span(digits)};
}

ast::RequiresDecl Builder::requiresDecl(Parser::RequiresDeclContext* tree) {
    const SourceToken& digits = token(leaf(tree, Lexer::NUMBER));
    ast::RequiresDecl result{number(text(digits), span(digits)), span(digits), {}};
    if (part<Parser::GivenUpContext>(tree) != nullptr) {
        result.leaving = givenUp(part<Parser::GivenUpContext>(tree));
    }
    return result;
}

ast::Import Builder::importDecl(Parser::ImportDeclContext* tree) {
    const SourceToken& path = token(static_cast<Node*>(tree->children.at(1)));
    const ast::Word written = word(path);
    ast::Import result{written.text, written.quoted, written.span, std::nullopt};
    if (result.path.empty()) {
        error(diag::Id::kEmptyName, written.span, {});
    }
    if (part<Parser::WordContext>(tree) != nullptr) {
        result.as = declaredName(part<Parser::WordContext>(tree));
    }
    return result;
}

ast::Param Builder::paramDecl(Parser::ParamDeclContext* tree) {
    ast::Param result;
    result.name = declaredName(tree->word(0));
    const ast::Word type = word(tree->word(1));
    result.type_span = type.span;
    oneOf(type, "type", {"path", "port", "ports"});
    result.type = type.text == "port"    ? ast::ParamType::kPort
                  : type.text == "ports" ? ast::ParamType::kPorts
                                         : ast::ParamType::kPath;
    if (leaf(tree, Lexer::ENV) != nullptr) {
        result.env = word(tree->word(2));
    } else if (part<Parser::ValueContext>(tree) != nullptr) {
        result.default_value = value(part<Parser::ValueContext>(tree));
    }
    return result;
}

} // namespace landlatch::syntax
