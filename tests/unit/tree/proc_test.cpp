// SPDX-License-Identifier: Apache-2.0
#include "runtime/tree/proc.h"

#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace landlatch::tree {
namespace {

constexpr const char* kStatus = "Name:\tx\\nUid:\t0\t0\t0\t0\n"
                                "Uid:\t1000\t1001\t1002\t1003\n"
                                "Gid:\t100\t101\t102\t103\n"
                                "Groups:\t4 24 65534 \n"
                                "CapPrm:\t0000000000000001\n"
                                "CapEff:\t000001ffffffffff\n"
                                "NoNewPrivs:\t1\n"
                                "Seccomp_filters:\t3\n";

TEST(Proc, StatusLines) {
    const Result<Status> status = parseStatus(kStatus);
    ASSERT_TRUE(status);
    EXPECT_EQ(status->real_uid, 1000U);
    EXPECT_EQ(status->effective_uid, 1001U);
    EXPECT_EQ(status->effective_gid, 101U);
    EXPECT_EQ(status->groups, (std::vector<gid_t>{4, 24, 65534, 101}));
    EXPECT_EQ(status->permitted, 1U);
    EXPECT_EQ(status->effective, 0x1ffffffffffU);
    EXPECT_TRUE(status->no_new_privs);
    EXPECT_EQ(status->seccomp_filters, 3U);
}

TEST(Proc, StatusOfAnotherFormIsUnreadable) {
    const std::string text = kStatus;
    for (const std::string line :
         {"Uid:", "Gid:", "Groups:", "CapPrm:", "CapEff:", "NoNewPrivs:", "Seccomp_filters:"}) {
        const std::size_t at = text.find("\n" + line);
        ASSERT_NE(at, std::string::npos) << line;
        std::string without = text;
        without.erase(at, text.find('\n', at + 1) - at);
        EXPECT_FALSE(parseStatus(without)) << line;
        std::string garbled = text;
        garbled.insert(at + 1 + line.size() + 1, "x");
        EXPECT_FALSE(parseStatus(garbled)) << line;
    }
    EXPECT_FALSE(parseStatus(""));
}

TEST(Proc, CgroupIsTheLineOfVersionTwo) {
    EXPECT_EQ(*parseCgroup("0::/\n"), "/");
    EXPECT_EQ(*parseCgroup("9:name=systemd:/a\n0::/system.slice/x.service\n"), "/system.slice/x.service");
    EXPECT_EQ(*parseCgroup("0::/a (deleted)\n"), "/a");
    EXPECT_FALSE(parseCgroup("9:name=systemd:/\n")); // version 1 only
    EXPECT_FALSE(parseCgroup("0::/..\n"));           // outside of our namespace
    EXPECT_FALSE(parseCgroup("0::/../other\n"));
    EXPECT_FALSE(parseCgroup("0::/a\nmore\n"));
    EXPECT_FALSE(parseCgroup("0::relative\n"));
    EXPECT_FALSE(parseCgroup("0::/a"));
    EXPECT_FALSE(parseCgroup(""));
}

TEST(Proc, ReadsOurselves) {
    const Result<Proc> proc = Proc::open();
    ASSERT_TRUE(proc);
    const Result<Status> status = proc->status(::getpid());
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(status->effective_uid, ::geteuid());
    EXPECT_EQ(*proc->parent(::getpid()), ::getppid());
    EXPECT_TRUE(proc->link(::getpid(), "exe")->ends_with("tree_tests"));
    EXPECT_EQ(proc->status(0x7fffffff).error().code, ENOENT);
    const Result<Auxiliary> auxiliary = proc->auxiliary(::getpid());
    ASSERT_TRUE(auxiliary);
    const Result<std::string> name = readString(::getpid(), auxiliary->file_name, 4096);
    ASSERT_TRUE(name) << name.error().message;
    EXPECT_TRUE(name->ends_with("tree_tests")) << *name;
    EXPECT_EQ(readString(::getpid(), auxiliary->file_name, 3).error().code, ENAMETOOLONG);
    EXPECT_FALSE(readString(::getpid(), 8, 100));
}

TEST(Proc, PlacesTellFilesAndMountsApart) {
    const Result<Place> root = placeOf(AT_FDCWD, "/");
    const Result<Place> proc = placeOf(AT_FDCWD, "/proc");
    ASSERT_TRUE(root && proc);
    EXPECT_FALSE(*root == *proc);
    EXPECT_NE(root->mount, proc->mount);
    const UniqueFd held(::open("/", O_PATH | O_CLOEXEC));
    EXPECT_TRUE(*placeOf(held.get(), "") == *root);
    EXPECT_FALSE(placeOf(AT_FDCWD, "/no/such/file"));
}

} // namespace
} // namespace landlatch::tree
