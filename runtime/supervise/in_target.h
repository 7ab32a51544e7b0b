// SPDX-License-Identifier: Apache-2.0
// Rulesets with `paths in target`: their paths are opened in the new program's own root and mount namespace, at each
// exec. The file systems there may be the program's own (FUSE): opening can take for ever. So a child process opens
// them, and the supervisor waits for it with all else; it is killed when the wait is given up.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <cstdint>
#include <sys/types.h>

namespace landlatch::supervise {

struct Policy;

/// Starts the child for ruleset `index` and the stopped task `pid`. The fd becomes readable when it has an answer or is
/// gone; closing it early kills the child.
Result<UniqueFd> startInTarget(const Policy& policy, std::uint32_t index, pid_t pid);
/// The ruleset that the child made, or what it says is wrong.
Result<UniqueFd> takeInTarget(int pending);

} // namespace landlatch::supervise
