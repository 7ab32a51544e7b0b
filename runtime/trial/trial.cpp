// SPDX-License-Identifier: Apache-2.0
// A child for every access, three times: without any ruleset, to learn what this machine does anyway; with the right
// denied everywhere, to learn how the denial shows; and confined as the policy says.
#include "runtime/trial/trial.h"

#include "runtime/landlock/kernel.h"
#include "runtime/landlock/load.h"
#include "runtime/trial/attempt.h"

#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <optional>
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
Result<int> inChild(const Access& access, const Outside& outside, const Prepared& prepared,
                    const std::vector<UniqueFd>& rulesets) {
    const pid_t child = ::fork();
    if (child < 0) {
        return errnoError("fork");
    }
    if (child == 0) {
        if (!confine(rulesets)) {
            ::_exit(kNotConfined);
        }
        ::_exit(attempt(access, outside, prepared));
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return errnoError("waitpid");
        }
    }
    tidy(access, prepared);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == kNotConfined) {
        return Error{EPERM, "a child could not be confined to try accesses"};
    }
    return WEXITSTATUS(status);
}

/// A ruleset that handles this right alone and allows it nowhere; none where the kernel doesn't know the right.
std::vector<UniqueFd> denyOnly(const Access& access, std::uint32_t abi) {
    const abi::Masks known = abi::known(abi);
    const std::uint64_t bit = std::uint64_t{1} << access.bit;
    uapi::RulesetAttr attr{};
    switch (access.category) {
    case abi::Category::kFs:
        attr.handled_access_fs = bit & known.fs;
        break;
    case abi::Category::kTcp:
    case abi::Category::kUdp:
        attr.handled_access_net = bit & known.net;
        break;
    case abi::Category::kScope:
        attr.scoped = bit & known.scoped;
        break;
    case abi::Category::kLog:
        break;
    }
    landlock::SystemKernel kernel;
    std::vector<UniqueFd> rulesets;
    if ((attr.handled_access_fs | attr.handled_access_net | attr.scoped) != 0) {
        rulesets.emplace_back(kernel.createRuleset(attr, uapi::rulesetAttrSize(abi)));
    }
    return rulesets;
}

/// Makes two runs into an answer: `denied` is what Landlock's denial looks like, nullopt where it can't deny.
Tried judge(int free, std::optional<int> denied, int confined) {
    if (denied && *denied == free) {
        return {Tried::Outcome::kNotTried, free == 0
                                               ? "goes through in spite of any ruleset"
                                               : fmt::format("fails without a ruleset too: {}", std::strerror(free))};
    }
    if (confined == free) {
        return {Tried::Outcome::kAllowed, ""};
    }
    if (denied && confined == *denied) {
        return {Tried::Outcome::kDenied, ""};
    }
    return {Tried::Outcome::kNotTried, fmt::format("hangs on another right: {}", std::strerror(confined))};
}

/// What all accesses are tried with.
struct Stage {
    Outside outside;
    std::vector<UniqueFd> rulesets;
    std::uint32_t abi = 0;
    Options options;
};

Result<Tried> tryOne(const Access& access, const Stage& stage) {
    Prepared prepared;
    if (std::string why = prepare(access, stage.options, prepared); !why.empty()) {
        return Tried{Tried::Outcome::kNotTried, std::move(why)};
    }
    const Result<int> free = inChild(access, stage.outside, prepared, {});
    if (!free) {
        return free.error();
    }
    std::optional<int> denied;
    if (const std::vector<UniqueFd> deny = denyOnly(access, stage.abi); !deny.empty()) {
        const Result<int> code = inChild(access, stage.outside, prepared, deny);
        if (!code) {
            return code.error();
        }
        denied = *code;
    }
    const Result<int> confined = inChild(access, stage.outside, prepared, stage.rulesets);
    if (!confined) {
        return confined.error();
    }
    return judge(*free, denied, *confined);
}

Result<std::vector<UniqueFd>> buildAll(const object::Policy& policy, const std::vector<std::uint32_t>& rulesets,
                                       const landlock::ParamValues& params, std::uint32_t abi) {
    landlock::SystemKernel kernel;
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
        Result<UniqueFd> fd = landlock::build(kernel, here, *resolved, abi);
        if (!fd) {
            return fd.error();
        }
        fds.push_back(*std::move(fd));
    }
    return fds;
}

} // namespace

Result<std::vector<Tried>> tryAccesses(const object::Policy& policy, const std::vector<std::uint32_t>& rulesets,
                                       const landlock::ParamValues& params, std::span<const Access> accesses,
                                       const Options& options) {
    landlock::SystemKernel kernel;
    const Result<std::uint32_t> abi = landlock::queryAbi(kernel);
    if (!abi) {
        return abi.error();
    }
    Stage stage{{::getpid(), fmt::format("landlatch-trial-{}", ::getpid())}, {}, std::min(*abi, abi::kLatest), options};
    Result<std::vector<UniqueFd>> fds = buildAll(policy, rulesets, params, stage.abi);
    if (!fds) {
        return fds.error();
    }
    stage.rulesets = *std::move(fds);
    const Result<UniqueFd> listener = listenAbstract(stage.outside.socket);
    if (!listener) {
        return listener.error();
    }
    std::vector<Tried> all;
    for (const Access& access : accesses) {
        Result<Tried> tried = tryOne(access, stage);
        if (!tried) {
            return tried.error();
        }
        all.push_back(*std::move(tried));
    }
    return all;
}

} // namespace landlatch::trial
