// SPDX-License-Identifier: Apache-2.0
// Text that somebody else chose (file names, the environment, the command line) in an error message.
#pragma once

#include <string>
#include <string_view>

namespace landlatch::landlock {

/// `text` with every byte that could steer a terminal or forge a line written \xHH; at most `limit` bytes of it.
[[nodiscard]] std::string shown(std::string_view text, std::size_t limit = 9000);

} // namespace landlatch::landlock
