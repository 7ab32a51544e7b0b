// SPDX-License-Identifier: Apache-2.0
// The plan as stable text, for --emit=match and golden tests.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/ir/policy.h"

#include <optional>
#include <string>

namespace landlatch::match {

/// Atoms of each dimension with a shortest example, then the boxes in the order they are looked at. Reports like
/// plan(); empty after an error.
std::optional<std::string> dump(const ir::Policy& policy, diag::Sink& sink);

} // namespace landlatch::match
