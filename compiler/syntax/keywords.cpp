// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/keywords.h"

#include "compiler/syntax/antlr.h"

#include <algorithm>

namespace landlatch::syntax {

namespace {

bool isWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// The literals of the lexer's vocabulary that are words: `'allow'`, not `'{'`.
std::vector<std::string> readVocabulary() {
    antlr4::ANTLRInputStream nothing;
    const Lexer lexer(&nothing);
    const antlr4::dfa::Vocabulary& vocabulary = lexer.getVocabulary();
    std::vector<std::string> words;
    for (std::size_t type = 1; type <= vocabulary.getMaxTokenType(); ++type) {
        const std::string literal = vocabulary.getLiteralName(type);
        if (literal.size() > 2 && isWordStart(literal[1])) {
            words.push_back(literal.substr(1, literal.size() - 2));
        }
    }
    std::sort(words.begin(), words.end());
    return words;
}

} // namespace

const std::vector<std::string>& keywords() {
    static const std::vector<std::string> words = readVocabulary();
    return words;
}

bool isKeyword(std::string_view word) { return std::binary_search(keywords().begin(), keywords().end(), word); }

bool isWordByte(char c) { return isWordStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '@'; }

bool isBareWord(std::string_view word) {
    bool at_start = true;
    for (const char c : word) {
        if (at_start ? !isWordStart(c) : !isWordByte(c) && c != '.') {
            return false;
        }
        at_start = c == '.';
    }
    return !at_start && !isKeyword(word);
}

} // namespace landlatch::syntax
