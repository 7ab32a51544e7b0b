// SPDX-License-Identifier: Apache-2.0
#include "runtime/bpf/kernel_gate.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <dirent.h>

namespace landlatch::bpf {
namespace {

Result<bpf_map*> findMap(bpf_object* object, const char* name) {
    bpf_map* map = ::bpf_object__find_map_by_name(object, name);
    if (map == nullptr) {
        return Error{EPROTO, std::string("the object has no map ") + name + "; compile the policy again"};
    }
    return map;
}

template <typename Value> Result<void> fill(bpf_object* object, const char* name, const std::vector<Value>& values) {
    const Result<bpf_map*> map = findMap(object, name);
    if (!map) {
        return map.error();
    }
    if (::bpf_map__value_size(*map) != sizeof(Value)) {
        return Error{EPROTO, std::string("the object's map ") + name +
                                 " is of another version of this program; compile the policy again"};
    }
    for (std::uint32_t i = 0; i < values.size(); ++i) {
        if (::bpf_map_update_elem(::bpf_map__fd(*map), &i, &values[i], BPF_ANY) != 0) {
            return errnoError(name);
        }
    }
    return {};
}

/// The map of a program that has this name; no fd where there is none.
UniqueFd mapOfProgram(int program, std::string_view name) {
    std::array<__u32, 32> ids{};
    bpf_prog_info info{};
    info.nr_map_ids = ids.size();
    info.map_ids = reinterpret_cast<std::uintptr_t>(ids.data());
    __u32 length = sizeof info;
    if (::bpf_obj_get_info_by_fd(program, &info, &length) != 0) {
        return {};
    }
    for (__u32 i = 0; i < std::min<__u32>(info.nr_map_ids, ids.size()); ++i) {
        UniqueFd map(::bpf_map_get_fd_by_id(ids[i]));
        bpf_map_info found{};
        length = sizeof found;
        if (map && ::bpf_obj_get_info_by_fd(map.get(), &found, &length) == 0 && name == found.name) {
            return map;
        }
    }
    return {};
}

UniqueFd programOfLink(const std::string& path) {
    const UniqueFd link(::bpf_obj_get(path.c_str()));
    bpf_link_info info{};
    __u32 length = sizeof info;
    if (!link || ::bpf_obj_get_info_by_fd(link.get(), &info, &length) != 0) {
        return {};
    }
    return UniqueFd(::bpf_prog_get_fd_by_id(info.prog_id));
}

} // namespace

Result<void> sizeTables(bpf_object* object, const KernelTables& tables) {
    if (tables.flags.size() > LL_MAX_RULESETS) {
        return Error{E2BIG, "the policy has more rulesets than a kernel backend takes (" +
                                std::to_string(LL_MAX_RULESETS) + ")"};
    }
    if (tables.map_type != 0) {
        if (const Result<bpf_map*> map = findMap(object, "ll_ruleset_map"); map) {
            ::bpf_map__set_type(*map, static_cast<bpf_map_type>(tables.map_type));
        }
    }
    const auto rulesets = static_cast<std::uint32_t>(tables.flags.size());
    const std::pair<const char*, std::uint32_t> sizes[] = {
        {"ll_ruleset_map", rulesets},
        {"ll_objects", rulesets},
        {"ll_flags", rulesets},
        {"ll_effects", static_cast<std::uint32_t>(tables.effects.size())},
        {"ll_counts", LL_COUNT_RULES + tables.rules}};
    for (const auto& [name, size] : sizes) {
        const Result<bpf_map*> map = findMap(object, name);
        if (!map) {
            return map.error();
        }
        if (const int code = ::bpf_map__set_max_entries(*map, std::max<__u32>(1, size)); code != 0) {
            return errnoError(name, -code);
        }
    }
    return {};
}

Result<void> fillTables(bpf_object* object, const KernelTables& tables) {
    Result<void> filled = fill(object, "ll_flags", tables.flags);
    if (filled) {
        filled = fill(object, "ll_effects", tables.effects);
    }
    if (filled) {
        filled = fill(object, "ll_always", tables.always);
    }
    return filled;
}

Result<void> putRuleset(bpf_object* object, Backend backend, std::uint32_t index, int fd) {
    if (backend == Backend::kKernelMap) {
        const Result<bpf_map*> map = findMap(object, "ll_ruleset_map");
        if (!map) {
            return map.error();
        }
        if (::bpf_map_update_elem(::bpf_map__fd(*map), &index, &fd, BPF_ANY) != 0) {
            return errnoError("putting a ruleset into the kernel's map");
        }
        return {};
    }
    const bpf_program* store = ::bpf_object__find_program_by_name(object, "ll_store");
    if (store == nullptr || ::bpf_program__fd(store) < 0) {
        return Error{EPROTO, "the object has no program ll_store; compile the policy again"};
    }
    ll_store_context context{fd, index};
    LIBBPF_OPTS(bpf_test_run_opts, run);
    run.ctx_in = &context;
    run.ctx_size_in = sizeof context;
    if (const int code = ::bpf_prog_test_run_opts(::bpf_program__fd(store), &run); code != 0) {
        return errnoError("running ll_store", -code);
    }
    const int error = static_cast<int>(run.retval);
    return error == 0 ? Result<void>() : Result<void>(errnoError("turning a ruleset into a policy object", -error));
}

Result<std::vector<std::uint64_t>> readCounts(const std::string& folder) {
    const UniqueFd program = programOfLink(folder + "/ll_committed");
    const UniqueFd map = program ? mapOfProgram(program.get(), "ll_counts") : UniqueFd();
    bpf_map_info info{};
    __u32 length = sizeof info;
    if (!map || ::bpf_obj_get_info_by_fd(map.get(), &info, &length) != 0) {
        return Error{ENOENT, folder + ": no counters"};
    }
    std::vector<std::uint64_t> counts(std::min<std::uint32_t>(info.max_entries, 1U << 20U));
    for (std::uint32_t i = 0; i < counts.size(); ++i) {
        if (::bpf_map_lookup_elem(map.get(), &i, &counts[i]) != 0) {
            return errnoError("ll_counts");
        }
    }
    return counts;
}

} // namespace landlatch::bpf
