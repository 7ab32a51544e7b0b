// SPDX-License-Identifier: Apache-2.0
#include "runtime/tree/gate_filter.h"

#include <cstddef>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace landlatch::tree {
namespace {

constexpr std::uint32_t kX32Bit = 0x4000'0000;
constexpr std::uint32_t kI386Execve = 11;
constexpr std::uint32_t kI386Ptrace = 26;
constexpr std::uint32_t kI386Execveat = 358;
constexpr std::uint32_t kPidfdGetfd = 438; ///< of every ABI

constexpr std::uint32_t kTrace = SECCOMP_RET_TRACE | kGateData;
constexpr std::uint32_t kNoSuchCall = SECCOMP_RET_ERRNO | ENOSYS;
constexpr std::uint32_t kForbidden = SECCOMP_RET_ERRNO | EPERM;

/// A filter is written as checks that each return at once, so no jump spans more than the check itself.
class Builder {
public:
    void load(std::size_t offset) {
        code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
    }
    void whenEqual(std::uint32_t value, std::uint32_t action) {
        code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
        finish(action);
    }
    void whenAtLeast(std::uint32_t value, std::uint32_t action) {
        code_.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, value, 0, 1));
        finish(action);
    }
    void unlessEqual(std::uint32_t value, std::uint32_t action) {
        code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
        finish(action);
    }
    /// Jumps over what is added until `join(mark)` unless the loaded word is `value`.
    std::size_t whenEqualBegin(std::uint32_t value) {
        code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 0));
        return code_.size() - 1;
    }
    void join(std::size_t mark) { code_[mark].jf = static_cast<std::uint8_t>(code_.size() - mark - 1); }
    void finish(std::uint32_t action) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, action)); }
    std::vector<sock_filter> take() { return std::move(code_); }

private:
    std::vector<sock_filter> code_;
};

/// The low half of an argument (little-endian).
constexpr std::size_t argument(unsigned index) { return offsetof(seccomp_data, args) + 8 * index; }

} // namespace

std::vector<sock_filter> gateFilter(const inject::GiftCookie& cookie) {
    Builder filter;
    filter.load(offsetof(seccomp_data, arch));
    const std::size_t i386 = filter.whenEqualBegin(AUDIT_ARCH_I386);
    filter.load(offsetof(seccomp_data, nr));
    filter.whenEqual(kI386Execve, kTrace);
    filter.whenEqual(kI386Execveat, kTrace);
    filter.whenEqual(kI386Ptrace, kForbidden);
    filter.whenEqual(kPidfdGetfd, kForbidden);
    filter.finish(SECCOMP_RET_ALLOW);
    filter.join(i386);
    filter.unlessEqual(AUDIT_ARCH_X86_64, kNoSuchCall);
    filter.load(offsetof(seccomp_data, nr));
    filter.whenAtLeast(kX32Bit, kNoSuchCall);
    filter.whenEqual(SYS_execve, kTrace);
    filter.whenEqual(SYS_execveat, kTrace);
    filter.whenEqual(SYS_ptrace, kForbidden);
    filter.whenEqual(kPidfdGetfd, kForbidden);
    filter.unlessEqual(SYS_exit_group, SECCOMP_RET_ALLOW);
    filter.load(argument(1));
    filter.unlessEqual(cookie.first, SECCOMP_RET_ALLOW);
    filter.load(argument(2));
    filter.unlessEqual(cookie.second, SECCOMP_RET_ALLOW);
    filter.finish(SECCOMP_RET_USER_NOTIF);
    return filter.take();
}

Result<UniqueFd> installGate(const inject::GiftCookie& cookie) {
    std::vector<sock_filter> code = gateFilter(cookie);
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    // Once we have seen a request, no signal but SIGKILL cuts it short (Linux 5.19; without, it is made again).
    long fd = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    if (fd < 0 && errno == EINVAL) {
        fd = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    }
    if (fd < 0) {
        const int code_of_failure = errno;
        if (code_of_failure == EBUSY) {
            return Error{EBUSY, "seccomp: another listener watches this process already (a container manager?); "
                                "llrun can't work below it"};
        }
        return errnoError("installing the seccomp filter", code_of_failure);
    }
    return UniqueFd(static_cast<int>(fd));
}

} // namespace landlatch::tree
