// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/compilation.h"

#include "compiler/ast/dump.h"
#include "compiler/ir/dump.h"
#include "compiler/sema/analyze.h"
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

} // namespace

Result<void> compile(Compilation& compilation, const Options& options, FileSystem& files) {
    SourceManager& sources = compilation.sources;
    diag::Sink& sink = compilation.sink;
    if (options.emit == Emit::kAst) {
        return dumpAst(compilation, options.input, files);
    }

    // 1. text -> AST -> policy: every file that the root imports, names, variables, rights, ABI.
    const sema::Options sema_options{options.include_dirs, options.target_abi};
    const std::optional<ir::Policy> policy = sema::analyze(sources, files, options.input, sema_options, sink);
    if (!policy) {
        return {};
    }
    if (options.emit == Emit::kIr || options.emit == Emit::kRulesets) {
        compilation.output = options.emit == Emit::kIr ? ir::dump(*policy) : ir::dumpRulesets(*policy);
        return {};
    }

    if (options.command == Command::kCompile) {
        return Error{ENOTSUP, options.input + ": this build checks policies and makes no objects"};
    }
    return {};
}

} // namespace landlatch::driver
