// SPDX-License-Identifier: Apache-2.0
// `paths in target`: a ruleset's paths are those of the new program's own root, at each exec.
#include "tests/attack/arena.h"

namespace landlatch::attack {
namespace {

constexpr int kDenied = 13;

/// A root below the arena's directory with one program in /usr/bin, and a file in /usr and one in /data.
void furnishBox(const Arena& arena) {
    std::filesystem::create_directories(arena.path("box/usr/bin"));
    std::filesystem::create_directories(arena.path("box/data"));
    std::filesystem::copy(arena.bin("target-static"), arena.path("box/usr/bin/target"));
    arena.write("box/usr/allowed", "x\n");
    arena.write("box/data/secret", "the secret\n");
}

/// Programs of `uid` read what /usr and the arena's directory, by the paths of their own root, hold.
std::string boxPolicy(const Arena& arena, uid_t uid) {
    return arena.policy("ruleset boxed {\n"
                        "    paths in target\n"
                        "    allow read, execute beneath /usr, optional /lib, optional /lib64, optional /etc, "
                        "optional DIR\n"
                        "    allow read, write beneath optional /proc\n"
                        "    allow read, write file optional /dev/null\n"
                        "}\n"
                        "when user \"" +
                        std::to_string(uid) + "\" apply boxed with nnp\n");
}

std::vector<std::string> inBox(const Arena& arena, uid_t uid, const std::vector<std::string>& command) {
    std::vector<std::string> words{"/usr/sbin/chroot", arena.path("box")};
    if (uid != 0) {
        words.insert(words.begin(), {"/usr/bin/unshare", "-r"});
    }
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

TEST(TargetPaths, AreThoseOfTheProgramsOwnRoot) {
    const Arena arena;
    furnishBox(arena);
    for (const uid_t uid : users()) {
        const std::string policy = boxPolicy(arena, uid);
        // In our root the ruleset allows the arena's directory and with it the box.
        const Ran outside = arena.llrun(uid, policy, {arena.bin("target"), arena.path("box/data/secret")});
        EXPECT_EQ(outside.out, "FREE\n") << outside.err;
        const Ran allowed = arena.llrun(uid, policy, inBox(arena, uid, {"/usr/bin/target", "/usr/allowed"}));
        EXPECT_EQ(allowed.out, "FREE\n") << allowed.err;
        // In the box it allows /usr alone: the layer of the box's root comes on top of the one chroot itself has.
        const Ran denied = arena.llrun(uid, policy, inBox(arena, uid, {"/usr/bin/target", "/data/secret"}));
        EXPECT_EQ(denied.out, "DENIED\n") << denied.err;
        EXPECT_EQ(denied.status, kDenied);
    }
}

TEST(TargetPaths, AreOneLayerForEachRoot) {
    const Arena arena;
    furnishBox(arena);
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, boxPolicy(arena, uid),
                                    inBox(arena, uid, {"/usr/bin/target", "/data/secret", "again", "40"}));
        EXPECT_EQ(ran.out, "DENIED\n") << ran.err; // 40 layers would be 24 too many
        std::size_t applied = 0;
        for (const nlohmann::json& event : arena.events()) {
            applied += event["decision"] == "apply" ? 1 : 0;
        }
        EXPECT_EQ(applied, 2U);
    }
}

TEST(TargetPaths, AMissingPathRefusesTheExec) {
    const Arena arena;
    furnishBox(arena);
    std::filesystem::rename(arena.path("box/usr"), arena.path("box/opt"));
    for (const uid_t uid : users()) {
        const Ran ran = arena.llrun(uid, boxPolicy(arena, uid), inBox(arena, uid, {"/opt/bin/target", "/data/secret"}));
        EXPECT_EQ(ran.out, "");
        EXPECT_NE(ran.err.find("/usr"), std::string::npos) << ran.err;
    }
}

} // namespace
} // namespace landlatch::attack
