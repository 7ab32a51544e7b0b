// SPDX-License-Identifier: Apache-2.0
#include "runtime/tree/applier.h"

#include "runtime/inject/syscall_site.h"

#include <chrono>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace landlatch::tree {
namespace {

using inject::Call;
using inject::Injection;

/// An application takes well under a millisecond; a task that can't be driven for this long is frozen or stopped.
constexpr std::chrono::seconds kTimeLimit{5};
constexpr std::uint64_t kRestrictSelf = 446; ///< landlock_restrict_self
constexpr int kMaxRequests = 8;              ///< a request may be cut short by a signal that can't be blocked
/// -ERESTARTSYS, seen by tracers only: a request was cut short by SIGSTOP or SIGCONT, which no mask keeps out.
constexpr std::int64_t kRestartSystemCall = -512;

Result<void> expectZero(Injection& injection, const Call& call) {
    const Result<std::int64_t> result = injection.call(call);
    if (!result) {
        return result.error();
    }
    if (*result != 0) {
        const int code = *result < 0 && *result > -4096 ? static_cast<int>(-*result) : EPROTO;
        return errnoError(call.name, code);
    }
    return {};
}

Call prctlCall(const char* name, std::uint64_t option, std::uint64_t value) {
    return Call{name, SYS_prctl, {option, value, 0, 0, 0, 0}};
}

/// Lets the task have one fd more for the time of the injection, where its soft limit is used up.
class RoomForOneFd {
public:
    explicit RoomForOneFd(pid_t tid) : tid_(tid) {}
    RoomForOneFd(const RoomForOneFd&) = delete;
    RoomForOneFd& operator=(const RoomForOneFd&) = delete;
    ~RoomForOneFd() {
        if (raised_) {
            ::prlimit(tid_, RLIMIT_NOFILE, &before_, nullptr);
        }
    }
    bool make() {
        rlimit now{};
        if (raised_ || ::prlimit(tid_, RLIMIT_NOFILE, nullptr, &before_) != 0) {
            return false;
        }
        now = before_;
        now.rlim_cur = now.rlim_max;
        raised_ = before_.rlim_cur < before_.rlim_max && ::prlimit(tid_, RLIMIT_NOFILE, &now, nullptr) == 0;
        return raised_;
    }

private:
    pid_t tid_;
    rlimit before_{};
    bool raised_ = false;
};

} // namespace

Applier::Applier(const Environment& environment)
    : environment_(environment), vdso_offset_(inject::vdsoSyscallOffset()) {}

/// Where the task has a `syscall` instruction; unset where it has no vDSO.
Result<std::optional<std::uint64_t>> Applier::siteOf(pid_t tid) const {
    const Result<Auxiliary> auxiliary = environment_.proc->auxiliary(tid);
    if (!auxiliary) {
        return auxiliary.error();
    }
    if (!vdso_offset_ || auxiliary->vdso == 0) {
        return std::optional<std::uint64_t>{};
    }
    return std::optional(auxiliary->vdso + *vdso_offset_);
}

Applier::Outcome Applier::apply(pid_t tid, const Application& what, const Status& status) {
    if (status.seccomp_filters > environment_.first_filters && !environment_.can_suspend_seccomp) {
        return {Error{EPERM, "the program inherits seccomp filters, which could fake that it is confined"}};
    }
    const Result<std::optional<std::uint64_t>> site = siteOf(tid);
    if (!site) {
        return {site.error()};
    }
    Injection::Options options;
    options.site = *site;
    options.ptrace_options = environment_.ptrace_options;
    options.suspend_seccomp = status.seccomp_filters > environment_.first_filters;
    deadline_ = inject::Clock::now() + kTimeLimit;
    options.deadline = deadline_;
    Result<Injection> injection = Injection::begin(tid, options);
    if (!injection) {
        return {injection.error(), injection.error().code == ESRCH};
    }
    Result<void> done = run(*injection, tid, what, status);
    if (done) {
        done = injection->finish();
    }
    return {std::move(done), injection->gone(), injection->sawGroupStop()};
}

