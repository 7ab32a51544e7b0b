// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/manager.h"

#include "runtime/bpf/gate.h"
#include "runtime/object/format.h"
#include "runtime/supervise/describe.h"
#include "runtime/supervise/loader.h"
#include "runtime/supervise/running.h"
#include "runtime/supervise/saved.h"
#include "runtime/supervise/setup.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace landlatch::supervise {
namespace {

constexpr std::chrono::seconds kRetiredFor{30}; ///< longer than any exec is held
constexpr std::size_t kMaxLooks = 32;           ///< `show`s waiting for their turn
constexpr std::size_t kMaxChanges = 64;
constexpr std::uint32_t kLastGeneration = LL_SELFTEST_GENERATION - 1;

nlohmann::json failure(const Error& error) {
    std::string message = error.message;
    const std::string root = pinRoot() + "/"; // no path of a process's own is of use to its reader
    if (const std::size_t at = message.find(root); at != std::string::npos) {
        message.replace(at, root.size(), std::string(kPinRoot) + "/");
    }
    return {{"ok", false}, {"error", printable(message, true)}, {"errno", error.code}};
}

} // namespace

/// One install or replacement on its way through the steps.
struct Manager::Job {
    nlohmann::json request;
    std::string object;
    Server::Reply reply;
    std::shared_ptr<Policy> old;
    std::shared_ptr<Policy> made;
    std::optional<bpf::Gate> gate;
    bpf::SharedMaps maps;
    std::vector<Running> running;
    Result<void> result;
};

Manager::Manager(Loop& loop, bpf::Hold& hold, Policies& policies, Journal& journal)
    : hold_(hold), policies_(policies), journal_(journal), worker_(loop), looker_(loop) {}

void Manager::handle(Message request, const Server::Reply& reply) {
    const std::string op = request.body["op"];
    const auto name = request.body.find("name");
    const bool named = name != request.body.end() && name->is_string() && isPolicyName(name->get<std::string>());
    if (op == "list") {
        list(reply);
    } else if ((op == "install" || op == "show" || op == "unload") && !named) {
        reply(failure({EINVAL, kPolicyNames}));
    } else if (op == "install") {
        const auto kept = std::make_shared<Message>(std::move(request));
        change([this, kept, reply] { install(*kept, reply); }, reply);
    } else if (op == "show") {
        show(name->get<std::string>(), reply);
    } else if (op == "unload") {
        change([this, name = name->get<std::string>(), reply] { unload(name, reply); }, reply);
    } else {
        reply(failure({EINVAL, "unknown request"}));
    }
}

int Manager::freeSlot() const {
    std::set<std::uint32_t> taken;
    for (const auto& policy : policies_.all()) {
        taken.insert(policy->slot);
    }
    for (std::uint32_t slot = 0; slot < LL_MAX_POLICIES; ++slot) {
        if (slot != LL_SELFTEST_SLOT && !taken.contains(slot)) {
            return static_cast<int>(slot);
        }
    }
    return -1;
}

/// One at a time, in the order they came: at a boot all units of policies ask at once.
void Manager::change(std::function<void()> what, const Server::Reply& reply) {
    if (changes_.size() >= kMaxChanges) {
        reply(failure({EBUSY, "too many policies are being installed or removed"}));
        return;
    }
    changes_.push_back(std::move(what));
    changeNext();
}

void Manager::changeNext() {
    while (!worker_.busy() && !changes_.empty()) {
        const std::function<void()> next = std::move(changes_.front());
        changes_.pop_front();
        next();
    }
}

/// `then` may start the change's next step; where it doesn't, the next change has its turn.
void Manager::step(std::function<void()> work, std::function<void()> then) {
    worker_.start(std::move(work), [this, then = std::move(then)] {
        then();
        changeNext();
    });
}

