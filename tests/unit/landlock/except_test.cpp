// SPDX-License-Identifier: Apache-2.0
// Exceptions carved out of real trees, by people who would rather have them granted.
#include "tests/unit/landlock/tree.h"

#include "runtime/landlock/mounts.h"

#include <sys/mount.h>

namespace landlatch::landlock {
namespace {

using object::PathKind;

constexpr uid_t kAlice = 4242;
constexpr uid_t kBob = 4243;

bool isRoot() { return ::geteuid() == 0; }

/// home/{a,b} with dotfiles; a has .ssh and b has none.
void fillHome(const Tree& tree) {
    tree.file("home/a/.ssh/id");
    tree.file("home/a/.bashrc");
    tree.file("home/a/doc/x");
    tree.file("home/b/.bashrc");
    tree.file("home/note");
}

TEST(Except, EveryDirectoryThatCouldHoldOneIsSplit) {
    const Tree tree;
    fillHome(tree);
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("home")), {tree.at("home/*/.ssh")})}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"home/a/.bashrc", "home/a/doc", "home/b/.bashrc", "home/note"}));
    for (const char* split : {"home", "home/a", "home/b"}) {
        EXPECT_TRUE(has(resolved->notes, tree.at(split) + ": split for an exception")) << split;
    }
}

TEST(Except, AnAbsentExceptionSplitsAllTheSame) {
    const Tree tree;
    tree.file("d/x");
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("d")), {tree.at("d/gone")})}));
    ASSERT_TRUE(resolved);
    EXPECT_EQ(granted(*resolved, tree), Paths{"d/x"});
    const auto deeper = resolveOnly(policyOf({except(beneath(tree.at("d")), {tree.at("d/gone/deeper")})}));
    ASSERT_TRUE(deeper);
    EXPECT_EQ(granted(*deeper, tree), Paths{"d/x"});
}

TEST(Except, AnExceptionElsewhereSplitsNothing) {
    const Tree tree;
    tree.file("d/x");
    tree.file("e/y");
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("d")), {tree.at("e/y")})}));
    ASSERT_TRUE(resolved);
    EXPECT_EQ(granted(*resolved, tree), Paths{"d"});
}

TEST(Except, BracesAndSeveralExceptions) {
    const Tree tree;
    fillHome(tree);
    tree.file("home/a/.gnupg/k");
    tree.file("home/b/.aws/k");
    const auto resolved = resolveOnly(
        policyOf({except(beneath(tree.at("home")), {tree.at("home/*/.{ssh,gnupg}"), tree.at("home/b/.aws")})}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"home/a/.bashrc", "home/a/doc", "home/b/.bashrc", "home/note"}));
}

TEST(Except, GovernsEachItemByItem) {
    const Tree tree;
    fillHome(tree);
    const auto resolved = resolveOnly(
        policyOf({except(grant(PathKind::kEach, tree.at("home/[ab]")), {tree.at("home/*/.ssh"), tree.at("home/b")})}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"home/a/.bashrc", "home/a/doc"}));
}

TEST(Except, WhollyExceptedIsAnError) {
    const Tree tree;
    fillHome(tree);
    for (const char* exception : {"home", "home/a"}) {
        const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("home/a")), {tree.at(exception)})}));
        ASSERT_FALSE(resolved);
        EXPECT_NE(resolved.error().message.find("an exception covers all of it"), std::string::npos);
    }
}

TEST(Except, ASymlinkedExceptionExceptsItsTarget) {
    const Tree tree;
    fillHome(tree);
    tree.file("home/a/keys/k");
    tree.link("home/b/.ssh", "../a/keys");
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("home")), {tree.at("home/*/.ssh")})}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"home/a/.bashrc", "home/a/doc", "home/b/.bashrc", "home/note"}));
}

