// SPDX-License-Identifier: Apache-2.0
// The last phase: a policy's sections and match tables become an ELF object with gate programs made for that policy.
// No LLVM type appears here.
#pragma once

#include "runtime/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace landlatch::backend_bpf {

struct EmitInput {
    std::string_view manifest;             ///< bytes of .landlock.manifest
    std::string_view rulesets;             ///< bytes of .landlock.rulesets
    std::span<const std::uint32_t> tables; ///< words of .rodata.landlatch, at least one
    std::uint32_t used_facts = 0;          ///< match::Plan::used_dims: what the gate has to gather
    bool match_program = false;            ///< with ll_match, which decides from given facts, for tests
};

/// The object file. Deterministic: equal inputs give equal bytes, wherever and whenever. Errors are LLVM's own, or
/// EFBIG for tables that no BPF map could hold.
Result<std::string> emitObject(const EmitInput& input);

/// The same programs as BPF assembly text, without the policy's sections and tables (`--emit=bpf-asm`).
Result<std::string> emitAssembly(const EmitInput& input);

} // namespace landlatch::backend_bpf
