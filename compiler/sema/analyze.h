// SPDX-License-Identifier: Apache-2.0
// AST to policy IR: imports, names, variables, rights, the ABI check (language points 7 to 19).
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/ir/policy.h"
#include "compiler/support/filesystem.h"
#include "compiler/support/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::sema {

struct Options {
    /// Directories searched for `import a/b` after the importing file's own, in order (-I).
    std::vector<std::string> include_dirs;
    /// `--abi N`: the kernel compiled for. Reports what would not be restricted there (W14xx), fails below the floor.
    std::optional<std::uint32_t> target_abi;
};

/// Loads `path` and everything it imports. Reports E00xx to E05xx; empty after an error in any of them.
std::optional<ir::Policy> analyze(SourceManager& sources, FileSystem& files, const std::string& path,
                                  const Options& options, diag::Sink& sink);

} // namespace landlatch::sema
