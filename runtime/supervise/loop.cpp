// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/loop.h"

#include <array>
#include <sys/epoll.h>

namespace landlatch::supervise {

Result<Loop> Loop::create() {
    UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll) {
        return errnoError("epoll_create1");
    }
    return Loop(std::move(epoll));
}

Result<void> Loop::add(int fd, Handler handler) {
    const std::uint64_t id = next_id_++;
    epoll_event event{};
    event.events = EPOLLIN;
    // An fd may be closed and its number used again between the wait and the call: the id tells them apart.
    event.data.u64 = (id << 32U) | static_cast<std::uint32_t>(fd);
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
        return errnoError("epoll_ctl");
    }
    entries_[fd] = Entry{id, std::make_shared<Handler>(std::move(handler))};
    return {};
}

void Loop::remove(int fd) {
    if (entries_.erase(fd) != 0) {
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    }
}

void Loop::turn(int milliseconds) {
    std::array<epoll_event, 64> ready{};
    const int count = ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), milliseconds);
    for (int i = 0; i < count; ++i) {
        const std::uint64_t data = ready[static_cast<std::size_t>(i)].data.u64;
        const auto entry = entries_.find(static_cast<int>(data & 0xffffffffU));
        if (entry == entries_.end() || (entry->second.id & 0xffffffffU) != data >> 32U) {
            continue;
        }
        const std::shared_ptr<Handler> handler = entry->second.handler; // it may remove itself
        (*handler)();
    }
}

} // namespace landlatch::supervise
