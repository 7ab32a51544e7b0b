// SPDX-License-Identifier: Apache-2.0
// Where in a task a `syscall` instruction is. The vDSO has one and is the same in all 64-bit tasks of one kernel; where
// there is none, it is written over the instruction pointer for a while (injection.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace landlatch::inject {

/// Offset of a `syscall` instruction (0f 05) in our own vDSO; unset where there is no vDSO or no such bytes.
std::optional<std::uint64_t> vdsoSyscallOffset();

/// The same in any mapped image; what vdsoSyscallOffset looks with.
std::optional<std::uint64_t> findSyscall(std::span<const unsigned char> image);

} // namespace landlatch::inject
