// SPDX-License-Identifier: Apache-2.0
// Grants that give away more than they look like.
#include "compiler/ir/dump.h"
#include "compiler/lint/lint.h"
#include "runtime/landlock/abi.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace landlatch::lint {

namespace {

/// The fs rights that `wanted` holds for, by name.
template <class Wanted> std::uint64_t rightsThat(Wanted wanted) {
    std::uint64_t mask = 0;
    for (const abi::Right& right : abi::kRights) {
        if (right.category == abi::Category::kFs && wanted(right.name)) {
            mask |= 1ULL << right.bit;
        }
    }
    return mask;
}

std::uint64_t executeRight() {
    return rightsThat([](std::string_view name) { return name == "execute"; });
}

/// Those that change what is there.
std::uint64_t writingRights() {
    return rightsThat([](std::string_view name) {
        return name == "write_file" || name == "truncate" || name.starts_with("make_") || name.starts_with("remove_");
    });
}

/// The path, or what comes before a param or, of a glob, before its first special byte.
std::string literalStart(const ir::PathGrant& grant) {
    if (grant.path.pieces.empty() || grant.path.pieces[0].param) {
        return {};
    }
    const std::string& text = grant.path.pieces[0].text;
    return grant.kind == ir::PathKind::kEach ? text.substr(0, text.find_first_of("*?[{\\")) : text;
}

bool excepts(const ir::PathGrant& grant, std::string_view directory) {
    return std::any_of(grant.except.begin(), grant.except.end(), [&](const ir::PathTemplate& excepted) {
        return excepted.pieces.size() == 1 && !excepted.pieces[0].param && isWithin(directory, excepted.pieces[0].text);
    });
}

/// A directory that everyone can write and in which the grant lets files be executed.
std::optional<std::string> executesIn(const ir::PathGrant& grant) {
    if ((grant.access & executeRight()) == 0) {
        return std::nullopt;
    }
    const std::string path = literalStart(grant);
    const bool whole = grant.kind == ir::PathKind::kBeneath && grant.path.pieces.size() == 1;
    for (const std::string& directory : worldWritable()) {
        if (!path.empty() && (isWithin(path, directory) || (whole && isWithin(directory, path))) &&
            !excepts(grant, directory)) {
            return directory;
        }
    }
    return std::nullopt;
}

/// The ruleset of the file in whose text `span` stands: a parent's grants are in each child too, and are the parent's
/// to answer for.
const ast::Ruleset* ownerOf(const ast::File& file, Span span) {
    if (span.file != file.file) {
        return nullptr;
    }
    // Statements stand one behind the other: only the last one that begins before can hold it.
    const auto behind = std::upper_bound(
        file.statements.begin(), file.statements.end(), span.begin,
        [](std::uint32_t begin, const ast::Statement& statement) { return begin < statement.span.begin; });
    if (behind == file.statements.begin() || span.end > std::prev(behind)->span.end) {
        return nullptr;
    }
    return std::get_if<ast::Ruleset>(&std::prev(behind)->what);
}

void checkGrant(const ir::PathGrant& grant, const std::string& ruleset, Span where, diag::Sink& sink) {
    if (const std::optional<std::string> directory = executesIn(grant)) {
        sink.report(diag::Id::kWorldWritableExecute, where, {ruleset, *directory})
            .help("whoever can write there chooses what runs");
    }
    const bool is_root =
        grant.kind == ir::PathKind::kBeneath && grant.path.pieces.size() == 1 && grant.path.pieces[0].text == "/";
    if (const std::uint64_t writing = grant.access & writingRights(); is_root && writing != 0) {
        sink.report(diag::Id::kWriteBeneathRoot, where, {ruleset, ir::fsNames(writing)})
            .help("name the directories that are written to");
    }
}

} // namespace

void checkGrants(const Input& input, diag::Sink& sink) {
    const ast::File& root = input.modules[0].ast;
    // A grant stands in the ruleset and in each that extends it; a list variable makes several of one place.
    std::set<std::pair<std::uint32_t, std::string>> seen;
    forEachRuleset(input, [&](const ir::Ruleset& ruleset) {
        for (const ir::PathGrant& grant : ruleset.paths) {
            const ast::Ruleset* const owner = ownerOf(root, grant.span);
            if (owner != nullptr && seen.emplace(grant.path.span.begin, literalStart(grant)).second) {
                checkGrant(grant, owner->name.text, grant.path.span.file == root.file ? grant.path.span : grant.span,
                           sink);
            }
        }
    });
}

} // namespace landlatch::lint
