// SPDX-License-Identifier: Apache-2.0
// The policy IR as text, for `llc --emit=ir` and `--emit=rulesets` and for golden tests. Stable: no pointers, hashes,
// places or absolute paths of the machine that compiles.
#pragma once

#include "compiler/ir/policy.h"

#include <string>

namespace landlatch::ir {

/// The whole policy: floor, params, rulesets, rules, prefers, tests.
[[nodiscard]] std::string dump(const Policy& policy);
/// Its params and rulesets only: what each handles, leaves open and allows.
[[nodiscard]] std::string dumpRulesets(const Policy& policy);

/// "read_file, write_file": fs bits by their names in the ABI table, "none" for 0.
[[nodiscard]] std::string fsNames(std::uint64_t fs);
/// "tcp bind, udp connect", likewise.
[[nodiscard]] std::string netNames(std::uint64_t net);
/// "abstract_unix_socket, signal", likewise.
[[nodiscard]] std::string scopeNames(std::uint64_t scoped);
/// All three masks in that order, "none" when all are empty.
[[nodiscard]] std::string accessNames(const Access& access);

} // namespace landlatch::ir
