// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/supervisor.h"

#include "runtime/base/clock.h"
#include "runtime/bpf/hold.h"
#include "runtime/probe/probe.h"
#include "runtime/supervise/holder.h"
#include "runtime/supervise/journal.h"
#include "runtime/supervise/loop.h"
#include "runtime/supervise/manager.h"
#include "runtime/supervise/policies.h"
#include "runtime/supervise/selftest.h"
#include "runtime/supervise/server.h"
#include "runtime/supervise/setup.h"

#include <csignal>
#include <optional>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

constexpr int kIdleTurn = 100; ///< ms
constexpr int kBusyTurn = 20;
constexpr int kEventsATurn = 512;
constexpr int kStatusesATurn = 256; ///< the heartbeat and the deadlines come in between
constexpr std::chrono::seconds kSelfTestLimit{60};
/// Of one exec of the self-test, and of the supervisor's silence meanwhile: what is tried is whether a program can run
/// free, and not how fast a machine is that may be busy now.
constexpr std::chrono::milliseconds kSelfTestHold{15'000};
constexpr int kSelfTests = 3; ///< tries of a machine that only was too slow

Result<UniqueFd> blockSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&signals, signal);
    }
    ::signal(SIGPIPE, SIG_IGN);
    if (::sigprocmask(SIG_BLOCK, &signals, nullptr) != 0) {
        return errnoError("sigprocmask");
    }
    UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) {
        return errnoError("signalfd");
    }
    return fd;
}

class Supervisor final : public Waiter {
public:
    Supervisor(const SupervisorOptions& options, bpf::Hold hold, Loop loop, bool suspend_seccomp)
        : options_(options), hold_(std::move(hold)), loop_(std::move(loop)), policies_(journal_),
          holder_(hold_, policies_, *this, {.limit = options.limits.hold * 2, .suspend_seccomp = suspend_seccomp}),
          manager_(loop_, hold_, policies_, journal_),
          server_(loop_, journal_,
                  [this](Message request, const Server::Reply& reply) { manager_.handle(std::move(request), reply); }) {
    }

    Result<int> run(int signals) {
        for (const Result<void>& added : {loop_.add(signals, [this, signals] { readSignals(signals); }),
                                          loop_.add(hold_.holdFd(), [this] { holder_.takeWaiting(); }),
                                          loop_.add(hold_.eventFd(), [this] { takeEvents(); })}) {
            if (!added) {
                return added.error();
            }
        }
        if (const Result<void> ready = begin(); !ready) {
            hold_.control().alive = 0;
            return ready.error();
        }
        while (!ended_ && (options_.stay || !manager_.emptied())) {
            turn();
        }
        hold_.control().alive = 0;
        if (manager_.isEmpty()) {
            if (const Result<void> removed = bpf::Hold::removePins(pinRoot()); !removed) {
                return removed.error();
            }
        }
        return code_;
    }

    Result<void> whenReadable(int fd, std::function<void()> then) override { return loop_.add(fd, std::move(then)); }
    void forget(int fd) override { loop_.remove(fd); }

private:
    Result<void> begin() {
        volatile ll_control& control = hold_.control();
        control.alive = 0;
        control.supervisor_tgid = static_cast<std::uint32_t>(::getpid());
        control.heartbeat = monotonic();
        control.seized = 0; // as nobody is ours now; who spins counts himself, whatever becomes of supervisors
        for (volatile __u32& one : control.seized_by) {
            one = 0;
        }
        setLimits(options_.limits);
        control.max_held = std::min<unsigned>(options_.limits.max_held, LL_HOLD_EVENTS);
        if (!hold_.takenOver()) {
            setLimits({.hold = std::max(options_.limits.hold, kSelfTestHold),
                       .heartbeat = std::max(options_.limits.heartbeat, kSelfTestHold)});
            control.alive = 1;
            Result<void> passed = selfTest();
            // A machine that is busy now may be too slow even for that bound. What ran free is never tried again.
            for (int attempt = 1; !passed && passed.error().code == ETIMEDOUT && attempt < kSelfTests; ++attempt) {
                passed = selfTest();
            }
            if (!passed) {
                // Too slow today is no verdict on the kernel: whoever started us may try again.
                return Error{passed.error().code == ETIMEDOUT ? ETIMEDOUT : EOPNOTSUPP,
                             "this kernel can't be used: the self-test of the hold failed: " + passed.error().message};
            }
            setLimits(options_.limits);
        }
        if (const Result<void> pinned = hold_.pin(); !pinned) {
            return pinned;
        }
        manager_.restore();
        control.heartbeat = monotonic();
        control.alive = 1;
        if (const Result<void> opened = server_.open(); !opened) {
            return opened;
        }
        if (options_.ready) {
            options_.ready();
        }
        return {};
    }

