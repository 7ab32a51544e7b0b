// SPDX-License-Identifier: Apache-2.0
// The gate objects that were made when the project was built, one for each set of facts (fact_sets.h), and their
// archive: the offsets of all objects as u32, then that of the end, then the objects. Made by compiler/backend/gates.
#pragma once

#include <cstddef>
#include <string_view>

namespace landlatch::backend_bpf {

/// The archive in this program.
std::string_view gateArchive();

/// Gate object `set` of the archive: an ELF file with nothing of a policy in it. `set` is below kFactSets.
std::string_view gateObject(std::string_view archive, std::size_t set);

} // namespace landlatch::backend_bpf
