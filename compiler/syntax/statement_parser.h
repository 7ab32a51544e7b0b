// SPDX-License-Identifier: Apache-2.0
// Internal to compiler/syntax: the generated parser behind a face that never throws.
#pragma once

#include "compiler/syntax/antlr.h"
#include "compiler/syntax/explain.h"

#include <memory>
#include <optional>

namespace landlatch::syntax {

/// Parses one statement after the other with one parser object.
class StatementParser {
public:
    StatementParser();
    ~StatementParser();

    /// Parses the statement at the start of `tokens` (which end with EOF). On success `tree` is valid until the next
    /// call and `used` is how many tokens it took, which may be fewer than there are. Null when it is no statement.
    Parser::StatementContext* parse(std::vector<SourceToken>& tokens, std::size_t& used);

    /// For tokens that `parse` refused or did not use up: where the mistake is and what could have stood there.
    Failure diagnose(std::vector<SourceToken>& tokens);

    [[nodiscard]] const antlr4::dfa::Vocabulary& vocabulary() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace landlatch::syntax
