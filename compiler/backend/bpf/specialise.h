// SPDX-License-Identifier: Apache-2.0
// From the template's module to one policy's: constants filled in, what they rule out removed. Internal to
// compiler/backend/bpf.
#pragma once

#include "compiler/backend/bpf/emit.h"

namespace llvm {
class Module;
}

namespace landlatch::backend_bpf {

/// Defines ll_words, ll_words_n and ll_used, folds what follows from them, and removes the programs, functions and maps
/// that are no longer needed.
Result<void> specialise(llvm::Module& module, const EmitInput& input);

/// Adds `bytes` as the whole content of the section `name`.
void addSection(llvm::Module& module, std::string_view name, std::string_view bytes);

} // namespace landlatch::backend_bpf
