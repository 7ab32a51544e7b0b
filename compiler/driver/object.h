// SPDX-License-Identifier: Apache-2.0
// The last step of llc: a policy's parts and a gate become the object, or the text of its programs.
#pragma once

#include "compiler/backend/bpf/emit.h"
#include "compiler/driver/compilation.h"
#include "compiler/driver/options.h"

namespace landlatch::driver {

/// Makes the output that `options` ask for, with the gate of --template if one is given. What is wrong with the
/// template or the policy's size is reported to the compilation's sink, and there is no output then.
Result<void> makeObject(Compilation& compilation, const Options& options, const backend_bpf::Parts& parts,
                        std::uint32_t used_facts, FileSystem& files);

} // namespace landlatch::driver
