// SPDX-License-Identifier: Apache-2.0
// The supervisor's own trial of the hold, before anything is installed: a storm of execs by its grandchildren, each of
// which must find itself confined in its first act. What decides whether a kernel will do is this, not its version.
#pragma once

#include "runtime/base/result.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace landlatch::supervise {

/// First argument of this program when it is run as the subject of the trial.
inline constexpr const char* kSelfTestArgument = "self-test-subject";

/// The subject: 0 when it is confined (it may not open `/` as a directory) and nobody traces it, else 1.
int selfTestSubject();

class SelfTest {
public:
    static constexpr int kParents = 4;
    static constexpr int kExecsEach = 12;

    /// Forks the parents, each of which runs its subjects one after the other and watches for stops.
    static Result<SelfTest> start();
    /// A wait status of a child; false when it is none of these.
    bool status(pid_t pid, int status);
    [[nodiscard]] bool done() const { return running_.empty(); }
    /// Once done: why the kernel can't be used; empty when all went well.
    [[nodiscard]] std::string problem() const { return problem_; }
    /// Whether all that went wrong is that programs did not run: the kernel may only have been slow.
    [[nodiscard]] bool wasSafe() const { return !unsafe_; }
    void kill();

private:
    std::vector<pid_t> running_;
    std::string problem_;
    bool unsafe_ = false;
};

} // namespace landlatch::supervise
