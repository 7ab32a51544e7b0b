// SPDX-License-Identifier: Apache-2.0
// `leave` is read first, since it says what all the other clauses may speak of. The order of clauses means nothing.
#include "compiler/sema/own_ruleset.h"

#include "compiler/ir/dump.h"
#include "compiler/sema/except.h"
#include "compiler/sema/paths.h"
#include "compiler/sema/rights.h"
#include "runtime/landlock/abi.h"

#include <algorithm>
#include <map>
#include <set>

namespace landlatch::sema {

namespace {

template <typename... Visitors> struct Overload : Visitors... {
    using Visitors::operator()...;
};

std::string_view kindWord(ast::PathKind kind) {
    switch (kind) {
    case ast::PathKind::kBeneath:
        return "`beneath`";
    case ast::PathKind::kFile:
        return "`file`";
    case ast::PathKind::kEach:
        return "`each`";
    }
    return {};
}

bool isSoleVariable(const ast::Pattern& pattern) { return pattern.pieces.size() == 1 && pattern.pieces[0].is_variable; }

/// A template as a key: params can't be confused with text, which has no NUL.
std::string keyOf(const ir::PathTemplate& path) {
    std::string key;
    for (const ir::PathPiece& piece : path.pieces) {
        key += piece.param ? std::string(1, '\0') + std::to_string(*piece.param) + std::string(1, '\0') : piece.text;
    }
    return key;
}

/// A template as messages show it.
std::string shown(const ir::PathTemplate& path, const std::vector<ir::Param>& params) {
    std::string text;
    for (const ir::PathPiece& piece : path.pieces) {
        text += piece.param ? "$" + params[*piece.param].name : piece.text;
    }
    return text;
}

class Builder {
public:
    Builder(const Declarations& declarations, DeclId id, std::uint32_t abi, Variables& variables, Context& context)
        : decl_(declarations.rulesets()[id]), rights_(abi, context), variables_(variables), context_(context) {
        const ast::Word& name = decl_.ruleset->name;
        result_.name = declarations.publicName(decl_.module, name.text, true);
        result_.abi = abi;
        result_.span = name.span;
    }

    ir::Ruleset run() {
        for (const ast::RulesetClause& clause : decl_.ruleset->clauses) {
            if (const auto* leave = std::get_if<ast::Leave>(&clause.what)) {
                addLeave(*leave);
            }
        }
        result_.handled = without(vocabulary(result_.abi), result_.left);
        if (empty(result_.handled)) {
            context_.report(diag::Id::kHandlesNothing, result_.span, {result_.name});
        }
        for (const ast::RulesetClause& clause : decl_.ruleset->clauses) {
            std::visit(Overload{[&](const ast::AllowPaths& c) { addPaths(c, clause.span, result_.paths, "allowed"); },
                                [&](const ast::AllowPorts& c) { addPorts(c, clause.span, result_.ports, "allowed"); },
                                [&](const ast::Leave&) {}, [&](const ast::Isolate& c) { addIsolate(c); },
                                [&](const ast::Quiet& c) { addQuiet(c, clause.span); },
                                [&](const ast::Log& c) { addLog(c); },
                                [&](const ast::PathsInTarget&) { result_.in_target = true; }},
                       clause.what);
        }
        return std::move(result_);
    }

private:
    void addLeave(const ast::Leave& leave) {
        for (const ast::Word& word : leave.names) {
            if (word.text == "refer") {
                context_.report(diag::Id::kLeaveRefer, word.span)
                    .help("allow it where it may happen: `allow refer beneath …`");
                continue;
            }
            result_.left = result_.left | rights_.givenUp(word);
        }
    }

    void addIsolate(const ast::Isolate& isolate) {
        for (const ast::Word& word : isolate.scopes) {
            const std::uint64_t scope = rights_.scopes({word});
            if ((scope & ~result_.handled.scoped) != 0) {
                context_.report(diag::Id::kLeftUnrestricted, word.span, {word.text, "isolated"});
                continue;
            }
            result_.hard_scopes |= scope;
        }
    }

    void addLog(const ast::Log& log) {
        const LogFlag* flag = rights_.logFlag(log.flag);
        if (flag != nullptr) {
            result_.log.*flag->changed = log.on != flag->default_on;
        }
    }

    void addQuiet(const ast::Quiet& quiet, Span where) {
        if (!rights_.quiet(where)) {
            return;
        }
        std::visit(Overload{[&](const ast::AllowPaths& paths) {
                                // The grammar has neither `each` nor `except` here.
                                addPaths(paths, where, result_.quiet_paths, "quiet");
                            },
                            [&](const ast::AllowPorts& ports) { addPorts(ports, where, result_.quiet_ports, "quiet"); },
                            [&](const std::vector<ast::Word>& scopes) { addQuietScopes(scopes); }},
                   quiet.what);
    }

