// SPDX-License-Identifier: Apache-2.0
// What llrun does with a decision, and which facts it lets decide.
#include "tests/attack/arena.h"

#include <csignal>

namespace landlatch::attack {
namespace {

constexpr int kDenied = 13;
constexpr int kKilled = 128 + SIGKILL;

TEST(Decision, DenyOfTheFirstProgramIsExitCode126) {
    const Arena arena;
    const std::string policy = arena.policy("when exec matches DIR/bin/target deny \"not here\"\n");
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {arena.bin("target"), arena.secret()});
        EXPECT_EQ(ran.status, 126);
        EXPECT_EQ(ran.out, "");
        EXPECT_NE(ran.err.find("denied: " + arena.bin("target")), std::string::npos) << ran.err;
        EXPECT_NE(ran.err.find("not here"), std::string::npos) << ran.err;
        EXPECT_NE(ran.err.find("policy.ll:"), std::string::npos) << ran.err;
    }
}

TEST(Decision, DenyOfALaterProgramKillsItAlone) {
    const Arena arena;
    const std::string policy = arena.policy("when exec matches DIR/bin/target deny \"not here\"\n");
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {"sh", "-c", "bin/target secret; echo $?; exit 4"});
        EXPECT_EQ(ran.status, 4) << ran.err;
        EXPECT_NE(ran.out.find(std::to_string(kKilled)), std::string::npos) << ran.out;
        EXPECT_EQ(ran.out.find("FREE"), std::string::npos);
    }
}

TEST(Decision, WithoutNnpNeedsPrivilegeBeforeAndAfter) {
    const Arena arena;
    const std::string policy = arena.policy("when exec matches DIR/bin/target apply conf\n");
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {arena.bin("target"), arena.secret()});
        if (uid == 0) {
            EXPECT_EQ(ran.status, kDenied) << ran.err;
        } else {
            EXPECT_EQ(ran.status, 126);
            EXPECT_NE(ran.err.find("CAP_SYS_ADMIN"), std::string::npos) << ran.err;
        }
        // Root of a user namespace has no privilege that counts.
        const Ran nested = arena.llrun(uid, policy, {"unshare", "-r", arena.bin("target"), arena.secret()});
        EXPECT_NE(nested.status, 0) << nested.out;
        EXPECT_EQ(nested.out.find("FREE"), std::string::npos) << nested.out;
    }
}

TEST(Decision, AuditSaysAndDoesNothing) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    const std::string deny = arena.policy("when exec matches DIR/bin/target deny \"not here\"\n", "deny");
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {arena.bin("target"), arena.secret()}, {"--audit"});
        EXPECT_EQ(ran.status, 0) << ran.err;
        EXPECT_EQ(ran.out, "FREE\n");
        EXPECT_NE(ran.err.find("audit: apply conf with nnp"), std::string::npos) << ran.err;
        const Ran denied = arena.llrun(uid, deny, {arena.bin("target"), arena.secret()}, {"--audit"});
        EXPECT_EQ(denied.out, "FREE\n");
        EXPECT_NE(denied.err.find("audit: denied"), std::string::npos) << denied.err;
    }
}

TEST(Decision, TheLogSaysEveryDecision) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {"sh", "-c", "bin/target secret; bin/target secret again 1"});
        EXPECT_EQ(ran.status, kDenied) << ran.err;
        EXPECT_EQ(ran.err, "");
        const std::vector<nlohmann::json> events = arena.events();
        ASSERT_EQ(events.size(), 4U);
        EXPECT_EQ(events[0]["decision"], "none");
        EXPECT_TRUE(events[0]["rule"].is_null());
        EXPECT_EQ(events[1]["decision"], "apply");
        EXPECT_EQ(events[1]["exec"], arena.bin("target"));
        EXPECT_TRUE(events[1]["script"].is_null());
        EXPECT_EQ(events[1]["rule"]["name"], "target");
        EXPECT_EQ(events[1]["rule"]["line"], 6);
        EXPECT_EQ(events[1]["rulesets"], nlohmann::json::array({"conf"}));
        EXPECT_EQ(events[1]["nnp"], true);
        EXPECT_TRUE(events[1]["not_restricted"].is_array());
        EXPECT_TRUE(events[1]["pid"].is_number());
        EXPECT_EQ(events[3]["decision"], "kept");
        EXPECT_EQ(events[3]["inherited"], nlohmann::json::array({"conf"}));
    }
}

TEST(Decision, ScriptAndInterpreterAreToldApart) {
    const Arena arena;
    arena.write("bin/app.sh", "#!/bin/sh\ncat \"$1\" 2>/dev/null && echo READ || echo CLOSED\n", 0755);
    const std::string policy = arena.policy("rule app: when script matches DIR/bin/app.sh apply conf with nnp\n");
    for (const uid_t uid : users()) {
        const std::vector<std::pair<std::string, std::string>> ways{
            {"absolute", arena.bin("app.sh") + " secret"},
            {"relative", "./bin/app.sh secret"},
            {"from below", "cd /usr; cd - >/dev/null; cd bin && ./app.sh ../secret"},
            {"found on PATH", "PATH=$PWD/bin:$PATH; app.sh secret"},
            {"by a link", "ln -sf bin/app.sh linked; ./linked secret"},
        };
        for (const auto& [name, command] : ways) {
            const Ran ran = arena.llrun(uid, policy, {"sh", "-c", command});
            EXPECT_EQ(ran.out, "CLOSED\n") << name << ran.err;
        }
        // `sh app.sh` names no script to the kernel, and cat is no script either.
        EXPECT_EQ(arena.llrun(uid, policy, {"sh", "bin/app.sh", "secret"}).out, "the secret\nREAD\n");
        arena.llrun(uid, policy, {arena.bin("app.sh"), "secret"});
        const nlohmann::json first = arena.events().at(0);
        EXPECT_EQ(first["script"], arena.bin("app.sh"));
        EXPECT_NE(first["exec"], first["script"]);
    }
}

