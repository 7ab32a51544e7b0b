// SPDX-License-Identifier: Apache-2.0
// The tracer at an exec: facts, decision, action. The program stands before its first instruction all the while; it
// goes on with all that was decided on it, or it is killed.
#include "runtime/tree/tracer.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace landlatch::tree {
namespace {

constexpr std::uint64_t kCapSysAdmin = std::uint64_t{1} << 21;

std::string unreadable(const match::ExecFacts& facts) {
    std::vector<std::string_view> names;
    const auto add = [&](bool unknown, std::string_view name) {
        if (unknown) {
            names.push_back(name);
        }
    };
    add(!facts.exec, "path of the program");
    add(facts.script.kind == match::Script::Kind::kUnreadable, "script");
    add(!facts.lineage.image_known || !facts.lineage.ancestors_known, "lineage");
    add(!facts.cgroup, "cgroup");
    add(!facts.euid, "users and groups");
    add(!facts.setuid, "change of privileges");
    add(!facts.unlinked, "whether the program is unlinked");
    return names.empty() ? "the policy's tables don't decide it"
                         : fmt::format("what decides it is not known for sure: {}", fmt::join(names, ", "));
}

/// Whether the task is still there to be acted on, and not killed behind our back.
bool stands(pid_t tid) { return static_cast<bool>(inject::registers(tid)); }

} // namespace

/// The task that called execve, taken out of its place: a thread that execs becomes the leader.
Tracer::Task Tracer::takeCaller(pid_t tid) {
    const Result<std::uint64_t> former = inject::eventMessage(tid);
    const pid_t caller = former ? static_cast<pid_t>(*former) : tid;
    Task task;
    if (const auto found = tasks_.find(caller); found != tasks_.end() && found->second.known) {
        task = std::move(found->second);
        found->second.held = false;
    }
    for (const pid_t old : {caller, tid}) {
        if (const auto found = tasks_.find(old); found != tasks_.end()) {
            held_ -= found->second.held ? 1U : 0U;
            tasks_.erase(found);
        }
    }
    task.known = true;
    return task;
}

/// Reads what readImage didn't.
void Tracer::complete(pid_t tid, const Task& task, Facts& facts) const {
    if (facts.complete) {
        return;
    }
    facts.complete = true;
    facts.script = facts_.readScript(tid, facts.image, task.gate);
    facts.status = setup_.proc->status(tid);
    facts.cgroup = setup_.proc->cgroup(tid);
    if (!setup_.privileged) {
        facts.setuid = false; // no_new_privs: an exec changes nothing
    } else if (facts.status && task.gate.status) {
        const Status& before = *task.gate.status;
        const Status& now = *facts.status;
        facts.setuid = before.effective_uid != now.effective_uid || before.effective_gid != now.effective_gid ||
                       (now.permitted & ~before.permitted) != 0;
    }
}

/// `facts` as the matcher takes them; points into `facts`.
match::ExecFacts Tracer::matcherFacts(const Task& task, const Facts& facts) {
    match::ExecFacts exec;
    exec.exec = facts.image.path;
    exec.unlinked = facts.image.unlinked;
    exec.lineage = task.lineage;
    exec.script = match::Script{facts.script.kind, facts.script.path};
    if (facts.cgroup) {
        exec.cgroup = *facts.cgroup;
    }
    if (facts.status) {
        exec.euid = facts.status->effective_uid;
        exec.ruid = facts.status->real_uid;
        exec.groups = std::span<const gid_t>(facts.status->groups);
    }
    exec.setuid = facts.setuid;
    return exec;
}

/// Decides with as few facts as will do: one that isn't read is unknown, and a decision that stands for every value of
/// it needs no reading.
match::Decision Tracer::decide(pid_t tid, const Task& task, Facts& facts) const {
    match::Decision decision = setup_.policy->matcher.decide(matcherFacts(task, facts));
    const bool enough = decision.enforced.kind != LL_REFUSE && decision.audited.kind != LL_REFUSE;
    if (!enough || setup_.sink->wantsAll()) {
        complete(tid, task, facts);
    }
    return enough ? decision : setup_.policy->matcher.decide(matcherFacts(task, facts));
}

std::vector<std::string> Tracer::rulesetNames(const std::vector<std::uint32_t>& rulesets) const {
    std::vector<std::string> names;
    names.reserve(rulesets.size());
    for (const std::uint32_t index : rulesets) {
        names.push_back(setup_.policy->policy.rulesets.at(index).name);
    }
    return names;
}

