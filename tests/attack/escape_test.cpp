// SPDX-License-Identifier: Apache-2.0
// Ways out: of the tree, of the tracer's sight, of the ruleset. Enforcement points 19 to 24, 27 and 29.
#include "tests/attack/arena.h"

#include <csignal>
#include <thread>

namespace landlatch::attack {
namespace {

constexpr int kDenied = 13;
constexpr int kExecEnosys = 100 + ENOSYS;
constexpr int kExecEbusy = 100 + EBUSY;
constexpr int kPtraceRefused = 90;
constexpr int kKilled = 128 + SIGKILL;

Ran attack(const Arena& arena, uid_t uid, const std::string& way) {
    const std::string policy = arena.path("policy.o");
    return arena.llrun(uid, std::filesystem::exists(policy) ? policy : arena.targetPolicy(),
                       {arena.bin("attacker"), way, arena.bin("target"), arena.secret()});
}

TEST(Escape, UntracedTasksCannotExec) {
    const Arena arena;
    for (const uid_t uid : users()) {
        EXPECT_EQ(attack(arena, uid, "untraced").status, kExecEnosys);
        EXPECT_EQ(attack(arena, uid, "untraced-vfork").status, kExecEnosys);
    }
}

TEST(Escape, NobodyInTheTreeCanTraceAnUntracedTask) {
    const Arena arena;
    for (const uid_t uid : users()) {
        EXPECT_EQ(attack(arena, uid, "untraced-traceme").status, kPtraceRefused);
        EXPECT_EQ(attack(arena, uid, "untraced-seize").status, kPtraceRefused);
    }
}

TEST(Escape, ForeignAbisDoNotExecFree) {
    const Arena arena;
    for (const uid_t uid : users()) {
        EXPECT_EQ(attack(arena, uid, "x32").status, kExecEnosys);
        const Ran int80 = attack(arena, uid, "int80");
        // Confined through the i386 gate, or this kernel has no such calls (SIGSEGV, ENOSYS).
        EXPECT_TRUE(int80.status == kDenied || int80.status == 128 + SIGSEGV || int80.status == kExecEnosys)
            << int80.status << int80.err;
    }
}

TEST(Escape, AFilterThatFakesSuccessIsRefusedOrOutOfForce) {
    const Arena arena;
    for (const uid_t uid : users()) {
        const Ran ran = attack(arena, uid, "fake-success");
        if (uid == 0) { // SUSPEND_SECCOMP
            EXPECT_EQ(ran.status, kDenied) << ran.err;
        } else {
            EXPECT_EQ(ran.status, kKilled);
            EXPECT_NE(ran.err.find("seccomp filters"), std::string::npos) << ran.err;
        }
        const Ran gift = attack(arena, uid, "fake-gift");
        EXPECT_EQ(gift.status, kKilled);
        EXPECT_EQ(gift.out, "");
    }
}

TEST(Escape, AProgramsOwnFiltersBehaveAsWithoutUs) {
    const Arena arena;
    for (const uid_t uid : users()) {
        EXPECT_EQ(attack(arena, uid, "own-trace").status, 0);
        EXPECT_EQ(attack(arena, uid, "own-listener").status, kExecEbusy); // a stated limit
    }
}

TEST(Escape, SignalsDoNotGetBetweenUsAndTheProgram) {
    const Arena arena;
    for (const uid_t uid : users()) {
        for (const std::string way : {"signal-flood", "stop-flood", "pending-signals"}) {
            for (int round = 0; round < 5; ++round) {
                const Ran ran = attack(arena, uid, way);
                EXPECT_EQ(ran.status, kDenied) << way << ran.out << ran.err;
            }
        }
    }
}

TEST(Escape, FewOpenFilesAllowed) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        // The soft limit is raised for the injection and put back: the loader then finds no fd for libc.
        const Ran soft = arena.llrun(
            uid, policy, {arena.bin("attacker"), "soft-nofile", arena.bin("target-static"), arena.secret()});
        EXPECT_EQ(soft.out, "OTHER\n") << soft.status << soft.err; // EMFILE, not EACCES: the limit is back
        const Ran hard = arena.llrun(
            uid, policy, {arena.bin("attacker"), "hard-nofile", arena.bin("target-static"), arena.secret()});
        EXPECT_EQ(hard.status, kKilled);
        EXPECT_NE(hard.err.find("Too many open files"), std::string::npos) << hard.err;
    }
}

TEST(Escape, ThievesGetNoRulesetToWiden) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        for (const std::string way : {"fds", "rootfds"}) {
            const Ran ran =
                arena.llrun(uid, policy, {arena.bin("thief"), way, "40", arena.bin("target"), arena.secret()});
            if (way == "rootfds" && ran.status == 77) {
                GTEST_SKIP() << "this machine doesn't let users make user namespaces";
            }
            EXPECT_EQ(ran.status, 0) << ran.err;
            EXPECT_EQ(ran.out.find("FREE"), std::string::npos) << ran.out;
            EXPECT_NE(ran.out.find("STOLEN 0\n"), std::string::npos) << ran.out;
        }
    }
}

