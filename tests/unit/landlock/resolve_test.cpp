// SPDX-License-Identifier: Apache-2.0
// Paths of a ruleset on a real tree: kinds, options, symlinks, attacks.
#include "tests/unit/landlock/tree.h"

namespace landlatch::landlock {
namespace {

using object::PathKind;

/// Somebody who is neither root nor the caller.
constexpr uid_t kStranger = 4242;

bool isRoot() { return ::geteuid() == 0; }

TEST(Resolve, ListsAllMissingPathsOfAllRulesets) {
    const Tree tree;
    object::Policy policy = policyOf({beneath(tree.at("gone")), beneath(tree.at("also/gone"))});
    object::Policy other = policyOf({grant(PathKind::kFile, tree.at("third"))});
    other.rulesets[0].name = "db";
    policy.rulesets.push_back(other.rulesets[0]);
    auto params = ParamValues::make(policy, {}, {});
    ASSERT_TRUE(params);
    const std::size_t before = openFds();
    const auto all = resolveAll(policy, *params, {});
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().message, "3 paths of the policy cannot be used\n  " + tree.at("gone") +
                                       ": No such file or directory (ruleset web, web.ll:7)\n  " + tree.at("also") +
                                       ": No such file or directory (ruleset web, web.ll:7)\n  " + tree.at("third") +
                                       ": No such file or directory (ruleset db, web.ll:7)");
    EXPECT_EQ(openFds(), before);
}

TEST(Resolve, InTargetRulesetsAreLeftForLater) {
    object::Policy policy = policyOf({beneath("/does/not/exist")});
    policy.rulesets[0].in_target = true;
    auto params = ParamValues::make(policy, {}, {});
    ASSERT_TRUE(params);
    const auto all = resolveAll(policy, *params, {});
    ASSERT_TRUE(all);
    EXPECT_TRUE((*all)[0].in_target);
    EXPECT_TRUE((*all)[0].paths.empty());
}

TEST(Resolve, PathsStartAtTheGivenRootAndNeverLeaveIt) {
    const Tree tree;
    tree.file("jail/etc/x");
    tree.dir("outside");
    tree.link("jail/up", "../../outside");
    tree.link("jail/abs", "/etc");
    const UniqueFd root(::open(tree.at("jail").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    ResolveOptions options;
    options.root = root.get();
    const auto inside = resolveOnly(policyOf({beneath("/abs")}), options);
    ASSERT_TRUE(inside) << inside.error().message;
    EXPECT_EQ(inside->paths[0].path, "/etc");
    struct stat want = {};
    struct stat got = {};
    ASSERT_EQ(::stat(tree.at("jail/etc").c_str(), &want), 0);
    ASSERT_EQ(::fstat(inside->paths[0].fd.get(), &got), 0);
    EXPECT_EQ(got.st_ino, want.st_ino);
    const auto up = resolveOnly(policyOf({beneath("/up")}), options);
    ASSERT_FALSE(up); // "../.." stops at the root, where there is no "outside"
    EXPECT_NE(up.error().message.find("/outside: No such file"), std::string::npos) << up.error().message;
}

TEST(Resolve, KindsAreCheckedOnTheFd) {
    const Tree tree;
    tree.file("f");
    tree.dir("d");
    const auto file = resolveOnly(policyOf({beneath(tree.at("f"))}));
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().message.find("not a directory"), std::string::npos);
    const auto dir = resolveOnly(policyOf({grant(PathKind::kFile, tree.at("d"))}));
    ASSERT_FALSE(dir);
    EXPECT_NE(dir.error().message.find("a directory; write beneath"), std::string::npos);
    // Being optional excuses absence, not the wrong kind.
    EXPECT_FALSE(resolveOnly(policyOf({optional(beneath(tree.at("f")))})));
}

TEST(Resolve, FilesGetFileRightsOnly) {
    const Tree tree;
    tree.file("f");
    const auto resolved = resolveOnly(policyOf({grant(PathKind::kFile, tree.at("f"), kRead)}));
    ASSERT_TRUE(resolved);
    EXPECT_EQ(resolved->paths[0].access, kReadFile);
    EXPECT_FALSE(resolved->paths[0].directory);
}

TEST(Resolve, OneInodeIsOneRule) {
    const Tree tree;
    tree.dir("d");
    tree.link("l", "d");
    const auto resolved = resolveOnly(policyOf({beneath(tree.at("d"), kReadFile), beneath(tree.at("l"), kReadDir)}));
    ASSERT_TRUE(resolved);
    ASSERT_EQ(resolved->paths.size(), 1U);
    EXPECT_EQ(resolved->paths[0].access, kRead);
    EXPECT_EQ(::fcntl(resolved->paths[0].fd.get(), F_GETFD), FD_CLOEXEC);
}

TEST(Resolve, OptionalPathsMayBeAbsent) {
    const Tree tree;
    tree.file("f");
    const auto resolved =
        resolveOnly(policyOf({optional(beneath(tree.at("gone"))), optional(beneath(tree.at("f/x")))}));
    ASSERT_TRUE(resolved);
    EXPECT_TRUE(resolved->paths.empty());
    EXPECT_TRUE(has(resolved->notes, "optional " + tree.at("gone")));
}

TEST(Resolve, ParamsAreLiteral) {
    const Tree tree;
    tree.file("a*b/x");
    tree.file("aXb/x");
    object::Policy policy = policyOf({});
    policy.params.push_back({.name = "p", .type = object::ParamType::kPath, .default_path = tree.at("a*b")});
    object::PathGrant each = grant(PathKind::kEach, "");
    each.path = {{0, ""}, {std::nullopt, "/*"}};
    object::PathGrant plain = beneath("");
    plain.path = {{0, ""}};
    policy.rulesets[0].paths = {each, plain};
    const auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"a*b", "a*b/x"}));
}