/// A view in words, for what `audit` rules would change.
std::string Tracer::describe(const match::View& view) const {
    switch (view.kind) {
    case LL_DENY:
        return "deny";
    case LL_REFUSE:
        return "refuse";
    case LL_NONE:
    case LL_PASS:
    case LL_APPLY:
        break;
    }
    if (view.rulesets.empty()) {
        return view.kind == LL_PASS ? "pass" : "none";
    }
    return fmt::format("apply {}{}", fmt::join(rulesetNames(view.rulesets), ", "), view.nnp ? " with nnp" : "");
}

void Tracer::fillRule(Event& event, const match::View& view) const {
    const object::Policy& policy = setup_.policy->policy;
    if (view.rule && *view.rule < policy.rules.size()) {
        const object::Rule& rule = policy.rules[*view.rule];
        event.rule = rule.name;
        event.rule_file = rule.file;
        event.rule_line = rule.line;
        if (view.kind == LL_DENY && rule.effect < policy.effects.size()) {
            event.reason = policy.effects[rule.effect].why;
        }
    }
}

/// Sends a task in its exec stop the SIGTSTP that was kept back, so that it stops as soon as it goes on. Its maker
/// sleeps in vfork no more, may have been seen stopped, and the job continued: sent then, it would take the SIGCONT
/// back and stop the task for ever.
void Tracer::stopLate(pid_t tid, Task& task) const {
    if (!std::exchange(task.stop_on_exec, false)) {
        return;
    }
    if (const Result<bool> continued = setup_.proc->isPending(tid, SIGCONT); continued && !*continued) {
        [[maybe_unused]] const long sent = ::syscall(SYS_tgkill, tid, tid, SIGTSTP); // it may be dead
    }
}

void Tracer::onExec(pid_t tid) {
    Task task = takeCaller(tid);
    Facts facts;
    facts.image = facts_.readImage(tid);
    const match::Decision decision = decide(tid, task, facts);
    if (!stands(tid)) {
        tasks_[tid] = std::move(task); // killed meanwhile; its end is still to come
        return;
    }
    stopLate(tid, task);
    Event event;
    event.audit = setup_.audit;
    event.pid = tid;
    event.exec = facts.image.text;
    event.parent = task.image;
    if (facts.complete) {
        event.script = facts.script.path;
        event.script_read = facts.script.kind != match::Script::Kind::kUnreadable;
    }
    fillRule(event, decision.enforced);
    if (!decision.audited.doesAs(decision.enforced)) {
        event.audited = describe(decision.audited);
    }
    const bool gone = !act(tid, task, facts, decision.enforced, event);
    if (tid == first_ && !first_started_ && !event.audit &&
        (event.outcome == Outcome::kDenied || event.outcome == Outcome::kRefused)) {
        first_refused_ = true;
    }
    first_started_ = first_started_ || tid == first_;
    if (event.outcome != Outcome::kNone || !event.audited.empty() || setup_.sink->wantsAll()) {
        setup_.sink->decided(event);
    }
    if (gone) {
        return;
    }
    task.lineage = setup_.policy->matcher.after(task.lineage, facts.image.path);
    task.image = std::move(facts.image.text);
    task.gate = Gate{};
    task.in_vfork = false;
    tasks_[tid] = std::move(task);
}

/// Does what was decided. False when the task ended and is reaped.
bool Tracer::act(pid_t tid, Task& task, Facts& facts, const match::View& view, Event& event) {
    if (view.kind == LL_DENY) {
        return stop(tid, event, Outcome::kDenied, std::move(event.reason));
    }
    if (view.kind == LL_REFUSE) {
        return stop(tid, event, Outcome::kRefused, unreadable(matcherFacts(task, facts)));
    }
    Application application;
    Result<UniqueFd> root = holdRoot(tid, view.rulesets);
    const Result<std::vector<Layer>> layers = root ? layersOf(view.rulesets, root->get()) : root.error();
    if (!layers) {
        return stop(tid, event, Outcome::kRefused, layers.error().message);
    }
    application.root = std::move(*root);
    std::vector<std::uint32_t> inherited;
    for (const Layer& layer : *layers) {
        const bool in_force = std::find(task.in_force.begin(), task.in_force.end(), layer) != task.in_force.end();
        (in_force ? inherited : application.rulesets).push_back(layer.ruleset);
    }
    application.nnp = view.nnp;
    event.nnp = view.nnp;
    event.rulesets = rulesetNames(application.rulesets);
    event.inherited = rulesetNames(inherited);
    if (application.rulesets.empty() && !application.nnp) {
        event.outcome = !inherited.empty() ? Outcome::kKept : view.kind == LL_PASS ? Outcome::kPass : Outcome::kNone;
        proceed(tid);
        return true;
    }
    if (!apply(tid, task, facts, application, event)) {
        return false;
    }
    for (const Layer& layer : *layers) {
        if (std::find(task.in_force.begin(), task.in_force.end(), layer) == task.in_force.end()) {
            task.in_force.push_back(layer);
        }
    }
    return true;
}

