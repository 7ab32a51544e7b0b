// SPDX-License-Identifier: Apache-2.0
// In the program: PR_SET_DUMPABLE 0 first, so that nobody of the same user reaches its fds or memory (the guard of the
// hold programs says the same); a socket pair, of which we take one end with pidfd_getfd to send the rulesets through;
// recvmsg; no_new_privs; landlock_restrict_self for each; every fd closed; dumpable again.
#include "runtime/supervise/confine.h"

#include "runtime/landlock/uapi.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

namespace landlatch::supervise {
namespace {

constexpr std::uint64_t kRestrictSelf = 446; ///< landlock_restrict_self; Debian 12's headers may not have it
constexpr rlim_t kRoomForFds = 64;

inject::Call prctlCall(const char* name, std::uint64_t option, std::uint64_t value) {
    return {name, SYS_prctl, {option, value, 0, 0, 0, 0}};
}

inject::Call closeCall(std::uint64_t fd) { return {"close", SYS_close, {fd, 0, 0, 0, 0, 0}}; }

/// What lies in the scratch memory for recvmsg.
struct Message {
    msghdr header;
    iovec vector;
    std::array<std::byte, CMSG_SPACE(sizeof(int) * uapi::kMaxLayers)> control;
    char byte;
};
static_assert(sizeof(Message) <= Subject::kScratch);

/// Raises the task's limit of open files above all it has open, until put back.
class FdRoom {
public:
    explicit FdRoom(pid_t pid) : pid_(pid) {
        if (::prlimit(pid, RLIMIT_NOFILE, nullptr, &before_) != 0 || before_.rlim_cur == RLIM_INFINITY) {
            return;
        }
        const rlim_t hard = before_.rlim_max;
        const rlim_t above = hard == RLIM_INFINITY ? hard : hard + kRoomForFds;
        // Above fs.nr_open the first fails; then all that may be open has to do.
        for (const rlimit& more : {rlimit{above, above}, rlimit{hard, hard}}) {
            if (!raised_ && ::prlimit(pid, RLIMIT_NOFILE, &more, nullptr) == 0) {
                raised_ = true;
            }
        }
    }
    [[nodiscard]] Result<void> putBack() {
        if (raised_ && ::prlimit(pid_, RLIMIT_NOFILE, &before_, nullptr) != 0) {
            return errnoError("putting the program's limit of open files back");
        }
        return {};
    }

private:
    pid_t pid_;
    rlimit before_{};
    bool raised_ = false;
};

/// Sends all rulesets through our end, each once. The program's end has them then.
Result<void> sendRulesets(int socket, const std::vector<FreshRuleset>& rulesets) {
    char byte = 0;
    iovec vector{&byte, 1};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int) * uapi::kMaxLayers)> control{};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * rulesets.size());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * rulesets.size());
    for (std::size_t i = 0; i < rulesets.size(); ++i) {
        const int fd = rulesets[i].fd.get();
        std::memcpy(CMSG_DATA(rights) + i * sizeof(int), &fd, sizeof fd);
    }
    if (::sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL) != 1) {
        return errnoError("sending the rulesets into the program");
    }
    return {};
}

/// The fd numbers that recvmsg left in the program's memory; exactly `count`, or an error.
Result<std::vector<int>> receivedFds(const Message& message, std::size_t count) {
    cmsghdr rights{};
    std::memcpy(&rights, message.control.data(), sizeof rights);
    if ((message.header.msg_flags & MSG_CTRUNC) != 0 || message.header.msg_controllen < CMSG_LEN(sizeof(int) * count) ||
        rights.cmsg_level != SOL_SOCKET || rights.cmsg_type != SCM_RIGHTS ||
        rights.cmsg_len != CMSG_LEN(sizeof(int) * count)) {
        return Error{EMFILE, "the program has no room for the rulesets' file descriptors"};
    }
    std::vector<int> fds(count);
    std::memcpy(fds.data(), message.control.data() + CMSG_LEN(0), sizeof(int) * count);
    return fds;
}

