// SPDX-License-Identifier: Apache-2.0
// A tree under llrun behaves as without: exit codes, signals, files, terminals, parallel work.
#include "tests/attack/arena.h"

#include <csignal>
#include <pty.h>
#include <thread>

namespace landlatch::attack {
namespace {

TEST(Transparent, EndsOutputAndSurroundingsAreTheSame) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    const std::vector<std::string> commands{
        "exit 0",
        "exit 7",
        "exit 255",
        "kill -TERM $$",
        "kill -SEGV $$",
        "kill -KILL $$",
        "trap 'echo caught' USR1; kill -USR1 $$; echo after",
        "trap 'echo caught; exit 3' TERM; kill -TERM $$; echo never",
        "sh -c 'kill -KILL $$'; echo $?",
        "echo out; echo err >&2; exit 2",
        "seq 20000 | sort -rn | head -3",
        "ls /proc/self/fd | wc -l",
        "ps -o pgid= -o sid= -p $$ | awk '{print ($1 == $2)}'",
        "umask; ulimit -n; nice; pwd; env | grep -v '^_=' | sort",
        "exec 3< secret; sh -c 'cat <&3'",
        "sleep 5 & kill -STOP $!; kill -CONT $!; kill $!; wait $!; echo $?",
        "grep -E 'SigIgn|SigBlk|SigCgt' /proc/self/status",
        "i=0; while [ $i -lt 32 ]; do sh -c 'echo $(($0 * 3))' $i & i=$((i + 1)); done; wait",
    };
    for (const uid_t uid : users()) {
        for (const std::string& command : commands) {
            const Ran plain = runAs(uid, {"sh", "-c", command}, arena.path(""));
            Ran traced = arena.llrun(uid, policy, {"sh", "-c", command});
            const auto sorted = [](const std::string& text) {
                std::vector<std::string> lines;
                std::istringstream stream(text);
                for (std::string line; std::getline(stream, line);) {
                    lines.push_back(line);
                }
                std::sort(lines.begin(), lines.end());
                return lines;
            };
            EXPECT_EQ(traced.status, plain.status) << command;
            EXPECT_EQ(sorted(traced.out), sorted(plain.out)) << command;
            EXPECT_EQ(traced.err, plain.err) << command;
        }
    }
}

TEST(Transparent, CommandsThatCannotRun) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    arena.write("plain.txt", "text\n", 0644);
    for (const uid_t uid : users()) {
        EXPECT_EQ(arena.llrun(uid, policy, {"no-such-command"}).status, runAs(uid, {"env", "no-such-command"}).status);
        EXPECT_EQ(arena.llrun(uid, policy, {"/no/such/command"}).status, 127);
        EXPECT_EQ(arena.llrun(uid, policy, {arena.path("plain.txt")}).status, 126);
        EXPECT_EQ(arena.llrun(uid, arena.path("no-policy.o"), {"true"}).status, 125);
        EXPECT_EQ(arena.llrun(uid, arena.secret(), {"true"}).status, 125);
        EXPECT_EQ(runAs(uid, {arena.bin("llrun"), policy}).status, 125);
    }
}

TEST(Transparent, ASourceIsCompiledByTheLlcBesideIt) {
    const Arena arena;
    arena.targetPolicy();
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, arena.path("policy.ll"), {"bin/target", "secret"});
        EXPECT_EQ(ran.out, "DENIED\n") << ran.err;
    }
    arena.write("broken.ll", "abi 1\nruleset { }\n");
    const Ran broken = arena.llrun(users().front(), arena.path("broken.ll"), {"echo", "ran"});
    EXPECT_EQ(broken.status, 125);
    EXPECT_EQ(broken.out, "");
    EXPECT_NE(broken.err.find("broken.ll:2"), std::string::npos) << broken.err;
}

TEST(Transparent, InheritedFilesReachTheCommandAndOnlyThose) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const std::string shell = "sh -c 'cat <&7; ls /proc/self/fd | wc -l'";
        const Ran plain = runAs(uid, {"sh", "-c", "exec 7< secret; " + shell}, arena.path(""));
        const std::string traced = fmt::format("exec 7< secret; {} {} -- {}", arena.bin("llrun"), policy, shell);
        const Ran ran = runAs(uid, {"sh", "-c", traced}, arena.path(""));
        EXPECT_EQ(ran.out, plain.out) << ran.err;
    }
}

