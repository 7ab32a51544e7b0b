// SPDX-License-Identifier: Apache-2.0
// Runs the BPF code generator.
#pragma once

#include "compiler/backend/gates/specialise.h"

#include <string>
#include <string_view>

namespace landlatch::gates {

/// Makes LLVM's BPF target known. Whoever compiles C to bitcode needs it before: CO-RE relocations come from it. May be
/// called again.
void initialise();

/// The ELF object of one variant. `bitcode` is the trimmed template's. Errors are LLVM's own.
Result<std::string> generate(std::string_view bitcode, const Variant& variant);

} // namespace landlatch::gates
