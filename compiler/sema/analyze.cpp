// SPDX-License-Identifier: Apache-2.0
// The passes of sema, in order. Each takes finished values and returns one; README.md says what each is for.
#include "compiler/sema/analyze.h"

#include "compiler/sema/abi_check.h"
#include "compiler/sema/analysis.h"
#include "compiler/sema/assemble.h"
#include "compiler/sema/context.h"
#include "compiler/sema/file_abi.h"
#include "compiler/sema/modules.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/rulesets.h"
#include "compiler/sema/scope.h"
#include "compiler/sema/tests.h"
#include "compiler/sema/values.h"

namespace landlatch::sema {

namespace {

std::optional<Assembled> resolve(const std::vector<Module>& modules, const Options& options, const diag::Sink& sink,
                                 std::size_t errors_before, Context& context) {
    const auto failed = [&] { return sink.errorCount() > errors_before; };
    for (const Module& module : modules) {
        // Statements that don't parse are missing: what would be said of their names is wrong.
        if (module.broken) {
            return std::nullopt;
        }
    }
    if (modules.empty()) {
        return std::nullopt;
    }
    const std::vector<FileAbi> abis = readFileAbis(modules, context);
    const Declarations declarations(modules, context);
    Variables variables(declarations, context);
    std::vector<ir::Ruleset> rulesets = buildRulesets(declarations, abis, variables, context);
    BuiltRules rules = buildRules(declarations, rulesets, variables, context);
    std::vector<ir::Test> tests = buildTests(declarations, abis[kRoot].abi, rules, variables, context);
    if (failed()) {
        return std::nullopt; // the floor is judged by complete rulesets only
    }
    Assembled assembled =
        assemble(declarations, std::move(rulesets), std::move(rules), std::move(tests), variables.params());
    checkFloor(assembled.policy, abis, context);
    if (options.target_abi) {
        reportTarget(assembled.policy, abis[kRoot], *options.target_abi, context);
    }
    lintOneProtocol(assembled.policy.rulesets, context);
    lintOneProtocol(assembled.unused, context);
    return failed() ? std::nullopt : std::optional(std::move(assembled));
}

} // namespace

Analysis analyzeModules(SourceManager& sources, FileSystem& files, const std::string& path, const Options& options,
                        diag::Sink& sink) {
    Context context(sink);
    const std::size_t errors_before = sink.errorCount();
    Analysis analysis;
    analysis.modules = loadModules(sources, files, path, options, sink, context);
    if (std::optional<Assembled> made = resolve(analysis.modules, options, sink, errors_before, context)) {
        analysis.policy = std::move(made->policy);
        analysis.unused = std::move(made->unused);
    }
    return analysis;
}

std::optional<ir::Policy> analyze(SourceManager& sources, FileSystem& files, const std::string& path,
                                  const Options& options, diag::Sink& sink) {
    return analyzeModules(sources, files, path, options, sink).policy;
}

} // namespace landlatch::sema
