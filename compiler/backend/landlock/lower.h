// SPDX-License-Identifier: Apache-2.0
// The policy as the runtime will see it: from the resolved policy and its match plan to object::Policy.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/match/plan.h"
#include "compiler/support/source.h"
#include "runtime/object/policy.h"

#include <string_view>

namespace landlatch::backend_landlock {

struct LowerInput {
    const ir::Policy& policy;
    const match::Plan& plan;      ///< of that policy
    const SourceManager& sources; ///< buffer 0 is the root file
    std::string_view compiler_version;
};

/// Grants that give nothing (all their rights fell away) are left out; neighbouring literal pieces of a path become
/// one. Files are named relative to the root file's directory where they are below it, else by their base name (and
/// `std/NAME.ll` for the toolchain's own), so that the object doesn't tell where it was compiled.
object::Policy lower(const LowerInput& input);

/// `name` as an object stores it, when the root file is `root` (both as the SourceManager has them).
std::string storedFileName(std::string_view name, std::string_view root);

} // namespace landlatch::backend_landlock
