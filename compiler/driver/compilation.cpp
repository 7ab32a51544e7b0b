// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/compilation.h"

#include "compiler/ast/dump.h"
#include "compiler/backend/landlock/lower.h"
#include "compiler/backend/landlock/write.h"
#include "compiler/driver/object.h"
#include "compiler/ir/dump.h"
#include "compiler/lint/allow.h"
#include "compiler/lint/lint.h"
#include "compiler/match/dump.h"
#include "compiler/match/plan.h"
#include "compiler/query/graph.h"
#include "compiler/sema/analysis.h"
#include "compiler/syntax/parse.h"

namespace landlatch::driver {

namespace {

/// Only the root file's tree: `--emit=ast` shows what was written, whether or not it means anything.
Result<void> dumpAst(Compilation& compilation, const std::string& path, FileSystem& files) {
    Result<std::string> text = files.read(path, syntax::kMaxFileBytes);
    if (!text) {
        compilation.sink.report(diag::Id::kFileUnreadable, Span{}, {path, text.error().message});
        return {};
    }
    const FileId file = compilation.sources.add(path, *std::move(text));
    const ast::File tree = syntax::parse(compilation.sources, file, compilation.sink);
    compilation.output = ast::dump(tree, compilation.sources);
    return {};
}

/// Whether a run with these options looks for what `id` says.
bool looksFor(diag::Id id, const Options& options) {
    switch (id) {
    case diag::Id::kPathMissingHere:
    case diag::Id::kPathIsLinkHere:
        return options.host;
    case diag::Id::kNotRestrictedOnTarget:
        return options.target_abi.has_value();
    default:
        return true;
    }
}

/// The phases behind sema.
Result<void> compilePolicy(Compilation& compilation, const Options& options, sema::Analysis& analysis,
                           FileSystem& files) {
    SourceManager& sources = compilation.sources;
    diag::Sink& sink = compilation.sink;
    std::optional<ir::Policy>& policy = analysis.policy;
    const bool check = options.command == Command::kCheck;
    if (!check) {
        analysis.modules.clear(); // what the next phases need takes its place
    }
    if (options.emit == Emit::kIr || options.emit == Emit::kRulesets) {
        compilation.output = options.emit == Emit::kIr ? ir::dump(*policy) : ir::dumpRulesets(*policy);
        return {};
    }
    if (options.emit == Emit::kDot) {
        compilation.output = query::graphDot(*policy, sources);
        return {};
    }

    // 2. policy -> plan: which rule decides which exec, checked for every exec there can be, and the match tables.
    if (options.emit == Emit::kMatch) {
        compilation.output = match::dump(*policy, sink).value_or("");
        return {};
    }
    const std::optional<match::Plan> plan = match::plan(*policy, sources, sink);
    if (!plan) {
        return {};
    }

    // 3. policy and plan -> what the runtime will read, and its bytes.
    const object::Policy lowered = backend_landlock::lower({*policy, *plan, sources, LANDLATCH_VERSION});
    if (!check) {
        policy.reset();
    }
    const Result<backend_landlock::SectionBytes> sections = backend_landlock::write(lowered);
    if (!sections) {
        return sections.error();
    }
    if (check) {
        // All that can be wrong with a policy has been said; what is weak comes last.
        lint::RealHost host;
        lint::check({sources, analysis.modules, *policy, analysis.unused, options.host ? &host : nullptr}, sink);
        return {};
    }

    // 4. sections and gate object -> the policy's object.
    return makeObject(compilation, options, {sections->manifest, sections->rulesets, plan->tables}, plan->used_dims,
                      files);
}

} // namespace

Result<void> compile(Compilation& compilation, const Options& options, FileSystem& files) {
    if (options.emit == Emit::kAst) {
        return dumpAst(compilation, options.input, files);
    }

    // 1. text -> AST -> policy: every file that the root imports, names, variables, rights, ABI.
    const sema::Options sema_options{options.include_dirs, options.target_abi};
    sema::Analysis analysis =
        sema::analyzeModules(compilation.sources, files, options.input, sema_options, compilation.sink);
    lint::Allows allows(compilation.sources, analysis.modules, compilation.sink);
    Result<void> result;
    if (analysis.policy) {
        result = compilePolicy(compilation, options, analysis, files);
    }

    // 5. warnings that the source takes back. Only a check that got to its end knows which comments do nothing.
    const bool complete = options.command == Command::kCheck && result && !compilation.sink.hasErrors();
    allows.apply([&](diag::Id id) { return complete && looksFor(id, options); }, compilation.sink);
    return result;
}

} // namespace landlatch::driver
