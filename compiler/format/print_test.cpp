// SPDX-License-Identifier: Apache-2.0
// What stands in test blocks.
#include "compiler/format/printer.h"
#include "compiler/format/spelling.h"

namespace landlatch::format {

void Printer::testItem(const ast::GivenLink& given) {
    lines_.word(given.span.begin, "given");
    lines_.word("link");
    lines_.word(given.link.span.begin, spell(given.link, Place::kPath));
    // One word: the target stands on the line of its arrow.
    lines_.word(given.target.span.begin, "-> " + spellLinkTarget(given.target));
}

void Printer::testItem(const ast::SetParam& set) {
    lines_.word(set.span.begin, "set");
    lines_.word(set.param.span.begin, spell(set.param));
    lines_.word("=");
    value(set.value);
}

void Printer::testItem(const ast::TestExec& exec) {
    for (const ast::FactTest& part : exec.facts) {
        fact(part, &part == &exec.facts[0] ? Break::kNever : Break::kTerm, true);
    }
}

void Printer::testItem(const ast::Expect& expect) {
    lines_.word(expect.span.begin, "expect");
    if (const auto* const decided = std::get_if<ast::ExpectDecision>(&expect.what)) {
        decision(*decided);
    } else {
        access(std::get<ast::ExpectAccess>(expect.what));
    }
    if (expect.from_abi) {
        lines_.word("from");
        lines_.word("abi");
        lines_.word(std::to_string(*expect.from_abi));
    }
}

void Printer::decision(const ast::ExpectDecision& decision) {
    switch (decision.kind) {
    case ast::ExpectDecision::Kind::kApply:
        lines_.word("apply");
        apply(decision.apply);
        break;
    case ast::ExpectDecision::Kind::kNone:
        lines_.word("none");
        break;
    case ast::ExpectDecision::Kind::kPass:
        lines_.word("pass");
        break;
    case ast::ExpectDecision::Kind::kRefuse:
        lines_.word("refuse");
        if (decision.why) {
            lines_.word(decision.why->span.begin, quoted(decision.why->text));
        }
        break;
    }
}

void Printer::access(const ast::ExpectAccess& access) {
    lines_.word(access.allowed ? "allow" : "deny");
    if (access.path) {
        words(access.rights);
        lines_.word(access.path->span.begin, spell(*access.path, Place::kPath));
    } else if (access.ports) {
        print(*access.ports);
    } else {
        lines_.word("scope");
        words(access.scopes);
    }
}

} // namespace landlatch::format
