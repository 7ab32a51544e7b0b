// SPDX-License-Identifier: Apache-2.0
// The kernel's Landlock structs and constants, our own copy: Debian 12's <linux/landlock.h> knows ABI 2 only.
// Source: include/uapi/linux/landlock.h up to ABI 11 (Linux 7.3). The rights themselves are in abi.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace landlatch::uapi {

/// struct landlock_ruleset_attr. Older kernels take a prefix of it: see rulesetAttrSize.
struct RulesetAttr {
    std::uint64_t handled_access_fs = 0;
    std::uint64_t handled_access_net = 0; ///< ABI 4
    std::uint64_t scoped = 0;             ///< ABI 6
    std::uint64_t quiet_access_fs = 0;    ///< ABI 10
    std::uint64_t quiet_access_net = 0;   ///< ABI 10
    std::uint64_t quiet_scoped = 0;       ///< ABI 10
};
static_assert(sizeof(RulesetAttr) == 48);

/// The bytes of RulesetAttr that a kernel of this ABI knows.
constexpr std::size_t rulesetAttrSize(std::uint32_t abi) {
    if (abi >= 10) {
        return 48;
    }
    if (abi >= 6) {
        return 24;
    }
    return abi >= 4 ? 16 : 8;
}

/// struct landlock_path_beneath_attr: packed, 12 bytes.
struct [[gnu::packed]] PathBeneathAttr {
    std::uint64_t allowed_access = 0;
    std::int32_t parent_fd = -1;
};
static_assert(sizeof(PathBeneathAttr) == 12);

/// struct landlock_net_port_attr.
struct NetPortAttr {
    std::uint64_t allowed_access = 0;
    std::uint64_t port = 0; ///< host byte order
};
static_assert(sizeof(NetPortAttr) == 16);

inline constexpr std::uint32_t kCreateVersion = 1U << 0; ///< landlock_create_ruleset: return the ABI
inline constexpr std::uint32_t kCreateErrata = 1U << 1;  ///< ABI 7: return the errata bits

inline constexpr int kRulePathBeneath = 1;
inline constexpr int kRuleNetPort = 2;                  ///< ABI 4
inline constexpr std::uint32_t kAddRuleQuiet = 1U << 0; ///< ABI 10

inline constexpr std::uint32_t kRestrictLogSameExecOff = 1U << 0;   ///< ABI 7
inline constexpr std::uint32_t kRestrictLogNewExecOn = 1U << 1;     ///< ABI 7
inline constexpr std::uint32_t kRestrictLogSubdomainsOff = 1U << 2; ///< ABI 7
inline constexpr std::uint32_t kRestrictTsync = 1U << 3;            ///< ABI 8
inline constexpr std::uint32_t kRestrictNoNewPrivs = 1U << 4;       ///< ABI 11
inline constexpr std::uint32_t kRestrictLogFlags =
    kRestrictLogSameExecOff | kRestrictLogNewExecOn | kRestrictLogSubdomainsOff;

/// The layers a task can have; one more is E2BIG.
inline constexpr unsigned kMaxLayers = 16;

} // namespace landlatch::uapi
