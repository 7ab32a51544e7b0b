// SPDX-License-Identifier: Apache-2.0
#include "runtime/bpf/hold.h"

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/bpf/library.h"
#include "supervise.skel.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace landlatch::bpf {
namespace {

constexpr const char* kMapNames[] = {"ll_marks", "ll_control", "ll_holds", "ll_applied", "ll_events"};
enum MapIndex : unsigned char { kMarks, kControl, kHolds, kApplied, kEvents, kMaps };

struct SkeletonDeleter {
    void operator()(supervise_bpf* skeleton) const { supervise_bpf::destroy(skeleton); }
};

constexpr const char* kFolder = "~hold";

/// Folders of holds below `root`, but for that of this version.
std::vector<std::string> otherFolders(const std::string& root) {
    std::vector<std::string> found = pinFolders(root, kFolder);
    std::erase(found, Hold::folder(root));
    return found;
}

/// The fields of struct ll_control that every version has; nothing where there is no such map.
std::optional<ll_control> readControl(int map) {
    bpf_map_info info{};
    __u32 length = sizeof info;
    if (map < 0 || ::bpf_obj_get_info_by_fd(map, &info, &length) != 0 || info.type != BPF_MAP_TYPE_ARRAY) {
        return std::nullopt;
    }
    std::vector<std::byte> value(std::max<std::size_t>(info.value_size, sizeof(ll_control)));
    const __u32 zero = 0;
    if (::bpf_map_lookup_elem(map, &zero, value.data()) != 0) {
        return std::nullopt;
    }
    ll_control control{};
    std::memcpy(&control, value.data(), sizeof control);
    return control;
}

Result<void> checkUnserved(const ll_control& control) {
    if (control.alive != 0 && monotonic() < control.heartbeat + control.heartbeat_limit &&
        ::kill(static_cast<pid_t>(control.supervisor_tgid), 0) == 0) {
        return Error{EBUSY, "a supervisor serves already (process " + std::to_string(control.supervisor_tgid) +
                                "), though its socket is gone; end it, and this one takes over"};
    }
    return {};
}

/// A map operation that another CPU's hold on the bucket may refuse for a moment.
template <typename Operation> int retry(Operation operation) {
    int result = -1;
    for (int i = 0; i < 100; ++i) {
        result = operation();
        if (result == 0 || errno != EBUSY) {
            break;
        }
    }
    return result;
}

} // namespace

struct Hold::State {
    std::string pins;
    bool taken_over = false;
    std::unique_ptr<supervise_bpf, SkeletonDeleter> skeleton; ///< unless taken over
    std::array<UniqueFd, kMaps> maps;
    std::vector<std::pair<std::string, Link>> links;
    Link selftest;
    void* control = MAP_FAILED;
    Ring holds;
    Ring events;
    const std::function<void(const ll_hold_event&)>* held = nullptr;       ///< during consumeHolds
    const std::function<void(std::span<const std::byte>)>* told = nullptr; ///< during consumeEvents
    int told_left = 0;

    ~State() {
        if (control != MAP_FAILED) {
            ::munmap(control, static_cast<std::size_t>(::getpagesize()));
        }
    }
    Result<void> load();
    Result<bool> takeOver();
    Result<void> connect();
};

Result<void> Hold::State::load() {
    const Messages messages;
    skeleton.reset(supervise_bpf::open());
    if (!skeleton) {
        return messages.error("opening the hold programs", errno);
    }
    ::bpf_program__set_autoattach(skeleton->progs.ll_selftest, false);
    if (const Result<void> sized = sizeByTasks(skeleton->obj, {"ll_applied"}); !sized) {
        return sized;
    }
    if (const int code = supervise_bpf::load(skeleton.get()); code != 0) {
        return messages.error("loading the hold programs", code);
    }
    const int fds[] = {::bpf_map__fd(skeleton->maps.ll_marks), ::bpf_map__fd(skeleton->maps.ll_control),
                       ::bpf_map__fd(skeleton->maps.ll_holds), ::bpf_map__fd(skeleton->maps.ll_applied),
                       ::bpf_map__fd(skeleton->maps.ll_events)};
    for (std::size_t i = 0; i < kMaps; ++i) {
        maps[i] = UniqueFd(::fcntl(fds[i], F_DUPFD_CLOEXEC, 3));
    }
    // The one that notices our death comes first, the one that holds last.
    bpf_program* const order[] = {skeleton->progs.ll_supervisor_exit,
                                  skeleton->progs.ll_task_free,
                                  skeleton->progs.ll_task_alloc,
                                  skeleton->progs.ll_guard,
                                  skeleton->progs.ll_forget,
                                  skeleton->progs.ll_backstop,
                                  skeleton->progs.ll_hold};
    for (bpf_program* program : order) {
        Link link(::bpf_program__attach(program));
        if (!link) {
            return messages.error(std::string("attaching ") + ::bpf_program__name(program), errno);
        }
        links.emplace_back(::bpf_program__name(program), std::move(link));
    }
    return {};
}

