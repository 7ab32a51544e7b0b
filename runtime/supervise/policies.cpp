// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/policies.h"

#include "runtime/base/clock.h"
#include "runtime/landlock/abi.h"
#include "runtime/supervise/in_target.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <set>

namespace landlatch::supervise {
namespace {

void countHit(Policy& policy, std::uint32_t rule) {
    if (rule < policy.hits.size()) {
        ++policy.hits[rule];
    }
}

/// The ruleset of the supervisor's own trial: nothing but read_dir, denied everywhere.
Result<FreshRuleset> makeSelfTestRuleset(landlock::Kernel& kernel) {
    uapi::RulesetAttr attr;
    attr.handled_access_fs = 1ULL << 3; // read_dir
    const int fd = kernel.createRuleset(attr, uapi::rulesetAttrSize(1));
    if (fd < 0) {
        return landlock::explain(landlock::Call::kCreate, -fd);
    }
    return FreshRuleset{UniqueFd(fd), 0};
}

bool isApplied(const ll_applied& applied, const ll_applied_ruleset& id) {
    return std::any_of(applied.ruleset, applied.ruleset + applied.count, [&](const ll_applied_ruleset& one) {
        return one.generation == id.generation && one.ruleset == id.ruleset;
    });
}

const char* refusalText(std::uint32_t refusal) {
    switch (refusal) {
    case LL_REFUSED_DEAD:
        return "no supervisor runs";
    case LL_REFUSED_HUNG:
        return "the supervisor is not answering";
    case LL_REFUSED_TRACED:
        return "the task is traced by another process";
    case LL_REFUSED_INIT:
        return "pid 1 can't be held";
    case LL_REFUSED_BUSY:
        return "as many programs are held as may be (--max-held)";
    case LL_REFUSED_PRIVILEGE:
        return "the rule has no nnp, and the task's old or new credentials lack CAP_SYS_ADMIN";
    case LL_REFUSED_MEMORY:
        return "no room to mark the task";
    case LL_REFUSED_ROOM:
        return "the supervisor is behind with the programs that wait";
    case LL_REFUSED_LAYERS:
        return "the task has as many rulesets in force as Landlock allows (16)";
    case LL_REFUSED_EMPTY:
        return "the ruleset is not in the kernel's map";
    case LL_REFUSED_STACKING:
        return "more than one ruleset, and kernel-object applies one an exec";
    case LL_REFUSED_KERNEL:
        return "the kernel refused the ruleset";
    case LL_KILLED_TIMEOUT:
        return "the supervisor did not take it over in time (--hold-limit)";
    case LL_KILLED_ROOM:
        return "no room to tell the supervisor of it";
    case LL_KILLED_DEAD:
        return "the supervisor died while it waited";
    case LL_KILLED_BACKSTOP:
        return "it would have started without being held (an image without a file-backed segment is not supported)";
    default:
        return "refused by the gate";
    }
}

/// Nanoseconds since CLOCK_MONOTONIC said `then`; 0 where it never did.
std::uint64_t ageOf(std::uint64_t then) {
    const std::uint64_t now = monotonic();
    return then == 0 || then > now ? 0 : now - then;
}

const char* kindText(std::uint32_t kind) {
    switch (kind) {
    case LL_NONE:
        return "none";
    case LL_PASS:
        return "pass";
    case LL_APPLY:
        return "apply";
    case LL_DENY:
        return "deny";
    default:
        return "refuse";
    }
}

} // namespace

void addRule(nlohmann::json& event, const Policy& policy, std::uint32_t rule) {
    if (rule >= policy.content.rules.size()) {
        return;
    }
    const object::Rule& found = policy.content.rules[rule];
    if (!found.name.empty()) {
        event["rule"] = found.name;
    }
    event["at"] = fmt::format("{}:{}", found.file, found.line);
}

std::shared_ptr<Policy> Policies::find(const std::string& name) const {
    for (const auto& [generation, policy] : by_generation_) {
        if (policy->name == name && policy->in_force) {
            return policy;
        }
    }
    return nullptr;
}

std::shared_ptr<Policy> Policies::find(std::uint32_t generation) const {
    const auto found = by_generation_.find(generation);
    return found == by_generation_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Policy>> Policies::all() const {
    std::vector<std::shared_ptr<Policy>> found;
    for (const auto& [generation, policy] : by_generation_) {
        if (policy->in_force) {
            found.push_back(policy);
        }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->name < b->name; });
    return found;
}

Result<void> Policies::planLayer(std::uint32_t slot, const ll_layer& layer, const ll_applied& applied, Plan& plan) {
    if (slot == LL_SELFTEST_SLOT && layer.generation == LL_SELFTEST_GENERATION) {
        plan.rulesets.push_back({{layer.generation, 0}, "self-test"});
        plan.nnp = true;
        return {};
    }
    const std::shared_ptr<Policy> policy = find(layer.generation);
    if (!policy || policy->slot != slot) {
        return Error{ESRCH, "the policy that matched the program has been removed meanwhile"};
    }
    if (!policy->problem.empty()) {
        return Error{EIO, policy->name + ": " + policy->problem};
    }
    std::set<std::uint32_t> wanted;
    if (layer.kind == LL_APPLY) {
        if (layer.effect >= policy->content.effects.size()) {
            return Error{EPROTO, policy->name + ": the gate named an effect that isn't there"};
        }
        const auto& rulesets = policy->content.effects[layer.effect].rulesets;
        wanted.insert(rulesets.begin(), rulesets.end());
    }
    if (layer.also != 0) {
        if (layer.also - 1 >= policy->content.effects.size()) {
            return Error{EPROTO, policy->name + ": the gate named an effect that isn't there"};
        }
        const auto& rulesets = policy->content.effects[layer.also - 1].rulesets;
        wanted.insert(rulesets.begin(), rulesets.end());
    }
    for (std::uint32_t bit = 0; bit < 64; ++bit) {
        if ((layer.always >> bit & 1U) == 0) {
            continue;
        }
        if (bit >= policy->content.always_rulesets.size()) {
            return Error{EPROTO, policy->name + ": the gate named a ruleset that isn't there"};
        }
        wanted.insert(policy->content.always_rulesets[bit]);
    }
    for (const std::uint32_t index : wanted) {
        const ll_applied_ruleset id{layer.generation, index};
        if (!isApplied(applied, id)) {
            plan.rulesets.push_back({id, policy->content.rulesets[index].name});
        }
    }
    plan.nnp = plan.nnp || layer.nnp != 0;
    return {};
}

Result<Plan> Policies::plan(const ll_mark& mark, const ll_applied& applied) {
    Plan plan;
    for (std::uint32_t slot = 0; slot < LL_MAX_POLICIES; ++slot) {
        if (mark.layer[slot].generation == 0) {
            continue;
        }
        if (const Result<void> planned = planLayer(slot, mark.layer[slot], applied, plan); !planned) {
            return planned.error();
        }
    }
    return plan;
}

Result<Rulesets::Made> Policies::make(const Plan::Item& item, pid_t pid) {
    Made made;
    if (item.id.generation == LL_SELFTEST_GENERATION) {
        Result<FreshRuleset> fresh = makeSelfTestRuleset(kernel_);
        if (!fresh) {
            return fresh.error();
        }
        made.ruleset = std::move(*fresh);
        return made;
    }
    const std::shared_ptr<Policy> policy = find(item.id.generation);
    if (!policy || item.id.ruleset >= policy->rulesets.size()) {
        return Error{ESRCH, "the policy of ruleset " + item.name + " has been removed meanwhile"};
    }
    const landlock::ResolvedRuleset& resolved = policy->rulesets[item.id.ruleset];
    if (resolved.in_target) {
        Result<UniqueFd> pending = startInTarget(*policy, item.id.ruleset, pid);
        if (!pending) {
            return pending.error();
        }
        made.pending = std::move(*pending);
        return made;
    }
    Result<UniqueFd> fd = landlock::build(kernel_, policy->content, resolved, policy->abi);
    if (!fd) {
        return fd.error();
    }
    made.ruleset = {std::move(*fd), landlock::restrictFlags(policy->content.rulesets[item.id.ruleset], policy->abi)};
    return made;
}

Result<FreshRuleset> Policies::takeFromTarget(const Plan::Item& item, int pending) {
    Result<UniqueFd> fd = takeInTarget(pending);
    if (!fd) {
        return fd.error().within("ruleset " + item.name);
    }
    const std::shared_ptr<Policy> policy = find(item.id.generation);
    if (!policy) {
        return Error{ESRCH, "the policy of ruleset " + item.name + " has been removed meanwhile"};
    }
    return FreshRuleset{std::move(*fd),
                        landlock::restrictFlags(policy->content.rulesets[item.id.ruleset], policy->abi)};
}

void Policies::report(const HoldReport& report) {
    nlohmann::json event{{"event", report.failure.empty() ? "applied" : "killed"}, {"pid", report.pid}};
    if (!report.exec.empty()) {
        event["exec"] = printable(report.exec);
    }
    nlohmann::json names = nlohmann::json::array();
    for (const Plan::Item& item : report.plan.rulesets) {
        names.push_back(item.name);
    }
    event["rulesets"] = std::move(names);
    event["nnp"] = report.plan.nnp;
    event["held_us"] = report.held_ns / 1000;
    if (!report.failure.empty()) {
        event["reason"] = printable(report.failure);
    }
    nlohmann::json by = nlohmann::json::array();
    for (std::uint32_t slot = 0; slot < LL_MAX_POLICIES; ++slot) {
        const ll_layer& layer = report.mark.layer[slot];
        const std::shared_ptr<Policy> policy = layer.generation != 0 ? find(layer.generation) : nullptr;
        if (!policy) {
            continue;
        }
        nlohmann::json one{{"policy", policy->name}};
        addRule(one, *policy, layer.rule);
        if (layer.also != 0) {
            one["staged"] = true;
        }
        by.push_back(std::move(one));
        ++(report.failure.empty() ? policy->counts.applied : policy->counts.killed);
        countHit(*policy, layer.rule);
    }
    if (by.empty() && report.failure.empty()) {
        return; // the self-test
    }
    event["by"] = std::move(by);
    journal_.add(std::move(event));
}

/// What an audited decision would have come to: the rulesets by name, those of `always` rules too, and nnp.
void Policies::addWould(const Policy& policy, const ll_decision& decision, bool enforced_view, nlohmann::json& json) {
    const std::uint32_t kind = enforced_view ? decision.kind : decision.audit_kind;
    const std::uint32_t effect = enforced_view ? decision.effect : decision.audit_effect;
    const std::uint64_t always = enforced_view ? decision.always : decision.audit_always;
    json["would"] = kindText(kind);
    if (kind == LL_DENY || kind == LL_REFUSE) {
        return;
    }
    std::set<std::uint32_t> rulesets;
    if (kind == LL_APPLY && effect < policy.content.effects.size()) {
        rulesets.insert(policy.content.effects[effect].rulesets.begin(), policy.content.effects[effect].rulesets.end());
    }
    for (std::uint32_t bit = 0; bit < 64 && bit < policy.content.always_rulesets.size(); ++bit) {
        if ((always >> bit & 1U) != 0) {
            rulesets.insert(policy.content.always_rulesets[bit]);
        }
    }
    nlohmann::json names = nlohmann::json::array();
    for (const std::uint32_t ruleset : rulesets) {
        names.push_back(policy.content.rulesets[ruleset].name);
    }
    json["rulesets"] = std::move(names);
    json["nnp"] = (enforced_view ? decision.nnp : decision.audit_nnp) != 0;
}

/// One event's "event", and its "reason" or "would" where there is one; empty: nothing to tell.
std::string Policies::classify(const Policy& policy, const ll_event& event, nlohmann::json& json) {
    const ll_decision& decision = event.decision;
    if (event.applied != 0) { // by a gate of a kernel backend
        nlohmann::json names = nlohmann::json::array();
        for (std::uint32_t i = 0; i < policy.content.rulesets.size() && i < LL_MAX_RULESETS; ++i) {
            if ((event.rulesets[i / 64] >> (i % 64) & 1U) != 0) {
                names.push_back(policy.content.rulesets[i].name);
            }
        }
        json["rulesets"] = std::move(names);
        json["nnp"] = decision.nnp != 0;
        return "applied";
    }
    if (event.refused != 0) {
        if (event.refusal != LL_REFUSED_NOT) {
            json["reason"] = refusalText(event.refusal);
            return event.refusal >= LL_KILLED_TIMEOUT ? "killed" : "refused";
        }
        if (decision.kind == LL_REFUSE) {
            json["reason"] = "a fact that decides could not be read";
            return "refused";
        }
        if (decision.effect < policy.content.effects.size() && !policy.content.effects[decision.effect].why.empty()) {
            json["reason"] = policy.content.effects[decision.effect].why;
        }
        return "denied";
    }
    const bool differs = ll_audit_differs(&decision) != 0;
    if (!policy.audit && !differs) {
        return ""; // what is applied, the supervisor itself reports
    }
    addWould(policy, decision, policy.audit && !differs, json);
    return "audit";
}

void Policies::told(std::span<const std::byte> bytes) {
    // The ring is written by gates only, and a gate is what root has installed: still, no length is taken on trust.
    ll_event event{};
    constexpr std::size_t kLeast = offsetof(ll_event, exec);
    if (bytes.size() < kLeast) {
        return;
    }
    std::memcpy(&event, bytes.data(), std::min(bytes.size(), sizeof event));
    const std::shared_ptr<Policy> policy = find(event.generation);
    if (!policy) {
        return;
    }
    nlohmann::json json{{"policy", policy->name}, {"pid", event.tgid}, {"uid", event.uid}};
    const std::string what = classify(*policy, event, json);
    const ll_decision& decision = event.decision;
    const std::uint32_t rule =
        what == "audit" && ll_audit_differs(&decision) != 0 ? decision.audit_rule : decision.rule;
    // Applied ones are counted when they are: by report().
    if (!what.empty()) {
        countHit(*policy, rule);
    }
    if (decision.kind == LL_PASS && decision.always == 0 && (what.empty() || rule != decision.rule)) {
        countHit(*policy, decision.rule);
    }
    if (what.empty()) {
        return;
    }
    ++(what == "denied"    ? policy->counts.denied
       : what == "audit"   ? policy->counts.audited
       : what == "killed"  ? policy->counts.killed
       : what == "applied" ? policy->counts.applied
                           : policy->counts.refused);
    json["event"] = what;
    if (event.staged != 0) {
        json["staged"] = true; // decided by the narrower of what its path and what no path says
    }
    json[what == "killed" ? "comm" : "exec"] =
        printable({event.exec, ::strnlen(event.exec, std::min<std::size_t>(event.exec_bytes, LL_PATH_ROOM - 1))});
    if (event.named_bytes != 0) {
        json["script"] = printable({event.named, std::min<std::size_t>(event.named_bytes, LL_PATH_ROOM - 1)});
    }
    addRule(json, *policy, rule);
    journal_.add(std::move(json), ageOf(event.time));
}

} // namespace landlatch::supervise
