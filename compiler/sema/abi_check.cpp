// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/abi_check.h"

#include "compiler/ir/dump.h"
#include "compiler/sema/rights.h"
#include "runtime/landlock/abi.h"

#include <algorithm>

namespace landlatch::sema {

namespace {

/// Of what `ruleset` denies by default: what kernels of ABI `abi` leave open. refer needs no naming, since a kernel
/// that doesn't know it denies it; an isolated scope neither, since nothing loads without it.
ir::Access openBelow(const ir::Ruleset& ruleset, std::uint32_t abi) {
    ir::Access open = without(ruleset.handled, vocabulary(abi));
    open.fs &= ~abi::kRefer;
    open.scoped &= ~ruleset.hard_scopes;
    return open;
}

std::string release(std::uint32_t abi) {
    return "ABI " + std::to_string(abi) + " (Linux " + std::string(abi::kLinuxRelease[abi]) + ")";
}

/// "ioctl_dev is known since ABI 5 (Linux 6.10)" for each right.
void noteReleases(const ir::Access& access, diag::Diagnostic& diagnostic) {
    for (const abi::Right& right : abi::kRights) {
        const bool net = right.category == abi::Category::kTcp || right.category == abi::Category::kUdp;
        const std::uint64_t mask = right.category == abi::Category::kFs      ? access.fs
                                   : net                                     ? access.net
                                   : right.category == abi::Category::kScope ? access.scoped
                                                                             : 0;
        if (mask != 0 && (mask >> right.bit & 1) != 0) {
            diagnostic.note(std::string(right.name) + " is known since " + release(right.abi));
        }
    }
}

/// What `leaving` names, above the floor.
ir::Access readLeaving(const FileAbi& root, std::uint32_t floor, std::uint32_t newest, Context& context) {
    ir::Access named;
    if (root.required == nullptr) {
        return named;
    }
    const Rights rights(newest, context);
    for (const ast::Word& word : root.required->leaving) {
        const ir::Access access = rights.givenUp(word);
        const ir::Access above = without(access, vocabulary(floor));
        if (!empty(access) && empty(above)) {
            context.report(diag::Id::kNotGivenUp, word.span, {word.text, std::to_string(floor)});
        }
        named = named | above;
    }
    return named;
}

void reportUnnamed(const ir::Policy& policy, const FileAbi& root, const ir::Access& unnamed, std::uint32_t newest,
                   Context& context) {
    // Files' rights go by name, since kernels know some of them whatever the floor.
    ir::Access all = without(vocabulary(newest), vocabulary(policy.floor));
    all.fs = vocabulary(newest).fs;
    const std::string missing = compactNames(unnamed, all);
    const Span where = root.required != nullptr ? root.required->number_span : root.abi_span;
    diag::Diagnostic& diagnostic =
        context.report(diag::Id::kUnnamedLeaving, where, {std::to_string(policy.floor), missing});
    for (const ir::Ruleset& ruleset : policy.rulesets) {
        const ir::Access open = openBelow(ruleset, policy.floor) & unnamed;
        if (!empty(open) && diagnostic.labels.size() < 3) {
            diagnostic.label(ruleset.span, "`" + ruleset.name + "` restricts " + compactNames(open, all));
        }
    }
    noteReleases(unnamed, diagnostic);
    const std::string statement = "requires abi " + std::to_string(policy.floor) + " leaving " +
                                  compactNames(unnamed | policy.leaving, all) + " unrestricted";
    if (root.required_span.valid()) {
        diagnostic.fix(root.required_span, statement, "name what older kernels leave open");
    } else {
        diagnostic.fix(Span{root.abi_span.file, root.abi_span.end, root.abi_span.end}, " " + statement,
                       "name what older kernels leave open");
    }
}

} // namespace

void checkFloor(ir::Policy& policy, const std::vector<FileAbi>& abis, Context& context) {
    const FileAbi& root = abis.front();
    policy.abi = root.abi;
    policy.floor = floorOf(root);
    std::uint32_t newest = root.abi;
    for (const FileAbi& file : abis) {
        newest = std::max(newest, file.abi);
    }
    policy.leaving = readLeaving(root, policy.floor, newest, context);
    ir::Access unnamed;
    for (const ir::Ruleset& ruleset : policy.rulesets) {
        unnamed = unnamed | without(openBelow(ruleset, policy.floor), policy.leaving);
    }
    if (!empty(unnamed) && root.abi_span.valid()) {
        reportUnnamed(policy, root, unnamed, newest, context);
    }
}

void reportTarget(const ir::Policy& policy, const FileAbi& root, std::uint32_t target, Context& context) {
    const std::uint32_t known = std::min(target, abi::kLatest);
    const Span where = root.required != nullptr ? root.required->number_span : root.abi_span;
    if (target < policy.floor) {
        context.report(diag::Id::kTargetBelowFloor, where, {std::to_string(target), std::to_string(policy.floor)})
            .note("below its floor a policy doesn't load");
        return;
    }
    for (const ir::Ruleset& ruleset : policy.rulesets) {
        if (const std::uint64_t lacking = ruleset.hard_scopes & ~vocabulary(known).scoped; lacking != 0) {
            context.report(diag::Id::kIsolateNotOnTarget, ruleset.span,
                           {ruleset.name, ir::scopeNames(lacking), release(known)});
        }
        const ir::Access open = openBelow(ruleset, known);
        if (!empty(open)) {
            diag::Diagnostic& diagnostic =
                context.report(diag::Id::kNotRestrictedOnTarget, ruleset.span,
                               {ruleset.name, compactNames(open, vocabulary(policy.abi)), release(known)});
            noteReleases(open, diagnostic);
        }
    }
}

void lintOneProtocol(const std::vector<ir::Ruleset>& rulesets, Context& context) {
    constexpr std::uint64_t kTcp = 0b0011;
    constexpr std::uint64_t kUdp = 0b1100;
    for (const ir::Ruleset& ruleset : rulesets) {
        const bool tcp = (ruleset.handled.net & kTcp) != 0;
        if (tcp && (ruleset.left.net & kUdp) == kUdp) {
            context.report(diag::Id::kTcpWithoutUdp, ruleset.span, {ruleset.name});
        }
    }
}

} // namespace landlatch::sema
