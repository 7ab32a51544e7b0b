// SPDX-License-Identifier: Apache-2.0
// A gate object is hostile input too: which programs, hooks and maps it may have is listed here, and nothing else
// loads.
#include "runtime/bpf/gate.h"

#include "runtime/bpf/kernel_gate.h"
#include "runtime/bpf/library.h"
#include "runtime/bpf/programs.h"

#include <algorithm>
#include <array>
#include <bpf/btf.h>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <unistd.h>

namespace landlatch::bpf {
namespace {

struct Settings { // struct ll_settings of gate.h
    std::uint32_t audit, slot, generation, reserved;
    std::uint64_t root;
};

struct LineageHalf { // struct ll_lineage_state of lineage.h, and the bits of its `known`
    std::uint64_t exec_id, ancestors, trusted;
    std::uint32_t image_atom, known;
};
constexpr std::uint32_t kImageKnown = 1;
constexpr std::uint32_t kAncestorsKnown = 2;
constexpr std::uint32_t kImageStaged = 4;

/// Where global `name` lies in section `section` of the object's data.
Result<std::uint32_t> findGlobal(const btf* types, const char* section, const char* name, std::size_t size) {
    const int id = types != nullptr ? ::btf__find_by_name_kind(types, section, BTF_KIND_DATASEC) : -1;
    const btf_type* type = id > 0 ? ::btf__type_by_id(types, static_cast<__u32>(id)) : nullptr;
    const btf_var_secinfo* variables = type != nullptr ? ::btf_var_secinfos(type) : nullptr;
    for (unsigned i = 0; type != nullptr && i < btf_vlen(type); ++i) {
        const btf_type* variable = ::btf__type_by_id(types, variables[i].type);
        const char* found = variable != nullptr ? ::btf__name_by_offset(types, variable->name_off) : nullptr;
        if (found != nullptr && std::strcmp(found, name) == 0 && variables[i].size == size) {
            return variables[i].offset;
        }
    }
    return Error{EINVAL, std::string("the object has no ") + name};
}

Result<void> setSettings(bpf_object* object, const GateOptions& options) {
    bpf_map* data = ::bpf_object__find_map_by_name(object, ".rodata");
    std::size_t size = 0;
    const void* old = data != nullptr ? ::bpf_map__initial_value(data, &size) : nullptr;
    const Result<std::uint32_t> offset =
        findGlobal(::bpf_object__btf(object), ".rodata", "ll_settings", sizeof(Settings));
    if (!offset) {
        return offset.error();
    }
    if (old == nullptr || size < sizeof(Settings) || *offset > size - sizeof(Settings)) {
        return Error{EINVAL, "the object's ll_settings lie outside of its data"};
    }
    std::vector<std::byte> bytes(size);
    std::memcpy(bytes.data(), old, size);
    const Settings settings{options.audit ? 1U : 0U, options.slot, options.generation, 0, options.root};
    std::memcpy(bytes.data() + *offset, &settings, sizeof settings);
    if (const int code = ::bpf_map__set_initial_value(data, bytes.data(), size); code != 0) {
        return errnoError("setting the gate's constants", -code);
    }
    return {};
}

/// The gate uses our map in the place of its own of that name, if it has one.
Result<void> share(bpf_object* object, const char* name, int fd) {
    bpf_map* map = ::bpf_object__find_map_by_name(object, name);
    if (map == nullptr) {
        return {};
    }
    bpf_map_info info{};
    __u32 length = sizeof info;
    if (::bpf_obj_get_info_by_fd(fd, &info, &length) != 0) {
        return errnoError(name);
    }
    if (::bpf_map__type(map) != static_cast<bpf_map_type>(info.type) || ::bpf_map__key_size(map) != info.key_size ||
        ::bpf_map__value_size(map) != info.value_size) {
        return Error{EPROTO, std::string("the object's map ") + name +
                                 " is of another version of this program; compile the policy again"};
    }
    if (const int code = ::bpf_map__reuse_fd(map, fd); code != 0) {
        return errnoError(name, -code);
    }
    return {};
}

using Ids = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Result<void> fillIds(bpf_object* object, const char* name, const Ids& ids) {
    const bpf_map* map = ::bpf_object__find_map_by_name(object, name);
    if (map == nullptr) {
        return {};
    }
    for (const auto& [id, value] : ids) {
        if (::bpf_map_update_elem(::bpf_map__fd(map), &id, &value, BPF_NOEXIST) != 0) {
            return errnoError(name);
        }
    }
    return {};
}

Result<void> sizeIds(bpf_object* object, const char* name, const Ids& ids) {
    bpf_map* map = ::bpf_object__find_map_by_name(object, name);
    if (map == nullptr) {
        return {};
    }
    if (::bpf_map__key_size(map) != 4 || ::bpf_map__value_size(map) != 4) {
        return Error{EPROTO, std::string("the object's map ") + name + " is not one of ids"};
    }
    const int code = ::bpf_map__set_max_entries(map, std::max<__u32>(1, static_cast<__u32>(ids.size())));
    return code == 0 ? Result<void>() : Result<void>(errnoError(name, -code));
}

/// Ids of the programs whose links are pinned in `folder`.
std::vector<__u32> pinnedPrograms(const std::string& folder) {
    std::vector<__u32> ids;
    DIR* entries = ::opendir(folder.c_str());
    while (const dirent* entry = entries != nullptr ? ::readdir(entries) : nullptr) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        const UniqueFd link(::bpf_obj_get((folder + "/" + entry->d_name).c_str()));
        bpf_link_info info{};
        __u32 length = sizeof info;
        if (link && ::bpf_obj_get_info_by_fd(link.get(), &info, &length) == 0) {
            ids.push_back(info.prog_id);
        }
    }
    if (entries != nullptr) {
        ::closedir(entries);
    }
    return ids;
}

/// Until no program has one of these ids any more, or two seconds have passed: others may hold them, attached or not.
void awaitEnd(std::vector<__u32> programs) {
    for (int i = 0; i < 400 && !programs.empty(); ++i) {
        std::erase_if(programs, [](__u32 program) { return !UniqueFd(::bpf_prog_get_fd_by_id(program)); });
        if (!programs.empty()) {
            ::usleep(5000);
        }
    }
}

} // namespace

