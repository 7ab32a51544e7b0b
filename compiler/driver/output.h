// SPDX-License-Identifier: Apache-2.0
// Writing results so that a failure loses nothing.
#pragma once

#include "runtime/base/result.h"

#include <span>
#include <string>

namespace landlatch::driver {

/// Makes `path` hold `bytes`, or leaves it as it was: a temporary file beside it is written, synced and renamed over
/// it. A symbolic link at `path` is replaced, not followed. A device, pipe or socket is written to as it is. EISDIR for
/// a directory.
Result<void> writeFile(const std::string& path, std::span<const std::uint8_t> bytes);

/// Writes to an open descriptor, all of it.
Result<void> writeAll(int fd, std::span<const std::uint8_t> bytes, std::string_view what);

/// The bytes of a text.
[[nodiscard]] std::span<const std::uint8_t> bytesOf(std::string_view text);

} // namespace landlatch::driver
