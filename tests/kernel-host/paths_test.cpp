// SPDX-License-Identifier: Apache-2.0
// What loading makes of real trees, seen by a confined program: exceptions, each, replaced and renamed files, mounts,
// ports, layers, and ruleset fds that an attacker got hold of.
#include "tests/kernel-host/confined.h"

#include <arpa/inet.h>
#include <sys/mount.h>
#include <sys/socket.h>

namespace landlatch::landlock {
namespace {

using object::PathKind;

class LoadedPaths : public testing::Test {
protected:
    void SetUp() override {
        if (kernelAbi() < 3) {
            GTEST_SKIP() << "needs Landlock ABI 3, this kernel has " << kernelAbi();
        }
    }

    /// Keeps what a policy grants now; op runs under a fresh ruleset of it each time.
    class Loaded {
    public:
        explicit Loaded(object::Policy policy) : policy_(std::move(policy)), resolved_(resolveOnly(policy_)) {
            EXPECT_TRUE(resolved_) << resolved_.error().message;
        }
        [[nodiscard]] UniqueFd ruleset() const {
            SystemKernel kernel;
            auto fd = build(kernel, policy_, *resolved_, kernelAbi());
            EXPECT_TRUE(fd);
            return *std::move(fd);
        }
        [[nodiscard]] int run(const std::vector<std::string>& arguments) const {
            const UniqueFd fd = ruleset();
            return runUnder(std::vector<int>{fd.get()}, arguments, ::geteuid());
        }

