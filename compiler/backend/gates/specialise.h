// SPDX-License-Identifier: Apache-2.0
// From the template's module to one that gathers some facts only.
#pragma once

#include "runtime/base/result.h"

#include <cstdint>

namespace llvm {
class Module;
}

namespace landlatch::gates {

struct Variant {
    std::uint32_t used_facts = 0; ///< 1 << LL_DIM_x and LL_UNKNOWN_x bits
    bool match_program = false;   ///< with ll_match, which decides from given facts, for tests
};

/// Defines ll_used, folds what follows from it, and removes the programs, functions and maps that are no longer needed.
Result<void> specialise(llvm::Module& module, const Variant& variant);

} // namespace landlatch::gates
