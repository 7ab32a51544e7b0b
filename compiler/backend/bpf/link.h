// SPDX-License-Identifier: Apache-2.0
// Links a policy into a gate object.
//
// A gate object has a place for each of the policy's parts: a section with a word or two in it, and an instruction for
// the length of the tables. The parts are put behind the file, and the section headers are made to point at them: ELF
// asks for no order of its sections, so nothing else has to move, and no offset, symbol or relocation of the programs
// changes. What is linked is as long as the gate and the policy together, and costs no more than copying them.
#pragma once

#include "compiler/backend/bpf/emit.h"
#include "runtime/base/result.h"

#include <string>
#include <string_view>

namespace landlatch::backend_bpf {

/// `gate` with the manifest, rulesets and tables of `parts` in their sections; not sealed yet. An error says what the
/// gate, an ELF file for BPF, lacks.
Result<std::string> link(std::string_view gate, const Parts& parts);

} // namespace landlatch::backend_bpf
