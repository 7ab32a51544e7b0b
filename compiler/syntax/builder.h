// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: the parse tree of one statement to its AST.
// The tree is complete and without errors; what the grammar lets through and the language refuses is reported here.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/syntax/antlr.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace landlatch::syntax {

class Builder {
public:
    Builder(FileId file, std::string_view text, diag::Sink& sink) : file_(file), text_(text), sink_(sink) {}

    /// The statement; empty after an error, which was reported.
    std::optional<ast::Statement> build(Parser::StatementContext* tree);

private:
    using Node = antlr4::tree::TerminalNode;
    using Tree = antlr4::ParserRuleContext;

    // build_statement.cpp
    ast::AbiDecl abiDecl(Parser::AbiDeclContext* tree);
    ast::RequiresDecl requiresDecl(Parser::RequiresDeclContext* tree);
    ast::Import importDecl(Parser::ImportDeclContext* tree);
    ast::Param paramDecl(Parser::ParamDeclContext* tree);

    // build_ruleset.cpp
    ast::Ruleset ruleset(Parser::RulesetDeclContext* tree);
    ast::RulesetClause clause(Tree* tree);
    ast::AllowPaths pathGrants(std::vector<ast::Word> rights, Parser::PathGrantsContext* tree);
    ast::AllowPaths quietPaths(std::vector<ast::Word> rights, Parser::QuietPathsContext* tree);
    ast::AllowPorts portGrants(std::vector<ast::Word> protocol, Parser::OperationsContext* operations,
                               Parser::PortsContext* ports);
    ast::Quiet quiet(Parser::QuietContext* tree);
    void checkClausesOnce(const ast::Ruleset& ruleset);

    // build_rule.cpp
    ast::Rule rule(Parser::RuleDeclContext* tree);
    ast::Condition condition(Parser::ConditionContext* tree, bool after_unless);
    ast::Condition term(Parser::TermContext* tree, bool after_unless);
    ast::FactTest fact(Parser::FactContext* tree);
    ast::FactTest place(Parser::PlaceContext* tree);
    ast::FactTest user(Parser::UserContext* tree);
    std::vector<ast::FactItem> items(Parser::ItemsContext* tree, bool may_be_optional);
    ast::Apply apply(Parser::ApplyContext* tree);
    ast::Deny deny(Parser::DenyContext* tree);

    // build_test.cpp
    ast::Test test(Parser::TestDeclContext* tree);
    ast::GivenLink given(Parser::GivenContext* tree);
    ast::TestExec testExec(Parser::TestExecContext* tree);
    ast::FactTest testFact(Parser::TestFactContext* tree);
    ast::Expect expect(Parser::ExpectContext* tree);
    ast::ExpectDecision decision(Parser::DecisionContext* tree);
    ast::ExpectAccess access(Parser::AccessContext* tree);

    // build_value.cpp
    ast::Word word(const SourceToken& token);
    ast::Word word(Parser::WordContext* tree) { return word(first(tree)); }
    ast::Word declaredName(Parser::WordContext* tree);
    std::vector<ast::Word> words(antlr4::ParserRuleContext* tree);
    /// `leave` and `leaving`: categories and rights.
    std::vector<ast::Word> givenUp(Parser::GivenUpContext* tree);
    ast::Name name(const SourceToken& token);
    std::vector<ast::Name> names(Parser::NamesContext* tree);
    std::uint64_t number(std::string_view digits, Span span);
    ast::Ports ports(const SourceToken& token);
    ast::Pattern pattern(Parser::PatternContext* tree);
    ast::Pattern textPattern(const SourceToken& token);
    ast::Pattern stringPattern(const SourceToken& token);
    ast::Pattern path(Tree* tree); ///< of a rule with a pattern or a string
    ast::Value value(Parser::ValueContext* tree);
    ast::Value port(const SourceToken& token);

    // places
    static const SourceToken& token(Node* node) { return *static_cast<const SourceToken*>(node->getSymbol()); }
    static const SourceToken& first(Tree* tree) { return *static_cast<const SourceToken*>(tree->getStart()); }
    static const SourceToken& last(Tree* tree) { return *static_cast<const SourceToken*>(tree->getStop()); }
    Span span(const SourceToken& token) const { return {file_, token.begin, token.end}; }
    Span span(Node* node) const { return span(token(node)); }
    Span span(Tree* tree) const { return {file_, first(tree).begin, last(tree).end}; }
    std::string_view text(const SourceToken& token) const { return text_.substr(token.begin, token.end - token.begin); }
    std::string_view text(Span span) const { return text_.substr(span.begin, span.end - span.begin); }

    diag::Diagnostic& error(diag::Id id, Span span, std::vector<std::string> args);
    /// What stands in one list. Lists are short, most of them, and then looked through.
    class Seen {
    public:
        /// False: it is there already.
        bool add(const std::string& key) {
            if (std::find(first_.begin(), first_.end(), key) != first_.end()) {
                return false;
            }
            if (first_.size() == kFew) {
                return others_.insert(key).second;
            }
            first_.reserve(kFew);
            first_.push_back(key);
            return true;
        }

    private:
        static constexpr std::size_t kFew = 8;
        std::vector<std::string> first_;
        std::unordered_set<std::string> others_;
    };
    /// Reports what stands for the second time in one list; `key` is its text without quotes.
    void once(Seen& seen, const std::string& key, Span span);
    void saidTwice(std::string_view what, Span span);
    /// `word` must be one of `known`, which are not reserved: "unknown KIND `x`; did you mean `y`".
    void oneOf(const ast::Word& word, std::string_view kind, const std::vector<std::string>& known);

    FileId file_;
    std::string_view text_;
    diag::Sink& sink_;
    bool failed_ = false;
    std::size_t reported_ = 0;   ///< in this statement
    diag::Diagnostic discarded_; ///< takes what is said behind the last error of a statement that has too many
};

/// Splits the text between quotes into pieces: `$v` and `${ns.v}` are variables, `\c` keeps its two bytes. The place of
/// each `$` without a name goes to `lone_dollars`. `begin` is the text's offset in `file`.
std::vector<ast::PatternPiece> splitPieces(std::string_view text, FileId file, std::uint32_t begin,
                                           std::vector<Span>& lone_dollars);

} // namespace landlatch::syntax
