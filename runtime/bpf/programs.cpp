// SPDX-License-Identifier: Apache-2.0
#include "runtime/bpf/programs.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace landlatch::bpf {
namespace {

constexpr unsigned bit(Backend backend) { return 1U << static_cast<unsigned>(backend); }
constexpr unsigned kSupervised = bit(Backend::kSupervise);
constexpr unsigned kMap = bit(Backend::kKernelMap);
constexpr unsigned kObject = bit(Backend::kKernelObject);
constexpr unsigned kAll = kSupervised | kMap | kObject;

struct Known {
    std::string_view program; ///< empty: any, a gate made from a template of the user's own
    std::string_view section;
    Role role;
};
// Those with a name first.
constexpr std::array<Known, 12> kKnown = {{
    {"ll_map_gate", "lsm.s/bprm_creds_from_file", {kDecides, kMap}},
    {"ll_object_gate", "lsm.s/bprm_creds_from_file", {kDecides, kObject}},
    {"ll_committed", "lsm.s/bprm_committed_creds", {2, kMap | kObject}},
    {"ll_inherit", "lsm/task_alloc", {1, kMap | kObject}},
    {"ll_leave", "lsm/task_free", {0, kMap | kObject}},
    {"ll_store", "syscall", {-1, kObject}},
    {"", "lsm/task_free", {0, kAll}},
    {"", "lsm/task_alloc", {1, kAll}},
    {"", "lsm/bprm_creds_for_exec", {2, kAll}},
    {"", "lsm.s/bprm_creds_for_exec", {2, kAll}},
    {"", "lsm.s/bprm_creds_from_file", {kDecides, kSupervised}},
    {"", "syscall", {-1, 0}},
}};

struct MapUse {
    std::string_view name;
    unsigned backends;
};
// Maps that only some backends use; all others are made for each.
constexpr std::array<MapUse, 9> kMaps = {{{"ll_marks", kSupervised},
                                          {"ll_holds", kSupervised},
                                          {"ll_ruleset_map", kMap},
                                          {"ll_objects", kObject},
                                          {"ll_flags", kMap | kObject},
                                          {"ll_effects", kMap | kObject},
                                          {"ll_always", kMap | kObject},
                                          {"ll_counts", kMap | kObject},
                                          {"ll_in_force", kMap | kObject}}};

} // namespace

const Role* roleOf(const bpf_program* program) {
    const std::string_view name = ::bpf_program__name(program);
    const std::string_view section = ::bpf_program__section_name(program);
    const auto* found = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& known) {
        return known.section == section && (known.program.empty() || known.program == name);
    });
    return found == kKnown.end() ? nullptr : &found->role;
}

Result<void> choosePrograms(bpf_object* object, Backend backend) {
    bool decides = false;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        const Role* role = roleOf(program);
        if (role == nullptr) {
            return Error{EINVAL, std::string("the object has a program for ") + ::bpf_program__section_name(program) +
                                     ", which is no gate's"};
        }
        const bool wanted = (role->backends & bit(backend)) != 0;
        decides = decides || (wanted && role->order == kDecides);
        ::bpf_program__set_autoload(program, wanted);
    }
    if (!decides) {
        return Error{EINVAL, "the object has no gate for this backend"};
    }
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        const std::string_view name = ::bpf_map__name(map);
        for (const MapUse& use : kMaps) {
            if (use.name == name && (use.backends & bit(backend)) == 0) {
                ::bpf_map__set_autocreate(map, false);
            }
        }
    }
    return {};
}

} // namespace landlatch::bpf
