// SPDX-License-Identifier: Apache-2.0
// Runs the one-operation program (op.c) under a ruleset of the running kernel.
#pragma once

#include "runtime/landlock/abi.h"
#include "runtime/landlock/load.h"
#include "tests/unit/landlock/tree.h"

#include <grp.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <vector>

namespace landlatch::landlock {

inline constexpr std::uint64_t kExecute = 1;
inline constexpr uid_t kNobody = 65534;

/// This kernel's ABI, 0 where Landlock can't be used.
inline std::uint32_t kernelAbi() {
    SystemKernel kernel;
    const auto abi = queryAbi(kernel);
    return abi ? *abi : 0;
}

/// What op may exit with beside an errno.
inline constexpr int kHarnessFailed = 251;

/// Exit status of op under `rulesets`, one layer each; of `uid` when not ours. -1: killed or not started.
inline int runUnder(const std::vector<int>& rulesets, const std::vector<std::string>& arguments, uid_t uid) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (uid != ::geteuid() &&
            (::setgroups(0, nullptr) != 0 || ::setresgid(uid, uid, uid) != 0 || ::setresuid(uid, uid, uid) != 0)) {
            ::_exit(kHarnessFailed);
        }
        SystemKernel kernel;
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        for (const int ruleset : rulesets) {
            if (kernel.restrictSelf(ruleset, 0) != 0) {
                ::_exit(kHarnessFailed);
            }
        }
        std::vector<char*> argv = {const_cast<char*>(LANDLATCH_OP)};
        for (const std::string& argument : arguments) {
            argv.push_back(const_cast<char*>(argument.c_str()));
        }
        argv.push_back(nullptr);
        ::execv(LANDLATCH_OP, argv.data());
        ::_exit(kHarnessFailed);
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        return -1;
    }
    return WEXITSTATUS(status);
}

/// The same with the only ruleset of `policy`, resolved and built for a kernel of `abi`. op itself must be executable
/// under it: see policyFor.
inline int runUnder(const object::Policy& policy, std::uint32_t abi, const std::vector<std::string>& arguments,
                    uid_t uid = ::geteuid()) {
    auto resolved = resolveOnly(policy);
    EXPECT_TRUE(resolved) << resolved.error().message;
    if (!resolved) {
        return kHarnessFailed;
    }
    SystemKernel kernel;
    const auto fd = build(kernel, policy, *resolved, abi);
    EXPECT_TRUE(fd) << fd.error().message;
    return fd ? runUnder({fd->get()}, arguments, uid) : kHarnessFailed;
}

/// A policy that handles all this kernel knows, gives it all up on older ones, and grants `paths` and op itself.
inline object::Policy policyFor(std::vector<object::PathGrant> paths) {
    // The kernel opens what it executes for reading too.
    paths.push_back(grant(object::PathKind::kFile, LANDLATCH_OP, kExecute | kReadFile));
    object::Policy policy = policyOf(std::move(paths));
    const abi::Masks known = abi::known(std::min(kernelAbi(), abi::kLatest));
    policy.floor = 1;
    policy.leaving_fs = policy.leaving_net = policy.leaving_scoped = ~0ULL;
    policy.rulesets[0].handled_fs = known.fs;
    policy.rulesets[0].handled_net = known.net;
    policy.rulesets[0].scoped = known.scoped;
    return policy;
}

} // namespace landlatch::landlock