    private:
        object::Policy policy_;
        Result<ResolvedRuleset> resolved_;
    };
};

constexpr std::uint64_t kEverything = kAllFs7;

object::PathGrant homeExceptSsh(const Tree& tree) {
    return except(beneath(tree.at("home"), kEverything), {tree.at("home/*/.ssh")});
}

TEST_F(LoadedPaths, AnExceptionIsDeniedAndItsSiblingsAreNot) {
    const Tree tree;
    tree.file("home/a/.ssh/id");
    tree.file("home/a/doc/x");
    tree.file("home/a/.bashrc");
    tree.file("home/b/y");
    const Loaded loaded(policyFor({homeExceptSsh(tree)}));
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/a/doc/x")}), 0);
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/a/.bashrc")}), 0);
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/b/y")}), 0);
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/a/.ssh/id")}), EACCES);
    EXPECT_EQ(loaded.run({"read_dir", tree.at("home/a/.ssh")}), EACCES);
    // Split directories have no rights of their own.
    EXPECT_EQ(loaded.run({"read_dir", tree.at("home")}), EACCES);
    EXPECT_EQ(loaded.run({"make_reg", tree.at("home/a/new")}), EACCES);
    // Neither a link nor a rename takes the exception out.
    EXPECT_EQ(loaded.run({"link", tree.at("home/a/.ssh/id"), tree.at("home/a/doc/id")}), EXDEV);
    EXPECT_EQ(loaded.run({"refer", tree.at("home/a/.ssh"), tree.at("home/a/doc/ssh")}), EACCES);
}

TEST_F(LoadedPaths, AnExceptionMadeAfterLoadingIsDenied) {
    const Tree tree;
    tree.file("home/a/x");
    const Loaded loaded(policyFor({homeExceptSsh(tree)}));
    tree.file("home/a/.ssh/id");
    tree.file("home/new/.ssh/id"); // a home that came later
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/a/.ssh/id")}), EACCES);
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/new/.ssh/id")}), EACCES);
    // The limit that goes with it: nothing else that came later in a split directory is granted either.
    tree.file("home/a/later");
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/a/later")}), EACCES);
}

TEST_F(LoadedPaths, ASymlinkIsNoWayToAnException) {
    const Tree tree;
    tree.file("home/a/.ssh/id");
    tree.file("home/a/doc/x");
    tree.link("home/a/doc/link", "../.ssh/id");
    const Loaded loaded(policyFor({homeExceptSsh(tree)}));
    EXPECT_EQ(loaded.run({"read_file", tree.at("home/a/doc/link")}), EACCES);
}

TEST_F(LoadedPaths, EachIsWhatMatchedWhenItWasLoaded) {
    const Tree tree;
    tree.file("pts/0");
    tree.file("pts/x");
    const Loaded loaded(policyFor({grant(PathKind::kEach, tree.at("pts/[0-9]*"), kReadFile)}));
    tree.file("pts/1");
    EXPECT_EQ(loaded.run({"read_file", tree.at("pts/0")}), 0);
    EXPECT_EQ(loaded.run({"read_file", tree.at("pts/x")}), EACCES);
    EXPECT_EQ(loaded.run({"read_file", tree.at("pts/1")}), EACCES);
}

TEST_F(LoadedPaths, AnOptionalPathThatComesLaterIsNotGranted) {
    const Tree tree;
    const Loaded loaded(policyFor({optional(beneath(tree.at("late"), kRead))}));
    tree.file("late/x");
    EXPECT_EQ(loaded.run({"read_file", tree.at("late/x")}), EACCES);
}

TEST_F(LoadedPaths, AReplacedFileLosesItsRuleAndADirectoryKeepsIts) {
    const Tree tree;
    tree.file("f");
    tree.file("d/f");
    const Loaded loaded(policyFor({grant(PathKind::kFile, tree.at("f"), kReadFile), beneath(tree.at("d"), kReadFile)}));
    EXPECT_EQ(loaded.run({"read_file", tree.at("f")}), 0);
    std::filesystem::rename(tree.at("f"), tree.at("old"));
    tree.file("f"); // as an editor saves
    EXPECT_EQ(loaded.run({"read_file", tree.at("f")}), EACCES);
    EXPECT_EQ(loaded.run({"read_file", tree.at("old")}), 0) << "the right goes with the inode";
    std::filesystem::rename(tree.at("d"), tree.at("moved"));
    tree.file("moved/g");
    EXPECT_EQ(loaded.run({"read_file", tree.at("moved/g")}), 0) << "a renamed directory keeps its rule";
    tree.file("d/f");
    EXPECT_EQ(loaded.run({"read_file", tree.at("d/f")}), EACCES) << "another directory of that name has none";
}

TEST_F(LoadedPaths, APlantedSymlinkGrantsNothing) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "giving a directory away needs root";
    }
    const Tree tree;
    tree.dir("drop", 0777);
    ASSERT_EQ(::chown(tree.at("drop").c_str(), kNobody, kNobody), 0);
    tree.link("drop/data", "/etc");
    const auto required = resolveOnly(policyFor({beneath(tree.at("drop/data"))}));
    ASSERT_FALSE(required);
    EXPECT_NE(required.error().message.find("someone else could plant"), std::string::npos);
    // Through the directory itself the link leads nowhere: /etc has no rule.
    const Loaded loaded(policyFor({beneath(tree.at("drop"))}));
    EXPECT_EQ(loaded.run({"read_file", tree.at("drop/data/hostname")}), EACCES);
}

TEST_F(LoadedPaths, ABindMountIsTheSameInode) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "mounting needs root";
    }
    const Tree tree;
    tree.file("home/a/.ssh/id");
    tree.file("home/a/x");
    tree.dir("mnt/b");
    tree.file("mnt/other");
    const pid_t child = ::fork();
    if (child == 0) {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
            ::_exit(77);
        }
        EXPECT_EQ(::mount(tree.at("home/a").c_str(), tree.at("mnt/b").c_str(), nullptr, MS_BIND, nullptr), 0);
        const Loaded plain(policyFor({beneath(tree.at("mnt"), kRead)}));
        EXPECT_EQ(plain.run({"read_file", tree.at("mnt/b/x")}), 0) << "beneath goes through mounts";
        EXPECT_EQ(plain.run({"read_file", tree.at("home/a/x")}), EACCES) << "and not back";
        const Loaded carved(policyFor({except(beneath(tree.at(""), kRead), {tree.at("home/*/.ssh")})}));
        EXPECT_EQ(carved.run({"read_file", tree.at("mnt/other")}), 0);
        EXPECT_EQ(carved.run({"read_file", tree.at("mnt/b/x")}), 0);
        EXPECT_EQ(carved.run({"read_file", tree.at("mnt/b/.ssh/id")}), EACCES) << "excepted under its other name too";
        EXPECT_EQ(carved.run({"read_file", tree.at("home/a/.ssh/id")}), EACCES);
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

