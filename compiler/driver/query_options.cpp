// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/query_options.h"

#include "compiler/driver/console.h"
#include "compiler/lint/allow.h"
#include "compiler/sema/analysis.h"

#include <CLI/CLI.hpp>

namespace landlatch::driver {

void addQueryOptions(CLI::App& app, QueryOptions& options) {
    app.add_option("-I", options.include_dirs, "directory to search for imports, after the importing file's own")
        ->type_name("DIR")
        ->allow_extra_args(false);
    app.add_option("--diagnostics", options.diagnostics, "form of messages about the policy")
        ->check(CLI::IsMember({"text", "json"}).description(""))
        ->type_name("text|json");
}

Exit loadPolicy(Source& source, const std::string& path, const QueryOptions& options) {
    RealFileSystem files;
    Compilation& compilation = source.compilation;
    sema::Analysis analysis =
        sema::analyzeModules(compilation.sources, files, path, {options.include_dirs, {}}, compilation.sink);
    if (analysis.policy) {
        source.loaded = query::load(*std::move(analysis.policy), compilation.sources, compilation.sink);
    }
    if (!source.loaded) {
        // What is said beside the errors is what llc check says of the same policy; without a whole check nobody knows
        // which comments do nothing.
        lint::Allows(compilation.sources, analysis.modules, compilation.sink)
            .apply([](diag::Id) { return false; }, compilation.sink);
        report(compilation, options.form(), false);
        return exitOfErrors(compilation.sink);
    }
    return Exit::kOk;
}

} // namespace landlatch::driver
