// SPDX-License-Identifier: Apache-2.0
// What this kernel and this user can do, found by trying, never by version. Each probe leaves nothing behind.
#pragma once

#include "runtime/base/result.h"
#include "runtime/landlock/kernel.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace landlatch::probe {

/// Whether something works here; `why` says why not and what to do, or is empty.
struct Support {
    bool ok = false;
    std::string why;
    explicit operator bool() const { return ok; }
};

struct Landlock {
    std::uint32_t abi = 0;
    std::uint32_t errata = 0; ///< bits of the errata fixed; 0 where the kernel can't say (below ABI 7)
};
/// Landlock's ABI and errata. Fails with the reason where Landlock is missing or off at boot.
Result<Landlock> landlock(landlock::Kernel& kernel);

/// Yama's ptrace_scope (0 to 3); 0 where Yama is not there.
Result<int> yamaScope();
/// The text of that file: "1\n".
Result<int> parseYamaScope(std::string_view text);

/// A child of ours can be seized with exec events, syscall stops and EXITKILL: tried on a throwaway child.
Support ptrace();
/// PTRACE_GET_SYSCALL_INFO (Linux 5.3), tried likewise.
Support ptraceSyscallInfo();
/// seccomp filters with SECCOMP_RET_TRACE.
Support seccompTrace();
/// pidfd_open and pidfd_getfd on a child.
Support pidfdGetfd();
/// PTRACE_O_SUSPEND_SECCOMP, which needs CAP_SYS_ADMIN and no filter on ourselves.
Support suspendSeccomp();

/// The flags of landlock_restrict_self that this kernel knows, each tried alone in a throwaway child.
Result<std::uint32_t> restrictFlags();

} // namespace landlatch::probe
