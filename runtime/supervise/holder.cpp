// SPDX-License-Identifier: Apache-2.0
// Who is it that waits? The event names a pid, and pids are used again. The order that is safe: a pidfd of the pid
// first; then the mark of the event's task must still say HELD with the event's cookie, so that this task was alive,
// and the pid its own, after the pidfd was made; then PTRACE_SEIZE; then the pidfd must not be dead, so that the pid
// was not used again in between. Else the wrong task was seized: it is let go at its next stop.
#include "runtime/supervise/holder.h"

#include "runtime/base/clock.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <optional>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

constexpr std::uint64_t kOptions = PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
constexpr int kExecStop = SIGTRAP | (PTRACE_EVENT_EXEC << 8);

int sendSignal(int pidfd, int signal) {
    return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

std::string readExe(pid_t pid) {
    std::array<char, 4096> path{};
    const ssize_t length = ::readlink(("/proc/" + std::to_string(pid) + "/exe").c_str(), path.data(), path.size());
    return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

/// What /proc/PID/status says behind `NAME:\t`, to the end of the file; empty where it can't be read.
std::string statusOf(pid_t pid, const std::string& name) {
    const UniqueFd file(::open(("/proc/" + std::to_string(pid) + "/status").c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 8192> text{};
    const ssize_t length = file ? ::read(file.get(), text.data(), text.size()) : -1;
    const std::string_view all(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const std::string head = "\n" + name + ":\t";
    const std::size_t at = all.find(head);
    return at == std::string_view::npos ? std::string() : std::string(all.substr(at + head.size()));
}

/// Whether the task has seccomp filters; true where that can't be told.
bool hasFilters(pid_t pid) { return !statusOf(pid, "Seccomp").starts_with('0'); }

/// Whether a signal waits for the task or its process.
bool isPending(pid_t pid, int signal) {
    std::uint64_t pending = 0;
    for (const char* name : {"SigPnd", "ShdPnd"}) {
        pending |= std::strtoull(statusOf(pid, name).c_str(), nullptr, 16);
    }
    return (pending >> (signal - 1) & 1U) != 0;
}

/// How many tasks the supervisor is busy with, and whose they are: gates refuse more than a share.
class Place {
public:
    Place(volatile ll_control& control, std::uint32_t share) : control_(control), share_(share % LL_SHARES) { add(1); }
    ~Place() { add(~0U); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    void add(std::uint32_t number) {
        control_.seized = control_.seized + number;
        control_.seized_by[share_] = control_.seized_by[share_] + number;
    }

    volatile ll_control& control_;
    std::uint32_t share_;
};

} // namespace

struct Holder::Held {
    Held(pid_t pid, UniqueFd pidfd, volatile ll_control& control, const ll_hold_event& its)
        : subject(pid, std::move(pidfd)), event(its), place(control, its.share) {}

    Subject subject;
    ll_hold_event event;
    Place place;
    HoldReport report;
    std::vector<FreshRuleset> fresh;
    Mailbox<bool> readable;
    UniqueFd pending;
    Waiter* waiter = nullptr;
    bool stranger = false; ///< not the task of the event: to be let go
    bool killed = false;
    std::optional<Task<Result<void>>> work; // last: destroyed before what it uses

    ~Held() {
        work.reset();
        if (pending && waiter != nullptr) {
            waiter->forget(pending.get());
        }
    }
};

Holder::Holder(bpf::Hold& hold, Rulesets& rulesets, Waiter& waiter, Options options)
    : hold_(hold), rulesets_(rulesets), waiter_(waiter), options_(options) {}

Holder::~Holder() = default;

void Holder::takeWaiting() {
    hold_.consumeHolds([this](const ll_hold_event& event) { take(event); });
}

void Holder::take(const ll_hold_event& event) {
    const auto pid = static_cast<pid_t>(event.tgid);
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd && errno != ESRCH) { // without room for the file it is left to the gate, which kills it in its time
        const std::optional<ll_mark> mark = hold_.mark(event.key);
        if (mark && mark->cookie == event.cookie) {
            rulesets_.report({.mark = *mark, .pid = pid, .failure = errnoError("a file for it").message});
        }
        return;
    }
    if (!pidfd || held_.contains(pid)) {
        return; // gone; or of a killed one whose end is still to be seen
    }
    auto held = std::make_unique<Held>(pid, std::move(pidfd), hold_.control(), event);
    held->report.pid = pid;
    held->waiter = &waiter_;
    const Result<ll_mark> mark = ownMark(*held, LL_MARK_HELD);
    if (!mark) {
        return; // no longer in its hold: what ended that has killed it
    }
    held->report.mark = *mark;
    const std::uint64_t seccomp = options_.suspend_seccomp ? std::uint64_t{PTRACE_O_SUSPEND_SECCOMP} : 0;
    if (const Result<void> seized = inject::seize(pid, kOptions | seccomp); !seized) {
        held->report.failure = seized.error().message;
        sendSignal(held->subject.pidfd(), SIGKILL);
        rulesets_.report(held->report);
        return;
    }
    Held& kept = *(held_[pid] = std::move(held));
    if (sendSignal(kept.subject.pidfd(), 0) != 0) {
        kept.stranger = true;
        [[maybe_unused]] const Result<void> interrupted = inject::interrupt(pid);
        return;
    }
    kept.work.emplace(work(kept));
    kept.work->start();
}

Result<ll_mark> Holder::ownMark(const Held& held, ll_mark_state state) const {
    const std::optional<ll_mark> mark = hold_.mark(held.event.key);
    if (!mark || mark->cookie != held.event.cookie || mark->state != state) {
        return Error{ESRCH, "the program's mark is not as it should be"};
    }
    return *mark;
}

Task<Result<void>> Holder::work(Held& held) {
    Mailbox<int>& stops = held.subject.nextStop();
    const int status = co_await stops;
    if (status >> 8 != kExecStop) {
        co_return Error{EPROTO, "the program stopped with status " + std::to_string(status >> 8) + " in its exec"};
    }
    held.report.exec = readExe(held.subject.pid());
    if (const Result<ll_mark> mark = ownMark(held, LL_MARK_SEIZED); !mark) {
        co_return mark.error();
    }
    if (!options_.suspend_seccomp && hasFilters(held.subject.pid())) {
        co_return Error{EPERM, "the program has seccomp filters, which this kernel can't suspend"};
    }
    ll_applied applied = hold_.applied(held.event.key);
    Result<Plan> plan = rulesets_.plan(held.report.mark, applied);
    if (!plan) {
        co_return plan.error();
    }
    held.report.plan = std::move(*plan);
    if (applied.count + held.report.plan.rulesets.size() > LL_MAX_LAYERS) {
        co_return Error{E2BIG, "the program would have more than Landlock's 16 layers"};
    }
    if (!held.report.plan.rulesets.empty() || held.report.plan.nnp) {
        Result<std::vector<FreshRuleset>> fresh = co_await makeAll(held);
        if (!fresh) {
            co_return fresh.error();
        }
        const Result<void> confined = co_await confine(held.subject, std::move(*fresh), held.report.plan.nnp);
        if (!confined) {
            co_return confined.error();
        }
        for (const Plan::Item& item : held.report.plan.rulesets) {
            applied.ruleset[applied.count++] = item.id;
        }
        if (const Result<void> noted = hold_.setApplied(held.event.key, applied); !noted) {
            co_return noted.error();
        }
    }
    co_return Result<void>();
}

Task<Result<std::vector<FreshRuleset>>> Holder::makeAll(Held& held) {
    std::vector<FreshRuleset> fresh;
    for (const Plan::Item& item : held.report.plan.rulesets) {
        Result<Rulesets::Made> made = rulesets_.make(item, held.subject.pid());
        if (!made) {
            co_return made.error();
        }
        if (!made->pending) {
            fresh.push_back(std::move(made->ruleset));
            continue;
        }
        held.pending = std::move(made->pending);
        const Result<void> watched = waiter_.whenReadable(held.pending.get(), [this, &held] {
            waiter_.forget(held.pending.get());
            held.readable.bring(true);
            advance(held);
        });
        if (!watched) {
            co_return watched.error();
        }
        co_await held.readable;
        Result<FreshRuleset> taken = rulesets_.takeFromTarget(item, held.pending.get());
        held.pending.reset();
        if (!taken) {
            co_return taken.error();
        }
        fresh.push_back(std::move(*taken));
    }
    co_return fresh;
}

bool Holder::status(pid_t pid, int status) {
    const auto found = held_.find(pid);
    if (found == held_.end()) {
        return false;
    }
    Held& held = *found->second;
    if (!WIFSTOPPED(status)) {
        if (!held.killed && !held.stranger) {
            held.report.failure = "killed by signal or gone before it could be confined";
            report(held);
        }
        held_.erase(found);
        return true;
    }
    if (held.stranger) {
        const bool signal = status >> 16 == 0 && WSTOPSIG(status) != (SIGTRAP | 0x80);
        [[maybe_unused]] const auto let = inject::resume(PTRACE_DETACH, pid, signal ? WSTOPSIG(status) : 0);
        held_.erase(found);
        return true;
    }
    if (held.killed) {
        return true;
    }
    if (!held.subject.awaitsStop()) {
        fail(held, Error{EPROTO, "the program stopped when it should not"});
        return true;
    }
    held.subject.stopped(status);
    advance(held);
    return true;
}

/// After the coroutine has run up to its next wait: is it done?
void Holder::advance(Held& held) {
    if (!held.work->done()) {
        return;
    }
    const Result<void> result = held.work->value();
    if (!result) {
        fail(held, result.error());
        return;
    }
    release(held);
}

void Holder::release(Held& held) {
    const pid_t pid = held.subject.pid();
    hold_.deleteMark(held.event.key);
    report(held);
    // Held back until now; but sent again it would take back a SIGCONT that came after it.
    if (held.subject.stopSignalCame() && !isPending(pid, SIGCONT)) {
        sendSignal(held.subject.pidfd(), SIGSTOP);
    }
    if (const Result<void> let = inject::resume(PTRACE_DETACH, pid); !let) {
        // Killed from outside in its stop: its end is still ours to see.
        held.killed = true;
        return;
    }
    held_.erase(pid);
}

void Holder::fail(Held& held, const Error& error) {
    if (held.killed) {
        return;
    }
    held.killed = true;
    if (held.report.exec.empty()) { // it never came to its exec stop
        held.report.exec = readExe(held.subject.pid());
    }
    sendSignal(held.subject.pidfd(), SIGKILL);
    held.report.failure = error.message;
    report(held);
}

void Holder::report(Held& held) {
    held.report.held_ns = monotonic() - held.event.time;
    rulesets_.report(held.report);
}

void Holder::tick() {
    const std::uint64_t now = monotonic();
    const auto limit = static_cast<std::uint64_t>(options_.limit.count());
    std::vector<Held*> late;
    for (const auto& [pid, held] : held_) {
        if (!held->killed && now > held->event.time + limit) {
            late.push_back(held.get());
        }
    }
    for (Held* held : late) {
        if (held->stranger) {
            continue;
        }
        fail(*held, Error{ETIMEDOUT, "the program could not be confined in time"});
    }
}

} // namespace landlatch::supervise
