// SPDX-License-Identifier: Apache-2.0
// Whatever way a program is exec'd, it is confined before its first instruction, or it doesn't run.
#include "tests/attack/arena.h"

namespace landlatch::attack {
namespace {

constexpr int kDenied = 13; ///< the target got EACCES for the secret

/// Runs `way PROGRAM secret` under llrun as each user.
void expectConfined(const std::string& way, const std::string& program = "target") {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {arena.bin("attacker"), way, arena.bin(program), arena.secret()});
        EXPECT_EQ(ran.status, kDenied) << "uid " << uid << ": " << ran.out << ran.err;
        EXPECT_EQ(ran.out, "DENIED\n");
    }
}

TEST(ExecWays, DynamicPie) { expectConfined("plain"); }
TEST(ExecWays, DynamicFixedAddress) { expectConfined("plain", "target-fixed"); }
TEST(ExecWays, Static) { expectConfined("plain", "target-static"); }
TEST(ExecWays, StaticPie) { expectConfined("plain", "target-static-pie"); }
TEST(ExecWays, Fork) { expectConfined("fork"); }
TEST(ExecWays, Vfork) { expectConfined("vfork"); }
TEST(ExecWays, PosixSpawn) { expectConfined("spawn"); }
TEST(ExecWays, ThreadThatIsNotTheLeader) { expectConfined("thread"); }
TEST(ExecWays, OrphanOfAKilledMaker) { expectConfined("clone-and-die"); }
TEST(ExecWays, TracedByCloneFlagWithoutEvent) { expectConfined("untraced-ptrace"); }

TEST(ExecWays, WithoutLoadSegmentsFromTheStack) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const std::vector<std::string> command{arena.bin("bare"), arena.path("target-bare"), arena.secret()};
        if (runAs(uid, command).status != 0) {
            GTEST_SKIP() << "this kernel doesn't run such a program at all";
        }
        std::filesystem::remove(arena.path("target-bare"));
        const std::string bare = arena.policy("when exec matches DIR/target-bare apply conf with nnp\n", "bare");
        const Ran ran = arena.llrun(uid, bare, command);
        EXPECT_EQ(ran.status, kDenied) << ran.err;
        std::filesystem::remove(arena.path("target-bare"));
    }
}

TEST(ExecWays, ThirtyTwoBitTargetIsRefusedWithAReason) {
    const Arena arena;
    if (!std::filesystem::exists(arena.bin("target-32"))) {
        GTEST_SKIP() << "the compiler can't make 32-bit programs";
    }
    if (runAs(::geteuid(), {arena.bin("target-32"), arena.secret()}).status != 0) {
        GTEST_SKIP() << "this kernel doesn't run 32-bit programs";
    }
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {arena.bin("target-32"), arena.secret()});
        EXPECT_EQ(ran.status, 126) << ran.out << ran.err;
        EXPECT_NE(ran.err.find("32-bit"), std::string::npos) << ran.err;
    }
}

TEST(ExecWays, MemfdAndDeletedImagesMatchUnlinked) {
    const Arena arena;
    const std::string policy = arena.policy("when exec unlinked apply conf with nnp\n");
    for (const uid_t uid : users()) {
        for (const std::string way : {"memfd", "deleted"}) {
            const Ran ran = arena.llrun(uid, policy, {arena.bin("attacker"), way, arena.bin("target"), arena.secret()});
            EXPECT_EQ(ran.status, kDenied) << way << ran.out << ran.err;
        }
        const Ran linked = arena.llrun(uid, policy, {arena.bin("target"), arena.secret()});
        EXPECT_EQ(linked.status, 0) << linked.err;
    }
}

TEST(ExecWays, ReexecutingItselfAHundredTimesUsesOneLayer) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, policy, {arena.bin("target"), arena.secret(), "again", "100"});
        EXPECT_EQ(ran.status, kDenied) << ran.out << ran.err;
        std::size_t applied = 0;
        std::size_t kept = 0;
        for (const nlohmann::json& event : arena.events("target")) {
            applied += event["decision"] == "apply" ? 1 : 0;
            kept += event["decision"] == "kept" ? 1 : 0;
        }
        EXPECT_EQ(applied, 1U);
        EXPECT_EQ(kept, 100U);
    }
}

TEST(ExecWays, ParentsAndSiblingsStayUnconfined) {
    const Arena arena;
    const std::string policy = arena.targetPolicy();
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(
            uid, policy, {"sh", "-c", "bin/target secret; cat secret; bin/target secret & wait; exec cat secret"});
        EXPECT_EQ(ran.out, "DENIED\nthe secret\nDENIED\nthe secret\n") << ran.err;
    }
}

} // namespace
} // namespace landlatch::attack
