// SPDX-License-Identifier: Apache-2.0
// The event loop: file descriptors and what to do when they are readable. One thread, the one that traces.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace landlatch::supervise {

class Loop {
public:
    using Handler = std::function<void()>;

    static Result<Loop> create();

    /// Calls `handler` whenever `fd` is readable or hung up. Handlers may add and remove fds, themselves too.
    Result<void> add(int fd, Handler handler);
    /// Forgets `fd`; call before closing it.
    void remove(int fd);
    /// Waits at most `milliseconds` and calls the handlers of what is ready.
    void turn(int milliseconds);

private:
    struct Entry {
        std::uint64_t id = 0;
        std::shared_ptr<Handler> handler;
    };
    explicit Loop(UniqueFd epoll) : epoll_(std::move(epoll)) {}
    UniqueFd epoll_;
    std::uint64_t next_id_ = 1;
    std::map<int, Entry> entries_;
};

} // namespace landlatch::supervise