TEST(Resolve, ARootParamBringsNoSecondSlash) {
    object::Policy policy = policyOf({});
    policy.params.push_back({.name = "p", .type = object::ParamType::kPath});
    object::PathGrant below = beneath("");
    below.path = {{0, ""}, {std::nullopt, "/etc"}};
    object::PathGrant itself = beneath("");
    itself.path = {{0, ""}};
    policy.rulesets[0].paths = {below, itself};
    const auto params =
        ParamValues::make(policy, std::vector<std::string>{"p=/"}, {.environment = {}, .allow_root = true});
    ASSERT_TRUE(params);
    const auto resolved = resolve(policy, 0, *params, {});
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(resolved->paths[0].path, "/etc");
    EXPECT_EQ(resolved->paths[1].path, "/");
}

TEST(Resolve, AHostileObjectCannotClimb) {
    EXPECT_FALSE(resolveOnly(policyOf({beneath("/usr/../etc")})));
    EXPECT_FALSE(resolveOnly(policyOf({beneath("etc")})));
    EXPECT_FALSE(resolveOnly(policyOf({beneath("")})));
    EXPECT_FALSE(resolveOnly(policyOf({grant(PathKind::kEach, "/usr/../etc/*")})));
    EXPECT_FALSE(resolveOnly(policyOf({grant(PathKind::kEach, "etc/*")})));
    EXPECT_FALSE(resolveOnly(policyOf({grant(PathKind::kEach, "/usr/[")})));
}

// --- symlinks ---

TEST(Symlinks, AreFollowedInOurOwnDirectoriesAndReported) {
    const Tree tree;
    tree.dir("usr/lib");
    tree.link("lib", "usr/lib");
    tree.link("twice", "lib");
    const auto resolved = resolveOnly(policyOf({beneath(tree.at("twice"))}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), Paths{"usr/lib"});
    EXPECT_TRUE(has(resolved->notes, tree.at("lib") + " -> usr/lib"));
    EXPECT_TRUE(has(resolved->notes, tree.at("twice") + " -> lib"));
}

