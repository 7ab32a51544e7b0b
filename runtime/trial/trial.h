// SPDX-License-Identifier: Apache-2.0
// Accesses tried for real under a policy's rulesets, in forked children, on the Landlock of the running kernel. Nothing
// on the machine is changed, unless that was asked for: files are opened and not written, programs are stopped before
// their first instruction, what is removed or linked is of a kind that can't be, sockets are bound and connected to
// addresses that no host has.
#pragma once

#include "runtime/base/result.h"
#include "runtime/landlock/abi.h"
#include "runtime/landlock/params.h"
#include "runtime/object/policy.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace landlatch::trial {

/// One right at one place.
struct Access {
    abi::Category category = abi::Category::kFs;
    std::uint8_t bit = 0;
    std::string path;       ///< kFs
    std::uint16_t port = 0; ///< kTcp, kUdp
};

struct Tried {
    enum class Outcome : std::uint8_t { kAllowed, kDenied, kNotTried };
    Outcome outcome = Outcome::kNotTried;
    std::string why; ///< of kNotTried: "no such path here"
};

struct Options {
    bool create = false; ///< FIFOs, sockets and symbolic links are made where they are tried, and removed at once
};

/// Tries each of `accesses` in a child that has `rulesets` of `policy` in force, and compares what happens with what
/// happens without any ruleset, and under one that denies this right everywhere. Grants on paths that don't exist here
/// give nothing. An access is not tried where its path doesn't exist or is of a kind that can't be tried harmlessly, or
/// where Landlock's word makes no difference. An Error where the kernel has no Landlock, or not what the policy needs.
Result<std::vector<Tried>> tryAccesses(const object::Policy& policy, const std::vector<std::uint32_t>& rulesets,
                                       const landlock::ParamValues& params, std::span<const Access> accesses,
                                       const Options& options);

} // namespace landlatch::trial