TEST(Transparent, SignalsToLlrunReachTheCommand) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        for (const std::string signal : {"TERM", "HUP", "USR1"}) {
            std::string script =
                "LLRUN POLICY -- sh -c 'trap \"echo SIGNAL; exit 5\" SIGNAL; touch ready; "
                "while :; do sleep 0.05; done' & "
                "while [ ! -e ready ]; do sleep 0.02; done; rm ready; kill -SIGNAL $!; wait $!; echo $?";
            script =
                replaced(replaced(replaced(script, "SIGNAL", signal), "LLRUN", arena.bin("llrun")), "POLICY", policy);
            const Ran ran = runAs(uid, {"bash", "-c", script}, arena.path(""));
            EXPECT_EQ(ran.out, signal + "\n5\n") << ran.err;
        }
    }
}

TEST(Transparent, WaitsForWhatTheCommandLeavesBehind) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        std::filesystem::remove(arena.path("late"));
        const Ran ran = arena.llrun(
            uid, policy, {"sh", "-c", "setsid sh -c 'sleep 0.5; bin/target secret > late' >/dev/null 2>&1 & exit 3"});
        EXPECT_EQ(ran.status, 3) << ran.err;
        EXPECT_EQ(fileText(arena.path("late")), "DENIED\n");
    }
}

/// A shell with job control on a terminal of its own.
class Terminal {
public:
    explicit Terminal(uid_t uid) {
        pid_ = ::forkpty(&fd_, nullptr, nullptr, nullptr);
        if (pid_ == 0) {
            if (uid != ::geteuid() && (::setresgid(uid, uid, uid) != 0 || ::setresuid(uid, uid, uid) != 0)) {
                ::_exit(250);
            }
            ::setenv("PS1", "$ ", 1);
            ::setenv("HISTFILE", "/dev/null", 1);
            ::setenv("TERM", "dumb", 1);
            ::execlp("bash", "bash", "--norc", "--noprofile", "--noediting", "-i", static_cast<char*>(nullptr));
            ::_exit(251);
        }
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() {
        ::close(fd_);
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    void type(const std::string& keys) const {
        EXPECT_EQ(::write(fd_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    }
    /// Whether `text` is shown within ten seconds; takes what was shown up to it.
    bool shows(const std::string& text) {
        for (int tries = 0; tries < 200; ++tries) {
            if (const std::size_t at = shown_.find(text); at != std::string::npos) {
                shown_.erase(0, at + text.size());
                return true;
            }
            pollfd waiting{fd_, POLLIN, 0};
            if (::poll(&waiting, 1, 50) > 0) {
                std::array<char, 4096> buffer{};
                const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
                shown_.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
            }
        }
        ADD_FAILURE() << "the terminal doesn't show \"" << text << "\" but: " << shown_;
        return false;
    }

private:
    pid_t pid_ = 0;
    int fd_ = -1;
    std::string shown_;
};

TEST(Transparent, JobControlOnATerminal) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        Terminal terminal(uid);
        const std::string llrun = arena.bin("llrun") + " " + policy + " -- ";
        terminal.type("cd " + arena.path("") + "; echo in''side\n");
        ASSERT_TRUE(terminal.shows("inside"));
        terminal.type(llrun + "sh -c 'echo start''ed; sleep 100'\n");
        ASSERT_TRUE(terminal.shows("started"));
        terminal.type("\x1a"); // Ctrl-Z, most likely while the shell is in vfork
        ASSERT_TRUE(terminal.shows("Stopped"));
        terminal.type("jobs; echo list''ed\n");
        ASSERT_TRUE(terminal.shows("Stopped"));
        ASSERT_TRUE(terminal.shows("listed"));
        terminal.type("fg\n");
        ASSERT_TRUE(terminal.shows("sleep 100"));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        terminal.type("\x03"); // Ctrl-C
        terminal.type("echo code=$?\n");
        ASSERT_TRUE(terminal.shows("code=130"));
        // A shell inside has jobs of its own.
        terminal.type(llrun + "bash --norc --noediting -i\n");
        terminal.type("sh -c 'echo go''ing; sleep 77'\n");
        ASSERT_TRUE(terminal.shows("going"));
        terminal.type("\x1a");
        ASSERT_TRUE(terminal.shows("Stopped"));
        terminal.type("fg\n");
        ASSERT_TRUE(terminal.shows("sleep 77"));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        terminal.type("\x03");
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        terminal.type("exit 3\n");
        terminal.type("echo code=$?\n");
        ASSERT_TRUE(terminal.shows("code=3"));
    }
}

/// SIGTSTP alone is kept back from a task in vfork; what else stops it stops it there and then.
TEST(Transparent, StopsReachATaskInVfork) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        for (const int signal : {SIGSTOP, SIGTTIN, SIGTTOU}) {
            const std::string text = std::to_string(signal);
            const std::string plain = runAs(uid, {arena.bin("vforker"), text}).out;
            EXPECT_EQ(arena.llrun(uid, policy, {arena.bin("vforker"), text}).out, plain) << text;
            // The kernel ignores the others where nobody could continue the process group.
            EXPECT_TRUE(plain == "STOPPED\n" || (signal != SIGSTOP && plain == "RAN ON\n")) << plain;
        }
    }
}