TEST(Resolve, NamesThatPeopleChoseAreHarmlessToShow) {
    const Tree tree;
    tree.dir("d/\xff\x1b[2J\nfine: all granted/x");
    tree.link("l", "d/./\xff\x1b[2J\nfine: all granted");
    const auto carved =
        resolveOnly(policyOf({except(beneath(tree.at("d")), {tree.at("d/*/x")}), beneath(tree.at("l"))}));
    ASSERT_FALSE(carved);
    EXPECT_NE(carved.error().message.find("d/\\xff\\x1b[2J\\x0afine: all granted/x: excepted"), std::string::npos)
        << carved.error().message;
    const auto linked =
        resolveOnly(policyOf({except(beneath(tree.at("d")), {tree.at("d/*/y")}), beneath(tree.at("l/x"))}));
    ASSERT_TRUE(linked) << linked.error().message;
    EXPECT_TRUE(has(linked->notes, "l -> d/./\\xff\\x1b[2J\\x0afine: all granted"));
    EXPECT_TRUE(has(linked->notes, "d/\\xff\\x1b[2J\\x0afine: all granted: split"));
}

TEST(Symlinks, LoopsEnd) {
    const Tree tree;
    tree.link("a", "b");
    tree.link("b", "a");
    tree.link("self", "self/self");
    EXPECT_EQ(resolveOnly(policyOf({beneath(tree.at("a"))})).error().code, ENOENT);
    EXPECT_NE(resolveOnly(policyOf({beneath(tree.at("a"))})).error().message.find("symbolic links"), std::string::npos);
    EXPECT_FALSE(resolveOnly(policyOf({beneath(tree.at("self"))})));
    // Being optional does not excuse it.
    EXPECT_FALSE(resolveOnly(policyOf({optional(beneath(tree.at("a")))})));
}

struct PlantCase {
    const char* name;
    uid_t owner;
    gid_t group;
    mode_t mode;
    bool followed;
};
class Plant : public testing::TestWithParam<PlantCase> {};

TEST_P(Plant, ASymlinkIsFollowedOnlyWhereNobodyElseCanWrite) {
    if (!isRoot()) {
        GTEST_SKIP() << "giving directories away needs root";
    }
    const Tree tree;
    tree.dir("drop");
    tree.link("drop/data", "/etc");
    ASSERT_EQ(::chown(tree.at("drop").c_str(), GetParam().owner, GetParam().group), 0);
    ASSERT_EQ(::chmod(tree.at("drop").c_str(), GetParam().mode), 0);
    for (const std::string path : {"drop/data", "drop/data/ssl"}) { // as the last component and on the way
        const auto resolved = resolveOnly(policyOf({optional(beneath(tree.at(path)))}));
        EXPECT_EQ(static_cast<bool>(resolved), GetParam().followed) << path;
        if (!resolved) {
            EXPECT_NE(resolved.error().message.find("someone else could plant"), std::string::npos);
        }
    }
    const auto each = resolveOnly(policyOf({optional(grant(PathKind::kEach, tree.at("d*/data/host*")))}));
    EXPECT_EQ(static_cast<bool>(each), GetParam().followed) << "a literal on the way of each";
    const auto wild = resolveOnly(policyOf({optional(grant(PathKind::kEach, tree.at("d*/dat?/hostname")))}));
    ASSERT_TRUE(wild) << "a wildcard passes over what is planted";
    EXPECT_EQ(wild->paths.empty(), !GetParam().followed);
}

INSTANTIATE_TEST_SUITE_P(Owners, Plant,
                         testing::Values(PlantCase{"root", 0, 0, 0755, true},
                                         PlantCase{"root_group_root", 0, 0, 0775, true},
                                         PlantCase{"stranger", kStranger, 0, 0755, false},
                                         PlantCase{"stranger_readonly", kStranger, 0, 0555, false},
                                         PlantCase{"group", 0, kStranger, 0775, false},
                                         PlantCase{"group_cannot_write", 0, kStranger, 0755, true},
                                         PlantCase{"world", 0, 0, 0777, false},
                                         PlantCase{"sticky", 0, 0, 01777, false}),
                         [](const auto& one) { return one.param.name; });

