// SPDX-License-Identifier: Apache-2.0
// Two passes: the first bails out at the first mistake and does nothing for messages, since nearly all statements are
// right. Only for a wrong one the second collects what could have stood at the token where the first stopped. The
// grammar is LL(1), so both stop at the same token, the first one that no correct statement has there.
#include "compiler/syntax/statement_parser.h"

namespace landlatch::syntax {

namespace {

/// Thrown by both strategies and caught in this file.
struct Stopped {};

class BailStrategy : public antlr4::DefaultErrorStrategy {
public:
    void reportError(antlr4::Parser*, const antlr4::RecognitionException&) override {}
    void recover(antlr4::Parser*, std::exception_ptr) override { throw Stopped{}; }
    antlr4::Token* recoverInline(antlr4::Parser*) override { throw Stopped{}; }
    void sync(antlr4::Parser*) override {}
};

/// Adds up the token types that any decision on the way would have taken at the token `index`.
class CollectStrategy final : public BailStrategy {
public:
    CollectStrategy(std::size_t index, std::set<std::size_t>& expected) : index_(index), expected_(expected) {}
    void recover(antlr4::Parser* parser, std::exception_ptr) override { stop(parser); }
    antlr4::Token* recoverInline(antlr4::Parser* parser) override { stop(parser); }
    void sync(antlr4::Parser* parser) override { collect(parser); }

private:
    [[noreturn]] void stop(antlr4::Parser* parser) {
        collect(parser);
        throw Stopped{};
    }
    void collect(antlr4::Parser* parser) {
        if (parser->getInputStream()->index() != index_) {
            return;
        }
        const antlr4::misc::IntervalSet here = parser->getExpectedTokens(); // outlives the loop over its parts
        for (const antlr4::misc::Interval& interval : here.getIntervals()) {
            for (ssize_t type = interval.a; type <= interval.b; ++type) {
                expected_.insert(static_cast<std::size_t>(type));
            }
        }
    }
    std::size_t index_;
    std::set<std::size_t>& expected_;
};

/// Ready for another statement. What ANTLR's reset() does beyond this costs more than a short statement; and it leaves
/// the state number, which the next root context would take for the place that invoked it.
void restart(Parser& parser, StatementStream& stream) {
    stream.seek(0);
    parser.getTreeTracker().reset();
    parser.setContext(nullptr);
    parser.setState(antlr4::atn::ATNState::INVALID_STATE_NUMBER);
}

} // namespace

struct StatementParser::Impl {
    StatementStream stream;
    Parser parser{&stream};
    std::shared_ptr<BailStrategy> bail = std::make_shared<BailStrategy>();
};

StatementParser::StatementParser() : impl_(std::make_unique<Impl>()) {
    impl_->parser.removeErrorListeners();
    impl_->parser.setErrorHandler(impl_->bail);
}

StatementParser::~StatementParser() = default;

Parser::StatementContext* StatementParser::parse(std::vector<SourceToken>& tokens, std::size_t& used) {
    impl_->stream.setTokens(tokens);
    restart(impl_->parser, impl_->stream);
    try {
        Parser::StatementContext* const tree = impl_->parser.statement();
        used = impl_->stream.index();
        return tree;
    } catch (const Stopped&) {
        used = impl_->stream.index();
        return nullptr;
    }
}

Failure StatementParser::diagnose(std::vector<SourceToken>& tokens) {
    Failure failure;
    std::size_t used = 0;
    parse(tokens, used);
    failure.index = used;
    impl_->parser.setErrorHandler(std::make_shared<CollectStrategy>(used, failure.expected));
    restart(impl_->parser, impl_->stream);
    try {
        impl_->parser.onlyStatement();
    } catch (const Stopped&) { // NOLINT(bugprone-empty-catch)
        // What we came for: `failure` is filled in.
    }
    impl_->parser.setErrorHandler(impl_->bail);
    return failure;
}

const antlr4::dfa::Vocabulary& StatementParser::vocabulary() const { return impl_->parser.getVocabulary(); }

} // namespace landlatch::syntax
