// SPDX-License-Identifier: Apache-2.0
// Text inside XML: reports and pictures.
#pragma once

#include <string>
#include <string_view>

namespace landlatch::query {

/// `text` as the content of an element or a quoted attribute; what can't be printed is escaped as diag::printable does.
[[nodiscard]] std::string xml(std::string_view text);

} // namespace landlatch::query
