// SPDX-License-Identifier: Apache-2.0
// The steps by which a policy comes into force, stays known across a restart, and goes. Each is all or nothing, and
// runs in the supervisor's second thread (or before it serves).
//
// On disk, for policy NAME: gate links pinned in kPinRoot/NAME; object and request in kRunFolder/NAME (saved.h). While
// one is being installed both have pendingMark() behind the name; the pins are moved into place first.
#pragma once

#include "runtime/base/result.h"
#include "runtime/bpf/gate.h"
#include "runtime/supervise/policies.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::supervise {

/// Whether a policy may have this name, which is one of a folder beside the supervisor's own files.
[[nodiscard]] bool isPolicyName(const std::string& name);
inline constexpr const char* kPolicyNames =
    "a policy's name has 1 to 63 letters, digits, '-' and '_', and is not control or lock";

inline constexpr const char* kSuperviseName = "supervise";
[[nodiscard]] const char* backendName(bpf::Backend backend);

/// The backend of the policy of that name in force, as saved; empty where there is none or it can't be read.
[[nodiscard]] std::string savedBackend(const std::string& name);

/// What comes behind a policy's name while it is being put in force. One for the supervisor and one for the kernel
/// backends: each finishes only what itself has left half done.
[[nodiscard]] char pendingMark(bpf::Backend backend);

/// Fills `policy` (name, slot, generation, backend are set) from the object and the request: params, ids, kernel,
/// paths; loads its gate. Attaches nothing. On a kernel backend the gate has all rulesets then; `map_type` is that of
/// kernel-map.
Result<void> prepare(Policy& policy, const std::string& object, const nlohmann::json& request,
                     const bpf::SharedMaps& maps, std::optional<bpf::Gate>& gate, std::uint32_t map_type = 0);

/// Saves, attaches and pins. One that is pinned under the same name goes once the new one decides. On an error
/// everything is as before.
Result<void> putInForce(const Policy& policy, bpf::Gate& gate, const std::string& object);

[[nodiscard]] bool isPinned(const std::string& name);
/// Detaches and forgets.
Result<void> takeOutOfForce(const std::string& name);

/// Removes what kRunFolder has of a policy whose gate is gone. False where there is nothing, or the gate is there.
bool forget(const std::string& name);

/// Names of all policies in force, of every backend. With `tidy`, what that one (or the other kernel backend) has left
/// half done is finished first: by whoever holds its lock.
std::vector<std::string> savedPolicies(std::optional<bpf::Backend> tidy);
/// Reads a saved policy again, without paths and rulesets for a kernel backend, which has them in the kernel. Where its
/// rulesets can't be made any more, `policy.problem` says why: its gate is in force.
/// EIO: its files can't be read. EPROTO: it is in force by another version, in whose hold it marks.
Result<void> restorePolicy(const std::string& name, Policy& policy);

} // namespace landlatch::supervise
