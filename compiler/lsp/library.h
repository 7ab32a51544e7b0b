// SPDX-License-Identifier: Apache-2.0
// The toolchain's own library as files: editors go to places in files, and std/*.ll is inside of llc.
#pragma once

#include "compiler/sema/modules.h"

#include <optional>
#include <string>

namespace landlatch::lsp {

/// Where the library's files are for editors: `$XDG_CACHE_HOME/landlatch` or `~/.cache/landlatch`; empty where neither
/// is an absolute path.
[[nodiscard]] std::string libraryDirectory();

/// The path of `std_path` ("std/base.ll") there, whether or not it has been written; nullopt without a directory.
[[nodiscard]] std::optional<std::string> libraryPath(const std::string& std_path);

/// Writes that file, read-only, unless it is there as this build has it. False where it can't be: the editor then has
/// no place to go to. Another version's file is replaced.
bool writeLibraryFile(const std::string& std_path);

/// Whether `path` is one of those files.
[[nodiscard]] bool isLibraryFile(const std::string& path);

} // namespace landlatch::lsp
