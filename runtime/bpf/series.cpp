// SPDX-License-Identifier: Apache-2.0
#include "runtime/bpf/series.h"

#include "bpf-templates/gate.h"
#include "runtime/bpf/library.h"

#include <bpf/btf.h>
#include <cstring>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace landlatch::bpf {
namespace {

constexpr const char* kControl = "ll_control";
constexpr const char* kEvents = "ll_events";
constexpr const char* kFolder = "~kernel";

std::string folderIn(const std::string& root) { return fmt::format("{}/{}{}", root, kFolder, LL_CONTROL_VERSION); }

std::uint32_t enumerator(const btf* types, const char* enumeration, const char* name) {
    const int id = ::btf__find_by_name_kind(types, enumeration, BTF_KIND_ENUM);
    const btf_type* type = id > 0 ? ::btf__type_by_id(types, static_cast<__u32>(id)) : nullptr;
    const auto* values = type != nullptr ? ::btf_enum(type) : nullptr;
    for (unsigned i = 0; type != nullptr && i < btf_vlen(type); ++i) {
        if (std::strcmp(::btf__name_by_offset(types, values[i].name_off), name) == 0) {
            return static_cast<std::uint32_t>(values[i].val);
        }
    }
    return 0;
}

} // namespace

Result<Series> findSeries() {
    const Messages messages;
    btf* const types = ::btf__load_vmlinux_btf();
    if (types == nullptr) {
        return messages.error("the kernel's BTF", errno);
    }
    const auto lacks = [&](std::initializer_list<const char*> functions) {
        for (const char* name : functions) {
            if (::btf__find_by_name_kind(types, name, BTF_KIND_FUNC) <= 0) {
                return std::string(name);
            }
        }
        return std::string();
    };
    Series series;
    series.object_lacks = lacks({"bpf_lsm_policy_apply_bprm", "bpf_lsm_policy_acquire", "bpf_lsm_policy_release",
                                 "bpf_lsm_policy_from_fd", "bpf_rcu_read_lock"});
    series.map_lacks = lacks({"bpf_landlock_restrict_binprm", "bpf_landlock_put_ruleset"});
    series.map_type = enumerator(types, "bpf_map_type", "BPF_MAP_TYPE_LANDLOCK_RULESET");
    if (series.map_lacks.empty() && series.map_type == 0) {
        series.map_lacks = "BPF_MAP_TYPE_LANDLOCK_RULESET";
    }
    ::btf__free(types);
    return series;
}

struct SeriesMaps::State {
    UniqueFd control_fd, events_fd;
    void* control = MAP_FAILED;
    Ring events;
    const std::function<void(std::span<const std::byte>)>* told = nullptr; ///< during consumeEvents
    int told_left = 0;

    ~State() {
        if (control != MAP_FAILED) {
            ::munmap(control, static_cast<std::size_t>(::getpagesize()));
        }
    }
};

SeriesMaps::SeriesMaps(std::unique_ptr<State> state) : state_(std::move(state)) {}
SeriesMaps::SeriesMaps(SeriesMaps&&) noexcept = default;
SeriesMaps& SeriesMaps::operator=(SeriesMaps&&) noexcept = default;
SeriesMaps::~SeriesMaps() = default;

Result<SeriesMaps> SeriesMaps::find(const std::string& root) {
    const std::string pins = folderIn(root);
    auto state = std::make_unique<State>();
    for (const auto& [name, fd] : {std::pair(kControl, &state->control_fd), std::pair(kEvents, &state->events_fd)}) {
        *fd = UniqueFd(::bpf_obj_get((pins + "/" + name).c_str()));
        if (!*fd) {
            return errnoError(pins); // only ENOENT says that there are none: gates may be using them
        }
    }
    SeriesMaps maps(std::move(state));
    if (const Result<void> connected = maps.connect(); !connected) {
        return connected.error();
    }
    if (maps.control().version != LL_CONTROL_VERSION) {
        return Error{EPROTO, pins + ": not what its name says"};
    }
    return maps;
}

