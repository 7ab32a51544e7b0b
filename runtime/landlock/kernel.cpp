// SPDX-License-Identifier: Apache-2.0
#include "runtime/landlock/kernel.h"

#include <array>
#include <cerrno>
#include <sys/syscall.h>
#include <unistd.h>

namespace landlatch::landlock {
namespace {

// The numbers are the same on every architecture; old headers lack them.
constexpr long kNrCreate = 444;
constexpr long kNrAddRule = 445;
constexpr long kNrRestrict = 446;

int toResult(long value) { return value < 0 ? -errno : static_cast<int>(value); }

struct Explanation {
    Call call;
    int code;
    const char* text;
};

// Documentation/userspace-api/landlock.rst and security/landlock/syscalls.c.
constexpr std::array kExplanations = {
    Explanation{Call::kQuery, ENOSYS, "this kernel is built without Landlock (CONFIG_SECURITY_LANDLOCK)"},
    Explanation{Call::kQuery, EOPNOTSUPP,
                "Landlock is built in but off: add landlock to the lsm= list of the kernel command line"},
    Explanation{Call::kQuery, EPERM, "a seccomp filter forbids Landlock here"},
    Explanation{Call::kCreate, EINVAL, "the kernel does not know a right of the ruleset"},
    Explanation{Call::kCreate, E2BIG, "the kernel knows a shorter ruleset only"},
    Explanation{Call::kCreate, ENOMSG, "the ruleset would restrict nothing"},
    Explanation{Call::kAddPath, EINVAL,
                "the right is not handled by the ruleset or cannot be granted on a non-directory"},
    Explanation{Call::kAddPath, ENOMSG, "the rule grants nothing"},
    Explanation{Call::kAddPath, EBADFD,
                "the path's fd is not one that a rule can name (an internal file system, or no O_PATH)"},
    Explanation{Call::kAddPort, EAFNOSUPPORT, "this kernel has no TCP (CONFIG_INET)"},
    Explanation{Call::kAddPort, EINVAL, "the right is not handled by the ruleset or the port is above 65535"},
    Explanation{Call::kAddPort, ENOMSG, "the rule grants nothing"},
    Explanation{Call::kRestrict, EPERM, "neither no_new_privs nor CAP_SYS_ADMIN: apply the ruleset with nnp"},
    Explanation{Call::kRestrict, E2BIG, "the task has 16 Landlock layers already, all there are"},
    Explanation{Call::kRestrict, EINVAL, "the kernel does not know one of the flags"},
    Explanation{Call::kRestrict, EBADFD, "the fd is not a ruleset"},
};

const char* nameOf(Call call) {
    switch (call) {
    case Call::kQuery:
    case Call::kCreate:
        return "landlock_create_ruleset";
    case Call::kAddPath:
    case Call::kAddPort:
        return "landlock_add_rule";
    case Call::kRestrict:
        return "landlock_restrict_self";
    }
    return "landlock";
}

} // namespace

int SystemKernel::createRuleset(const uapi::RulesetAttr& attr, std::size_t size) {
    return toResult(::syscall(kNrCreate, &attr, size, 0U));
}

int SystemKernel::query(std::uint32_t flag) { return toResult(::syscall(kNrCreate, nullptr, 0UL, flag)); }

int SystemKernel::addPath(int ruleset, const uapi::PathBeneathAttr& attr, std::uint32_t flags) {
    return toResult(::syscall(kNrAddRule, ruleset, uapi::kRulePathBeneath, &attr, flags));
}

int SystemKernel::addPort(int ruleset, const uapi::NetPortAttr& attr, std::uint32_t flags) {
    return toResult(::syscall(kNrAddRule, ruleset, uapi::kRuleNetPort, &attr, flags));
}

int SystemKernel::restrictSelf(int ruleset, std::uint32_t flags) {
    return toResult(::syscall(kNrRestrict, ruleset, flags));
}

Error explain(Call call, int code) {
    Error error = errnoError(nameOf(call), code);
    const Call row = call;
    for (const Explanation& explanation : kExplanations) {
        const bool off = row != Call::kQuery && explanation.call == Call::kQuery;
        // ENOSYS and EOPNOTSUPP mean the same wherever they come from.
        const bool applies = explanation.call == row || (off && (code == ENOSYS || code == EOPNOTSUPP));
        if (applies && explanation.code == code) {
            error.message = std::string(nameOf(call)) + ": " + explanation.text;
            break;
        }
    }
    return error;
}

Result<std::uint32_t> queryAbi(Kernel& kernel) {
    const int abi = kernel.query(uapi::kCreateVersion);
    if (abi < 0) {
        return explain(Call::kQuery, -abi);
    }
    if (abi == 0) {
        return Error{EOPNOTSUPP, "landlock_create_ruleset: the kernel reports Landlock ABI 0"};
    }
    return static_cast<std::uint32_t>(abi);
}

} // namespace landlatch::landlock