    void addQuietScopes(const std::vector<ast::Word>& scopes) {
        for (const ast::Word& word : scopes) {
            const std::uint64_t scope = rights_.scopes({word});
            if ((scope & ~result_.handled.scoped) != 0) {
                context_.report(diag::Id::kLeftUnrestricted, word.span, {word.text, "quiet"});
            } else if ((result_.quiet_scopes & scope) != 0) {
                context_.report(diag::Id::kRepeated, word.span, {word.text});
            }
            result_.quiet_scopes |= scope & result_.handled.scoped;
        }
    }

    // --- paths ---

    /// The rights of a list, narrowed to `kind` and to what is handled. Words that grant nothing there are reported.
    std::uint64_t narrowed(const std::vector<ast::Word>& words, ast::PathKind kind, std::string_view verb) {
        std::uint64_t access = 0;
        for (const FsWord& word : rights_.fs(words)) {
            std::uint64_t mask = word.mask;
            if (kind == ast::PathKind::kFile) {
                mask &= abi::kFileRights;
                if (mask == 0) {
                    reportDirectoryRight(word);
                    continue;
                }
            }
            mask &= result_.handled.fs;
            if (mask == 0) {
                context_.report(diag::Id::kLeftUnrestricted, word.word->span, {word.word->text, std::string(verb)});
            }
            access |= mask;
        }
        return access;
    }

    void reportDirectoryRight(const FsWord& word) {
        diag::Diagnostic& diagnostic =
            context_.report(diag::Id::kDirectoryRightOnFile, word.word->span, {word.word->text});
        if (word.group) {
            diagnostic.note("all its rights are directories': " + ir::fsNames(word.mask));
        }
        diagnostic.help("`beneath` grants it on a directory and all below it");
    }

    void addPaths(const ast::AllowPaths& clause, Span where, std::vector<ir::PathGrant>& grants,
                  std::string_view verb) {
        const std::uint64_t access = narrowed(clause.rights, clause.kind, verb);
        std::vector<ir::PathGrant> added = pathsOf(clause);
        const std::vector<ir::PathTemplate> excepts = exceptsOf(clause, where);
        if (access == 0) {
            return;
        }
        distribute(added, excepts, clause.kind);
        for (ir::PathGrant& grant : added) {
            if (!withinLimit()) {
                return;
            }
            grant.access = access;
            warnOfSplit(grant);
            grants.push_back(std::move(grant));
        }
    }

    std::vector<ir::PathGrant> pathsOf(const ast::AllowPaths& clause) {
        std::vector<ir::PathGrant> added;
        std::set<std::string> seen;
        for (const ast::PathItem& item : clause.paths) {
            for (const Text& text : variables_.expand(decl_.module, item.pattern)) {
                std::optional<ir::PathTemplate> path = clause.kind == ast::PathKind::kEach
                                                           ? globPath(text, true, context_)
                                                           : literalPath(text, kindWord(clause.kind), context_);
                if (!path) {
                    continue;
                }
                if (!seen.insert(keyOf(*path)).second) {
                    repeatedPath(item.pattern, *path);
                    continue;
                }
                ir::PathGrant grant;
                grant.kind = static_cast<ir::PathKind>(clause.kind);
                grant.path = *std::move(path);
                grant.optional = item.optional;
                grant.span = item.pattern.span;
                added.push_back(std::move(grant));
            }
        }
        return added;
    }

    /// Written twice is an error; twice by way of a list variable is one.
    void repeatedPath(const ast::Pattern& pattern, const ir::PathTemplate& path) {
        if (!isSoleVariable(pattern)) {
            context_.report(diag::Id::kRepeated, pattern.span, {shown(path, variables_.params())});
        }
    }

    std::vector<ir::PathTemplate> exceptsOf(const ast::AllowPaths& clause, Span where) {
        std::vector<ir::PathTemplate> excepts;
        if (!clause.except.empty() && clause.kind == ast::PathKind::kFile) {
            context_.report(diag::Id::kExceptOnFile, clause.except[0].span.valid() ? clause.except[0].span : where);
            return excepts;
        }
        std::set<std::string> seen;
        for (const ast::Pattern& pattern : clause.except) {
            for (const Text& text : variables_.expand(decl_.module, pattern)) {
                std::optional<ir::PathTemplate> path = globPath(text, false, context_);
                if (!path) {
                    continue;
                }
                if (!seen.insert(keyOf(*path)).second) {
                    repeatedPath(pattern, *path);
                } else {
                    excepts.push_back(std::move(*path));
                }
            }
        }
        return excepts;
    }

