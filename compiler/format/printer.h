// SPDX-License-Identifier: Apache-2.0
// Statements to rows of words: the order and spelling of everything, for Lines to lay out.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/format/lines.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace landlatch::format {

class Printer {
public:
    Printer(Lines& lines, const SourceManager& sources) : lines_(lines), sources_(sources) {}

    void statement(const ast::Statement& statement);

private:
    // print_statement.cpp
    void print(const ast::AbiDecl& abi);
    void print(const ast::RequiresDecl& required);
    void print(const ast::Import& import);
    void print(const ast::UseRules& use);
    void print(const ast::Let& let);
    void print(const ast::Param& param);
    void print(const ast::Prefer& prefer);
    void print(const ast::Ruleset& ruleset);
    void print(const ast::Rule& rule);
    void print(const ast::Test& test);

    // print_ruleset.cpp
    void clause(const ast::RulesetClause& clause);
    void print(const ast::AllowPaths& grant);
    void print(const ast::AllowPorts& grant);
    void print(const ast::Leave& leave);
    void print(const ast::Isolate& isolate);
    void print(const ast::Quiet& quiet);
    void print(const ast::Log& log);
    void print(const ast::PathsInTarget& paths);

    // print_rule.cpp
    struct Where {
        bool after_unless = false;
        Break inside = Break::kItem; ///< how a row breaks between its terms
    };
    void condition(const ast::Condition& condition, Where where, Break before);
    void row(const ast::Condition& condition, Where where, Break before);
    void fact(const ast::FactTest& fact, Break before, bool in_test);
    void items(const ast::FactTest& fact, bool in_test);
    void action(const ast::Action& action, Break before);
    void apply(const ast::Apply& apply);

    // print_test.cpp
    void testItem(const ast::GivenLink& given);
    void testItem(const ast::SetParam& set);
    void testItem(const ast::TestExec& exec);
    void testItem(const ast::Expect& expect);
    void decision(const ast::ExpectDecision& decision);
    void access(const ast::ExpectAccess& access);

    void value(const ast::Value& value);
    void words(const std::vector<ast::Word>& words);
    void names(const std::vector<ast::Name>& names);
    void givenUp(const std::vector<ast::Word>& words);

    struct Item {
        Span span;
        std::string text; ///< as it is spelled
        std::string_view before = {};
    };
    /// All items, with commas between; `make` is the Item of one. Two that would be spelled alike keep the spelling of
    /// the source, where they differ: a list that says a thing twice does not parse.
    template <class Node, class Make> void list(const std::vector<Node>& nodes, Make make) {
        std::unordered_map<std::string, std::size_t> uses;
        std::vector<Item> items;
        for (const Node& node : nodes) {
            items.push_back(make(node));
            ++uses[items.back().text];
        }
        for (const Item& item : items) {
            if (&item != items.data()) {
                lines_.suffix(",");
            }
            lines_.prefix(item.before);
            lines_.word(item.span.begin, uses[item.text] > 1 ? sources_.text(item.span) : item.text,
                        &item == items.data() ? Break::kNever : Break::kItem);
        }
    }

    Lines& lines_;
    const SourceManager& sources_;
    Span span_; ///< of the statement
};

} // namespace landlatch::format