/// False where nothing (whole) is pinned.
Result<bool> Hold::State::takeOver() {
    for (std::size_t i = 0; i < kMaps; ++i) {
        maps[i] = UniqueFd(::bpf_obj_get((pins + "/" + kMapNames[i]).c_str()));
        if (!maps[i]) {
            return errno == ENOENT ? Result<bool>(false) : Result<bool>(errnoError(pins + "/" + kMapNames[i]));
        }
    }
    const std::optional<ll_control> found = readControl(maps[kControl].get());
    if (!found || found->version != LL_CONTROL_VERSION) {
        return Error{EPROTO, pins + ": not what its name says"};
    }
    if (const Result<void> unserved = checkUnserved(*found); !unserved) {
        return unserved.error();
    }
    taken_over = true;
    return true;
}

Result<void> Hold::State::connect() {
    control = ::mmap(nullptr, static_cast<std::size_t>(::getpagesize()), PROT_READ | PROT_WRITE, MAP_SHARED,
                     maps[kControl].get(), 0);
    if (control == MAP_FAILED) {
        return errnoError("mapping ll_control");
    }
    holds.reset(::ring_buffer__new(
        maps[kHolds].get(),
        [](void* context, void* data, std::size_t size) {
            const auto* state = static_cast<State*>(context);
            if (state->held != nullptr && size >= sizeof(ll_hold_event)) {
                (*state->held)(*static_cast<const ll_hold_event*>(data));
            }
            return 0;
        },
        this, nullptr));
    events.reset(::ring_buffer__new(
        maps[kEvents].get(),
        [](void* context, void* data, std::size_t size) {
            auto* state = static_cast<State*>(context);
            if (state->told != nullptr) {
                (*state->told)({static_cast<const std::byte*>(data), size});
            }
            return --state->told_left > 0 ? 0 : -ECANCELED;
        },
        this, nullptr));
    if (!holds || !events) {
        return errnoError("opening the rings of events");
    }
    static_cast<ll_control*>(control)->version = LL_CONTROL_VERSION;
    return {};
}

Hold::Hold(std::unique_ptr<State> state) : state_(std::move(state)) {}
Hold::Hold(Hold&&) noexcept = default;
Hold& Hold::operator=(Hold&&) noexcept = default;
Hold::~Hold() = default;

std::string Hold::folder(const std::string& root) { return fmt::format("{}/{}{}", root, kFolder, LL_CONTROL_VERSION); }

Result<Hold> Hold::open(const std::string& root) {
    for (const std::string& other : otherFolders(root)) {
        const UniqueFd control(::bpf_obj_get((other + "/" + kMapNames[kControl]).c_str()));
        const std::optional<ll_control> found = readControl(control.get());
        if (const Result<void> unserved = found ? checkUnserved(*found) : Result<void>(); !unserved) {
            return unserved.error();
        }
    }
    auto state = std::make_unique<State>();
    state->pins = folder(root);
    const Result<bool> taken = state->takeOver();
    if (!taken) {
        return taken.error();
    }
    if (!*taken) {
        if (const Result<void> loaded = state->load(); !loaded) {
            return loaded.error();
        }
    }
    if (const Result<void> connected = state->connect(); !connected) {
        return connected.error();
    }
    return Hold(std::move(state));
}