TEST(Escape, WritingOverTheInjectedCallsOnlyKills) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const Ran ran =
            arena.llrun(uid, policy, {arena.bin("thief"), "memory", "60", arena.bin("target"), arena.secret()});
        EXPECT_EQ(ran.status, 0) << ran.err;
        EXPECT_EQ(ran.out.find("FREE"), std::string::npos) << ran.out;
        EXPECT_EQ(ran.out.find("WRITTEN 0\n"), std::string::npos) << "the attack did not get at its target";
    }
}

/// Children of `pid`, oldest first.
std::vector<pid_t> childrenOf(pid_t pid) {
    std::vector<pid_t> found;
    std::ifstream list(fmt::format("/proc/{}/task/{}/children", pid, pid));
    for (pid_t child = 0; list >> child;) {
        found.push_back(child);
    }
    return found;
}

/// llrun in the background: its front, its tracer and the command.
struct Background {
    pid_t front = 0;
    pid_t tracer = 0;
    pid_t command = 0;
};
Background startInBackground(const Arena& arena, uid_t uid, const std::string& policy,
                             const std::vector<std::string>& command) {
    Background started;
    started.front = ::fork();
    if (started.front == 0) {
        if (uid != ::geteuid() &&
            (::setgroups(0, nullptr) != 0 || ::setresgid(uid, uid, uid) != 0 || ::setresuid(uid, uid, uid) != 0)) {
            ::_exit(250);
        }
        const std::string llrun = arena.bin("llrun");
        std::vector<char*> words{const_cast<char*>(llrun.c_str()), const_cast<char*>(policy.c_str()),
                                 const_cast<char*>("--")};
        for (const std::string& word : command) {
            words.push_back(const_cast<char*>(word.c_str()));
        }
        words.push_back(nullptr);
        ::execv(words[0], words.data());
        ::_exit(251);
    }
    for (int tries = 0; tries < 500; ++tries) {
        const std::vector<pid_t> children = childrenOf(started.front);
        if (children.size() == 2) {
            started.tracer = children[0];
            started.command = children[1];
            std::array<char, 4096> image{};
            const ssize_t got =
                ::readlink(fmt::format("/proc/{}/exe", started.command).c_str(), image.data(), image.size());
            if (got > 0 &&
                std::string(image.data(), static_cast<std::size_t>(got)).find("llrun") == std::string::npos) {
                return started;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "llrun did not start its command";
    return started;
}

bool endsSoon(pid_t pid) {
    for (int tries = 0; tries < 300; ++tries) {
        if (::kill(pid, 0) != 0 && errno == ESRCH) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

TEST(Escape, NothingOutlivesLlrun) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        for (const bool kill_tracer : {true, false}) {
            const Background run = startInBackground(arena, uid, policy, {"sleep", "100"});
            ASSERT_NE(run.command, 0); // kill(0, …) would hit ourselves
            ASSERT_EQ(::kill(kill_tracer ? run.tracer : run.front, SIGKILL), 0);
            int status = 0;
            ASSERT_EQ(::waitpid(run.front, &status, 0), run.front);
            EXPECT_TRUE(endsSoon(run.command));
            EXPECT_TRUE(endsSoon(run.tracer));
            if (kill_tracer) {
                EXPECT_EQ(WEXITSTATUS(status), 125);
            }
        }
    }
}

TEST(Escape, TheTracerIsOutOfReach) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root to find the tracer's number from outside";
    }
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    const std::string go = arena.path("go");
    const std::string script = fmt::format("while [ ! -e {} ]; do sleep 0.02; done; for p in $(cat {}); do "
                                           "bin/thief tracer $p || exit 9; done; exit 42",
                                           go, go);
    const Background run =
        startInBackground(arena, kUser, policy, {"sh", "-c", "cd " + arena.path("") + "; " + script});
    arena.write("go.new", fmt::format("{} {}\n", run.tracer, run.front));
    std::filesystem::rename(arena.path("go.new"), go);
    int status = 0;
    ASSERT_EQ(::waitpid(run.front, &status, 0), run.front);
    EXPECT_EQ(WEXITSTATUS(status), 42);
}

TEST(Escape, TracerWithoutFilesFailsClosed) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root to find the tracer's number from outside";
    }
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    const std::string go = arena.path("go");
    const std::string script =
        fmt::format("cd {}; while [ ! -e {} ]; do sleep 0.02; done; prlimit --nofile=0 --pid $(cat {}) || exit 9; "
                    "bin/target secret; exit 42",
                    arena.path(""), go, go);
    const Background run = startInBackground(arena, kUser, policy, {"sh", "-c", script});
    ASSERT_NE(run.command, 0); // kill(0, …) would hit ourselves
    arena.write("go.new", fmt::format("{}\n", run.tracer));
    std::filesystem::rename(arena.path("go.new"), go);
    int status = 0;
    ASSERT_EQ(::waitpid(run.front, &status, 0), run.front);
    // The target was killed, never run; what the policy leaves alone goes on as far as it can be told apart.
    EXPECT_NE(WEXITSTATUS(status), 9);
    const Ran plain = runAs(kUser, {arena.bin("target"), arena.secret()});
    EXPECT_EQ(plain.out, "FREE\n");
}

} // namespace
} // namespace landlatch::attack