TEST_F(LoadedPaths, PathsInTargetAreThoseOfItsRoot) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "chroot needs root";
    }
    const Tree tree;
    tree.file("jail/data/x");
    tree.file("data/x");
    std::filesystem::copy_file(LANDLATCH_OP, tree.at("jail/op"));
    const UniqueFd root(::open(tree.at("jail").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    ResolveOptions options;
    options.root = root.get();
    object::Policy policy = policyFor({beneath("/data", kRead), grant(PathKind::kFile, "/op", kReadFile | kExecute)});
    policy.rulesets[0].paths.erase(policy.rulesets[0].paths.end() - 1); // op of the host is not in there
    const auto resolved = resolveOnly(policy, options);
    ASSERT_TRUE(resolved) << resolved.error().message;
    SystemKernel kernel;
    const auto fd = build(kernel, policy, *resolved, kernelAbi());
    ASSERT_TRUE(fd);
    const auto run = [&](const char* path) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            if (::chroot(tree.at("jail").c_str()) != 0 || ::chdir("/") != 0 || kernel.restrictSelf(fd->get(), 0) != 0) {
                ::_exit(kHarnessFailed);
            }
            ::execl("/op", "op", "read_file", path, nullptr);
            ::_exit(kHarnessFailed);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    };
    EXPECT_EQ(run("/data/x"), 0);
    EXPECT_EQ(run("/op"), 0);
    EXPECT_EQ(run("/data/../gone"), ENOENT);
    EXPECT_EQ(run("/data"), EISDIR);
}

// --- ruleset fds ---

TEST_F(LoadedPaths, ARuleAddedToAStolenRulesetHoldsForThatOneOnly) {
    const Tree tree;
    tree.file("secret/x");
    tree.file("open/x");
    const Loaded loaded(policyFor({beneath(tree.at("open"), kRead)}));
    const UniqueFd stolen = loaded.ruleset();
    const UniqueFd slash(::open("/", O_PATH | O_CLOEXEC));
    SystemKernel kernel;
    ASSERT_EQ(kernel.addPath(stolen.get(), {kRead, slash.get()}, 0), 0);
    EXPECT_EQ(runUnder(std::vector<int>{stolen.get()}, {"read_file", tree.at("secret/x")}, ::geteuid()), 0)
        << "that is what an attacker gains by a shared ruleset";
    EXPECT_EQ(loaded.run({"read_file", tree.at("secret/x")}), EACCES) << "the next application is fresh";
}

// --- layers ---