    /// Gives each grant the exceptions that may lie below it; one that lies below none is an error.
    void distribute(std::vector<ir::PathGrant>& grants, const std::vector<ir::PathTemplate>& excepts,
                    ast::PathKind kind) {
        if (excepts.empty()) {
            return;
        }
        std::vector<Steps> steps;
        for (const ir::PathGrant& grant : grants) {
            steps.push_back(cut(grant.path, kind == ast::PathKind::kEach));
        }
        std::size_t work = 0;
        std::size_t given = 0; // exceptions of all grants: the final ruleset is judged by it
        std::vector<bool> nothing_left(grants.size(), false);
        for (const ir::PathTemplate& except : excepts) {
            const Steps below = cut(except, true);
            for (const Steps& grant : steps) {
                work += comparisonCost(grant, below);
            }
            if (work > kMaxExceptWork || excepts.size() > kMaxExcepts) {
                context_.report(diag::Id::kTooManyExcepts, result_.span, {result_.name, std::to_string(kMaxExcepts)});
                return;
            }
            bool used = grants.empty();
            for (std::size_t i = 0; i < grants.size(); ++i) {
                // `each` may take out a path that its glob matches itself.
                const bool itself = kind == ast::PathKind::kBeneath && includes(below, steps[i]);
                if (atOrAbove(steps[i], below) != Answer::kNo && !itself && given <= kMaxExcepts) {
                    ++given;
                    grants[i].except.push_back(except);
                    used = true;
                }
                if (itself) {
                    reportWholeExcepted(except, grants[i]);
                    nothing_left[i] = true;
                    used = true;
                }
            }
            if (!used) {
                context_.report(diag::Id::kExceptOutside, except.span, {shown(except, variables_.params())});
            }
        }
        std::size_t index = 0;
        std::erase_if(grants, [&](const ir::PathGrant&) { return nothing_left[index++]; });
    }

    void reportWholeExcepted(const ir::PathTemplate& except, const ir::PathGrant& grant) {
        context_
            .report(diag::Id::kExceptTakesAll, except.span,
                    {shown(except, variables_.params()), shown(grant.path, variables_.params())})
            .label(grant.span, "nothing of it would be left");
    }

    /// A directory that may hold an exception is split into its children, and has no rights itself.
    void warnOfSplit(const ir::PathGrant& grant) {
        const std::uint64_t lost = grant.access & ~abi::kFileRights;
        if (grant.except.empty() || lost == 0) {
            return;
        }
        std::string directories = "`" + shown(grant.path, variables_.params()) + "`";
        const bool deeper = std::any_of(grant.except.begin(), grant.except.end(), [&](const ir::PathTemplate& e) {
            return cut(e, true).steps.size() > cut(grant.path, grant.kind == ir::PathKind::kEach).steps.size() + 1;
        });
        if (deeper) {
            directories += " and the directories between it and the exceptions";
        }
        context_.report(diag::Id::kSplitLosesRights, grant.span, {ir::fsNames(lost), directories})
            .label(grant.except[0].span, "split for this exception")
            .note("what is created there after loading has no rights either");
    }

    // --- ports ---

    void addPorts(const ast::AllowPorts& clause, Span where, std::vector<ir::PortGrant>& grants,
                  std::string_view verb) {
        std::uint64_t access = rights_.net(clause.protocol, clause.operations);
        if ((access & ~result_.handled.net) != 0) {
            context_.report(diag::Id::kLeftUnrestricted, clause.protocol.span,
                            {ir::netNames(access & ~result_.handled.net), std::string(verb)});
            access &= result_.handled.net;
        }
        std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
        for (const ast::Value& value : clause.ports) {
            const Span span = std::visit([](const auto& v) { return v.span; }, value);
            for (const PortItem& item : variables_.expandPorts(decl_.module, value, span.valid() ? span : where)) {
                const auto* range = std::get_if<ir::PortRange>(&item);
                const auto key = range != nullptr ? std::pair<std::uint32_t, std::uint32_t>(range->first, range->last)
                                                  : std::pair(std::get<ir::ParamId>(item), 1U << 16);
                if (!seen.insert(key).second) {
                    if (std::holds_alternative<ast::Ports>(value)) {
                        context_.report(diag::Id::kRepeated, span, {portText(*range)});
                    }
                    continue;
                }
                if (access != 0 && withinLimit()) {
                    grants.push_back({access, item, span});
                }
            }
        }
    }

    static std::string portText(const ir::PortRange& range) {
        return range.first == range.last ? std::to_string(range.first)
                                         : std::to_string(range.first) + ".." + std::to_string(range.last);
    }

    /// Counts one grant more; false, reported once, above the limit.
    bool withinLimit() {
        if (grants_ == kMaxGrants) {
            if (!limit_reported_) {
                context_.report(diag::Id::kTooManyGrants, result_.span,
                                {"ruleset `" + result_.name + "`", std::to_string(kMaxGrants)});
                limit_reported_ = true;
            }
            return false;
        }
        ++grants_;
        return true;
    }

    const RulesetDecl& decl_;
    Rights rights_;
    Variables& variables_;
    Context& context_;
    ir::Ruleset result_;
    std::size_t grants_ = 0;
    bool limit_reported_ = false;
};

} // namespace

ir::Ruleset buildOwnRuleset(const Declarations& declarations, DeclId id, std::uint32_t abi, Variables& variables,
                            Context& context) {
    return Builder(declarations, id, abi, variables, context).run();
}

} // namespace landlatch::sema