struct Gate::State {
    Object object;
    Backend backend = Backend::kSupervise;
    std::vector<std::pair<std::string, Link>> links;
};

Gate::Gate(std::unique_ptr<State> state) : state_(std::move(state)) {}
Gate::Gate(Gate&&) noexcept = default;
Gate& Gate::operator=(Gate&&) noexcept = default;
Gate::~Gate() = default;

Result<Gate> Gate::load(std::span<const std::byte> bytes, const GateOptions& options) {
    const Messages messages;
    auto state = std::make_unique<State>();
    state->object.reset(::bpf_object__open_mem(bytes.data(), bytes.size(), nullptr));
    bpf_object* object = state->object.get();
    if (object == nullptr) {
        return messages.error("opening the object's programs", errno);
    }
    state->backend = options.backend;
    Result<void> ready = choosePrograms(object, options.backend);
    if (ready) {
        ready = setSettings(object, options);
    }
    for (const auto& [name, fd] :
         {std::pair("ll_marks", options.maps.marks), std::pair("ll_control", options.maps.control),
          std::pair("ll_events", options.maps.events), std::pair("ll_holds", options.maps.holds)}) {
        if (ready && fd >= 0) {
            ready = share(object, name, fd);
        }
    }
    if (ready) {
        ready = sizeIds(object, "ll_users", options.users);
    }
    if (ready) {
        ready = sizeIds(object, "ll_groups", options.groups);
    }
    if (ready) {
        ready = sizeByTasks(object, {"ll_lineages", "ll_notes", "ll_in_force"});
    }
    if (ready && options.backend != Backend::kSupervise) {
        ready = sizeTables(object, options.tables);
    }
    if (!ready) {
        return ready.error();
    }
    if (const int code = ::bpf_object__load(object); code != 0) {
        return messages.error("the kernel refuses the object's programs", code);
    }
    for (const auto& [name, ids] : {std::pair("ll_users", &options.users), std::pair("ll_groups", &options.groups)}) {
        if (const Result<void> filled = fillIds(object, name, *ids); !filled) {
            return filled.error();
        }
    }
    if (options.backend != Backend::kSupervise) {
        if (const Result<void> filled = fillTables(object, options.tables); !filled) {
            return filled.error();
        }
    }
    return Gate(std::move(state));
}

Result<void> Gate::putRuleset(std::uint32_t index, int fd) {
    return landlatch::bpf::putRuleset(state_->object.get(), state_->backend, index, fd);
}

Result<void> Gate::attachOrders(int first, int last) {
    const Messages messages;
    for (int order = first; order <= last; ++order) {
        bpf_program* program = nullptr;
        bpf_object__for_each_program(program, state_->object.get()) {
            if (!::bpf_program__autoload(program) || roleOf(program)->order != order) {
                continue;
            }
            Link link(::bpf_program__attach(program));
            if (!link) {
                const Error error = messages.error(std::string("attaching ") + ::bpf_program__name(program), errno);
                state_->links.clear();
                return error;
            }
            state_->links.emplace_back(::bpf_program__name(program), std::move(link));
        }
    }
    return {};
}

bool Gate::keepsLineage() const {
    return ::bpf_object__find_map_by_name(state_->object.get(), "ll_lineages") != nullptr;
}

