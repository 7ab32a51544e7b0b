// SPDX-License-Identifier: Apache-2.0
// A child for every access, twice: without any ruleset, to learn what this machine refuses anyway, and confined.
#include "runtime/trial/trial.h"

#include "runtime/landlock/kernel.h"
#include "runtime/landlock/load.h"
#include "runtime/trial/attempt.h"

#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::trial {

namespace {

constexpr int kNotConfined = 255; ///< exit code: the rulesets could not be put in force

/// A listening abstract socket of this process.
Result<UniqueFd> listenAbstract(const std::string& name) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(fd.get(), 64) != 0) {
        return errnoError("a socket to try scopes with");
    }
    return fd;
}

/// Restricts the calling process.
bool confine(const std::vector<UniqueFd>& rulesets) {
    landlock::SystemKernel kernel;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return false;
    }
    for (const UniqueFd& ruleset : rulesets) {
        if (kernel.restrictSelf(ruleset.get(), 0) < 0) {
            return false;
        }
    }
    return true;
}

/// The errno of the attempt in a child, 0 for none.
Result<int> inChild(const Access& access, const Outside& outside, const std::vector<UniqueFd>& rulesets) {
    const pid_t child = ::fork();
    if (child < 0) {
        return errnoError("fork");
    }
    if (child == 0) {
        if (!confine(rulesets)) {
            ::_exit(kNotConfined);
        }
        ::_exit(attempt(access, outside));
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return errnoError("waitpid");
        }
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) == kNotConfined) {
        return Error{EPERM, "a child could not be confined to try accesses"};
    }
    return WEXITSTATUS(status);
}

Result<Tried> tryOne(const Access& access, const Outside& outside, const std::vector<UniqueFd>& rulesets) {
    if (std::string why = notTried(access); !why.empty()) {
        return Tried{Tried::Outcome::kNotTried, std::move(why)};
    }
    const Result<int> free = inChild(access, outside, {});
    if (!free) {
        return free.error();
    }
    if (*free != 0) {
        return Tried{Tried::Outcome::kNotTried, fmt::format("fails without a ruleset too: {}", std::strerror(*free))};
    }
    const Result<int> confined = inChild(access, outside, rulesets);
    if (!confined) {
        return confined.error();
    }
    if (*confined == 0) {
        return Tried{Tried::Outcome::kAllowed, ""};
    }
    const int expected = access.category == abi::Category::kScope ? EPERM : EACCES;
    return *confined == expected
               ? Tried{Tried::Outcome::kDenied, ""}
               : Tried{Tried::Outcome::kNotTried, fmt::format("hangs on another right: {}", std::strerror(*confined))};
}

Result<std::vector<UniqueFd>> buildAll(const object::Policy& policy, const std::vector<std::uint32_t>& rulesets,
                                       const landlock::ParamValues& params) {
    landlock::SystemKernel kernel;
    const Result<std::uint32_t> abi = landlock::queryAbi(kernel);
    if (!abi) {
        return abi.error();
    }
    object::Policy here = policy; // what isn't on this machine can't be accessed on it either
    std::vector<UniqueFd> fds;
    for (const std::uint32_t ruleset : rulesets) {
        for (object::PathGrant& grant : here.rulesets[ruleset].paths) {
            grant.optional = true;
        }
        here.rulesets[ruleset].in_target = false;
        Result<landlock::ResolvedRuleset> resolved = landlock::resolve(here, ruleset, params, {});
        if (!resolved) {
            return resolved.error();
        }
        Result<UniqueFd> fd = landlock::build(kernel, here, *resolved, std::min(*abi, abi::kLatest));
        if (!fd) {
            return fd.error();
        }
        fds.push_back(*std::move(fd));
    }
    return fds;
}

} // namespace

Result<std::vector<Tried>> tryAccesses(const object::Policy& policy, const std::vector<std::uint32_t>& rulesets,
                                       const landlock::ParamValues& params, std::span<const Access> accesses) {
    Result<std::vector<UniqueFd>> fds = buildAll(policy, rulesets, params);
    if (!fds) {
        return fds.error();
    }
    const Outside outside{::getpid(), fmt::format("landlatch-trial-{}", ::getpid())};
    const Result<UniqueFd> listener = listenAbstract(outside.socket);
    if (!listener) {
        return listener.error();
    }
    std::vector<Tried> all;
    for (const Access& access : accesses) {
        Result<Tried> tried = tryOne(access, outside, *fds);
        if (!tried) {
            return tried.error();
        }
        all.push_back(*std::move(tried));
    }
    return all;
}

} // namespace landlatch::trial
