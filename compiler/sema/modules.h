// SPDX-License-Identifier: Apache-2.0
// Pass 1: the root file and everything it imports, each file once.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/sema/analyze.h"
#include "compiler/sema/context.h"

#include <cstdint>
#include <string>
#include <vector>

namespace landlatch::sema {

/// Index into the loaded modules; 0 is the root file.
using ModuleId = std::uint32_t;
inline constexpr ModuleId kRoot = 0;
/// An import that failed: an error was reported, lookups in it stay silent.
inline constexpr ModuleId kNoModule = ~ModuleId{0};

/// One `import` statement of a module.
struct ImportEdge {
    const ast::Import* import = nullptr;
    Span span;
    ModuleId target = kNoModule;
};

/// One file.
struct Module {
    std::string path; ///< as messages show it: "policies/web.ll", "std/base.ll"
    std::string stem; ///< "web"
    bool is_std = false;
    bool broken = false; ///< has syntax errors: statements are missing
    FileId file = kNoFile;
    ast::File ast;
    std::vector<ImportEdge> imports;
};

/// Loads `path` and, through its imports, the rest. Reports what can't be read, parsed or found, cycles as chains, and
/// what exceeds the limits. Empty when the root file can't be read. Pointers into a module's AST stay valid while
/// the vector lives.
std::vector<Module> loadModules(SourceManager& sources, FileSystem& files, const std::string& path,
                                const Options& options, diag::Sink& sink, Context& context);

} // namespace landlatch::sema