/// Code 0 where nothing is in the way.
Error Manager::whyNotInstall(const std::string& name, bool replace) const {
    const bool known = policies_.find(name) != nullptr;
    if (const std::string backend = savedBackend(name); !known && !backend.empty() && backend != kSuperviseName) {
        return {EEXIST, name + " is installed with backend " + backend + "; unload it first"};
    }
    if ((known || isPinned(name)) && !replace) {
        return {EEXIST, name + " is installed already; --replace replaces it"};
    }
    // A gate of which we don't know what slot of a mark it writes: another must not be given the same.
    for (const auto& [other, lost] : lost_) {
        if (other != name && !lost.other_version) {
            return {EBUSY, "first unload or replace policy " + other + ": " + lost.why};
        }
    }
    return {};
}

void Manager::install(Message& request, const Server::Reply& reply) {
    auto job = std::make_shared<Job>();
    job->reply = reply;
    job->request = std::move(request.body);
    const std::string name = job->request["name"];
    job->old = policies_.find(name);
    const bool replace = isSet(job->request, "replace");
    if (const Error why = whyNotInstall(name, replace); why.code != 0) {
        job->reply(failure(why));
        return;
    }
    const int slot = job->old ? static_cast<int>(job->old->slot) : freeSlot();
    volatile ll_control& control = hold_.control();
    if (slot < 0 || control.next_generation >= kLastGeneration) {
        job->reply(failure({ENOSPC, fmt::format("at most {} policies can be installed", LL_MAX_POLICIES - 1)}));
        return;
    }
    Result<std::string> object = readSealed(request.fd.get(), object::format::kMaxFileBytes);
    if (!object) {
        job->reply(failure(object.error()));
        return;
    }
    job->object = std::move(*object);
    job->made = std::make_shared<Policy>();
    job->made->name = name;
    job->made->slot = static_cast<std::uint32_t>(slot);
    const std::uint32_t generation = control.next_generation + 1;
    control.next_generation = generation;
    job->made->generation = generation;
    job->maps = hold_.maps();
    startSteps(job);
}

/// Second thread: read, resolve, load. Main thread: the policy is known. Second thread: attach, pin, replace. Main
/// thread: the old one is retired, the client has its answer.
void Manager::startSteps(const std::shared_ptr<Job>& job) {
    const auto end = [this, job] {
        if (!job->result) {
            retire(*job->made); // what it has marked already is still held to its word
            job->reply(failure(job->result.error()));
            return;
        }
        found(job->made->name);
        job->made->running = std::move(job->running);
        if (job->old) {
            retire(*job->old);
        }
        job->made->in_force = true;
        had_policy_ = true;
        journal_.add(
            {{"event", job->old ? "replaced" : "installed"}, {"policy", job->made->name}, {"audit", job->made->audit}});
        const nlohmann::json answer = describeInstalled(*job->made);
        job->reply(answer);
    };
    const auto enforce = [job] {
        job->result = putInForce(*job->made, *job->gate, job->object);
        if (job->result) {
            job->running = job->old ? job->old->running : findRunning(*job->made);
            [[maybe_unused]] const Result<void> saved = saveRunning(job->made->name, job->running);
        }
    };
    step([job] { job->result = prepare(*job->made, job->object, job->request, job->maps, job->gate); },
         [this, job, enforce, end] {
             if (!job->result) {
                 end();
                 return;
             }
             policies_.add(job->made);
             step(enforce, end);
         });
}

void Manager::retire(Policy& policy) {
    policy.in_force = false;
    retired_[policy.generation] = std::chrono::steady_clock::now() + kRetiredFor;
}

void Manager::tick() {
    const auto now = std::chrono::steady_clock::now();
    for (auto at = retired_.begin(); at != retired_.end();) {
        if (now > at->second) {
            policies_.remove(at->first);
            at = retired_.erase(at);
        } else {
            ++at;
        }
    }
}

void Manager::unload(const std::string& name, const Server::Reply& reply) {
    const std::shared_ptr<Policy> policy = policies_.find(name);
    if (!policy && !isPinned(name)) {
        reply(forget(name) ? nlohmann::json{{"ok", true}} : failure({ENOENT, name + " is not installed"}));
        return;
    }
    if (policy) {
        policy->in_force = false;
    }
    const auto result = std::make_shared<Result<void>>();
    step([result, name] { *result = takeOutOfForce(name); },
         [this, result, name, policy, reply] {
             if (!*result) {
                 if (policy) {
                     policy->in_force = true;
                 }
                 reply(failure(result->error()));
                 return;
             }
             if (policy) {
                 retire(*policy);
             }
             found(name);
             had_policy_ = true;
             journal_.add({{"event", "unloaded"}, {"policy", name}});
             reply({{"ok", true}});
         });
}

