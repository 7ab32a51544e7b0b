// SPDX-License-Identifier: Apache-2.0
// What of a policy can't be so on this machine.
#include "compiler/lint/host.h"

#include "compiler/lint/lint.h"

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <set>
#include <sys/stat.h>

namespace landlatch::lint {

std::optional<std::string> RealHost::realPath(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
    if (resolved) {
        return std::string(resolved.get());
    }
    // What this user may not look at may well be there.
    return errno == ENOENT || errno == ENOTDIR ? std::nullopt : std::optional(path);
}

bool RealHost::isSetuid(const std::string& path) {
    struct stat st{};
    return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & (S_ISUID | S_ISGID)) != 0;
}

namespace {

std::optional<std::string> literalPath(const ir::PathTemplate& path) {
    if (path.hasParams()) {
        return std::nullopt;
    }
    std::string text;
    for (const ir::PathPiece& piece : path.pieces) {
        text += piece.text;
    }
    return text;
}

void checkGrant(const ir::PathGrant& grant, const ir::Ruleset& ruleset, Host& host, diag::Sink& sink) {
    const std::optional<std::string> path = literalPath(grant.path);
    if (grant.kind == ir::PathKind::kEach || !path) {
        return;
    }
    const std::optional<std::string> real = host.realPath(*path);
    if (!real) {
        if (!grant.optional) {
            sink.report(diag::Id::kPathMissingHere, grant.path.span, {*path, ruleset.name})
                .help("where it may be missing, write `optional " + *path + "`");
        }
    } else if (*real != *path) {
        sink.report(diag::Id::kPathIsLinkHere, grant.path.span, {*path, *real});
    }
}

void checkPatterns(const ir::Condition& condition, Host& host, diag::Sink& sink) {
    const ir::Fact fact = condition.fact.fact;
    if (condition.kind == ir::Condition::Kind::kFact &&
        (fact == ir::Fact::kExec || fact == ir::Fact::kParentExec || fact == ir::Fact::kAncestorExec)) {
        for (const ir::FactPattern& pattern : condition.fact.patterns) {
            if (!glob::isLiteral(pattern.glob)) {
                continue;
            }
            const std::string path = glob::literalText(pattern.glob);
            const std::optional<std::string> real = host.realPath(path);
            if (real && *real != path) {
                sink.report(diag::Id::kExecIsLinkHere, pattern.span, {path, *real}).help("write `" + *real + "`");
            }
        }
    }
    for (const ir::Condition& child : condition.children) {
        checkPatterns(child, host, sink);
    }
}

} // namespace

void checkHost(const Input& input, diag::Sink& sink) {
    if (input.host == nullptr) {
        return;
    }
    const FileId root = input.modules[0].file;
    // A parent's grants stand in each child too; a list variable makes several of one place.
    std::set<std::pair<std::uint32_t, std::optional<std::string>>> seen;
    forEachRuleset(input, [&](const ir::Ruleset& ruleset) {
        for (const ir::PathGrant& grant : ruleset.paths) {
            if (grant.path.span.file == root && seen.emplace(grant.path.span.begin, literalPath(grant.path)).second) {
                checkGrant(grant, ruleset, *input.host, sink);
            }
        }
    });
    for (const ir::Rule& rule : input.policy.rules) {
        checkPatterns(rule.condition, *input.host, sink);
    }
}

} // namespace landlatch::lint
