// SPDX-License-Identifier: Apache-2.0
// The filter's program, run here by a plain interpreter of the few instructions it uses.
#include "runtime/tree/gate_filter.h"

#include <cstddef>
#include <cstring>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

namespace landlatch::tree {
namespace {

constexpr inject::GiftCookie kCookie{0x12345678, 0x9abcdef0};

std::uint32_t answer(const seccomp_data& data) {
    const std::vector<sock_filter> code = gateFilter(kCookie);
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const sock_filter& step = code[at];
        switch (step.code) {
        case BPF_LD | BPF_W | BPF_ABS:
            std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + step.k, sizeof accumulator);
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            at += accumulator == step.k ? step.jt : step.jf;
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            at += accumulator >= step.k ? step.jt : step.jf;
            break;
        case BPF_RET | BPF_K:
            return step.k;
        default:
            ADD_FAILURE() << "an instruction the filter shouldn't have";
            return 0;
        }
    }
    ADD_FAILURE() << "ran off the end";
    return 0;
}

std::uint32_t answerTo(std::uint32_t arch, int number) {
    seccomp_data data{};
    data.arch = arch;
    data.nr = number;
    return answer(data);
}

constexpr std::uint32_t kTrace = SECCOMP_RET_TRACE | kGateData;
constexpr std::uint32_t kEnosys = SECCOMP_RET_ERRNO | ENOSYS;
constexpr std::uint32_t kEperm = SECCOMP_RET_ERRNO | EPERM;

TEST(GateFilter, ExecsStopForTheTracer) {
    EXPECT_EQ(answerTo(AUDIT_ARCH_X86_64, SYS_execve), kTrace);
    EXPECT_EQ(answerTo(AUDIT_ARCH_X86_64, SYS_execveat), kTrace);
    EXPECT_EQ(answerTo(AUDIT_ARCH_I386, 11), kTrace);
    EXPECT_EQ(answerTo(AUDIT_ARCH_I386, 358), kTrace);
}

TEST(GateFilter, ForeignAbisAreRefused) {
    for (const int number : {0, 59, 520, 545}) {
        EXPECT_EQ(answerTo(AUDIT_ARCH_X86_64, 0x40000000 + number), kEnosys);
        EXPECT_EQ(answerTo(AUDIT_ARCH_AARCH64, number), kEnosys);
    }
    EXPECT_EQ(answerTo(AUDIT_ARCH_X86_64, -1), kEnosys);
}

TEST(GateFilter, WhatReachesIntoOtherTasksIsForbidden) {
    EXPECT_EQ(answerTo(AUDIT_ARCH_X86_64, SYS_ptrace), kEperm);
    EXPECT_EQ(answerTo(AUDIT_ARCH_X86_64, 438), kEperm);
    EXPECT_EQ(answerTo(AUDIT_ARCH_I386, 26), kEperm);
    EXPECT_EQ(answerTo(AUDIT_ARCH_I386, 438), kEperm);
}

TEST(GateFilter, OnlyTheCookieAsksForARuleset) {
    seccomp_data data{};
    data.arch = AUDIT_ARCH_X86_64;
    const inject::Call gift = inject::giftCall(kCookie);
    data.nr = static_cast<int>(gift.number);
    std::copy(gift.args.begin(), gift.args.end(), data.args);
    EXPECT_EQ(answer(data), SECCOMP_RET_USER_NOTIF);
    data.args[1] ^= 1;
    EXPECT_EQ(answer(data), SECCOMP_RET_ALLOW);
    data.args[1] ^= 1;
    data.args[2] ^= 1;
    EXPECT_EQ(answer(data), SECCOMP_RET_ALLOW);
}

TEST(GateFilter, EverythingElseRunsFree) {
    for (const int number : {0, 1, 2, 56, 57, 58, 60, 157, 231, 317, 435, 444, 445, 446}) {
        EXPECT_EQ(answerTo(AUDIT_ARCH_X86_64, number), SECCOMP_RET_ALLOW) << number;
        EXPECT_EQ(answerTo(AUDIT_ARCH_I386, number == 11 || number == 26 ? 12 : number), SECCOMP_RET_ALLOW) << number;
    }
}

} // namespace
} // namespace landlatch::tree