TEST(Symlinks, TheCallersOwnAreTrusted) {
    if (!isRoot()) {
        GTEST_SKIP() << "giving directories away needs root";
    }
    const Tree tree;
    tree.dir("home");
    tree.link("home/data", "/etc");
    ASSERT_EQ(::chown(tree.at("home").c_str(), kStranger, kStranger), 0);
    ResolveOptions options;
    options.caller = kStranger;
    EXPECT_TRUE(resolveOnly(policyOf({beneath(tree.at("home/data"))}), options));
    options.caller = kStranger + 1;
    EXPECT_FALSE(resolveOnly(policyOf({beneath(tree.at("home/data"))}), options));
}

TEST(Symlinks, OfProcAreNotFollowed) {
    for (const char* path : {"/proc/self", "/proc/self/root", "/proc/mounts", "/dev/fd", "/dev/stdin"}) {
        struct stat status = {};
        if (::lstat(path, &status) != 0) {
            continue;
        }
        const auto resolved = resolveOnly(policyOf({optional(grant(PathKind::kFile, path))}));
        ASSERT_FALSE(resolved) << path;
        EXPECT_NE(resolved.error().message.find("speaks of the loader"), std::string::npos) << resolved.error().message;
    }
    EXPECT_TRUE(resolveOnly(policyOf({beneath("/proc")})));
}

TEST(Symlinks, SwappedWhileWeLookNeverLeadAstray) {
    // A directory of ours is replaced again and again by a symlink in a world-writable place: it is taken or refused,
    // and what is granted is never what the link leads to.
    const Tree tree;
    tree.dir("open", 0777);
    tree.dir("secret");
    tree.dir("open/real");
    tree.link("open/evil", tree.at("secret"));
    struct stat secret = {};
    ASSERT_EQ(::stat(tree.at("secret").c_str(), &secret), 0);
    const pid_t attacker = ::fork();
    if (attacker == 0) {
        while (true) {
            (void)::renameat2(AT_FDCWD, tree.at("open/real").c_str(), AT_FDCWD, tree.at("open/evil").c_str(),
                              RENAME_EXCHANGE);
        }
    }
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto resolved = resolveOnly(policyOf({beneath(tree.at("open/real"))}));
        if (!resolved) {
            ++refused;
            continue;
        }
        ++taken;
        struct stat got = {};
        ASSERT_EQ(::fstat(resolved->paths[0].fd.get(), &got), 0);
        EXPECT_NE(got.st_ino, secret.st_ino);
    }
    ::kill(attacker, SIGKILL);
    ::waitpid(attacker, nullptr, 0);
    EXPECT_EQ(taken + refused, 2000);
}

// --- each ---

TEST(Each, TakesWhatMatchesByItsKind) {
    const Tree tree;
    tree.file("pts/0");
    tree.file("pts/12");
    tree.file("pts/ptmx");
    tree.dir("pts/3");
    tree.link("pts/4", "/etc");
    const auto resolved = resolveOnly(policyOf({grant(PathKind::kEach, tree.at("pts/[0-9]*"))}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"pts/0", "pts/12", "pts/3"}));
    EXPECT_TRUE(has(resolved->notes, "pts/4: a symlink, which each does not follow"));
    for (const RetainedPath& path : resolved->paths) {
        EXPECT_EQ(path.access, path.directory ? kRead : kReadFile) << path.path;
    }
}

TEST(Each, BracesCrossComponents) {
    const Tree tree;
    tree.file("a/x/1");
    tree.file("b/1");
    tree.file("c/1");
    const auto resolved = resolveOnly(policyOf({grant(PathKind::kEach, tree.at("{a/x,b,gone}/?"))}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"a/x/1", "b/1"}));
}