Result<void> Applier::run(Injection& injection, pid_t tid, const Application& what, const Status& status) {
    // Nobody may take the ruleset out of the task: this comes before there is one, and is undone after the last is
    // gone.
    const Result<std::int64_t> dumpable = injection.call(prctlCall("prctl(PR_GET_DUMPABLE)", PR_GET_DUMPABLE, 0));
    if (!dumpable) {
        return dumpable.error();
    }
    if (const Result<void> hidden = expectZero(injection, prctlCall("prctl(PR_SET_DUMPABLE)", PR_SET_DUMPABLE, 0));
        !hidden) {
        return hidden.error();
    }
    if (what.nnp && !status.no_new_privs) {
        if (const Result<void> set =
                expectZero(injection, prctlCall("prctl(PR_SET_NO_NEW_PRIVS)", PR_SET_NO_NEW_PRIVS, 1));
            !set) {
            return set.error();
        }
    }
    for (const std::uint32_t index : what.rulesets) {
        if (const Result<void> restricted = restrict(injection, tid, index, what.root.get()); !restricted) {
            return restricted.error().within("ruleset " + environment_.policy->policy.rulesets[index].name);
        }
    }
    if (*dumpable == 1) {
        return expectZero(injection, prctlCall("prctl(PR_SET_DUMPABLE)", PR_SET_DUMPABLE, 1));
    }
    return {};
}

/// Builds a ruleset that only this application will ever have, gives it to the task and lets the task restrict itself.
Result<void> Applier::restrict(Injection& injection, pid_t tid, std::uint32_t index, int root) {
    const LoadedPolicy& loaded = *environment_.policy;
    const object::Ruleset& ruleset = loaded.policy.rulesets[index];
    const landlock::ResolvedRuleset* resolved = &loaded.rulesets[index];
    std::optional<landlock::ResolvedRuleset> own;
    if (ruleset.in_target) {
        landlock::ResolveOptions options;
        options.root = root;
        Result<landlock::ResolvedRuleset> found = landlock::resolve(loaded.policy, index, loaded.params, options);
        if (!found) {
            return found.error();
        }
        own = std::move(*found);
        resolved = &*own;
    }
    const Result<UniqueFd> fd = landlock::build(*environment_.kernel, loaded.policy, *resolved, loaded.abi);
    if (!fd) {
        return fd.error();
    }
    const Result<int> number = give(injection, tid, fd->get());
    if (!number) {
        return number.error();
    }
    const auto in_task = static_cast<std::uint64_t>(*number);
    const std::uint32_t flags = landlock::restrictFlags(ruleset, loaded.abi);
    if (const Result<void> restricted =
            expectZero(injection, Call{"landlock_restrict_self", kRestrictSelf, {in_task, flags, 0, 0, 0, 0}});
        !restricted) {
        return restricted.error().code == E2BIG
                   ? Error{E2BIG, "landlock_restrict_self: the program has all 16 layers already"}
                   : restricted.error();
    }
    return expectZero(injection, Call{"close", SYS_close, {in_task, 0, 0, 0, 0, 0}});
}

Result<int> Applier::give(Injection& injection, pid_t tid, int fd) {
    RoomForOneFd room(tid);
    for (;;) {
        Result<int> number = giveOnce(injection, tid, fd);
        if (number || inject::Clock::now() >= deadline_) {
            return number;
        }
        const int code = number.error().code;
        if (code != EINTR && (code != EMFILE || !room.make())) {
            return number;
        }
    }
}

Result<int> Applier::giveOnce(Injection& injection, pid_t tid, int fd) {
    const Result<Injection::Answered> asked = injection.request(inject::giftCall(environment_.cookie), [&] {
        return inject::giveFd(environment_.listener, tid, fd, deadline_);
    });
    if (!asked) {
        return asked.error();
    }
    if (!asked->answer) {
        return asked->result == kRestartSystemCall ? errnoError("passing a ruleset", EINTR) : asked->answer.error();
    }
    if (asked->result != *asked->answer) {
        return asked->result == kRestartSystemCall
                   ? errnoError("passing a ruleset", EINTR)
                   : Error{EPROTO, fmt::format("passing a ruleset: the program saw {} instead of {}", asked->result,
                                               *asked->answer)};
    }
    return *asked->answer;
}

} // namespace landlatch::tree
