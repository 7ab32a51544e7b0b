// SPDX-License-Identifier: Apache-2.0
// A policy given as a source: compiled by the llc that is installed beside this program, never one from PATH (LLVM has
// a program of that name).
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <string>

namespace landlatch::run {

/// Whether `path` is named as a source (.ll).
[[nodiscard]] bool isSource(const std::string& path);

/// Compiles `source` and reads the object. llc prints its own diagnostics on standard error.
Result<object::Policy> compileAndRead(const std::string& source);

} // namespace landlatch::run