TEST(Except, AFileInThePlaceOfANamedDirectoryIsExcepted) {
    const Tree tree;
    tree.file("p/.git");
    tree.file("p/src/x");
    tree.file("q/.git/hooks/x");
    tree.file("q/.git/objects/x");
    tree.file("q/x");
    const auto linked = resolveOnly(policyOf({except(beneath(tree.at("p")), {tree.at("p/.git/hooks/deep")})}));
    ASSERT_TRUE(linked) << linked.error().message;
    EXPECT_EQ(granted(*linked, tree), Paths{"p/src"});
    EXPECT_TRUE(has(linked->notes, tree.at("p/.git") + ": no directory, so excepted itself"));
    // A directory isn't, nor is a file where a wildcard could be a directory.
    const auto plain = resolveOnly(policyOf({except(beneath(tree.at("q")), {tree.at("q/.git/hooks")})}));
    ASSERT_TRUE(plain) << plain.error().message;
    EXPECT_EQ(granted(*plain, tree), (Paths{"q/.git/objects", "q/x"}));
    const auto wild = resolveOnly(policyOf({except(beneath(tree.at("q")), {tree.at("q/*/hooks")})}));
    ASSERT_TRUE(wild) << wild.error().message;
    EXPECT_EQ(granted(*wild, tree), (Paths{"q/.git/objects", "q/x"}));
    // What another grant gives all the same is an error, as with every exception.
    const auto both = resolveOnly(policyOf(
        {except(beneath(tree.at("p")), {tree.at("p/.git/hooks")}), grant(PathKind::kFile, tree.at("p/.git"))}));
    EXPECT_FALSE(both);
}

TEST(Except, WorksThroughASymlinkedWay) {
    const Tree tree;
    fillHome(tree);
    tree.link("users", "home");
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("home")), {tree.at("users/*/.ssh")})}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"home/a/.bashrc", "home/a/doc", "home/b/.bashrc", "home/note"}));
    const auto other = resolveOnly(policyOf({except(beneath(tree.at("users")), {tree.at("home/*/.ssh")})}));
    ASSERT_TRUE(other) << other.error().message;
    EXPECT_EQ(granted(*other, tree), granted(*resolved, tree));
}

TEST(Except, AStrangersSymlinkExceptsOnlyWhatIsHis) {
    if (!isRoot()) {
        GTEST_SKIP() << "giving files away needs root";
    }
    const Tree tree;
    tree.file("home/a/keys/k");
    tree.file("home/a/x");
    tree.file("home/b/x");
    tree.link("home/a/.ssh", "keys");
    tree.link("home/b/.ssh", tree.at("home/a")); // b would rather have all of a's taken away
    for (const char* path : {"home/a", "home/a/keys", "home/a/x", "home/a/.ssh"}) {
        ASSERT_EQ(::lchown(tree.at(path).c_str(), kAlice, kAlice), 0);
    }
    for (const char* path : {"home/b", "home/b/x", "home/b/.ssh"}) {
        ASSERT_EQ(::lchown(tree.at(path).c_str(), kBob, kBob), 0);
    }
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("home")), {tree.at("home/*/.ssh")})}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"home/a/x", "home/b/x"}));
    EXPECT_TRUE(has(resolved->notes, "what it leads to is not excepted"));
}

TEST(Except, ASymlinkInTheTreeIsNoWayBackIn) {
    const Tree tree;
    fillHome(tree);
    tree.link("home/b/mine", "../a/.ssh");
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("home")), {tree.at("home/*/.ssh")})}));
    ASSERT_TRUE(resolved);
    EXPECT_FALSE(granted(*resolved, tree).contains("home/a/.ssh"));
    EXPECT_FALSE(granted(*resolved, tree).contains("home/b/mine"));
}

