// SPDX-License-Identifier: Apache-2.0
// The last phase: a policy's sections and match tables become an ELF object, with gate programs made for the facts that
// the policy asks for.
#pragma once

#include "runtime/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace landlatch::backend_bpf {

/// What a policy brings to its object.
struct Parts {
    std::string_view manifest;             ///< bytes of .landlock.manifest
    std::string_view rulesets;             ///< bytes of .landlock.rulesets
    std::span<const std::uint32_t> tables; ///< words of .rodata.landlatch, at least one
};

/// The most that a policy's tables may have. The kernel takes 128 MiB in one map too.
inline constexpr std::size_t kMaxTableBytes = std::size_t{64} << 20U;

/// The object file, with the gate for `used_facts` (match::Plan::used_dims: what it has to gather). Deterministic:
/// equal inputs give equal bytes, wherever and whenever. EFBIG for tables that no BPF map could hold.
Result<std::string> emitObject(const Parts& parts, std::uint32_t used_facts);

/// The same with a gate object of the caller's. EINVAL, with the reason, where it isn't fit to be one.
Result<std::string> emitObject(const Parts& parts, std::string_view gate);

} // namespace landlatch::backend_bpf
