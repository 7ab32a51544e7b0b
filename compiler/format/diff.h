// SPDX-License-Identifier: Apache-2.0
// What formatting changes, as a unified diff that patch(1) reads.
#pragma once

#include <string>
#include <string_view>

namespace landlatch::format {

/// The unified diff from `before` to `after` with three lines of context; empty when they are equal. `name` stands in
/// both of its headers.
[[nodiscard]] std::string unifiedDiff(std::string_view name, std::string_view before, std::string_view after);

} // namespace landlatch::format