    void setLimits(const Limits& limits) {
        volatile ll_control& control = hold_.control();
        control.heartbeat_limit = nanoseconds(limits.heartbeat);
        control.hold_limit = nanoseconds(limits.hold);
        holder_.setLimit(limits.hold * 2);
    }

    Result<void> selfTest() {
        if (const Result<void> started = hold_.startSelfTest(); !started) {
            return started;
        }
        const std::uint64_t held_before = hold_.control().holds; // its programs start at once
        Result<SelfTest> test = SelfTest::start();
        if (!test) {
            return test.error();
        }
        test_ = std::move(*test);
        const std::uint64_t deadline = monotonic() + nanoseconds(kSelfTestLimit);
        while (!test_->done() && monotonic() < deadline) {
            turn();
        }
        hold_.endSelfTest();
        std::string problem = test_->done() ? test_->problem() : "it took too long";
        test_->kill();
        const volatile ll_control& control = hold_.control();
        bool slow = test_->wasSafe() && !problem.empty();
        if (problem.empty() && control.holds - held_before < SelfTest::kParents * SelfTest::kExecsEach) {
            problem = "not every program was held";
            slow = false;
        }
        test_.reset();
        if (!problem.empty() && !journal_.kept().empty()) {
            problem += ": " + nlohmann::json::parse(journal_.kept().back()).value("reason", std::string());
        }
        return problem.empty() ? Result<void>() : Result<void>(Error{slow ? ETIMEDOUT : EOPNOTSUPP, problem});
    }

    template <typename Duration> static std::uint64_t nanoseconds(Duration duration) {
        return static_cast<std::uint64_t>(std::chrono::nanoseconds(duration).count());
    }

    void turn() {
        loop_.turn(more_to_reap_ ? 0 : holder_.count() == 0 && !test_ ? kIdleTurn : kBusyTurn);
        // Both rings at every turn: a wake-up that never came costs a turn's time only.
        holder_.takeWaiting();
        takeEvents();
        reap();
        holder_.tick();
        volatile ll_control& control = hold_.control();
        control.heartbeat = monotonic();
        if (const std::uint64_t lost = control.lost_events; lost != lost_events_) {
            journal_.lost(lost - lost_events_);
            lost_events_ = lost;
        }
        manager_.tick();
    }

    void takeEvents() {
        hold_.consumeEvents([this](std::span<const std::byte> event) { policies_.told(event); }, kEventsATurn);
    }

    void reap() {
        more_to_reap_ = false;
        for (int left = kStatusesATurn; left > 0; --left) {
            int status = 0;
            const pid_t pid = ::waitpid(-1, &status, WNOHANG | __WALL);
            if (pid <= 0) {
                return;
            }
            if (holder_.status(pid, status) || (test_ && test_->status(pid, status)) || WIFSTOPPED(status)) {
                continue;
            }
            if (const int code = options_.child ? options_.child(pid, status) : -1; code >= 0) {
                code_ = code;
                ended_ = true;
            }
        }
        more_to_reap_ = true;
    }

    void readSignals(int signals) {
        signalfd_siginfo info{};
        while (::read(signals, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
            if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) {
                ended_ = true;
            }
        }
    }

    const SupervisorOptions& options_;
    bpf::Hold hold_;
    Loop loop_;
    Journal journal_;
    Policies policies_;
    Holder holder_;
    Manager manager_;
    Server server_;
    std::optional<SelfTest> test_;
    std::uint64_t lost_events_ = 0;
    bool ended_ = false;
    bool more_to_reap_ = false;
    int code_ = 0;
};

} // namespace

Result<int> supervise(const SupervisorOptions& options) {
    if (const Result<void> fit = checkMachine(); !fit) {
        return fit.error();
    }
    const Result<UniqueFd> lock = takeFolders();
    if (!lock) {
        return lock.error();
    }
    const bool suspend_seccomp = probe::suspendSeccomp().ok;
    const Result<UniqueFd> signals = blockSignals();
    if (!signals) {
        return signals.error();
    }
    if (const Result<void> hardened = harden(); !hardened) {
        return hardened.error();
    }
    Result<bpf::Hold> hold = bpf::Hold::open(pinRoot());
    if (!hold) {
        return hold.error();
    }
    Result<Loop> loop = Loop::create();
    if (!loop) {
        return loop.error();
    }
    Supervisor supervisor(options, std::move(*hold), std::move(*loop), suspend_seccomp);
    return supervisor.run(signals->get());
}

} // namespace landlatch::supervise
