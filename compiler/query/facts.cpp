// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/facts.h"

#include "bpf-templates/match.h"
#include "compiler/sema/containers.h"
#include "runtime/glob/glob.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace landlatch::query {

namespace {

constexpr std::uint32_t kOther = 0;      ///< an id that no name has
constexpr std::uint32_t kFirstId = 1000; ///< of the policy's names, in their order
constexpr std::uint32_t kCallerAtom = 1; ///< paths that meet no condition come first (atoms.h)

bool same(const ir::IdName& a, const object::IdName& b) {
    return a.numeric == b.numeric && (a.numeric ? a.number == b.number : a.name == b.name);
}

std::uint32_t idOf(const std::vector<object::IdName>& named, const std::optional<ir::IdName>& id) {
    for (std::uint32_t i = 0; id && i < named.size(); ++i) {
        if (same(*id, named[i])) {
            return kFirstId + i;
        }
    }
    return kOther;
}

/// "a-b.slice" is in "a.slice".
std::string slicePath(const std::string& slice) {
    std::string path;
    const std::string stem = slice.substr(0, slice.size() - std::string_view(".slice").size());
    for (std::size_t dash = stem.find('-', 1); dash != std::string::npos; dash = stem.find('-', dash + 1)) {
        path += "/" + stem.substr(0, dash) + ".slice";
    }
    return path + "/" + slice;
}

bool inContainer(const std::string& cgroup) {
    return std::any_of(sema::kContainerPatterns.begin(), sema::kContainerPatterns.end(),
                       [&](const sema::ContainerPattern& pattern) {
                           const Result<glob::Sequence> parsed = glob::parse(pattern.cgroup, glob::Escapes::kUnit);
                           for (std::size_t slash = cgroup.find('/', 1); parsed; slash = cgroup.find('/', slash + 1)) {
                               if (glob::matches(*parsed, std::string_view(cgroup).substr(0, slash))) {
                                   return true;
                               }
                               if (slash == std::string::npos) {
                                   break;
                               }
                           }
                           return false;
                       });
}

/// A container's cgroup with what else is said.
Result<std::string> containerCgroup(const ir::TestExec& exec) {
    if (exec.user_unit) {
        return Error{0, "what runs in a user's manager is never `in container`"};
    }
    const std::string slice = exec.slice ? "/" + *exec.slice : "";
    const std::string id = "0123456789abcdef";
    std::vector<std::string> candidates;
    if (exec.unit) {
        candidates = {slice + "/" + *exec.unit, slice + "/" + *exec.unit + "/payload"};
        if (!exec.slice) {
            candidates.push_back("/machine.slice/" + *exec.unit);
            candidates.push_back("/machine.slice/" + *exec.unit + "/payload");
        }
    } else {
        candidates = {exec.slice ? slice + "/docker-" + id + ".scope" : "/docker/" + id};
        if (exec.slice) {
            candidates.push_back(slicePath(*exec.slice) + "/cri-containerd-" + id + ".scope");
        }
    }
    for (const std::string& candidate : candidates) {
        if (inContainer(candidate)) {
            return candidate;
        }
    }
    return Error{0, exec.unit ? fmt::format("no container of the documented list runs in the unit {}", *exec.unit)
                              : fmt::format("no container of the documented list runs in {}", *exec.slice)};
}

} // namespace

Result<std::string> cgroupOf(const ir::TestExec& exec) {
    if (exec.cgroup) {
        if (exec.in_container && !inContainer(*exec.cgroup)) {
            return Error{0, fmt::format("{} is no container's cgroup", *exec.cgroup)};
        }
        return *exec.cgroup;
    }
    if (exec.in_container) {
        return containerCgroup(exec);
    }
    std::string path = exec.slice ? slicePath(*exec.slice) : "";
    if (exec.user_unit) {
        const std::string manager = exec.unit.value_or("user@1000.service");
        const std::size_t at = manager.find_first_not_of("0123456789", 5);
        if (!manager.starts_with("user@") || at == 5 || manager.substr(std::min(at, manager.size())) != ".service") {
            return Error{0, fmt::format("user units run in user@UID.service, not in {}", manager)};
        }
        return path + "/" + manager + "/" + *exec.user_unit;
    }
    if (exec.unit) {
        path += "/" + *exec.unit;
    }
    return path.empty() ? "/" : path;
}

Result<Decider> Decider::create(const object::Policy& policy) {
    match::IdResolution ids;
    for (std::uint32_t i = 0; i < policy.users.size(); ++i) {
        ids.users.emplace_back(kFirstId + i);
    }
    for (std::uint32_t i = 0; i < policy.groups.size(); ++i) {
        ids.groups.emplace_back(kFirstId + i);
    }
    Result<match::Matcher> matcher = match::Matcher::create(policy, ids);
    if (!matcher) {
        return matcher.error();
    }
    return Decider(policy, *std::move(matcher));
}

match::Lineage Decider::lineage(const ir::TestExec& exec) const {
    match::Lineage lineage;
    lineage.ancestors_known = true;
    for (const std::string& ancestor : exec.ancestors) {
        lineage = matcher_.after(lineage, ancestor);
    }
    if (exec.parent_exec) {
        return matcher_.after(lineage, *exec.parent_exec);
    }
    lineage.image_known = true;
    lineage.image_atom = kCallerAtom;
    lineage.ancestors |=
        ll_lineage_mask(policy_->tables.data(), static_cast<std::uint32_t>(policy_->tables.size()), kCallerAtom);
    return lineage;
}

std::vector<std::uint32_t> Decider::rulesBehind(const ll_facts& facts, const match::Decision& decision) const {
    const std::vector<std::uint32_t>& tables = policy_->tables;
    const auto length = static_cast<std::uint32_t>(tables.size());
    std::set<std::uint32_t> rules;
    for (std::uint32_t i = 0; i < tables[LL_W_ALL]; ++i) {
        const std::uint32_t at = tables[LL_W_BOXES] + i * LL_B_WORDS;
        std::uint32_t damaged = 0;
        if (ll_test_whole_box(tables.data(), length, at, &facts, &damaged) != LL_YES) {
            continue;
        }
        const std::uint32_t rule = tables[at + LL_B_RULE];
        const std::uint32_t effect = policy_->rules[rule].effect;
        const bool agrees = effect == decision.raw.effect || effect == decision.raw.audit_effect;
        if (agrees || policy_->rules[rule].always) {
            rules.insert(rule);
        }
    }
    return {rules.begin(), rules.end()};
}

Result<Decided> Decider::decide(const ir::TestExec& exec) const {
    const Result<std::string> cgroup = cgroupOf(exec);
    if (!cgroup) {
        return cgroup.error();
    }
    std::vector<gid_t> groups;
    for (const ir::IdName& group : exec.groups) {
        groups.push_back(idOf(policy_->groups, group));
    }
    match::ExecFacts facts;
    facts.exec = exec.exec;
    if (exec.script) {
        facts.script = {match::Script::Kind::kPath, *exec.script};
    }
    facts.lineage = lineage(exec);
    facts.cgroup = *cgroup;
    facts.euid = idOf(policy_->users, exec.user);
    facts.ruid = idOf(policy_->users, exec.real_user || exec.setuid ? exec.real_user : exec.user);
    facts.groups = groups;
    facts.setuid = exec.setuid;
    facts.unlinked = exec.unlinked;
    const match::Decision decision = matcher_.decide(facts);
    return Decided{decision.enforced, rulesBehind(matcher_.reduce(facts), decision)};
}

} // namespace landlatch::query
