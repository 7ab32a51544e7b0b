// SPDX-License-Identifier: Apache-2.0
// A policy as a picture: what is selected on the left, what is put on it on the right.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/support/source.h"

#include <string>

namespace landlatch::query {

/// For Graphviz: a digraph from left to right.
[[nodiscard]] std::string graphDot(const ir::Policy& policy, const SourceManager& sources);

/// A drawing of its own, in two columns, that needs no other program.
[[nodiscard]] std::string graphSvg(const ir::Policy& policy, const SourceManager& sources);

} // namespace landlatch::query