Result<void> Gate::seedLineage(const TaskLineage& task) {
    const bpf_map* map = ::bpf_object__find_map_by_name(state_->object.get(), "ll_lineages");
    std::array<LineageHalf, 2> lineage{};
    if (map == nullptr || ::bpf_map__value_size(map) != sizeof lineage) {
        return Error{EPROTO, "the object's ll_lineages are of another version of this program"};
    }
    const int fd = ::bpf_map__fd(map);
    if (::bpf_map_lookup_elem(fd, &task.key, &lineage) == 0) {
        for (const LineageHalf& half : lineage) {
            if (half.exec_id == task.exec_id && half.known != 0) {
                return {};
            }
        }
    }
    const std::uint32_t known = (task.image_known ? kImageKnown : 0U) | (task.ancestors_known ? kAncestorsKnown : 0U) |
                                (task.staged ? kImageStaged : 0U);
    lineage = {{{task.exec_id, task.ancestors, task.trusted, task.image_atom, known}, {}}};
    if (::bpf_map_update_elem(fd, &task.key, &lineage, BPF_ANY) != 0) {
        return errnoError("ll_lineages");
    }
    return {};
}

Result<PinnedLineages> PinnedLineages::open(const std::string& folder) {
    UniqueFd map = mapOfLink(folder + "/ll_fork", "ll_lineages");
    bpf_map_info info{};
    __u32 length = sizeof info;
    if (!map || ::bpf_obj_get_info_by_fd(map.get(), &info, &length) != 0 ||
        info.value_size != 2 * sizeof(LineageHalf)) {
        return Error{EPROTO, folder + ": what it knows of callers can't be read"};
    }
    return PinnedLineages(std::move(map));
}

std::optional<Gate::TaskLineage> PinnedLineages::of(std::uint64_t key, std::uint64_t exec_id) const {
    std::array<LineageHalf, 2> lineage{};
    if (::bpf_map_lookup_elem(map_.get(), &key, &lineage) != 0) {
        return std::nullopt;
    }
    for (const LineageHalf& half : lineage) {
        if (half.exec_id == exec_id && (half.known & kAncestorsKnown) != 0 && (half.known & kImageKnown) != 0) {
            Gate::TaskLineage task;
            task.key = key;
            task.exec_id = exec_id;
            task.ancestors = half.ancestors;
            task.trusted = half.trusted;
            task.image_atom = half.image_atom;
            task.image_known = true;
            task.ancestors_known = true;
            task.staged = (half.known & kImageStaged) != 0;
            return task;
        }
    }
    return std::nullopt;
}

Result<void> Gate::pin(const std::string& folder) {
    // Under another name until all are in: what is found under its own is a whole gate, whenever we are killed.
    const std::string unfinished = folder + kUnfinishedPins;
    Result<void> done = removePinFolder(unfinished);
    if (done) {
        done = makePinFolder(unfinished);
    }
    for (auto link = state_->links.begin(); done && link != state_->links.end(); ++link) {
        const auto& [name, held] = *link;
        if (const int code = ::bpf_link__pin(held.get(), fmt::format("{}/{}", unfinished, name).c_str()); code != 0) {
            done = errnoError("pinning the gate in " + folder, -code);
        }
    }
    if (done) {
        done = moveGate(unfinished, folder);
    }
    if (!done) {
        [[maybe_unused]] const Result<void> undone = removePinFolder(unfinished);
        state_->links.clear();
    }
    return done;
}

std::vector<GateProgram> Gate::programs() const {
    std::vector<GateProgram> programs;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, state_->object.get()) {
        bpf_prog_info info{};
        __u32 length = sizeof info;
        if (::bpf_program__fd(program) >= 0 &&
            ::bpf_obj_get_info_by_fd(::bpf_program__fd(program), &info, &length) == 0) {
            programs.push_back({::bpf_program__name(program),
                                static_cast<std::uint32_t>(info.xlated_prog_len / sizeof(bpf_insn)),
                                info.jited_prog_len, info.verified_insns});
        }
    }
    return programs;
}

std::uint64_t Gate::mapBytes() const {
    std::uint64_t bytes = 0;
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, state_->object.get()) {
        const std::string_view name = ::bpf_map__name(map);
        if (::bpf_map__fd(map) >= 0 && name != "ll_marks" && name != "ll_control" && name != "ll_events" &&
            name != "ll_holds") {
            bytes +=
                std::uint64_t{::bpf_map__max_entries(map)} * (::bpf_map__key_size(map) + ::bpf_map__value_size(map));
        }
    }
    return bytes;
}

Result<void> removeGate(const std::string& folder) {
    const std::vector<__u32> programs = pinnedPrograms(folder);
    if (const Result<void> removed = removePinFolder(folder); !removed) {
        return removed;
    }
    // The kernel detaches a moment after its links are gone: a program decides until then.
    awaitEnd(programs);
    return {};
}

Result<void> moveGate(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return errnoError(to);
    }
    return {};
}

} // namespace landlatch::bpf
