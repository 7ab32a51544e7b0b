// SPDX-License-Identifier: Apache-2.0
// What sema makes of a policy with the files it came from, for those who need both: lints and the language server.
#pragma once

#include "compiler/sema/analyze.h"
#include "compiler/sema/modules.h"

#include <optional>
#include <string>
#include <vector>

namespace landlatch::sema {

struct Analysis {
    std::vector<Module> modules;      ///< the root first; empty when it can't be read
    std::optional<ir::Policy> policy; ///< as analyze() returns it
    /// Rulesets of the root file that the policy has no use for; their params are not those of the policy.
    std::vector<ir::Ruleset> unused;
};

/// Like analyze(), and keeps the modules.
Analysis analyzeModules(SourceManager& sources, FileSystem& files, const std::string& path, const Options& options,
                        diag::Sink& sink);

} // namespace landlatch::sema
