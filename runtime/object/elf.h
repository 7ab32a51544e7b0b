// SPDX-License-Identifier: Apache-2.0
// Finds the three sections that the reader needs in an ELF file that may be hostile. Nothing else of ELF is looked at.
#pragma once

#include "runtime/base/result.h"

#include <cstddef>
#include <span>

namespace landlatch::object {

/// Views into the file.
struct Sections {
    std::span<const std::byte> manifest;
    std::span<const std::byte> rulesets;
    std::span<const std::byte> tables;
};

/// The sections of a 64-bit little-endian BPF relocatable. Refuses a missing, repeated, compressed or overlapping
/// section and every offset outside the file.
Result<Sections> findSections(std::span<const std::byte> file);

} // namespace landlatch::object
