// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/worker.h"

#include "runtime/base/check.h"

#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace landlatch::supervise {

Worker::Worker(Loop& loop) : loop_(loop), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    LANDLATCH_CHECK(event_);
    LANDLATCH_CHECK(static_cast<bool>(loop_.add(event_.get(), [this] { finished(); })));
}

Worker::~Worker() {
    loop_.remove(event_.get());
    if (thread_.joinable()) {
        thread_.detach(); // it may be stuck in a file system; the end of the process ends it
    }
}

void Worker::start(std::function<void()> job, std::function<void()> done) {
    LANDLATCH_CHECK(!busy_);
    busy_ = true;
    done_ = std::move(done);
    thread_ = std::thread([job = std::move(job), event = event_.get()] {
        job();
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(event, &one, sizeof one);
    });
}

void Worker::finished() {
    std::uint64_t count = 0;
    if (::read(event_.get(), &count, sizeof count) != static_cast<ssize_t>(sizeof count)) {
        return;
    }
    thread_.join();
    busy_ = false;
    std::exchange(done_, nullptr)();
}

} // namespace landlatch::supervise
