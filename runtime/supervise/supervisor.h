// SPDX-License-Identifier: Apache-2.0
// The supervisor: one process for all policies. Its main thread traces and runs the event loop and waits for nothing
// else; what may take time (loading a policy) is done by a second thread.
#pragma once

#include "runtime/base/result.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace landlatch::supervise {

struct Limits {
    std::chrono::milliseconds hold{2000};      ///< an exec waits so long for the supervisor, then dies
    std::chrono::milliseconds heartbeat{3000}; ///< a supervisor silent for so long is taken for hung
    unsigned max_held = 64;                    ///< execs waiting at once; more are refused
};

struct SupervisorOptions {
    Limits limits;
    bool stay = false;           ///< go on when nothing is installed any more
    std::function<void()> ready; ///< called once it serves
    /// Called for the end of a child that the supervisor doesn't know: gives the exit code to end with, or -1 to go on.
    std::function<int(pid_t, int)> child;
};

/// Runs until SIGTERM or SIGINT, or until the last policy is unloaded (unless `stay`). What is installed stays
/// enforced after it: matched execs are refused then. EAGAIN when a supervisor runs already.
Result<int> supervise(const SupervisorOptions& options);

} // namespace landlatch::supervise
