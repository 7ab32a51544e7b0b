// SPDX-License-Identifier: Apache-2.0
#include "runtime/bpf/tasks.h"

#include "runtime/bpf/library.h"
#include "tasks.skel.h"

#include <array>
#include <cstring>
#include <string>
#include <unistd.h>

namespace landlatch::bpf {
namespace {

struct SkeletonDeleter {
    void operator()(tasks_bpf* skeleton) const { tasks_bpf::destroy(skeleton); }
};

} // namespace

Result<std::vector<ll_task>> listTasks() {
    const Messages messages;
    const std::unique_ptr<tasks_bpf, SkeletonDeleter> skeleton(tasks_bpf::open_and_load());
    if (!skeleton) {
        return messages.error("loading the list of tasks", errno);
    }
    const Link link(::bpf_program__attach_iter(skeleton->progs.ll_tasks, nullptr));
    const UniqueFd iterator(link ? ::bpf_iter_create(::bpf_link__fd(link.get())) : -1);
    if (!iterator) {
        return messages.error("listing the tasks", errno);
    }
    std::string bytes;
    std::array<char, 16384> part{};
    for (;;) {
        const ssize_t got = ::read(iterator.get(), part.data(), part.size());
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        if (got < 0) {
            return errnoError("listing the tasks");
        }
        if (got == 0) {
            break;
        }
        bytes.append(part.data(), static_cast<std::size_t>(got));
    }
    std::vector<ll_task> tasks(bytes.size() / sizeof(ll_task));
    std::memcpy(tasks.data(), bytes.data(), tasks.size() * sizeof(ll_task));
    return tasks;
}

} // namespace landlatch::bpf
