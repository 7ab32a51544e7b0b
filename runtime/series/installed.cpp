// SPDX-License-Identifier: Apache-2.0
#include "runtime/series/installed.h"

#include "runtime/supervise/describe.h"
#include "runtime/supervise/loader.h"
#include "runtime/supervise/message.h"
#include "runtime/supervise/running.h"
#include "runtime/supervise/setup.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <thread>

namespace landlatch::series {
namespace {

using supervise::Policy;

constexpr const char* kLockPath = "/run/landlatch/kernel.lock";
constexpr const char* kReaderPath = "/run/landlatch/kernel-events.lock";
constexpr int kLockTries = 300;
constexpr int kEventsAtOnce = 1000;

std::string pinsOf(const std::string& name) { return std::string(supervise::kPinRoot) + "/" + name; }
bool isKernels(const std::string& backend) { return !backend.empty() && backend != supervise::kSuperviseName; }

/// Whoever has the file has what it stands for. EBUSY after so many tries of 100 ms: another call of llload may wait
/// for a file system that doesn't answer.
Result<UniqueFd> lockFile(const char* path, int tries) {
    UniqueFd lock(::open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) {
        return errnoError(path);
    }
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return errnoError(path);
        }
        if (--tries <= 0) {
            return Error{EBUSY, std::string("another llload is at it, and has locked ") + path};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return lock;
}

/// Held while policies change.
Result<UniqueFd> lockPolicies() {
    if (const Result<void> made = supervise::makeFolders(); !made) {
        return made.error();
    }
    return lockFile(kLockPath, kLockTries);
}

/// Names of the policies that the kernel backends have in force. `locked`: what was left half done is finished first.
std::vector<std::string> installedNames(bool locked) {
    std::vector<std::string> names = supervise::savedPolicies(
        locked ? std::optional<bpf::Backend>(bpf::Backend::kKernelMap) : std::optional<bpf::Backend>());
    std::erase_if(names, [](const std::string& name) { return !isKernels(supervise::savedBackend(name)); });
    std::sort(names.begin(), names.end());
    return names;
}

void takeCounts(Policy& policy) {
    const Result<std::vector<std::uint64_t>> counts = bpf::readCounts(pinsOf(policy.name));
    if (!counts || counts->size() < LL_COUNT_RULES) {
        return;
    }
    policy.counts.applied = (*counts)[LL_COUNT_APPLIED];
    policy.counts.denied = (*counts)[LL_COUNT_DENIED];
    policy.counts.refused = (*counts)[LL_COUNT_REFUSED];
    policy.counts.audited = (*counts)[LL_COUNT_AUDITED];
    for (std::size_t i = 0; i < policy.hits.size() && LL_COUNT_RULES + i < counts->size(); ++i) {
        policy.hits[i] = (*counts)[LL_COUNT_RULES + i];
    }
}

Result<std::shared_ptr<Policy>> readInstalled(const std::string& name) {
    auto policy = std::make_shared<Policy>();
    if (const Result<void> restored = supervise::restorePolicy(name, *policy); !restored) {
        return restored.error();
    }
    takeCounts(*policy);
    return policy;
}

} // namespace

std::string unfit(const object::Policy& policy, bpf::Backend backend) {
    for (const object::Ruleset& ruleset : policy.rulesets) {
        if (ruleset.in_target) {
            return fmt::format(
                "ruleset {} has `paths in target`, which are opened for each exec: the kernel's rulesets "
                "are made once",
                ruleset.name);
        }
    }
    if (policy.rulesets.size() > LL_MAX_RULESETS) {
        return fmt::format("the policy has {} rulesets; a kernel backend takes {}", policy.rulesets.size(),
                           LL_MAX_RULESETS);
    }
    if (backend != bpf::Backend::kKernelObject) {
        return "";
    }
    bool applies = false;
    for (const object::Rule& rule : policy.rules) {
        const object::Effect& effect = policy.effects[rule.effect];
        if (effect.rulesets.size() > 1) {
            return fmt::format("{}:{} applies {} rulesets, and this interface has one layer an exec", rule.file,
                               rule.line, effect.rulesets.size());
        }
        applies = applies || (!rule.always && effect.kind == object::EffectKind::kApply);
    }
    if (policy.always_rulesets.size() > 1 || (applies && !policy.always_rulesets.empty())) {
        return "an `always` rule adds a layer to those of other rules, and this interface has one layer an exec";
    }
    return "";
}

std::string conflict(const std::string& name, bpf::Backend backend) {
    const std::string own = supervise::savedBackend(name);
    if (own == supervise::kSuperviseName) {
        return fmt::format("{} is installed with backend {}; unload it first", name, own);
    }
    for (const std::string& other : installedNames(false)) {
        if (other == name) {
            continue;
        }
        if (backend == bpf::Backend::kKernelObject ||
            supervise::savedBackend(other) == supervise::backendName(bpf::Backend::kKernelObject)) {
            return fmt::format("policy {} is installed with backend {}: on kernel-object a second policy would replace "
                               "the first one's ruleset, not add to it",
                               other, supervise::savedBackend(other));
        }
    }
    return "";
}

Result<nlohmann::json> install(const Request& request) {
    const Result<UniqueFd> lock = lockPolicies();
    if (!lock) {
        return lock.error();
    }
    if (!supervise::isPolicyName(request.name)) {
        return Error{EINVAL, supervise::kPolicyNames};
    }
    const std::vector<std::string> names = installedNames(true);
    const bool there = std::find(names.begin(), names.end(), request.name) != names.end();
    if (there && !request.body.value("replace", false)) {
        return Error{EEXIST, request.name + " is installed already; --replace replaces it"};
    }
    if (std::string why = conflict(request.name, request.backend); !why.empty()) {
        return Error{EBUSY, std::move(why)};
    }
    if (!there && names.size() >= LL_MAX_POLICIES - 1) {
        return Error{ENOSPC, fmt::format("at most {} policies can be installed", LL_MAX_POLICIES - 1)};
    }
    Result<bpf::SeriesMaps> maps = bpf::SeriesMaps::open(supervise::kPinRoot);
    if (!maps) {
        return maps.error();
    }
    Policy policy;
    policy.name = request.name;
    policy.backend = request.backend;
    policy.generation = maps->control().next_generation + 1;
    maps->control().next_generation = policy.generation;
    std::optional<bpf::Gate> gate;
    Result<void> done = supervise::prepare(policy, request.object, request.body, maps->maps(), gate, request.map_type);
    if (done) {
        done = supervise::putInForce(policy, *gate, request.object);
    }
    if (!done) {
        if (names.empty() && installedNames(false).empty()) {
            [[maybe_unused]] const Result<void> removed = bpf::SeriesMaps::remove(supervise::kPinRoot);
        }
        return done.error();
    }
    return supervise::describeInstalled(policy);
}

Result<void> unload(const std::string& name) {
    const Result<UniqueFd> lock = lockPolicies();
    if (!lock) {
        return lock.error();
    }
    installedNames(true); // what was left half done under this name too
    if (!isInstalled(name)) {
        return Error{ENOENT, name + " is not installed"};
    }
    if (const Result<void> taken = supervise::takeOutOfForce(name); !taken) {
        return taken;
    }
    return installedNames(true).empty() ? bpf::SeriesMaps::remove(supervise::kPinRoot) : Result<void>();
}

bool isInstalled(const std::string& name) {
    const char pending = supervise::pendingMark(bpf::Backend::kKernelMap);
    return supervise::isPolicyName(name) &&
           (isKernels(supervise::savedBackend(name)) || isKernels(supervise::savedBackend(name + pending)));
}

nlohmann::json list() {
    nlohmann::json policies = nlohmann::json::array();
    for (const std::string& name : installedNames(false)) {
        if (const Result<std::shared_ptr<Policy>> policy = readInstalled(name)) {
            policies.push_back(supervise::describe(**policy));
        } else {
            policies.push_back(
                {{"name", name}, {"backend", supervise::savedBackend(name)}, {"problem", policy.error().message}});
        }
    }
    return policies;
}

Result<nlohmann::json> show(const std::string& name) {
    const Result<std::shared_ptr<Policy>> policy = readInstalled(name);
    if (!policy) {
        return policy.error();
    }
    nlohmann::json answer = supervise::describeWhole(**policy);
    if (Result<bpf::SeriesMaps> maps = bpf::SeriesMaps::find(supervise::kPinRoot)) {
        answer["lost_events"] = static_cast<std::uint64_t>(maps->control().lost_events);
    }
    return answer;
}

Events::Events(bpf::SeriesMaps maps, Listener listener) : maps_(std::move(maps)) {
    journal_.listen(std::move(listener));
}

Result<std::unique_ptr<Events>> Events::open(Listener listener) {
    Result<bpf::SeriesMaps> maps = bpf::SeriesMaps::find(supervise::kPinRoot);
    if (!maps) {
        return maps.error();
    }
    // A ring has one reader: two would each take the other's place in it for their own.
    Result<UniqueFd> reader = lockFile(kReaderPath, 1);
    if (!reader) {
        return reader.error();
    }
    std::unique_ptr<Events> events(new Events(std::move(*maps), std::move(listener)));
    events->reader_ = std::move(*reader);
    return events;
}

/// Reads the policies again when an event is of one installed since.
void Events::know(std::uint32_t generation) {
    if (policies_.find(generation) || gone_.contains(generation)) {
        return;
    }
    for (const std::string& name : installedNames(false)) {
        Result<std::shared_ptr<Policy>> policy = readInstalled(name);
        if (policy && !policies_.find((*policy)->generation)) {
            policies_.add(*policy);
        }
    }
    if (!policies_.find(generation)) {
        gone_.insert(generation);
        journal_.add({{"event", "note"}, {"text", "an event of a policy that has been replaced or unloaded since"}});
    }
}

void Events::consume() {
    maps_.consumeEvents(
        [this](std::span<const std::byte> bytes) {
            std::uint32_t generation = 0;
            if (bytes.size() >= offsetof(ll_event, exec)) {
                std::memcpy(&generation, bytes.data() + offsetof(ll_event, generation), sizeof generation);
                know(generation);
                policies_.told(bytes);
            }
        },
        kEventsAtOnce);
    if (const std::uint64_t lost = maps_.control().lost_events; lost != lost_) {
        journal_.lost(lost - lost_);
        lost_ = lost;
    }
}

bool Events::over() const { return !maps_.arePinned(supervise::kPinRoot); }

} // namespace landlatch::series
