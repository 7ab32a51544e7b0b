// SPDX-License-Identifier: Apache-2.0
// policy.o -> object::Policy. The file is hostile: every length, count, index and mask is checked before it is used,
// and what does not fit exactly is refused. What is read back is what a compiler may have written, no more: checksums
// find damage, they prove no origin.
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/elf.h"
#include "runtime/object/policy.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace landlatch::object {

/// Reads a whole object file. Errors (EINVAL; ENOTSUP for a newer format, EFBIG above a limit) name the section or
/// record that is wrong. Needs at most format::kMaxDecodedBytes of memory, or format::kDecodedByByte for each byte of
/// the file where that is more; time is linear in the file.
Result<Policy> read(std::span<const std::byte> file);

/// The same from the three sections, wherever they came from (the writer checks its own work with it).
Result<Policy> readSections(const Sections& sections);

/// Reads the object at `path`: a regular file of at most format::kMaxFileBytes, copied into memory as a whole before a
/// byte of it is looked at (what someone changes while we read is then either seen or not, never both).
Result<Policy> readFile(const std::string& path);

/// Those bytes themselves, under the same limits.
Result<std::vector<std::byte>> readBytes(const std::string& path);

} // namespace landlatch::object
