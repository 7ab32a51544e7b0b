// SPDX-License-Identifier: Apache-2.0
// What needs Clang or LLVM, in a module of its own (compiler/backend/clang) that is opened when it is asked for: a
// policy compiles without.
#pragma once

#include "runtime/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::backend_bpf {

/// One complaint about a template. `path` is empty and the numbers 0 where it has no place.
struct Complaint {
    bool is_error = false;
    std::string path;
    unsigned line = 0;
    unsigned column = 0;
    std::string message;
};

/// A template after Clang has seen it.
struct CompiledTemplate {
    std::string gate; ///< the gate object; empty when a complaint is an error
    std::vector<Complaint> complaints;
};

/// Compiles the gate template `path` (BPF C that includes policy.h) for the facts that a policy uses, as its headers
/// stand in the folder share/landlatch/bpf-templates beside this program's own. An error is one of the installation.
Result<CompiledTemplate> compileTemplate(const std::string& path, std::uint32_t used_facts);

/// The programs of an object as assembly text.
Result<std::string> disassemble(std::string_view object);

} // namespace landlatch::backend_bpf
