// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli), the checksum of an object's sections. Finds damage; says nothing about who wrote the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace landlatch::object {

/// CRC-32C of `bytes` (reflected, initial value and final xor all ones; "123456789" gives 0xE3069283): by the
/// processor's instruction where it has one.
std::uint32_t crc32c(std::span<const std::byte> bytes);

/// The same by tables alone.
std::uint32_t crc32cByTables(std::span<const std::byte> bytes);

} // namespace landlatch::object
