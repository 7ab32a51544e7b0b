// SPDX-License-Identifier: Apache-2.0
// The three Landlock system calls, behind an interface so that every errno path can be tested.
#pragma once

#include "runtime/base/result.h"
#include "runtime/landlock/uapi.h"

namespace landlatch::landlock {

/// What this project asks of the kernel's Landlock. Every call returns a value >= 0, or -errno.
class Kernel {
public:
    virtual ~Kernel() = default;
    /// landlock_create_ruleset with the first `size` bytes of `attr`: a close-on-exec fd that the caller owns.
    virtual int createRuleset(const uapi::RulesetAttr& attr, std::size_t size) = 0;
    /// landlock_create_ruleset(NULL, 0, flag): the ABI (kCreateVersion) or the errata bits (kCreateErrata).
    virtual int query(std::uint32_t flag) = 0;
    virtual int addPath(int ruleset, const uapi::PathBeneathAttr& attr, std::uint32_t flags) = 0;
    virtual int addPort(int ruleset, const uapi::NetPortAttr& attr, std::uint32_t flags) = 0;
    /// Restricts the calling thread.
    virtual int restrictSelf(int ruleset, std::uint32_t flags) = 0;
};

/// The running kernel. Stateless.
class SystemKernel final : public Kernel {
public:
    int createRuleset(const uapi::RulesetAttr& attr, std::size_t size) override;
    int query(std::uint32_t flag) override;
    int addPath(int ruleset, const uapi::PathBeneathAttr& attr, std::uint32_t flags) override;
    int addPort(int ruleset, const uapi::NetPortAttr& attr, std::uint32_t flags) override;
    int restrictSelf(int ruleset, std::uint32_t flags) override;
};

enum class Call : unsigned char { kQuery, kCreate, kAddPath, kAddPort, kRestrict };

/// The failure `code` (an errno) of `call` in words a user can act on.
[[nodiscard]] Error explain(Call call, int code);

/// The ABI of `kernel`, at least 1. Fails where Landlock is missing (ENOSYS) or off (EOPNOTSUPP), saying what to do.
Result<std::uint32_t> queryAbi(Kernel& kernel);

} // namespace landlatch::landlock
