// SPDX-License-Identifier: Apache-2.0
// The event loop; deciding and acting at an exec is in tracer_exec.cpp.
#include "runtime/tree/tracer.h"

#include "runtime/tree/gate_filter.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <iterator>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

namespace landlatch::tree {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::uint64_t kOptions = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
                                   PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACESECCOMP;
/// A new task whose maker was killed before it could tell of it waits this long.
constexpr Milliseconds kOrphanWait{100};
constexpr int kMaxLineageDepth = 64;

bool isStopSignal(int signal) {
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/// A decision may need what is only seen before the exec; so does whoever wants to hear of everything.
FactReader::GateNeeds gateNeeds(const Tracer::Setup& setup) {
    const std::uint32_t used = setup.policy->matcher.used();
    const std::vector<object::Effect>& effects = setup.policy->policy.effects;
    const bool without_nnp = std::any_of(effects.begin(), effects.end(), [](const object::Effect& effect) {
        return effect.kind == object::EffectKind::kApply && !effect.nnp;
    });
    FactReader::GateNeeds needs;
    needs.cwd = (used & (1U << LL_DIM_SCRIPT)) != 0 || setup.sink->wantsAll();
    needs.credentials = setup.privileged && (without_nnp || (used & LL_UNKNOWN_SETUID) != 0 || setup.sink->wantsAll());
    return needs;
}

} // namespace

Result<Tracer> Tracer::create(const Setup& setup) {
    Result<FactReader> facts = FactReader::create(*setup.proc);
    if (!facts) {
        return facts.error();
    }
    Tracer tracer(setup, *facts);
    tracer.gate_needs_ = gateNeeds(setup);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    tracer.signals_ = UniqueFd(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!tracer.signals_) {
        return errnoError("signalfd");
    }
    const Result<std::uint64_t> space = setup.proc->userNamespace(::getpid());
    if (!space) {
        return space.error();
    }
    tracer.own_user_namespace_ = *space;
    return tracer;
}

/// The lineage of the tree's first exec: llrun itself, and those of its ancestors whose image can be read. What can't
/// be isn't part of it: lineage seen in /proc counts as complete.
match::Lineage Tracer::firstLineage() const {
    const match::Matcher& matcher = setup_.policy->matcher;
    // The launcher runs our image, and isn't dumpable, so only its own /proc entry would show it.
    std::vector<Image> images;
    images.push_back(facts_.readImage(::getpid()));
    Result<pid_t> ancestor = setup_.proc->parent(setup_.launcher);
    for (int depth = 0; ancestor && *ancestor > 0 && depth < kMaxLineageDepth; ++depth) {
        images.push_back(facts_.readImage(*ancestor));
        ancestor = setup_.proc->parent(*ancestor);
    }
    std::optional<match::Lineage> lineage;
    for (auto image = images.rbegin(); image != images.rend(); ++image) {
        const bool launcher = std::next(image) == images.rend();
        if (image->path || launcher) {
            lineage = lineage ? matcher.after(*lineage, image->path) : matcher.begin(image->path);
        }
    }
    return lineage.value_or(match::Lineage{});
}

Result<void> Tracer::attach(pid_t first, UniqueFd listener) {
    if (const Result<void> seized = inject::seize(first, kOptions); !seized) {
        return Error{seized.error().code,
                     fmt::format("can't trace a process of our own ({}); is kernel.yama.ptrace_scope 2 or 3, or are we "
                                 "inside another llrun or a debugger?",
                                 seized.error().message)};
    }
    const Result<Status> status = setup_.proc->status(first);
    if (!status) {
        return status.error();
    }
    if (status->seccomp_filters == 0 || (!setup_.privileged && !status->no_new_privs)) {
        return Error{EPROTO, "the first process is not under the seccomp filter"};
    }
    listener_ = std::move(listener);
    first_ = first;
    Applier::Environment environment;
    environment.policy = setup_.policy;
    environment.proc = setup_.proc;
    environment.kernel = setup_.kernel;
    environment.listener = listener_.get();
    environment.cookie = setup_.cookie;
    environment.ptrace_options = kOptions;
    environment.first_filters = status->seccomp_filters;
    const Result<Status> own = setup_.proc->status(::getpid());
    environment.can_suspend_seccomp = setup_.privileged && own && own->seccomp_filters == 0;
    applier_.emplace(environment);

    Task& task = tasks_[first];
    task.known = true;
    task.lineage = firstLineage();
    if (const Result<std::string> image = setup_.proc->link(::getpid(), "exe")) {
        task.image = *image;
    }
    return {};
}

Result<Tracer::End> Tracer::run() {
    while (drain()) {
        waitForWork();
        releaseOverdue();
    }
    return first_refused_ ? End::kFirstRefused : End::kEnded;
}

/// Handles every wait status there is. False when no task is left.
bool Tracer::drain() {
    for (;;) {
        int status = 0;
        const pid_t tid = ::waitpid(-1, &status, __WALL | WNOHANG);
        if (tid > 0) {
            onStatus(tid, status);
        } else if (tid == 0) {
            return true;
        } else if (errno != EINTR) {
            return false;
        }
    }
}

void Tracer::waitForWork() {
    std::array<pollfd, 2> waiting{{{signals_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}}};
    const int timeout = held_ > 0 ? static_cast<int>(kOrphanWait.count()) : -1;
    if (::poll(waiting.data(), waiting.size(), timeout) <= 0) {
        return;
    }
    if ((waiting[0].revents & POLLIN) != 0) {
        signalfd_siginfo ignored{};
        [[maybe_unused]] const ssize_t got = ::read(signals_.get(), &ignored, sizeof ignored);
    }
    if ((waiting[1].revents & POLLIN) != 0) {
        inject::refuseStrayRequests(listener_.get());
    } else if ((waiting[1].revents & (POLLHUP | POLLERR)) != 0) {
        listener_.reset(); // no task has the filter any more; poll ignores a negative fd
    }
}

/// Lets tasks go whose maker died before it could tell of them, as tasks of unknown lineage.
void Tracer::releaseOverdue() {
    if (held_ == 0) {
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    for (auto& [tid, task] : tasks_) {
        if (task.held && now - task.held_since >= kOrphanWait) {
            task.held = false;
            task.known = true;
            --held_;
            proceed(tid);
        }
    }
}

/// Resumes a task. That it may be gone is no error: its end will be told.
void Tracer::proceed(pid_t tid, int signal) {
    [[maybe_unused]] const Result<void> resumed = inject::resume(PTRACE_CONT, tid, signal);
}

void Tracer::onEnd(pid_t tid) {
    const auto found = tasks_.find(tid);
    if (found == tasks_.end() || !found->second.known) {
        ended_early_.insert(tid);
    }
    if (found == tasks_.end()) {
        return;
    }
    if (found->second.held) {
        --held_;
    }
    tasks_.erase(found);
}

void Tracer::onStatus(pid_t tid, int status) {
    if (!WIFSTOPPED(status)) {
        onEnd(tid);
        return;
    }
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (event == PTRACE_EVENT_EXEC) {
        onExec(tid);
        return;
    }
    Task& task = tasks_[tid];
    task.gate = Gate{}; // an exec that failed
    switch (event) {
    case PTRACE_EVENT_STOP:
        onStop(tid, task, signal);
        return;
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
        onChild(tid, event == PTRACE_EVENT_VFORK);
        proceed(tid);
        return;
    case PTRACE_EVENT_SECCOMP:
        onGate(tid, task);
        return;
    default:
        onSignal(tid, task, event == 0 && signal != (SIGTRAP | 0x80) ? signal : 0);
        return;
    }
}

/// Delivers `signal`, 0 for none. SIGTSTP to a task in vfork waits for its exec: its maker can't stop before, so
/// whoever pressed Ctrl-Z, which goes to the whole job, would never see the job stopped. Without llrun that moment is
/// too short to hit; a decision makes it longer. Other stops are delivered: SIGSTOP is meant for this one task, and a
/// read or write of the terminal that gave SIGTTIN or SIGTTOU would start over at once, for ever.
void Tracer::onSignal(pid_t tid, Task& task, int signal) {
    if (signal == SIGCONT) {
        task.stop_on_exec = false;
    }
    if (task.in_vfork && signal == SIGTSTP) {
        task.stop_on_exec = true;
        signal = 0;
    }
    proceed(tid, signal);
}

/// A group stop, the end of one, or the first stop of a new task.
void Tracer::onStop(pid_t tid, Task& task, int signal) {
    if (isStopSignal(signal)) {
        // Stays stopped, yet hears of SIGCONT.
        [[maybe_unused]] const Result<void> listening = inject::resume(PTRACE_LISTEN, tid);
        return;
    }
    if (!task.known) {
        if (!task.held) {
            task.held = true;
            task.held_since = std::chrono::steady_clock::now();
            ++held_;
        }
        return;
    }
    proceed(tid);
}

/// `parent` made a task, which inherits all that is known of it.
void Tracer::onChild(pid_t parent, bool vfork) {
    const Result<std::uint64_t> message = inject::eventMessage(parent);
    if (!message) {
        return;
    }
    const auto tid = static_cast<pid_t>(*message);
    if (ended_early_.erase(tid) > 0) {
        return;
    }
    Task& child = tasks_[tid];
    const Task& maker = tasks_.at(parent); // references into the map stay good
    child.lineage = maker.lineage;
    child.image = maker.image;
    child.in_force = maker.in_force;
    child.known = true;
    child.in_vfork = vfork;
    if (child.held) {
        child.held = false;
        --held_;
        proceed(tid);
    }
}

/// The entry of execve, or a stop that some program's own filter asks for.
void Tracer::onGate(pid_t tid, Task& task) {
    const Result<std::uint64_t> data = inject::eventMessage(tid);
    if (data && *data == kGateData) {
        task.gate = facts_.readGate(tid, gate_needs_);
        proceed(tid);
        return;
    }
    // Whoever wrote that filter gets what it gets where nobody traces.
    Result<inject::Registers> regs = inject::registers(tid);
    if (regs) {
        regs->orig_rax = ~0ULL;
        regs->rax = static_cast<unsigned long long>(-ENOSYS);
        if (inject::setRegisters(tid, *regs)) {
            proceed(tid);
            return;
        }
    }
    ::kill(tid, SIGKILL);
}

} // namespace landlatch::tree
