// SPDX-License-Identifier: Apache-2.0
#include "runtime/run/front.h"

#include "runtime/tree/launch.h"
#include "runtime/tree/tracer.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace landlatch::run {
namespace {

constexpr std::uint64_t kCapSysAdmin = std::uint64_t{1} << 21;
/// Sent to llrun alone, these are meant for the command.
constexpr std::array<int, 6> kForwarded{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

int fail(const std::string& what) {
    fmt::print(stderr, "llrun: error: {}\n", what);
    return tree::kExitFailure;
}

/// Everything but what a program can't live without hearing of.
sigset_t blockedSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE}) {
        sigaddset(&set, signal);
    }
    for (const int signal : kForwarded) {
        sigaddset(&set, signal);
    }
    return set;
}

/// Lets go of the command's standard input and output and of what else llrun inherited: a pipe must end when the
/// command's side is closed. Messages still go to standard error.
void dropInheritedFds() {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        ::dup2(null, STDIN_FILENO);
        ::dup2(null, STDOUT_FILENO);
        ::close(null);
    }
    DIR* directory = ::opendir("/proc/self/fd");
    if (directory == nullptr) {
        return;
    }
    std::vector<int> inherited;
    while (const dirent* entry = ::readdir(directory)) {
        const int fd = std::atoi(entry->d_name);
        const int flags = fd > 2 ? ::fcntl(fd, F_GETFD) : FD_CLOEXEC;
        if (flags >= 0 && (flags & FD_CLOEXEC) == 0) {
            inherited.push_back(fd);
        }
    }
    ::closedir(directory);
    for (const int fd : inherited) {
        ::close(fd);
    }
}

// --- the tracer ---

struct Shared {
    const Launch* launch = nullptr;
    const tree::Proc* proc = nullptr;
    inject::GiftCookie cookie;
    bool privileged = false;
    pid_t front = 0;
};

Result<tree::Tracer::End> trace(const Shared& shared, int channel) {
    landlock::SystemKernel kernel;
    tree::Tracer::Setup setup;
    setup.policy = shared.launch->policy;
    setup.proc = shared.proc;
    setup.kernel = &kernel;
    setup.sink = shared.launch->reporter;
    setup.audit = shared.launch->audit;
    setup.privileged = shared.privileged;
    setup.cookie = shared.cookie;
    setup.launcher = shared.front;
    Result<tree::Tracer> tracer = tree::Tracer::create(setup);
    if (!tracer) {
        return tracer.error();
    }
    Result<tree::Arrived> first = tree::receiveFirst(channel);
    if (!first) {
        return first.error();
    }
    if (const Result<void> attached = tracer->attach(first->pid, std::move(first->listener)); !attached) {
        return attached.error();
    }
    if (const Result<void> gone = tree::sayGo(channel); !gone) {
        return gone.error();
    }
    return tracer->run();
}

[[noreturn]] void becomeTracer(const Shared& shared, int channel) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != shared.front) {
        ::_exit(tree::kExitFailure);
    }
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, nullptr);
    ::setsid();
    dropInheritedFds();
    const Result<tree::Tracer::End> end = trace(shared, channel);
    if (!end) {
        // ECHILD: the first process has said itself why it ended.
        ::_exit(end.error().code == ECHILD ? tree::kExitFailure : fail(end.error().message));
    }
    ::_exit(*end == tree::Tracer::End::kFirstRefused ? tree::kExitRefused : 0);
}

// --- the front ---

