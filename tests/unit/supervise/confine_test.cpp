// SPDX-License-Identifier: Apache-2.0
// The injected sequence on the running kernel: a child of ours, traced from its exec on, with rulesets made here. What
// needs BPF is tested in the virtual machines.
#include "runtime/landlock/kernel.h"
#include "runtime/supervise/confine.h"

#include <csignal>
#include <gtest/gtest.h>
#include <optional>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

FreshRuleset noReadDir() {
    landlock::SystemKernel kernel;
    uapi::RulesetAttr attr;
    attr.handled_access_fs = 1ULL << 3;
    return {UniqueFd(kernel.createRuleset(attr, uapi::rulesetAttrSize(1))), 0};
}

/// Starts VICTIM under trace, confines it with `rulesets` at its exec, and gives its exit status. `before` runs in the
/// child before its exec.
struct Ended {
    int status = -1;
    std::string error;
};

Ended runConfined(std::vector<FreshRuleset> rulesets, bool nnp, void (*before)() = nullptr) {
    int gate[2];
    EXPECT_EQ(::pipe(gate), 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        char byte = 0;
        [[maybe_unused]] const ssize_t got = ::read(gate[0], &byte, 1);
        if (before != nullptr) {
            before();
        }
        ::execl(VICTIM, VICTIM, static_cast<char*>(nullptr));
        ::_exit(99);
    }
    EXPECT_TRUE(inject::seize(pid, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD));
    EXPECT_EQ(::write(gate[1], "x", 1), 1);
    Subject subject(pid, UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
    std::optional<Task<Result<void>>> work;
    Ended run;
    for (;;) {
        int status = 0;
        if (::waitpid(pid, &status, __WALL) != pid) {
            run.error = "waitpid";
            return run;
        }
        if (!WIFSTOPPED(status)) {
            run.status = status;
            return run;
        }
        if (!work && status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXEC << 8))) {
            work.emplace(confine(subject, std::move(rulesets), nnp));
            work->start();
        } else if (!work) {
            EXPECT_TRUE(inject::resume(PTRACE_CONT, pid, WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status)));
            continue;
        } else {
            EXPECT_TRUE(subject.awaitsStop());
            subject.stopped(status);
        }
        if (work->done()) {
            if (!work->value()) {
                run.error = work->value().error().message;
                ::kill(pid, SIGKILL);
                continue;
            }
            EXPECT_TRUE(inject::resume(PTRACE_DETACH, pid));
            EXPECT_EQ(::waitpid(pid, &run.status, __WALL), pid);
            return run;
        }
    }
}

TEST(Confine, ProgramIsConfinedBeforeItsFirstInstruction) {
    std::vector<FreshRuleset> rulesets;
    rulesets.push_back(noReadDir());
    const Ended run = runConfined(std::move(rulesets), true);
    EXPECT_EQ(run.error, "");
    EXPECT_TRUE(WIFEXITED(run.status) && WEXITSTATUS(run.status) == 0) << run.status;
}

TEST(Confine, SixteenLayersFitAndOneMoreFails) {
    std::vector<FreshRuleset> sixteen;
    for (int i = 0; i < 16; ++i) {
        sixteen.push_back(noReadDir());
    }
    const Ended run = runConfined(std::move(sixteen), true);
    EXPECT_EQ(run.error, "");
    EXPECT_TRUE(WIFEXITED(run.status) && WEXITSTATUS(run.status) == 0) << run.status;
}

TEST(Confine, NothingButNoNewPrivsLeavesTheProgramFree) {
    const Ended run = runConfined({}, true);
    EXPECT_EQ(run.error, "");
    EXPECT_TRUE(WIFEXITED(run.status) && WEXITSTATUS(run.status) == 1) << run.status;
}

TEST(Confine, PendingStopSignalDoesNotGetInTheWay) {
    std::vector<FreshRuleset> rulesets;
    rulesets.push_back(noReadDir());
    const Ended run = runConfined(std::move(rulesets), true, [] {
        sigset_t all;
        sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
        ::raise(SIGUSR1);
        ::raise(SIGTRAP);
    });
    EXPECT_EQ(run.error, "");
    EXPECT_TRUE(WIFEXITED(run.status) && WEXITSTATUS(run.status) == 0) << run.status;
}

} // namespace
} // namespace landlatch::supervise
