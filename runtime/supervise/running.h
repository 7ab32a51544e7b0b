// SPDX-License-Identifier: Apache-2.0
// Programs that ran before a policy came into force: it would have matched them, and doesn't hold them.
#pragma once

#include "runtime/supervise/policies.h"

#include <vector>

namespace landlatch::supervise {

/// The processes that run now and whose exec the policy would deny or apply rulesets to. An exec's own facts that are
/// gone (script, caller, setuid) count as unknown: where they decide, the program may be one (`sure` is false).
std::vector<Running> findRunning(const Policy& policy);

/// Whether it is the same process with the same program still.
bool runsStill(const Running& program);

} // namespace landlatch::supervise