void Manager::list(const Server::Reply& reply) const {
    nlohmann::json policies = nlohmann::json::array();
    for (const auto& policy : policies_.all()) {
        policies.push_back(describe(*policy));
    }
    for (const auto& [name, lost] : lost_) {
        policies.push_back({{"name", name}, {"backend", kSuperviseName}, {"problem", lost.why}});
    }
    reply({{"ok", true}, {"policies", std::move(policies)}});
}

/// One `show` on its way: whether what ran before still runs is looked up in the second thread of their own.
struct Manager::Look {
    nlohmann::json answer;
    std::vector<Running> running;
    Server::Reply reply;
};

void Manager::show(const std::string& name, const Server::Reply& reply) {
    const std::shared_ptr<Policy> policy = policies_.find(name);
    if (!policy) {
        const auto lost = lost_.find(name);
        reply(failure(lost == lost_.end() ? Error{ENOENT, name + " is not installed"} : Error{EIO, lost->second.why}));
        return;
    }
    if (looks_.size() >= kMaxLooks) {
        reply(failure({EBUSY, "too many ask at once"}));
        return;
    }
    nlohmann::json answer = describeWhole(*policy);
    volatile ll_control& control = hold_.control();
    const auto number = [](volatile const __u64& value) { return static_cast<std::uint64_t>(value); };
    answer["hold"] = {{"holds", number(control.holds)},
                      {"timeouts", number(control.hold_timeouts)},
                      {"lost_holds", number(control.lost_holds)},
                      {"backstop_kills", number(control.backstop_kills)},
                      {"refused_traces", number(control.refused_traces)},
                      {"lost_execs", number(control.lost_execs)},
                      {"lost_events", number(control.lost_events)}};
    looks_.push_back(std::make_shared<Look>(Look{std::move(answer), policy->running, reply}));
    lookNext();
}

void Manager::lookNext() {
    if (looker_.busy() || looks_.empty()) {
        return;
    }
    const std::shared_ptr<Look> look = std::move(looks_.front());
    looks_.pop_front();
    looker_.start([look] { std::erase_if(look->running, [](const Running& one) { return !runsStill(one); }); },
                  [this, look] {
                      nlohmann::json running = nlohmann::json::array();
                      for (const Running& one : look->running) {
                          running.push_back({{"pid", one.pid}, {"exec", one.image}, {"sure", one.sure}});
                      }
                      look->answer["already_running"] = std::move(running);
                      look->reply(look->answer);
                      lookNext();
                  });
}

void Manager::restore() {
    for (const std::string& name : savedPolicies(bpf::Backend::kSupervise)) {
        if (const std::string backend = savedBackend(name); !backend.empty() && backend != kSuperviseName) {
            continue; // in force without us
        }
        auto policy = std::make_shared<Policy>();
        if (const Result<void> restored = restorePolicy(name, *policy); !restored) {
            journal_.add({{"event", "note"}, {"policy", name}, {"text", printable(restored.error().message)}});
            lost_[name] = {restored.error().message, restored.error().code == EPROTO};
            had_policy_ = true;
            continue;
        }
        had_policy_ = true;
        policy->in_force = true;
        policies_.add(std::move(policy));
    }
    removeOtherHolds();
}

/// Policy `name` is ours to serve now, or gone.
void Manager::found(const std::string& name) {
    if (lost_.erase(name) > 0) {
        removeOtherHolds();
    }
}

/// Where no gate is left that marks there.
void Manager::removeOtherHolds() {
    if (std::any_of(lost_.begin(), lost_.end(), [](const auto& one) { return one.second.other_version; })) {
        return;
    }
    if (const Result<void> removed = bpf::Hold::removeOtherPins(pinRoot()); !removed) {
        journal_.add({{"event", "note"}, {"text", printable(removed.error().message)}});
    }
}

} // namespace landlatch::supervise