Result<void> Hold::removePins(const std::string& root) {
    if (const Result<void> removed = removePinFolder(folder(root) + "~"); !removed) {
        return removed;
    }
    return removePinFolder(folder(root));
}

Result<void> Hold::removeOtherPins(const std::string& root) {
    for (const std::string& other : otherFolders(root)) {
        if (const Result<void> removed = removePinFolder(other); !removed) {
            return removed;
        }
    }
    return {};
}

bool Hold::takenOver() const { return state_->taken_over; }

Result<void> Hold::pin() {
    if (state_->taken_over) {
        return {};
    }
    const std::string folder = state_->pins + "~";
    for (const std::string& leftover : {folder, state_->pins}) {
        if (const Result<void> removed = removePinFolder(leftover); !removed) {
            return removed;
        }
    }
    if (const Result<void> made = makePinFolder(folder); !made) {
        return made;
    }
    int code = 0;
    for (std::size_t i = 0; i < kMaps && code == 0; ++i) {
        code = ::bpf_obj_pin(state_->maps[i].get(), (folder + "/" + kMapNames[i]).c_str());
    }
    for (const auto& [name, link] : state_->links) {
        if (code == 0) {
            code = ::bpf_link__pin(link.get(), fmt::format("{}/{}", folder, name).c_str());
        }
    }
    if (code == 0 && ::rename(folder.c_str(), state_->pins.c_str()) != 0) {
        code = -errno;
    }
    if (code != 0) {
        [[maybe_unused]] const Result<void> undone = removePinFolder(folder);
        return errnoError("pinning the hold programs in " + state_->pins, -code);
    }
    return {};
}

Result<void> Hold::startSelfTest() {
    LANDLATCH_CHECK(state_->skeleton);
    const Messages messages;
    // A link that was closed is gone a moment later only, and the program can't have two.
    for (int i = 0; i < 50; ++i) {
        state_->selftest.reset(::bpf_program__attach(state_->skeleton->progs.ll_selftest));
        if (state_->selftest || errno != EBUSY) {
            break;
        }
        ::usleep(100'000);
    }
    if (!state_->selftest) {
        return messages.error("attaching ll_selftest", errno);
    }
    return {};
}

void Hold::endSelfTest() { state_->selftest.reset(); }

volatile ll_control& Hold::control() { return *static_cast<volatile ll_control*>(state_->control); }

SharedMaps Hold::maps() const {
    return {state_->maps[kMarks].get(), state_->maps[kControl].get(), state_->maps[kEvents].get(),
            state_->maps[kHolds].get()};
}

std::optional<ll_mark> Hold::mark(std::uint64_t key) const {
    ll_mark mark{};
    if (::bpf_map_lookup_elem(state_->maps[kMarks].get(), &key, &mark) != 0) {
        return std::nullopt;
    }
    return mark;
}

void Hold::deleteMark(std::uint64_t key) {
    retry([&] { return ::bpf_map_delete_elem(state_->maps[kMarks].get(), &key); });
}

ll_applied Hold::applied(std::uint64_t key) const {
    ll_applied applied{};
    if (::bpf_map_lookup_elem(state_->maps[kApplied].get(), &key, &applied) != 0 || applied.count > LL_MAX_LAYERS) {
        return ll_applied{};
    }
    return applied;
}

Result<void> Hold::setApplied(std::uint64_t key, const ll_applied& applied) {
    if (retry([&] { return ::bpf_map_update_elem(state_->maps[kApplied].get(), &key, &applied, BPF_ANY); }) != 0) {
        return errnoError("noting the rulesets of a task");
    }
    return {};
}

int Hold::holdFd() const { return ::ring_buffer__epoll_fd(state_->holds.get()); }
int Hold::eventFd() const { return ::ring_buffer__epoll_fd(state_->events.get()); }

void Hold::consumeHolds(const std::function<void(const ll_hold_event&)>& held) {
    state_->held = &held;
    ::ring_buffer__consume(state_->holds.get());
    state_->held = nullptr;
}

void Hold::consumeEvents(const std::function<void(std::span<const std::byte>)>& told, int at_most) {
    state_->told = &told;
    state_->told_left = at_most;
    ::ring_buffer__consume(state_->events.get());
    state_->told = nullptr;
}

} // namespace landlatch::bpf