/// A job that is stopped and continued before its new program's exec has exec'd goes on.
TEST(Transparent, AContinuedJobIsNotStoppedAtItsExec) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        EXPECT_EQ(arena.llrun(uid, policy, {arena.bin("vforker"), "continued"}).out, "ENDED\n");
    }
}

TEST(Transparent, ParallelBuildUnderAConfinedCompilerIsIdentical) {
    const Arena arena;
    std::string objects;
    for (int i = 0; i < 24; ++i) {
        arena.write(fmt::format("unit{}.c", i), fmt::format("int unit{0}(int x) {{ return x * {0} + 1; }}\n", i));
        objects += fmt::format(" unit{}.o", i);
    }
    arena.write("main.c", "int unit3(int);\nint main(void) { return unit3(2) - 7; }\n");
    arena.write("Makefile", "program: main.o" + objects + "\n\tgcc -o $@ $^\n%.o: %.c\n\tgcc -g0 -O1 -c -o $@ $<\n");
    const std::string policy = arena.policy("ruleset build extends conf {\n"
                                            "    allow all beneath DIR, /tmp\n"
                                            "}\n"
                                            "rule compiler: when exec matches /usr/bin/*gcc*, /usr/bin/*as, "
                                            "/usr/bin/*ld*, /usr/lib/gcc/**, /usr/libexec/gcc/** "
                                            "apply build with nnp\n");
    for (const uid_t uid : users()) {
        for (const std::string copy : {"plain", "confined"}) {
            const std::string directory = arena.path(copy);
            std::filesystem::remove_all(directory);
            ASSERT_EQ(runAs(uid, {"sh", "-c", "mkdir " + copy + " && cp *.c Makefile " + copy}, arena.path("")).status,
                      0);
        }
        const Ran plain = runAs(uid, {"make", "-j4", "-C", "plain"}, arena.path(""));
        ASSERT_EQ(plain.status, 0) << plain.err;
        const Ran confined = arena.llrun(uid, policy, {"make", "-j4", "-C", "confined"});
        ASSERT_EQ(confined.status, 0) << confined.err;
        for (const std::string file : {"program", "main.o", "unit7.o", "unit23.o"}) {
            EXPECT_EQ(fileText(arena.path("plain/" + file)), fileText(arena.path("confined/" + file))) << file;
            EXPECT_FALSE(fileText(arena.path("confined/" + file)).empty());
        }
        std::size_t applied = 0;
        for (const nlohmann::json& event : arena.events()) {
            const std::string exec = event["exec"];
            applied += event["decision"] == "apply" ? 1 : 0;
            EXPECT_FALSE(event["decision"] == "apply" && exec.ends_with("/make")) << exec;
        }
        EXPECT_GE(applied, 26U); // every gcc driver; what it starts inherits
    }
}

} // namespace
} // namespace landlatch::attack
