// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/expected.h"

#include "compiler/syntax/antlr.h"
#include "compiler/syntax/explain.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace landlatch::syntax {

namespace {

/// Token types that together are one thing to a reader. The first that is wholly expected wins.
struct Category {
    std::set<std::size_t> types;
    std::string_view name;
};

const std::vector<Category>& categories() {
    static const std::vector<Category> all = {
        {{Lexer::NOT, Lexer::LPAREN, Lexer::EXEC, Lexer::SCRIPT, Lexer::FILE, Lexer::PARENT, Lexer::ANCESTOR,
          Lexer::UNDER, Lexer::IN, Lexer::USER, Lexer::REAL, Lexer::GROUP, Lexer::SETUID},
         "a condition"},
        {{Lexer::EXEC, Lexer::SCRIPT, Lexer::FILE, Lexer::PARENT, Lexer::ANCESTOR, Lexer::UNDER, Lexer::IN, Lexer::USER,
          Lexer::REAL, Lexer::GROUP, Lexer::SETUID},
         "a condition"},
        {{Lexer::SCRIPT, Lexer::PARENT, Lexer::ANCESTOR, Lexer::UNDER, Lexer::IN, Lexer::USER, Lexer::REAL,
          Lexer::GROUP, Lexer::SETUID, Lexer::UNLINKED},
         "another fact of the exec"},
        {{Lexer::ALWAYS, Lexer::AUDIT, Lexer::APPLY, Lexer::DENY, Lexer::PASS},
         "an action (`apply`, `deny` or `pass`)"},
        {{Lexer::ALLOW, Lexer::LEAVE, Lexer::ISOLATE, Lexer::QUIET, Lexer::LOG, Lexer::PATHS},
         "a clause (`allow`, `leave`, `isolate`, `quiet`, `log` or `paths`)"},
        {{Lexer::PATH, Lexer::VARIABLE, Lexer::NUMBER, Lexer::RANGE, Lexer::WORD, Lexer::STRING, Lexer::LBRACK},
         "a value"},
        {{Lexer::OPTIONAL, Lexer::PATH, Lexer::VARIABLE, Lexer::NUMBER, Lexer::WORD, Lexer::STRING},
         "a name or pattern"},
        {{Lexer::PATH, Lexer::VARIABLE, Lexer::NUMBER, Lexer::WORD, Lexer::STRING}, "a name or pattern"},
        {{Lexer::NUMBER, Lexer::RANGE, Lexer::VARIABLE}, "a port"},
        {{Lexer::OPTIONAL, Lexer::PATH, Lexer::VARIABLE, Lexer::STRING}, "a path"},
        {{Lexer::PATH, Lexer::VARIABLE, Lexer::STRING}, "a path"},
        {{Lexer::RELATIVE, Lexer::STRING}, "a path on the same line"},
        {{Lexer::WORD, Lexer::STRING}, "a name"},
        {{Lexer::WORD}, "a word"},
        {{Lexer::STRING}, "a quoted text"},
    };
    return all;
}

std::string joinAll(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) {
            out += i + 1 == names.size() ? " or " : ", ";
        }
        out += names[i];
    }
    return out;
}

} // namespace

std::string keywordText(const antlr4::dfa::Vocabulary& vocabulary, std::size_t type) {
    const std::string literal = vocabulary.getLiteralName(type); // 'apply'
    return literal.size() < 2 ? literal : literal.substr(1, literal.size() - 2);
}

std::string tokenName(const antlr4::dfa::Vocabulary& vocabulary, std::size_t type) {
    switch (type) {
    case Lexer::LBRACE:
        return "`{`";
    case Lexer::RBRACE:
        return "`}`";
    case Lexer::LBRACK:
        return "`[`";
    case Lexer::RBRACK:
        return "`]`";
    case Lexer::LPAREN:
        return "`(`";
    case Lexer::RPAREN:
        return "`)`";
    case Lexer::COMMA:
        return "`,`";
    case Lexer::COLON:
        return "`:`";
    case Lexer::EQUALS:
        return "`=`";
    case Lexer::ARROW:
        return "`->`";
    case Lexer::NUMBER:
        return "a number";
    case Lexer::RANGE:
        return "a port range";
    case Lexer::PATH:
        return "a path";
    case Lexer::VARIABLE:
        return "a variable";
    case antlr4::Token::EOF:
        return "a new statement";
    default:
        return isKeyword(type) ? fmt::format("`{}`", keywordText(vocabulary, type)) : "something else";
    }
}

std::string describe(const antlr4::dfa::Vocabulary& vocabulary, std::set<std::size_t> expected) {
    expected.erase(Lexer::SEMI);
    expected.erase(Lexer::PATH_TEXT);
    expected.erase(Lexer::PATH_VARIABLE);
    std::vector<std::string> names;
    for (const Category& category : categories()) {
        if (std::includes(expected.begin(), expected.end(), category.types.begin(), category.types.end())) {
            names.emplace_back(category.name);
            for (const std::size_t type : category.types) {
                expected.erase(type);
            }
        }
    }
    for (const std::size_t type : expected) {
        names.push_back(tokenName(vocabulary, type));
    }
    return names.empty() ? "nothing more" : joinAll(names);
}

} // namespace landlatch::syntax
