// SPDX-License-Identifier: Apache-2.0
// The lineage of tasks that already run when a policy is loaded: what the load before it knows, else as /proc shows it,
// which counts as complete (language point 22).
#pragma once

#include "runtime/base/result.h"
#include "runtime/bpf/gate.h"
#include "runtime/match/matcher.h"

namespace landlatch::supervise {

/// Tells `gate` of every task that it doesn't know by itself. `before`: of a gate in force that shares its lineage.
/// Nothing to do for a policy without lineage.
Result<void> seedLineages(bpf::Gate& gate, const match::Matcher& matcher, const bpf::PinnedLineages* before);

/// The dentry of pid 1's root, by which gates know other roots.
Result<std::uint64_t> rootOfInit();

} // namespace landlatch::supervise
