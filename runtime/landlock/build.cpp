// SPDX-License-Identifier: Apache-2.0
// Ruleset fds for one kernel, and what that kernel cannot restrict: see load.h.
#include "runtime/landlock/load.h"

#include "runtime/base/check.h"
#include "runtime/landlock/abi.h"
#include "runtime/landlock/shown.h"

#include <algorithm>
#include <fmt/format.h>

namespace landlatch::landlock {
namespace {

abi::Masks knownTo(std::uint32_t kernel) { return abi::known(std::min(kernel, abi::kLatest)); }

/// Names of `masks`' rights that a kernel of this ABI does not know, refer aside.
std::vector<std::string> unknownNames(const abi::Masks& masks, std::uint32_t kernel) {
    std::vector<std::string> names;
    for (const abi::Right& right : abi::kRights) {
        const std::uint64_t bit = 1ULL << right.bit;
        std::uint64_t mask = 0;
        switch (right.category) {
        case abi::Category::kFs:
            mask = masks.fs & ~abi::kRefer;
            break;
        case abi::Category::kTcp:
        case abi::Category::kUdp:
            mask = masks.net;
            break;
        case abi::Category::kScope:
            mask = masks.scoped;
            break;
        case abi::Category::kLog:
            break;
        }
        if (right.abi > kernel && (mask & bit) != 0) {
            names.emplace_back(right.name);
        }
    }
    return names;
}

std::string release(std::uint32_t abi_number) {
    return abi_number < abi::kLinuxRelease.size() ? std::string(abi::kLinuxRelease[abi_number]) : "?";
}

std::string abiText(std::uint32_t abi_number) {
    if (abi_number > abi::kLatest) {
        return fmt::format("Landlock ABI {}", abi_number);
    }
    return fmt::format("Landlock ABI {} (Linux {})", abi_number, release(abi_number));
}

/// Why `ruleset` must not load on a kernel of this ABI, one reason an entry.
std::vector<std::string> objections(const object::Policy& policy, const object::Ruleset& ruleset,
                                    std::uint32_t kernel) {
    std::vector<std::string> reasons;
    const abi::Masks known = knownTo(kernel);
    for (const std::string& name : unknownNames({0, 0, ruleset.hard_scopes & ~known.scoped}, kernel)) {
        reasons.push_back(fmt::format("ruleset {} isolates {}, which {} cannot", ruleset.name, name, abiText(kernel)));
    }
    const abi::Masks unnamed = {ruleset.handled_fs & ~policy.leaving_fs, ruleset.handled_net & ~policy.leaving_net,
                                ruleset.scoped & ~policy.leaving_scoped & ~ruleset.hard_scopes};
    for (const std::string& name : unknownNames(unnamed, kernel)) {
        reasons.push_back(fmt::format("ruleset {} restricts {}, which {} cannot and the policy does not give up",
                                      ruleset.name, name, abiText(kernel)));
    }
    return reasons;
}

uapi::RulesetAttr attributes(const object::Ruleset& ruleset, const ResolvedRuleset& resolved, std::uint32_t kernel) {
    const abi::Masks known = knownTo(kernel);
    uapi::RulesetAttr attr;
    attr.handled_access_fs = ruleset.handled_fs & known.fs;
    attr.handled_access_net = ruleset.handled_net & known.net;
    attr.scoped = (ruleset.scoped | ruleset.hard_scopes) & known.scoped;
    if (kernel >= 10) {
        attr.quiet_access_fs = resolved.quiet_fs & attr.handled_access_fs;
        attr.quiet_access_net = resolved.quiet_net & attr.handled_access_net;
        attr.quiet_scoped = resolved.quiet_scoped & attr.scoped;
    }
    return attr;
}

Result<void> addPaths(Kernel& kernel, int fd, const ResolvedRuleset& resolved, std::uint64_t handled, bool quiets) {
    for (const RetainedPath& path : resolved.paths) {
        const bool quiet = quiets && path.quiet;
        const uapi::PathBeneathAttr attr{path.access & handled, path.fd.get()};
        if (attr.allowed_access == 0 && !quiet) {
            continue;
        }
        const int added = kernel.addPath(fd, attr, quiet ? uapi::kAddRuleQuiet : 0);
        if (added < 0) {
            return explain(Call::kAddPath, -added).within(shown(path.path));
        }
    }
    return {};
}

Result<void> addPorts(Kernel& kernel, int fd, const ResolvedRuleset& resolved, std::uint64_t handled, bool quiets) {
    for (const auto& [port, rule] : resolved.ports) {
        const bool quiet = quiets && rule.quiet;
        const uapi::NetPortAttr attr{rule.access & handled, port};
        if (attr.allowed_access == 0 && !quiet) {
            continue;
        }
        const int added = kernel.addPort(fd, attr, quiet ? uapi::kAddRuleQuiet : 0);
        if (added < 0) {
            return explain(Call::kAddPort, -added).within(fmt::format("port {}", port));
        }
    }
    return {};
}

} // namespace

std::vector<std::string> notRestricted(const object::Ruleset& ruleset, std::uint32_t abi) {
    return unknownNames({ruleset.handled_fs, ruleset.handled_net, ruleset.scoped}, abi);
}

Result<void> checkKernel(const object::Policy& policy, std::uint32_t abi) {
    std::vector<std::string> reasons;
    if (abi < policy.floor) {
        reasons.push_back(
            fmt::format("the policy requires {} or later, this kernel has {}", abiText(policy.floor), abiText(abi)));
    } else {
        for (const object::Ruleset& ruleset : policy.rulesets) {
            for (std::string& reason : objections(policy, ruleset, abi)) {
                reasons.push_back(std::move(reason));
            }
        }
    }
    if (!reasons.empty()) {
        return Error{EOPNOTSUPP, fmt::format("{}", fmt::join(reasons, "\n"))};
    }
    return {};
}

Result<UniqueFd> build(Kernel& kernel, const object::Policy& policy, const ResolvedRuleset& resolved,
                       std::uint32_t abi) {
    LANDLATCH_CHECK(resolved.index < policy.rulesets.size() && !resolved.in_target);
    const object::Ruleset& ruleset = policy.rulesets[resolved.index];
    if (abi < policy.floor) {
        return checkKernel(policy, abi).error();
    }
    if (const auto reasons = objections(policy, ruleset, abi); !reasons.empty()) {
        return Error{EOPNOTSUPP, fmt::format("{}", fmt::join(reasons, "\n"))};
    }
    const uapi::RulesetAttr attr = attributes(ruleset, resolved, abi);
    if (attr.handled_access_fs == 0 && attr.handled_access_net == 0 && attr.scoped == 0) {
        return Error{ENOMSG, fmt::format("ruleset {} would restrict nothing on {}", ruleset.name, abiText(abi))};
    }
    const std::string context = "ruleset " + ruleset.name;
    const int created = kernel.createRuleset(attr, uapi::rulesetAttrSize(abi));
    if (created < 0) {
        return explain(Call::kCreate, -created).within(context);
    }
    UniqueFd fd(created);
    const bool quiets = abi >= 10;
    if (auto added = addPaths(kernel, fd.get(), resolved, attr.handled_access_fs, quiets); !added) {
        return added.error().within(context);
    }
    if (auto added = addPorts(kernel, fd.get(), resolved, attr.handled_access_net, quiets); !added) {
        return added.error().within(context);
    }
    return fd;
}

std::uint32_t restrictFlags(const object::Ruleset& ruleset, std::uint32_t abi) {
    return abi >= 7 ? ruleset.log_flags & uapi::kRestrictLogFlags : 0;
}

} // namespace landlatch::landlock
