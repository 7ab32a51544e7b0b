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

Error unlike(const std::string& map) {
    return Error{EPROTO,
                 "the object's map " + map + " is of another version of this program; compile the policy again"};
}

/// Into an array that sizeTables has checked.
template <typename Value> Result<void> fill(bpf_object* object, const char* name, const std::vector<Value>& values) {
    const Result<bpf_map*> map = findMap(object, name);
    if (!map) {
        return map.error();
    }
    for (std::uint32_t i = 0; i < values.size(); ++i) {
        if (::bpf_map_update_elem(::bpf_map__fd(*map), &i, &values[i], BPF_ANY) != 0) {
            return errnoError(name);
        }
    }
    return {};
}

constexpr std::size_t kMaxAlways = 64; ///< bits of ll_decision.always

} // namespace

Result<void> sizeTables(bpf_object* object, const KernelTables& tables) {
    if (tables.flags.size() > LL_MAX_RULESETS) {
        return Error{E2BIG, "the policy has more rulesets than a kernel backend takes (" +
                                std::to_string(LL_MAX_RULESETS) + ")"};
    }
    const auto rulesets = static_cast<std::uint32_t>(tables.flags.size());
    struct Table {
        const char* name;
        std::size_t value_bytes;
        std::size_t size;
    };
    const Table sized[] = {{"ll_ruleset_map", sizeof(std::uint32_t), rulesets},
                           {"ll_objects", sizeof(std::uint64_t), rulesets},
                           {"ll_flags", sizeof(std::uint32_t), rulesets},
                           {"ll_effects", sizeof(ll_rulesets), tables.effects.size()},
                           {"ll_always", sizeof(ll_rulesets), kMaxAlways},
                           {"ll_counts", sizeof(std::uint64_t), LL_COUNT_RULES + tables.rules}};
    for (const Table& table : sized) {
        const Result<bpf_map*> map = findMap(object, table.name);
        if (!map) {
            return map.error();
        }
        if (::bpf_map__type(*map) != BPF_MAP_TYPE_ARRAY || ::bpf_map__key_size(*map) != sizeof(std::uint32_t) ||
            ::bpf_map__value_size(*map) != table.value_bytes) {
            return unlike(table.name);
        }
        const auto entries = std::max<__u32>(1, static_cast<__u32>(table.size));
        if (const int code = ::bpf_map__set_max_entries(*map, entries); code != 0) {
            return errnoError(table.name, -code);
        }
    }
    if (tables.map_type != 0) {
        ::bpf_map__set_type(*findMap(object, "ll_ruleset_map"), static_cast<bpf_map_type>(tables.map_type));
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
    const UniqueFd map = mapOfLink(folder + "/ll_committed", "ll_counts");
    bpf_map_info info{};
    __u32 length = sizeof info;
    if (!map || ::bpf_obj_get_info_by_fd(map.get(), &info, &length) != 0) {
        return Error{ENOENT, folder + ": no counters"};
    }
    if (info.type != BPF_MAP_TYPE_ARRAY || info.value_size != sizeof(std::uint64_t)) {
        return unlike("ll_counts");
    }
    std::vector<std::uint64_t> counts(std::min<std::uint32_t>(info.max_entries, 1U << 20U));
    for (std::uint32_t i = 0; i < counts.size(); ++i) {
        if (::bpf_map_lookup_elem(map.get(), &i, &counts[i]) != 0) {
            return errnoError("ll_counts");
        }
    }
    return counts;
}

Result<void> forgetInForce(const std::string& folder) {
    const UniqueFd map = mapOfLink(folder + "/ll_committed", "ll_in_force");
    if (!map) {
        return Error{ENOENT, folder + ": no ll_in_force"};
    }
    // The first key each time: one that is deleted while we walk would send us back to it anyhow. What execs add
    // meanwhile may go too; they don't keep us for ever.
    std::uint64_t key = 0;
    bpf_map_info info{};
    __u32 length = sizeof info;
    if (::bpf_obj_get_info_by_fd(map.get(), &info, &length) != 0) {
        return errnoError("ll_in_force");
    }
    for (std::uint64_t left = 2ULL * info.max_entries;
         left > 0 && ::bpf_map_get_next_key(map.get(), nullptr, &key) == 0; --left) {
        if (::bpf_map_delete_elem(map.get(), &key) != 0 && errno != ENOENT) {
            return errnoError("ll_in_force");
        }
    }
    return {};
}

} // namespace landlatch::bpf
