// SPDX-License-Identifier: Apache-2.0
// A policy loaded for enforcement here: its matcher, its paths held open, and what this kernel can do of it.
#pragma once

#include "runtime/landlock/kernel.h"
#include "runtime/landlock/load.h"
#include "runtime/match/matcher.h"
#include "runtime/object/policy.h"

#include <cstdint>
#include <string>
#include <vector>

namespace landlatch::tree {

struct LoadOptions {
    std::vector<std::string> sets; ///< --set name=value
    bool allow_root_param = false;
    /// Audit only: nothing is applied, so paths may be missing and the kernel too old; what is wrong becomes notes.
    bool audit = false;
};

struct LoadedPolicy {
    object::Policy policy;
    match::Matcher matcher;
    landlock::ParamValues params;
    std::vector<landlock::ResolvedRuleset> rulesets; ///< empty under audit when they don't resolve
    std::uint32_t abi = 0;                           ///< of the kernel; 0 (audit only): no Landlock
    std::vector<std::string> notes;                  ///< symlinks followed, optional paths that aren't here …
};

/// Everything that can fail before the first program runs: ids, params, kernel, paths. Applies nothing.
Result<LoadedPolicy> load(object::Policy policy, landlock::Kernel& kernel, const LoadOptions& options);

} // namespace landlatch::tree
