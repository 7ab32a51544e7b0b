// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/selftest.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

// Exit codes of a parent.
enum Outcome : unsigned char { kFine = 0, kFree = 1, kKilled = 2, kStopSeen = 3, kNoExec = 4 };
constexpr int kSubjectNotRun = 127;

const char* describe(int code) {
    switch (code) {
    case kFree:
        return "a program ran that was not confined";
    case kKilled:
        return "a program was killed in its hold";
    case kStopSeen:
        return "a parent saw its child stop";
    case kNoExec:
        return "a program was refused or could not be run";
    default:
        return "a parent of the trial ended unexpectedly";
    }
}

/// One exec of the subject; only async-signal-safe calls between vfork and exec.
int runOne() {
    // A parent that sleeps in vfork is part of what is tried.
    const pid_t pid = ::vfork(); // NOLINT(bugprone-unsafe-functions,clang-analyzer-security.insecureAPI.vfork)
    if (pid == 0) {
        ::execl("/proc/self/exe", "llload", kSelfTestArgument, static_cast<char*>(nullptr));
        ::_exit(kSubjectNotRun);
    }
    for (;;) {
        int status = 0;
        const pid_t got = ::waitpid(pid, &status, WUNTRACED | WCONTINUED);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got != pid) {
            return kNoExec;
        }
        if (WIFSIGNALED(status)) {
            return kKilled;
        }
        if (!WIFEXITED(status)) {
            return kStopSeen;
        }
        if (WEXITSTATUS(status) == kSubjectNotRun) {
            return kNoExec;
        }
        return WEXITSTATUS(status) == 0 ? kFine : kFree;
    }
}

} // namespace

int selfTestSubject() {
    const int fd = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 && errno == EACCES ? 0 : 1;
}

Result<SelfTest> SelfTest::start() {
    SelfTest test;
    for (int i = 0; i < kParents; ++i) {
        const pid_t pid = ::fork();
        if (pid < 0) {
            const Error error = errnoError("fork");
            test.kill();
            return error;
        }
        if (pid == 0) {
            sigset_t none;
            sigemptyset(&none);
            ::sigprocmask(SIG_SETMASK, &none, nullptr);
            int outcome = kFine;
            for (int j = 0; j < kExecsEach && outcome == kFine; ++j) {
                outcome = runOne();
            }
            ::_exit(outcome);
        }
        test.running_.push_back(pid);
    }
    return test;
}

bool SelfTest::status(pid_t pid, int status) {
    const auto found = std::find(running_.begin(), running_.end(), pid);
    if (found == running_.end()) {
        return false;
    }
    if (WIFSTOPPED(status)) {
        return true;
    }
    running_.erase(found);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    const bool safe = code == kFine || code == kKilled || code == kNoExec;
    if (code != kFine && (problem_.empty() || (!safe && !unsafe_))) {
        problem_ = describe(code);
    }
    unsafe_ = unsafe_ || !safe;
    return true;
}

void SelfTest::kill() {
    for (const pid_t pid : running_) {
        ::kill(pid, SIGKILL);
    }
}

} // namespace landlatch::supervise