/// The program's root where a ruleset opens its paths there, else none. Held once for all uses: a task that shares it
/// may change it any time, and once the program isn't dumpable any more an ordinary user couldn't open it.
Result<UniqueFd> Tracer::holdRoot(pid_t tid, const std::vector<std::uint32_t>& rulesets) const {
    const auto& all = setup_.policy->policy.rulesets;
    const bool needed =
        std::any_of(rulesets.begin(), rulesets.end(), [&](std::uint32_t index) { return all[index].in_target; });
    return needed ? setup_.proc->hold(tid, "root") : Result<UniqueFd>(UniqueFd());
}

/// What `rulesets` are for a program with this root.
Result<std::vector<Tracer::Layer>> Tracer::layersOf(const std::vector<std::uint32_t>& rulesets, int root) const {
    std::vector<Layer> layers;
    for (const std::uint32_t index : rulesets) {
        Layer layer{index, {}};
        if (setup_.policy->policy.rulesets[index].in_target) {
            const Result<Place> place = placeOf(root, "");
            if (!place) {
                return place.error();
            }
            layer.root = *place;
        }
        layers.push_back(layer);
    }
    return layers;
}

/// Puts `application` on the task and lets it go, or kills it. False when it ended and is reaped.
bool Tracer::apply(pid_t tid, Task& task, const Facts& facts, const Application& application, Event& event) {
    const LoadedPolicy& loaded = *setup_.policy;
    for (const std::uint32_t index : application.rulesets) {
        for (std::string& right : landlock::notRestricted(loaded.policy.rulesets[index], loaded.abi)) {
            if (std::find(event.not_restricted.begin(), event.not_restricted.end(), right) ==
                event.not_restricted.end()) {
                event.not_restricted.push_back(std::move(right));
            }
        }
    }
    const Result<Status> status = facts.complete ? facts.status : setup_.proc->status(tid);
    if (!status) {
        return stop(tid, event, Outcome::kRefused, status.error().message);
    }
    event.outcome = application.rulesets.empty() && status->no_new_privs ? Outcome::kKept : Outcome::kApplied;
    if (setup_.audit || event.outcome == Outcome::kKept) {
        proceed(tid);
        return true;
    }
    if (!application.nnp && !mayApplyWithoutNnp(tid, task, *status)) {
        return stop(tid, event, Outcome::kRefused,
                    "the rule applies without `nnp`, which needs CAP_SYS_ADMIN before and after the exec");
    }
    const Applier::Outcome outcome = applier_->apply(tid, application, *status);
    if (outcome.gone) {
        onEnd(tid);
        event.outcome = Outcome::kRefused;
        event.reason = "it ended while it was being confined";
        return false;
    }
    if (!outcome.done) {
        return stop(tid, event, Outcome::kRefused, outcome.done.error().message);
    }
    proceed(tid);
    if (outcome.interrupt_after) {
        [[maybe_unused]] const Result<void> interrupted = inject::interrupt(tid);
    }
    return true;
}

/// The task stays out: killed where it stands, before its first instruction. Under audit it goes on. Always true.
bool Tracer::stop(pid_t tid, Event& event, Outcome outcome, std::string reason) {
    event.outcome = outcome;
    event.reason = std::move(reason);
    if (setup_.audit) {
        proceed(tid);
    } else {
        ::kill(tid, SIGKILL);
    }
    return true;
}

/// Our own reading of "without nnp", the same on every backend (enforcement point 25): the credentials before the exec
/// and those after it must hold CAP_SYS_ADMIN, over our user namespace and not one of the task's making.
bool Tracer::mayApplyWithoutNnp(pid_t tid, const Task& task, const Status& now) const {
    if (!setup_.privileged || !task.gate.status || !task.gate.user_namespace) {
        return false;
    }
    const Result<std::uint64_t> space = setup_.proc->userNamespace(tid);
    return space && *space == own_user_namespace_ && *task.gate.user_namespace == own_user_namespace_ &&
           (task.gate.status->effective & kCapSysAdmin) != 0 && (now.effective & kCapSysAdmin) != 0;
}

} // namespace landlatch::tree