TEST(Decision, LineageIsTheTreesAndNotTheProcessTables) {
    const Arena arena;
    const std::string parent = arena.policy(
        "when exec matches DIR/bin/target and parent exec matches /**/bin/attacker apply conf with nnp\n", "parent");
    const std::string ancestor = arena.policy(
        "when exec matches DIR/bin/target and ancestor exec matches DIR/bin/attacker apply conf with nnp\n",
        "ancestor");
    for (const uid_t uid : users()) {
        const std::vector<std::string> direct{arena.bin("attacker"), "fork", arena.bin("target"), arena.secret()};
        EXPECT_EQ(arena.llrun(uid, parent, direct).out, "DENIED\n");
        EXPECT_EQ(arena.llrun(uid, parent, {arena.bin("target"), arena.secret()}).out, "FREE\n");
        const std::vector<std::string> deep{arena.bin("attacker"), "fork", "/bin/sh", "-c",
                                            "sh -c '(bin/target secret)'; true"};
        EXPECT_EQ(arena.llrun(uid, ancestor, deep).out, "DENIED\n");
        EXPECT_EQ(arena.llrun(uid, parent, deep).out, "FREE\n");
        EXPECT_EQ(arena.llrun(uid, ancestor, {arena.bin("target"), arena.secret()}).out, "FREE\n");
        // Orphaned and taken in by init: still of the same lineage.
        const std::vector<std::string> orphan{arena.bin("attacker"), "clone-and-die", arena.bin("target"),
                                              arena.secret()};
        EXPECT_EQ(arena.llrun(uid, ancestor, orphan).out, "DENIED\n");
    }
}

TEST(Decision, UsersAndGroupsOfTheProgram) {
    const Arena arena;
    const std::string policy = arena.policy("when exec matches DIR/bin/target and user root apply conf with nnp\n");
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {arena.bin("target"), arena.secret()});
        EXPECT_EQ(ran.out, uid == 0 ? "DENIED\n" : "FREE\n") << ran.err;
    }
}

TEST(Decision, StagedPathsNeverSatisfyAnException) {
    const Arena arena;
    std::filesystem::copy(arena.bin("target"), arena.bin("excepted"));
    const std::string policy = arena.policy(
        "when exec matches /** unless exec matches DIR/bin/excepted, DIR/bin/stage, /usr/** apply conf with nnp\n");
    for (const uid_t uid : users()) {
        EXPECT_EQ(arena.llrun(uid, policy, {arena.bin("excepted"), arena.secret()}).out, "FREE\n");
        for (const std::string way : {"bind", "chroot", "detached"}) {
            const Ran ran = arena.llrun(
                uid, policy,
                {arena.bin("stage"), way, arena.bin("excepted"), arena.bin("target-static"), arena.secret()});
            if (ran.status == 77) {
                GTEST_SKIP() << "this machine doesn't let users make namespaces";
            }
            EXPECT_NE(ran.status, 0) << way << ran.out << ran.err;
            EXPECT_EQ(ran.out.find("FREE"), std::string::npos) << way << ran.out << ran.err;
        }
    }
}

TEST(Decision, AProgramThatCannotBeReadIsRefusedWhereItsPathMatters) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root to make a file its user can't read";
    }
    const Arena arena;
    const std::string hidden = arena.bin("target-static");
    ASSERT_EQ(::chmod(hidden.c_str(), 0711), 0);
    const std::string policy = arena.targetPolicy();
    const Ran ran = arena.llrun(kUser, policy, {hidden, arena.secret()});
    EXPECT_EQ(ran.status, 126) << ran.out;
    EXPECT_NE(ran.err.find("path of the program"), std::string::npos) << ran.err;
}

TEST(Decision, ASeventeenthLayerIsRefused) {
    constexpr int kSteps = 17;
    const Arena arena;
    std::string rules;
    for (int i = 0; i < kSteps; ++i) {
        rules += fmt::format("ruleset s{0} extends conf {{ allow read, execute beneath DIR }}\n"
                             "when script matches DIR/step{0}.sh apply s{0} with nnp\n",
                             i);
        const std::string next = i + 1 == kSteps ? "echo all" : fmt::format("exec ./step{}.sh", i + 1);
        arena.write(fmt::format("step{}.sh", i), "#!/bin/sh\n" + next + "\n", 0755);
    }
    const std::string policy = arena.policy(rules);
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {"./step0.sh"});
        EXPECT_EQ(ran.status, kKilled) << ran.out << ran.err;
        EXPECT_EQ(ran.out, "");
        EXPECT_NE(ran.err.find("16 layers"), std::string::npos) << ran.err;
    }
}

} // namespace
} // namespace landlatch::attack