Result<SeriesMaps> SeriesMaps::open(const std::string& root) {
    Result<SeriesMaps> found = find(root);
    if (found || found.error().code != ENOENT) {
        return found;
    }
    const std::string pins = folderIn(root);
    if (const Result<void> removed = removePinFolder(pins); !removed) {
        return removed.error();
    }
    if (const Result<void> made = makePinFolder(pins); !made) {
        return made.error();
    }
    auto state = std::make_unique<State>();
    LIBBPF_OPTS(bpf_map_create_opts, mappable);
    mappable.map_flags = BPF_F_MMAPABLE;
    state->control_fd = UniqueFd(::bpf_map_create(BPF_MAP_TYPE_ARRAY, kControl, 4, sizeof(ll_control), 1, &mappable));
    state->events_fd = UniqueFd(::bpf_map_create(BPF_MAP_TYPE_RINGBUF, kEvents, 0, 0, LL_EVENT_RING, nullptr));
    if (!state->control_fd || !state->events_fd) {
        return errnoError("making the maps of the kernel backends");
    }
    SeriesMaps maps(std::move(state));
    if (const Result<void> connected = maps.connect(); !connected) {
        return connected.error();
    }
    maps.control().version = LL_CONTROL_VERSION;
    if (::bpf_obj_pin(maps.state_->control_fd.get(), (pins + "/" + kControl).c_str()) != 0 ||
        ::bpf_obj_pin(maps.state_->events_fd.get(), (pins + "/" + kEvents).c_str()) != 0) {
        const Error error = errnoError("pinning the maps of the kernel backends in " + pins);
        [[maybe_unused]] const Result<void> undone = removePinFolder(pins);
        return error;
    }
    return maps;
}

Result<void> SeriesMaps::remove(const std::string& root) {
    for (const std::string& pins : pinFolders(root, kFolder)) {
        if (const Result<void> removed = removePinFolder(pins); !removed) {
            return removed;
        }
    }
    return {};
}

bool SeriesMaps::arePinned(const std::string& root) const {
    const auto id = [](int map) {
        bpf_map_info info{};
        std::uint32_t size = sizeof info;
        return ::bpf_obj_get_info_by_fd(map, &info, &size) == 0 ? info.id : 0;
    };
    const UniqueFd pinned(::bpf_obj_get((folderIn(root) + "/" + kEvents).c_str()));
    return pinned && id(pinned.get()) == id(state_->events_fd.get());
}

Result<void> SeriesMaps::connect() {
    state_->control = ::mmap(nullptr, static_cast<std::size_t>(::getpagesize()), PROT_READ | PROT_WRITE, MAP_SHARED,
                             state_->control_fd.get(), 0);
    if (state_->control == MAP_FAILED) {
        return errnoError("mapping ll_control");
    }
    state_->events.reset(::ring_buffer__new(
        state_->events_fd.get(),
        [](void* context, void* data, std::size_t size) {
            auto* state = static_cast<State*>(context);
            if (state->told != nullptr) {
                (*state->told)({static_cast<const std::byte*>(data), size});
            }
            return --state->told_left > 0 ? 0 : -ECANCELED;
        },
        state_.get(), nullptr));
    return state_->events ? Result<void>() : Result<void>(errnoError("opening the ring of events"));
}

volatile ll_control& SeriesMaps::control() { return *static_cast<volatile ll_control*>(state_->control); }

SharedMaps SeriesMaps::maps() const {
    SharedMaps maps;
    maps.control = state_->control_fd.get();
    maps.events = state_->events_fd.get();
    return maps;
}

int SeriesMaps::eventFd() const { return ::ring_buffer__epoll_fd(state_->events.get()); }

void SeriesMaps::consumeEvents(const std::function<void(std::span<const std::byte>)>& told, int at_most) {
    state_->told = &told;
    state_->told_left = at_most;
    ::ring_buffer__consume(state_->events.get());
    state_->told = nullptr;
}

} // namespace landlatch::bpf
