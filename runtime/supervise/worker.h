// SPDX-License-Identifier: Apache-2.0
// The second thread: does one job at a time, away from the event loop, which learns of the end through an eventfd.
#pragma once

#include "runtime/base/unique_fd.h"
#include "runtime/supervise/loop.h"

#include <functional>
#include <thread>

namespace landlatch::supervise {

class Worker {
public:
    explicit Worker(Loop& loop);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    [[nodiscard]] bool busy() const { return busy_; }
    /// Runs `job` in the second thread and then `done` in the event loop; `done` may start the next job. Not when busy.
    void start(std::function<void()> job, std::function<void()> done);

private:
    void finished();

    Loop& loop_;
    UniqueFd event_;
    std::thread thread_;
    std::function<void()> done_;
    bool busy_ = false;
};

} // namespace landlatch::supervise
