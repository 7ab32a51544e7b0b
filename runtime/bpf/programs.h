// SPDX-License-Identifier: Apache-2.0
// Which programs, hooks and maps a gate object may have, and which of them each backend loads. Internal to runtime/bpf.
#pragma once

#include "runtime/bpf/gate.h"
#include "runtime/bpf/library.h"

namespace landlatch::bpf {

struct Role {
    int order;         ///< of attaching: what keeps state first, what decides last; -1: never attached
    unsigned backends; ///< 1 << Backend of those that load it
};
inline constexpr int kDecides = 3;

/// Null for a program that is no gate's.
const Role* roleOf(const bpf_program* program);

/// Leaves out, of programs and maps, what `backend` doesn't use: a kernel must not be asked for what it may not have.
/// EINVAL where the object has a program that is no gate's, or none that decides for this backend.
Result<void> choosePrograms(bpf_object* object, Backend backend);

} // namespace landlatch::bpf