TEST_F(LoadedPaths, SixteenLayersAndNoMore) {
    const Tree tree;
    tree.file("d/x");
    const Loaded loaded(policyFor({beneath(tree.at("d"), kRead)}));
    const UniqueFd fd = loaded.ruleset();
    EXPECT_EQ(runUnder(std::vector<int>(16, fd.get()), {"read_file", tree.at("d/x")}, ::geteuid()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        SystemKernel kernel;
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        int layers = 0;
        int result = 0;
        while (result == 0 && layers < 40) {
            result = kernel.restrictSelf(fd.get(), 0);
            layers += result == 0 ? 1 : 0;
        }
        ::_exit(layers == 16 && result == -E2BIG ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(LoadedPaths, EveryLayerMustAllow) {
    const Tree tree;
    tree.file("a/x");
    tree.file("b/x");
    tree.file("c/x");
    const Loaded first(policyFor({beneath(tree.at("a"), kRead), beneath(tree.at("b"), kRead)}));
    const Loaded second(policyFor({beneath(tree.at("b"), kRead), beneath(tree.at("c"), kRead)}));
    const UniqueFd one = first.ruleset();
    const UniqueFd two = second.ruleset();
    const std::vector<int> both = {one.get(), two.get()};
    EXPECT_EQ(runUnder(both, {"read_file", tree.at("a/x")}, ::geteuid()), EACCES);
    EXPECT_EQ(runUnder(both, {"read_file", tree.at("b/x")}, ::geteuid()), 0);
    EXPECT_EQ(runUnder(both, {"read_file", tree.at("c/x")}, ::geteuid()), EACCES);
}

TEST_F(LoadedPaths, WithoutNnpAndPrivilegeTheKernelRefuses) {
    const Loaded loaded(policyFor({}));
    const UniqueFd fd = loaded.ruleset();
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0)) {
            ::_exit(2);
        }
        SystemKernel kernel;
        ::_exit(kernel.restrictSelf(fd.get(), 0) == -EPERM ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(LoadedPaths, LogFlagsAreTakenWhereTheAbiHasThem) {
    if (kernelAbi() < 7) {
        GTEST_SKIP() << "log flags need Landlock ABI 7, this kernel has " << kernelAbi();
    }
    const Loaded loaded(policyFor({}));
    const UniqueFd fd = loaded.ruleset();
    for (std::uint32_t flags = 0; flags <= 8; ++flags) {
        const pid_t child = ::fork();
        if (child == 0) {
            SystemKernel kernel;
            ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            object::Ruleset ruleset;
            ruleset.log_flags = flags;
            ::_exit(kernel.restrictSelf(fd.get(), restrictFlags(ruleset, kernelAbi())) == 0 ? 0 : 1);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << flags;
    }
}

// --- ports ---

class PortsTest : public LoadedPaths {
protected:
    void SetUp() override {
        if (kernelAbi() < 4) {
            GTEST_SKIP() << "ports need Landlock ABI 4, this kernel has " << kernelAbi();
        }
    }
    static object::Policy bindTo(std::uint16_t first, std::uint16_t last) {
        object::Policy policy = policyFor({});
        policy.rulesets[0].ports.push_back({.access = 1, .ports = object::PortRange{first, last}});
        return policy;
    }
    /// First of `count` ports in a row that can be bound now, off the ephemeral range.
    static std::uint16_t freeRange(std::uint16_t count) {
        for (std::uint16_t first = 20'000; first < 30'000; first = static_cast<std::uint16_t>(first + count)) {
            bool all = true;
            for (std::uint16_t port = first; all && port < first + count; ++port) {
                all = runUnder(std::vector<int>{}, {"tcp bind", std::to_string(port)}, ::geteuid()) == 0;
            }
            if (all) {
                return first;
            }
        }
        ADD_FAILURE() << "no free ports";
        return 0;
    }
};

TEST_F(PortsTest, ARangeEndsWhereItSays) {
    const std::uint16_t first = freeRange(5);
    const Loaded loaded(bindTo(static_cast<std::uint16_t>(first + 1), static_cast<std::uint16_t>(first + 3)));
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(loaded.run({"tcp bind", std::to_string(first + i)}), i >= 1 && i <= 3 ? 0 : EACCES) << i;
    }
}

TEST_F(PortsTest, PortZeroIsTheEphemeralRangeAndNothingElse) {
    const std::string other = std::to_string(freeRange(1));
    const Loaded zero(bindTo(0, 0));
    EXPECT_EQ(zero.run({"tcp bind", "0"}), 0);
    EXPECT_EQ(zero.run({"tcp bind", other}), EACCES);
    const Loaded rest(bindTo(1, 65'535));
    EXPECT_EQ(rest.run({"tcp bind", "0"}), EACCES);
    EXPECT_EQ(rest.run({"tcp bind", other}), 0);
}

TEST_F(PortsTest, AllPortsCanBeGranted) {
    const Loaded loaded(bindTo(0, 65'535));
    EXPECT_EQ(loaded.run({"tcp bind", "0"}), 0);
    EXPECT_EQ(loaded.run({"tcp connect", "1"}), EACCES) << "connecting is another right";
}

} // namespace
} // namespace landlatch::landlock
