// SPDX-License-Identifier: Apache-2.0
// The maps of gates that apply by themselves (bpf-templates/series.h). Internal to runtime/bpf.
#pragma once

#include "runtime/bpf/gate.h"
#include "runtime/bpf/library.h"

namespace landlatch::bpf {

/// Before the object is loaded: types and sizes of its maps.
Result<void> sizeTables(bpf_object* object, const KernelTables& tables);
/// After: what is in them, but for the rulesets.
Result<void> fillTables(bpf_object* object, const KernelTables& tables);
/// One ruleset.
Result<void> putRuleset(bpf_object* object, Backend backend, std::uint32_t index, int fd);

} // namespace landlatch::bpf
