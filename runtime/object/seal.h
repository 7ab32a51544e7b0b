// SPDX-License-Identifier: Apache-2.0
// The seal: the last 16 bytes of an object file, a checksum over all before them. The sections' own checksums leave out
// the gate programs, and a damaged program may still pass the kernel's verifier and decide otherwise.
#pragma once

#include "runtime/base/result.h"

#include <cstddef>
#include <span>
#include <string>

namespace landlatch::object {

/// `file` with its seal behind it. ELF readers take no notice of what follows the section table.
[[nodiscard]] std::string seal(std::string file);

/// Whether the file is as it was sealed. Finds damage and truncation; proves nothing about who wrote the file.
Result<void> checkSeal(std::span<const std::byte> file);

} // namespace landlatch::object
