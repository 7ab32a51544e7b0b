// SPDX-License-Identifier: Apache-2.0
// What test, explain, diff and graph have in common: how policies are found and what is said of them.
#pragma once

#include "compiler/driver/compilation.h"
#include "compiler/driver/options.h"
#include "compiler/query/load.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace landlatch::driver {

struct QueryOptions {
    std::vector<std::string> include_dirs;
    std::string diagnostics = "text";
    [[nodiscard]] DiagnosticsForm form() const {
        return diagnostics == "json" ? DiagnosticsForm::kJson : DiagnosticsForm::kText;
    }
};

void addQueryOptions(CLI::App& app, QueryOptions& options);

/// A policy with the sources it came from.
struct Source {
    Compilation compilation;
    std::optional<query::Loaded> loaded; ///< set after Exit::kOk
};

/// Loads a policy and says, on standard error, what is wrong with it. Warnings are left to `llc check`.
Exit loadPolicy(Source& source, const std::string& path, const QueryOptions& options);

} // namespace landlatch::driver
