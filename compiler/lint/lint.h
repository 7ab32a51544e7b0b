// SPDX-License-Identifier: Apache-2.0
// What is legal and weak, or useless: warnings of `llc check` beside those that the phases themselves give. Only what
// stands in the root file is judged, since the others have their own authors. README.md lists them.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/ir/policy.h"
#include "compiler/lint/host.h"
#include "compiler/sema/modules.h"
#include "compiler/support/source.h"

#include <vector>

namespace landlatch::lint {

struct Input {
    const SourceManager& sources;
    const std::vector<sema::Module>& modules; ///< the root first
    const ir::Policy& policy;                 ///< without errors
    const std::vector<ir::Ruleset>& unused;   ///< of the root file, which the policy leaves out; weak all the same
    Host* host = nullptr;                     ///< `--host`: this machine; null leaves it out
};

/// Reports W1200, W1302, W1303, W1502 to W1505; with a host W1000, W1001 and E0507.
void check(const Input& input, diag::Sink& sink);

// --- the parts of it, each in a file of its own ---
void checkNames(const Input& input, diag::Sink& sink);
void checkGrants(const Input& input, diag::Sink& sink);
void checkRules(const Input& input, diag::Sink& sink);
void checkHost(const Input& input, diag::Sink& sink);

/// Calls `visit` with every ruleset, those that nothing uses last.
template <class Visit> void forEachRuleset(const Input& input, const Visit& visit) {
    for (const std::vector<ir::Ruleset>* const rulesets : {&input.policy.rulesets, &input.unused}) {
        for (const ir::Ruleset& ruleset : *rulesets) {
            visit(ruleset);
        }
    }
}

/// `{rule} `web`` or "this rule", as messages call it.
[[nodiscard]] std::string shownRule(const ir::Rule& rule);

/// The directories that everyone may write to on a usual system.
[[nodiscard]] const std::vector<std::string>& worldWritable();
/// Whether `path` is `directory` or below it; both canonical.
[[nodiscard]] bool isWithin(std::string_view path, std::string_view directory);

} // namespace landlatch::lint