/// Makes the rulesets open fds of the program; their numbers there, in order.
Task<Result<std::vector<int>>> giveRulesets(Subject& subject, const std::vector<FreshRuleset>& rulesets) {
    const std::uint64_t base = subject.scratch();
    const auto paired =
        co_await subject.mustCall({"socketpair", SYS_socketpair, {AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, base, 0, 0}});
    if (!paired) {
        co_return paired.error();
    }
    std::array<int, 2> ends{};
    if (const auto read = subject.read(base, std::as_writable_bytes(std::span(ends))); !read) {
        co_return read.error();
    }
    {
        const UniqueFd ours(static_cast<int>(::syscall(SYS_pidfd_getfd, subject.pidfd(), ends[1], 0)));
        if (!ours) {
            co_return errnoError("pidfd_getfd");
        }
        if (const auto sent = sendRulesets(ours.get(), rulesets); !sent) {
            co_return sent.error();
        }
    }
    Message message{};
    message.header.msg_iov = reinterpret_cast<iovec*>(base + offsetof(Message, vector));
    message.header.msg_iovlen = 1;
    message.header.msg_control = reinterpret_cast<void*>(base + offsetof(Message, control));
    message.header.msg_controllen = CMSG_SPACE(sizeof(int) * rulesets.size());
    message.vector = {reinterpret_cast<void*>(base + offsetof(Message, byte)), 1};
    if (const auto written = subject.write(base, std::as_bytes(std::span(&message, 1))); !written) {
        co_return written.error();
    }
    const auto received = co_await subject.mustCall(
        {"recvmsg",
         SYS_recvmsg,
         {static_cast<std::uint64_t>(ends[0]), base, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, 0, 0, 0}});
    if (!received) {
        co_return received.error();
    }
    if (const auto read = subject.read(base, std::as_writable_bytes(std::span(&message, 1))); !read) {
        co_return read.error();
    }
    for (const int end : ends) {
        if (const auto closed = co_await subject.mustCall(closeCall(static_cast<std::uint64_t>(end))); !closed) {
            co_return closed.error();
        }
    }
    co_return receivedFds(message, rulesets.size());
}

Task<Result<void>> restrict(Subject& subject, const std::vector<FreshRuleset>& rulesets) {
    const auto fds = co_await giveRulesets(subject, rulesets);
    if (!fds) {
        co_return fds.error();
    }
    for (std::size_t i = 0; i < fds->size(); ++i) {
        const auto fd = static_cast<std::uint64_t>((*fds)[i]);
        const auto restricted =
            co_await subject.mustCall({"landlock_restrict_self", kRestrictSelf, {fd, rulesets[i].flags, 0, 0, 0, 0}});
        if (!restricted) {
            co_return restricted.error();
        }
        if (*restricted != 0) {
            co_return Error{EPROTO, "landlock_restrict_self did not give 0"};
        }
    }
    for (const int fd : *fds) {
        if (const auto closed = co_await subject.mustCall(closeCall(static_cast<std::uint64_t>(fd))); !closed) {
            co_return closed.error();
        }
    }
    co_return Result<void>();
}

} // namespace

Task<Result<void>> confine(Subject& subject, std::vector<FreshRuleset> rulesets, bool nnp) {
    if (const auto entered = co_await subject.enter(); !entered) {
        co_return entered.error();
    }
    FdRoom room(subject.pid());
    const auto dumpable = co_await subject.mustCall(prctlCall("prctl(PR_GET_DUMPABLE)", PR_GET_DUMPABLE, 0));
    if (!dumpable) {
        co_return dumpable.error();
    }
    const bool was_dumpable = *dumpable == 1; // 0 and 2 (a set-user-ID program) keep others out already
    if (was_dumpable) {
        if (const auto set = co_await subject.mustCall(prctlCall("prctl(PR_SET_DUMPABLE)", PR_SET_DUMPABLE, 0)); !set) {
            co_return set.error();
        }
    }
    if (nnp) {
        const auto set = co_await subject.mustCall(prctlCall("prctl(PR_SET_NO_NEW_PRIVS)", PR_SET_NO_NEW_PRIVS, 1));
        if (!set) {
            co_return set.error();
        }
    }
    if (!rulesets.empty()) {
        if (const auto restricted = co_await restrict(subject, rulesets); !restricted) {
            co_return restricted.error();
        }
    }
    if (was_dumpable) {
        if (const auto set = co_await subject.mustCall(prctlCall("prctl(PR_SET_DUMPABLE)", PR_SET_DUMPABLE, 1)); !set) {
            co_return set.error();
        }
    }
    if (const auto back = room.putBack(); !back) {
        co_return back.error();
    }
    co_return subject.restore();
}

} // namespace landlatch::supervise