TEST(Except, OtherGrantsMustNotCoverIt) {
    const Tree tree;
    fillHome(tree);
    tree.link("alias", "home/a/.ssh");
    const auto carved = except(beneath(tree.at("home")), {tree.at("home/*/.ssh")});
    for (const auto& other : {beneath(tree.at("home/a")), beneath(tree.at("home/a/.ssh")), beneath(tree.at("")),
                              beneath(tree.at("alias")), grant(PathKind::kEach, tree.at("home/a/*"))}) {
        const auto resolved = resolveOnly(policyOf({carved, other}));
        ASSERT_FALSE(resolved) << other.path[0].text;
        EXPECT_NE(resolved.error().message.find(tree.at("home/a/.ssh") + ": excepted, but web.ll:7 grants"),
                  std::string::npos)
            << resolved.error().message;
    }
    EXPECT_TRUE(resolveOnly(policyOf({carved, beneath(tree.at("home/b"))})));
}

TEST(Except, DoubleStarIsRefused) {
    const auto resolved = resolveOnly(policyOf({except(beneath("/home"), {"/home/**/.ssh"})}));
    ASSERT_FALSE(resolved);
    EXPECT_NE(resolved.error().message.find("'**' is not possible"), std::string::npos);
}

TEST(Except, HasABound) {
    const Tree tree;
    for (int i = 0; i < 21; ++i) {
        tree.file("d/" + std::to_string(i));
    }
    const auto policy = policyOf({except(beneath(tree.at("d")), {tree.at("d/x")})});
    ResolveOptions options;
    const std::size_t before = openFds();
    options.max_inodes = 21; // 21 files, and the split directory
    const auto resolved = resolveOnly(policy, options);
    ASSERT_FALSE(resolved);
    EXPECT_NE(resolved.error().message.find("more than 2"), std::string::npos) << resolved.error().message;
    EXPECT_EQ(openFds(), before);
    options.max_inodes = 22;
    EXPECT_TRUE(resolveOnly(policy, options));
}

TEST(Except, TenThousandInodesAreHeldAndGivenBack) {
    const Tree tree;
    tree.dir("d");
    for (int i = 0; i < 9998; ++i) {
        tree.file("d/" + std::to_string(i));
    }
    const FdLimit limit = FdLimit::raise();
    const std::size_t before = openFds();
    {
        const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("d")), {tree.at("d/7")})}));
        ASSERT_TRUE(resolved) << resolved.error().message;
        EXPECT_EQ(resolved->paths.size(), 9997U);
    }
    EXPECT_EQ(openFds(), before);
    limit.restore();
    const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("d")), {tree.at("d/7")})}));
    if (::sysconf(_SC_OPEN_MAX) < 9000) { // the usual soft limit is 1,024
        ASSERT_FALSE(resolved);
        EXPECT_NE(resolved.error().message.find("raise the limit (ulimit -n)"), std::string::npos);
    }
    EXPECT_EQ(openFds(), before + (resolved ? 9997 : 0));
}

/// Runs `body` as root in a mount namespace of its own, where mounts vanish with it.
template <typename Body> void inMountNamespace(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
            ::_exit(77);
        }
        body();
        ::_exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        GTEST_SKIP() << "no mount namespace here";
    }
    EXPECT_EQ(WEXITSTATUS(status), 0) << "see the output above";
}

TEST(Except, BindMountsShowTheSameExceptionTwice) {
    const Tree tree;
    fillHome(tree);
    tree.dir("mnt/b");
    tree.dir("mnt/keys");
    tree.dir("mnt/new");
    tree.file("mnt/other/x");
    inMountNamespace([&] {
        const auto bind = [&](const char* from, const char* to) {
            ASSERT_EQ(::mount(tree.at(from).c_str(), tree.at(to).c_str(), nullptr, MS_BIND, nullptr), 0);
        };
        bind("home/a", "mnt/b");         // holds an exception
        bind("home/a/.ssh", "mnt/keys"); // is one
        bind("home/b", "mnt/new");       // could hold one
        const auto resolved = resolveOnly(policyOf({except(beneath(tree.at("")), {tree.at("home/*/.ssh")})}));
        ASSERT_TRUE(resolved) << resolved.error().message;
        const Paths paths = granted(*resolved, tree);
        EXPECT_TRUE(paths.contains("mnt/other"));
        for (const char* covered : {"mnt", "mnt/b", "mnt/b/.ssh", "mnt/keys", "mnt/new", "home", "home/a/.ssh"}) {
            EXPECT_FALSE(paths.contains(covered)) << covered;
        }
        // A grant that is the mount point itself covers what is excepted under the other name.
        const auto other = resolveOnly(
            policyOf({except(beneath(tree.at("home")), {tree.at("home/*/.ssh")}), beneath(tree.at("mnt"))}));
        ASSERT_FALSE(other);
        EXPECT_NE(other.error().message.find("excepted, but"), std::string::npos) << other.error().message;
    });
}

