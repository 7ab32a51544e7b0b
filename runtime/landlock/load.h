// SPDX-License-Identifier: Apache-2.0
// From a ruleset of the object to a Landlock ruleset fd, in two steps:
//
//   resolve  once, when the policy is loaded: every path is opened with O_PATH and kept (RetainedPath), globs and
//            exceptions are expanded, ports are filled in. Nothing is asked of Landlock. All missing paths are listed
//            at once.
//   build    for every application: a fresh ruleset from the retained fds, narrowed to what the kernel knows. Never
//            share or keep one: whoever holds a ruleset fd can add rules to it.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/landlock/kernel.h"
#include "runtime/landlock/params.h"
#include "runtime/object/policy.h"

#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace landlatch::landlock {

/// The inodes one ruleset may come to by `each` and `except`.
inline constexpr std::size_t kMaxInodes = 10'000;

struct ResolveOptions {
    /// O_PATH directory that paths start from and never leave (`paths in target`: /proc/PID/root); -1: our own root.
    int root = -1;
    /// Whose directories may hold symlinks that are followed, beside root's.
    uid_t caller = ::geteuid();
    std::size_t max_inodes = kMaxInodes;
};

/// An inode with rights. The fd is O_PATH and close-on-exec.
struct RetainedPath {
    UniqueFd fd;
    std::string path; ///< where it was found, symlinks resolved
    bool directory = false;
    std::uint64_t access = 0; ///< fs bits; narrowed to file rights for a non-directory
    bool quiet = false;
};

/// The rights of one port.
struct PortRule {
    std::uint64_t access = 0;
    bool quiet = false;
};

struct ResolvedRuleset {
    std::uint32_t index = 0;         ///< in object::Policy::rulesets
    bool in_target = false;          ///< nothing resolved: call resolve with the target's root at each exec
    std::vector<RetainedPath> paths; ///< one an inode
    std::map<std::uint16_t, PortRule> ports;
    std::uint64_t quiet_fs = 0, quiet_net = 0, quiet_scoped = 0;
    /// What a person wants to know and no error, as plain UTF-8: symlinks followed ("/lib -> usr/lib"), optional paths
    /// that are not here, directories split for an exception.
    std::vector<std::string> notes;
};

/// Resolves ruleset `index`, `in_target` or not. The error lists all its missing required paths, a line each.
Result<ResolvedRuleset> resolve(const object::Policy& policy, std::uint32_t index, const ParamValues& params,
                                const ResolveOptions& options);

/// Resolves all rulesets of the policy, in order; those `in_target` are left for later. One error lists the missing
/// paths of all.
Result<std::vector<ResolvedRuleset>> resolveAll(const object::Policy& policy, const ParamValues& params,
                                                const ResolveOptions& options);

/// Whether `policy` may load on a kernel of `abi`: at its floor or above, no hard scope missing, and nothing
/// unrestricted that the policy does not give up by name. The error says all reasons.
Result<void> checkKernel(const object::Policy& policy, std::uint32_t abi);

/// Names of the rights ("ioctl_dev", "udp bind", "signal") that the ruleset handles and a kernel of `abi` does not
/// restrict. refer is not among them: Landlock denies it even where it does not know it.
[[nodiscard]] std::vector<std::string> notRestricted(const object::Ruleset& ruleset, std::uint32_t abi);

/// A fresh ruleset fd (close-on-exec) for a kernel of `abi` (which may be below the running one's). Fails where
/// checkKernel would, where nothing of the ruleset can be restricted, or when the kernel refuses.
Result<UniqueFd> build(Kernel& kernel, const object::Policy& policy, const ResolvedRuleset& resolved,
                       std::uint32_t abi);

/// The flags of landlock_restrict_self for this ruleset on a kernel of `abi`: its log flags where they exist.
[[nodiscard]] std::uint32_t restrictFlags(const object::Ruleset& ruleset, std::uint32_t abi);

/// The soft limit on open files, raised to the hard one: a big policy retains up to 10,000 fds a ruleset. A child that
/// runs somebody's program calls `restore` first.
class FdLimit {
public:
    /// Raises the limit; does nothing where that fails.
    static FdLimit raise();
    /// Async-signal-safe.
    void restore() const;

private:
    std::uint64_t soft_ = 0, hard_ = 0;
    bool raised_ = false;
};

} // namespace landlatch::landlock
