// SPDX-License-Identifier: Apache-2.0
// The loop over statements. All statements start with a keyword that can start nothing else, so a scan over the tokens
// finds where one ends: the parser sees one statement at a time, its tree is gone before the next one, and a mistake
// costs one statement and no more.
#include "compiler/syntax/parse.h"

#include "compiler/syntax/builder.h"
#include "compiler/syntax/explain.h"
#include "compiler/syntax/limits.h"
#include "compiler/syntax/scanner.h"
#include "compiler/syntax/statement_parser.h"
#include "compiler/syntax/text_check.h"

namespace landlatch::syntax {

namespace {

/// Keywords and signs behind which a name stands: a statement keyword there, on the same line, is a name without its
/// quotes and begins no statement.
bool awaitsName(std::size_t type) {
    switch (type) {
    case Lexer::RULESET:
    case Lexer::RULE:
    case Lexer::LET:
    case Lexer::PARAM:
    case Lexer::PREFER:
    case Lexer::OVER:
    case Lexer::AS:
    case Lexer::EXTENDS:
    case Lexer::APPLY:
    case Lexer::RULES:
    case Lexer::COMMA:
    case Lexer::UNIT:
    case Lexer::SLICE:
    case Lexer::CGROUP:
    case Lexer::USER:
    case Lexer::GROUP:
    case Lexer::OPTIONAL:
    case Lexer::LEAVE:
    case Lexer::LEAVING:
    case Lexer::ISOLATE:
    case Lexer::LOG:
    case Lexer::QUIET:
    case Lexer::ALLOW:
    case Lexer::SET:
    case Lexer::ENV:
    case Lexer::EQUALS:
    case Lexer::TEST:
        return true;
    default:
        return false;
    }
}

constexpr std::size_t kUsualStatementBytes = 128;

class FileParser {
public:
    FileParser(FileId file, std::string_view text, diag::Sink& sink)
        : sink_(sink), scanner_(file, text), explainer_(file, text, parser_.vocabulary(), sink),
          builder_(file, text, sink), errors_before_(sink.errorCount()), id_(file) {
        result_.file = file;
        result_.statements.reserve(text.size() / kUsualStatementBytes); // room not used is never touched
    }

    ast::File run() {
        SourceToken next = scanner_.next();
        while (next.getType() != antlr4::Token::EOF) {
            next = readStatement(next);
            parseStatement();
            if (sink_.errorCount() - errors_before_ >= kMaxSyntaxErrors) {
                sink_.report(diag::Id::kTooManySyntaxErrors, place(next), {std::to_string(kMaxSyntaxErrors)});
                break;
            }
        }
        result_.comments = scanner_.takeComments();
        return std::move(result_);
    }

private:
    /// Fills tokens_ with the statement that starts with `start`; returns the token behind it.
    SourceToken readStatement(const SourceToken& start) {
        tokens_.clear();
        flawed_ = too_long_ = false;
        SourceToken next = start;
        do {
            if (tokens_.size() < kMaxStatementTokens) {
                next.index = static_cast<std::uint32_t>(tokens_.size());
                tokens_.push_back(next);
            } else {
                too_long_ = true;
            }
            flawed_ = flawed_ || next.flaw != Flaw::kNone;
            previous_ = next.getType();
            next = scanner_.next();
        } while (next.getType() != antlr4::Token::EOF && !begins(next));
        SourceToken end(antlr4::Token::EOF, next.begin, next.begin);
        end.index = static_cast<std::uint32_t>(tokens_.size());
        end.first_on_line = next.first_on_line;
        end.flaw = next.getType() == antlr4::Token::EOF ? next.flaw : Flaw::kNone;
        flawed_ = flawed_ || end.flaw != Flaw::kNone;
        tokens_.push_back(end);
        return next;
    }

    /// Whether `token`, behind what tokens_ holds, begins a statement.
    [[nodiscard]] bool begins(const SourceToken& token) const {
        const std::size_t type = token.getType();
        if (!isStatementKeyword(type)) {
            return false;
        }
        const bool continues = (type == Lexer::RULESET && previous_ == Lexer::APPLY) ||
                               (type == Lexer::ABI && (previous_ == Lexer::REQUIRES || previous_ == Lexer::FROM)) ||
                               (type == Lexer::WHEN && previous_ == Lexer::COLON);
        return !continues && (token.first_on_line || !awaitsName(previous_));
    }

    void parseStatement() {
        if (flawed_) {
            explainer_.flaws(tokens_);
            return;
        }
        if (too_long_) {
            sink_.report(diag::Id::kStatementTooLong, place(tokens_[0]), {std::to_string(kMaxStatementTokens)});
            return;
        }
        if (!checkNesting()) {
            return;
        }
        std::size_t used = 0;
        if (Parser::StatementContext* const tree = parser_.parse(tokens_, used)) {
            if (std::optional<ast::Statement> statement = builder_.build(tree)) {
                result_.statements.push_back(std::move(*statement));
            }
            if (used + 1 == tokens_.size()) {
                return;
            }
        }
        explainer_.syntax(tokens_, parser_.diagnose(tokens_));
    }

    /// Refuses what the generated parser would recurse into too deep: it runs only after this.
    bool checkNesting() {
        std::size_t depth = 0;
        for (const SourceToken& token : tokens_) {
            switch (token.getType()) {
            case Lexer::LPAREN:
            case Lexer::LBRACK:
                if (++depth > kMaxNesting) {
                    sink_.report(
                        diag::Id::kNestedTooDeep, place(token),
                        {token.getType() == Lexer::LPAREN ? "parentheses" : "lists", std::to_string(kMaxNesting)});
                    return false;
                }
                break;
            case Lexer::RPAREN:
            case Lexer::RBRACK:
                depth -= depth > 0 ? 1 : 0;
                break;
            default:
                break;
            }
        }
        return true;
    }

    [[nodiscard]] Span place(const SourceToken& token) const { return {id_, token.begin, token.end}; }

    diag::Sink& sink_;
    Scanner scanner_;
    StatementParser parser_;
    Explainer explainer_;
    Builder builder_;
    std::size_t errors_before_;
    FileId id_;
    ast::File result_;

    // the statement being read
    std::vector<SourceToken> tokens_;
    std::size_t previous_ = 0;
    bool flawed_ = false;
    bool too_long_ = false;
};

} // namespace

ast::File parse(const SourceManager& sources, FileId file, diag::Sink& sink) {
    const std::string_view text = sources.text(file);
    if (!checkText(file, text, sink)) {
        ast::File nothing;
        nothing.file = file;
        return nothing;
    }
    return FileParser(file, text, sink).run();
}

} // namespace landlatch::syntax
