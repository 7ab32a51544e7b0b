// SPDX-License-Identifier: Apache-2.0
// Pass 4: `abi` and `requires` of each file (language point 10).
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/sema/context.h"
#include "compiler/sema/modules.h"

#include <cstdint>
#include <vector>

namespace landlatch::sema {

struct FileAbi {
    std::uint32_t abi = 0; ///< the file's vocabulary; the newest known after an error, which silences follow-ons
    Span abi_span;         ///< the statement; invalid when there is none
    const ast::RequiresDecl* required = nullptr;
    Span required_span; ///< the statement
};

/// By ModuleId. Reports a missing, unknown or second `abi`, a second `requires`, and an import that requires a newer
/// kernel than the root file's floor.
std::vector<FileAbi> readFileAbis(const std::vector<Module>& modules, Context& context);

/// The kernel ABI below which nothing loads: the root's `requires`, else its `abi`.
[[nodiscard]] std::uint32_t floorOf(const FileAbi& root);

} // namespace landlatch::sema
