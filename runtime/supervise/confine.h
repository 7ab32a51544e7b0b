// SPDX-License-Identifier: Apache-2.0
// The whole sequence that confines one held program: from its exec stop to the moment it may run on.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/supervise/subject.h"
#include "runtime/supervise/task.h"

#include <cstdint>
#include <vector>

namespace landlatch::supervise {

/// A ruleset made for this one application, and the flags of its landlock_restrict_self.
struct FreshRuleset {
    UniqueFd fd;
    std::uint32_t flags = 0;
};

/// `subject` stands in PTRACE_EVENT_EXEC. Puts no_new_privs (if asked) and then every ruleset on it, in order, and
/// gives it back registers, memory, limits and signal mask. It then stands at its first own instruction, to be
/// detached. On an error the caller kills it.
Task<Result<void>> confine(Subject& subject, std::vector<FreshRuleset> rulesets, bool nnp);

} // namespace landlatch::supervise