/// Stops this process with `signal`, as the command has stopped, until somebody continues it.
void stopLike(int signal) {
    ::signal(signal, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    ::raise(signal);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr); // here
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

/// Ends this process as the command ended.
int endLike(int status) {
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    const int signal = WTERMSIG(status);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none); // the command's core, if any, is the one that matters
    ::signal(signal, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    ::raise(signal);
    return 128 + signal;
}

class Front {
public:
    Front(const tree::Proc& proc, pid_t command, pid_t tracer) : proc_(&proc), command_(command), tracer_(tracer) {}

    int run() {
        const sigset_t set = blockedSignals();
        while (!tracer_status_ || !command_status_) {
            siginfo_t info{};
            const int signal = ::sigwaitinfo(&set, &info);
            if (signal == SIGCHLD) {
                reap();
            } else if (signal > 0) {
                forward(signal, info);
            }
        }
        if (!WIFEXITED(*tracer_status_)) {
            return fail(
                fmt::format("the tracer was killed by signal {}, and the tree with it", WTERMSIG(*tracer_status_)));
        }
        if (WEXITSTATUS(*tracer_status_) == tree::kExitRefused) {
            return tree::kExitRefused;
        }
        if (WEXITSTATUS(*tracer_status_) != 0 && !WIFEXITED(*command_status_)) {
            return tree::kExitFailure;
        }
        return endLike(*command_status_);
    }

private:
    void reap() {
        int status = 0;
        if (!tracer_status_ && ::waitpid(tracer_, &status, WNOHANG) == tracer_) {
            tracer_status_ = status;
        }
        while (!command_status_ && ::waitpid(command_, &status, WNOHANG | WUNTRACED | WCONTINUED) == command_) {
            if (WIFSTOPPED(status)) {
                stopLike(WSTOPSIG(status));
                continueCommand();
            } else if (!WIFCONTINUED(status)) {
                command_status_ = status;
            }
        }
    }

    /// We were continued. Usually the whole job was; if the command wasn't, it is now.
    void continueCommand() const {
        siginfo_t info{};
        if (::waitid(P_PID, static_cast<id_t>(command_), &info, WCONTINUED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == 0) {
            ::kill(command_, SIGCONT);
        }
    }

    void forward(int signal, const siginfo_t& info) const {
        if (std::find(kForwarded.begin(), kForwarded.end(), signal) == kForwarded.end()) {
            return;
        }
        if (command_status_) {
            // Only what the command left behind is running; whoever wants llrun to end wants that to end.
            ::kill(tracer_, SIGKILL);
            return;
        }
        // From the terminal (it sends to the whole group), or from inside the tree: not meant for us. Somebody else may
        // have sent it to us alone or to our group; then the command gets it a second time, rather than not at all.
        const Result<pid_t> tracer_of_sender = proc_->tracer(info.si_pid);
        if (info.si_code > 0 || (tracer_of_sender && *tracer_of_sender == tracer_)) {
            return;
        }
        ::kill(command_, signal);
    }

    const tree::Proc* proc_;
    pid_t command_;
    pid_t tracer_;
    std::optional<int> command_status_;
    std::optional<int> tracer_status_;
};

} // namespace

int runTree(const Launch& launch) {
    const Result<tree::Proc> proc = tree::Proc::open();
    if (!proc) {
        return fail(proc.error().message);
    }
    const Result<tree::Status> own = proc->status(::getpid());
    if (!own) {
        return fail(own.error().message);
    }
    const Result<inject::GiftCookie> cookie = inject::makeGiftCookie();
    if (!cookie) {
        return fail(cookie.error().message);
    }
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail(errnoError("socketpair").message);
    }
    UniqueFd tracer_end(ends[0]);
    UniqueFd command_end(ends[1]);
    const sigset_t blocked = blockedSignals();
    sigset_t before{};
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    const Shared shared{&launch, &*proc, *cookie, (own->effective & kCapSysAdmin) != 0, ::getpid()};

    const pid_t tracer = ::fork();
    if (tracer < 0) {
        return fail(errnoError("fork").message);
    }
    if (tracer == 0) {
        command_end.reset();
        becomeTracer(shared, tracer_end.get());
    }
    const pid_t command = ::fork();
    if (command < 0) {
        ::kill(tracer, SIGKILL);
        return fail(errnoError("fork").message);
    }
    if (command == 0) {
        tree::FirstProcess first;
        first.command = launch.command;
        first.channel = command_end.get();
        first.tracer = tracer;
        first.privileged = shared.privileged;
        first.cookie = shared.cookie;
        first.mask = before;
        first.limit = launch.limit;
        tree::becomeFirst(first);
    }
    tracer_end.reset();
    command_end.reset();
    dropInheritedFds();
    return Front(*proc, command, tracer).run();
}

} // namespace landlatch::run