TEST(Mounts, AreReadByTheirFields) {
    const auto mounts = parseMounts("36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw\n"
                                    "37 35 98:0 / /\\134x rw - ext3 /dev/root rw\n");
    ASSERT_TRUE(mounts);
    EXPECT_EQ((*mounts)[0].point, "/mnt 2");
    EXPECT_EQ((*mounts)[0].root, "/mnt1");
    EXPECT_EQ((*mounts)[1].point, "/\\x");
    EXPECT_EQ((*mounts)[1].id, 37U);
    EXPECT_EQ((*mounts)[1].type, "ext3");
    EXPECT_FALSE((*mounts)[1].server);
    for (const char* line : {"36 35 98:0 /mnt1", "x 35 98:0 / / rw - ext4 a rw", "", "36 35 98:0 / / rw",
                             "36 35 98:0 / / rw -", "36 35 98:0 / / rw shared:1", "36  98:0 / / rw"}) {
        EXPECT_FALSE(parseMounts(std::string(line) + "\n")) << line;
    }
    EXPECT_TRUE(parseMounts("")->empty());
}

TEST(Mounts, AFileSystemIsAsTrustedAsWhoRunsIt) {
    const auto mounts = parseMounts("1 0 0:1 / / rw - fuse.sshfs a@b: rw,user_id=4242,group_id=0,allow_other\n"
                                    "2 0 0:2 / / rw shared:1 master:2 - fuse x rw,user_id=0,group_id=0\n"
                                    "3 0 0:3 / / rw - virtiofs x rw\n"
                                    "4 0 0:4 / / rw - fuse.odd x rw\n"
                                    "5 0 0:5 / / rw - fuse.odd x rw,user_id=0x\n");
    ASSERT_TRUE(mounts) << mounts.error().message;
    EXPECT_EQ(distrustServer(*mounts, 1, 0), "uid 4242 runs the file system at /");
    EXPECT_EQ(distrustServer(*mounts, 1, kAlice), std::nullopt);
    EXPECT_EQ(distrustServer(*mounts, 2, kAlice), std::nullopt);
    EXPECT_EQ(distrustServer(*mounts, 3, 0), std::nullopt);
    for (const std::uint64_t unknown : {4, 5, 6}) {
        EXPECT_TRUE(distrustServer(*mounts, unknown, 0)) << unknown;
    }
}

TEST(Mounts, AliasesAreFoundBothWays) {
    const std::vector<Mount> mounts = {{1, "8:1", "/", "/", "", {}},
                                       {2, "8:1", "/home/a", "/mnt/a", "", {}},
                                       {3, "8:1", "/home/a/x/y", "/y", "", {}},
                                       {4, "8:2", "/home", "/other", "", {}},
                                       {5, "8:1", "/homes", "/homes2", "", {}}};
    using Found = std::vector<std::string>;
    EXPECT_EQ(aliases(mounts, 1, "/home/a/x"), (Found{"/mnt/a/x", "/y"}));
    EXPECT_EQ(aliases(mounts, 2, "/mnt/a/x"), (Found{"/home/a/x", "/y"}));
    EXPECT_EQ(aliases(mounts, 4, "/other/z"), Found{});
    EXPECT_EQ(aliases(mounts, 9, "/home"), Found{});
}

} // namespace
} // namespace landlatch::landlock