TEST(Each, DoubleStarGoesDownAndFollowsNothing) {
    const Tree tree;
    tree.file("s/x.py");
    tree.file("s/a/b/y.py");
    tree.file("s/a/b/y.txt");
    tree.file("other/z.py");
    tree.link("s/a/out", tree.at("other"));
    tree.link("s/a/l.py", tree.at("other/z.py"));
    const auto resolved = resolveOnly(policyOf({grant(PathKind::kEach, tree.at("s/**.py"))}));
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_EQ(granted(*resolved, tree), (Paths{"s/x.py", "s/a/b/y.py"}));
}

TEST(Each, MatchingNothingIsAnErrorUnlessOptional) {
    const Tree tree;
    const auto resolved = resolveOnly(policyOf({grant(PathKind::kEach, tree.at("*"))}));
    ASSERT_FALSE(resolved);
    EXPECT_NE(resolved.error().message.find("nothing matches; where that is fine, write optional"), std::string::npos);
    EXPECT_TRUE(resolveOnly(policyOf({optional(grant(PathKind::kEach, tree.at("*")))})));
}

TEST(Each, HasABound) {
    const Tree tree;
    for (int i = 0; i < 21; ++i) {
        tree.file("d/" + std::to_string(i));
    }
    ResolveOptions options;
    options.max_inodes = 20;
    const std::size_t before = openFds();
    for (const char* pattern : {"d/*", "d/**"}) {
        const auto resolved = resolveOnly(policyOf({grant(PathKind::kEach, tree.at(pattern))}), options);
        ASSERT_FALSE(resolved) << pattern;
        EXPECT_NE(resolved.error().message.find("more than 2"), std::string::npos) << resolved.error().message;
    }
    EXPECT_EQ(openFds(), before);
    options.max_inodes = 21;
    EXPECT_TRUE(resolveOnly(policyOf({grant(PathKind::kEach, tree.at("d/*"))}), options));
}

TEST(Each, TooManyBracesAreRefused) {
    const std::string pattern = "/{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}";
    const auto resolved = resolveOnly(policyOf({grant(PathKind::kEach, pattern)}));
    ASSERT_FALSE(resolved);
    EXPECT_NE(resolved.error().message.find("more than 1024 patterns"), std::string::npos);
}

// --- ports ---

TEST(Ports, RangesMergeByPort) {
    object::Policy policy = policyOf({});
    policy.params.push_back({.name = "p", .type = object::ParamType::kPorts, .default_ports = {{{81, 83}}}});
    policy.rulesets[0].ports.push_back({.access = 1, .ports = object::PortRange{80, 82}});
    policy.rulesets[0].ports.push_back({.access = 2, .ports = 0U});
    policy.rulesets[0].ports.push_back({.access = 2, .ports = object::PortRange{65535, 65535}});
    policy.rulesets[0].ports.push_back({.access = 2, .ports = object::PortRange{0, 0}});
    const auto resolved = resolveOnly(policy);
    ASSERT_TRUE(resolved);
    std::map<std::uint16_t, std::uint64_t> ports;
    for (const auto& [port, rule] : resolved->ports) {
        ports[port] = rule.access;
    }
    EXPECT_EQ(ports, (std::map<std::uint16_t, std::uint64_t>{{0, 2}, {80, 1}, {81, 3}, {82, 3}, {83, 2}, {65535, 2}}));
}

TEST(FdLimitTest, RaisesAndRestores) {
    const std::uint64_t before = static_cast<std::uint64_t>(::sysconf(_SC_OPEN_MAX));
    const FdLimit limit = FdLimit::raise();
    EXPECT_GE(static_cast<std::uint64_t>(::sysconf(_SC_OPEN_MAX)), before);
    limit.restore();
    EXPECT_EQ(static_cast<std::uint64_t>(::sysconf(_SC_OPEN_MAX)), before);
}

} // namespace
} // namespace landlatch::landlock
