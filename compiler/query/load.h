// SPDX-License-Identifier: Apache-2.0
// A policy ready to be asked: the compiler's own phases up to the match tables, without making an object file.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/ir/policy.h"
#include "compiler/support/source.h"
#include "runtime/object/policy.h"

#include <optional>
#include <string>

namespace landlatch::query {

struct Loaded {
    ir::Policy policy;
    object::Policy object; ///< what the runtime would read; its file names are those of the sources, to be shown
};

/// Runs match on a policy that sema has made. Empty after an error, which `sink` has.
std::optional<Loaded> load(ir::Policy policy, const SourceManager& sources, diag::Sink& sink);

/// "web.ll:12", or "" without a file.
[[nodiscard]] std::string place(const std::string& file, std::uint32_t line);
[[nodiscard]] std::string place(const SourceManager& sources, Span span);

} // namespace landlatch::query
