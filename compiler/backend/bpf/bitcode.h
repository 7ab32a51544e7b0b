// SPDX-License-Identifier: Apache-2.0
// The gate template as LLVM bitcode, made from bpf-templates/gate.bpf.c when the project is built.
#pragma once

#include <string_view>

namespace landlatch::backend_bpf {

/// The bytes of the bitcode file.
std::string_view gateBitcode();

} // namespace landlatch::backend_bpf
