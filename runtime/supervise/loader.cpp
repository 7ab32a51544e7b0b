// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/loader.h"

#include "runtime/landlock/kernel.h"
#include "runtime/match/ids.h"
#include "runtime/object/read.h"
#include "runtime/object/seal.h"
#include "runtime/probe/probe.h"
#include "runtime/supervise/lineage.h"
#include "runtime/supervise/message.h"
#include "runtime/supervise/saved.h"
#include "runtime/supervise/setup.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

/// By the gate that is among them: it, not a file of state, is what decides.
bpf::Backend backendOfPins(const std::string& pins) {
    if (::access((pins + "/ll_object_gate").c_str(), F_OK) == 0) {
        return bpf::Backend::kKernelObject;
    }
    return ::access((pins + "/ll_map_gate").c_str(), F_OK) == 0 ? bpf::Backend::kKernelMap : bpf::Backend::kSupervise;
}

std::string pinsOf(const std::string& name) { return pinRoot() + "/" + name; }

Result<std::vector<std::string>> setsOf(const nlohmann::json& request) {
    std::vector<std::string> sets;
    if (const auto found = request.find("set"); found != request.end()) {
        if (!found->is_array()) {
            return Error{EINVAL, "set: not a list"};
        }
        for (const nlohmann::json& one : *found) {
            if (!one.is_string()) {
                return Error{EINVAL, "set: not a text"};
            }
            sets.push_back(one.get<std::string>());
        }
    }
    return sets;
}

/// Params, kernel and paths. Under audit what is wrong with them is noted only: nothing is applied.
Result<void> resolveContent(Policy& policy, landlock::SystemKernel& kernel) {
    const Result<std::vector<std::string>> sets = setsOf(policy.request);
    if (!sets) {
        return sets.error();
    }
    landlock::ParamValues::Options param_options;
    param_options.allow_root = isSet(policy.request, "allow_root");
    Result<landlock::ParamValues> params = landlock::ParamValues::make(policy.content, *sets, param_options);
    if (!params) {
        return params.error();
    }
    policy.params = std::move(*params);
    const Result<std::uint32_t> abi = landlock::queryAbi(kernel);
    if (!abi) {
        return abi.error();
    }
    policy.abi = *abi;
    if (const Result<void> fits = landlock::checkKernel(policy.content, policy.abi); !fits) {
        return fits.error();
    }
    Result<std::vector<landlock::ResolvedRuleset>> resolved =
        landlock::resolveAll(policy.content, policy.params, landlock::ResolveOptions());
    if (!resolved) {
        return resolved.error();
    }
    policy.rulesets = std::move(*resolved);
    // Once for all of them: what the kernel would refuse at an exec is said now.
    for (const landlock::ResolvedRuleset& ruleset : policy.rulesets) {
        if (ruleset.in_target) {
            continue;
        }
        if (const Result<UniqueFd> built = landlock::build(kernel, policy.content, ruleset, policy.abi); !built) {
            return built.error();
        }
    }
    return {};
}

ll_rulesets asSet(const std::vector<std::uint32_t>& rulesets) {
    ll_rulesets set{};
    for (const std::uint32_t ruleset : rulesets) {
        set.word[ruleset / 64 % LL_RULESET_WORDS] |= std::uint64_t{1} << (ruleset % 64);
    }
    return set;
}

/// What a gate that applies by itself is told of its policy.
Result<bpf::KernelTables> kernelTables(const Policy& policy, std::uint32_t map_type) {
    const Result<std::uint32_t> known = probe::restrictFlags();
    if (!known) {
        return known.error();
    }
    bpf::KernelTables tables;
    tables.map_type = policy.backend == bpf::Backend::kKernelMap ? map_type : 0;
    tables.rules = static_cast<std::uint32_t>(policy.content.rules.size());
    for (const object::Effect& effect : policy.content.effects) {
        tables.effects.push_back(asSet(effect.rulesets));
    }
    for (const std::uint32_t ruleset : policy.content.always_rulesets) {
        tables.always.push_back(asSet({ruleset}));
    }
    for (const object::Ruleset& ruleset : policy.content.rulesets) {
        tables.flags.push_back(ruleset.log_flags & *known);
    }
    return tables;
}

void noteFlags(Policy& policy, const bpf::KernelTables& tables) {
    for (std::size_t i = 0; i < policy.content.rulesets.size(); ++i) {
        const object::Ruleset& ruleset = policy.content.rulesets[i];
        if (ruleset.log_flags != tables.flags[i]) {
            policy.notes.push_back("ruleset " + ruleset.name + ": this kernel doesn't know all flags of its `log`");
        }
    }
}

/// A ruleset of each into the kernel. No fd of one outlives this: it could be used to add rules.
Result<void> putRulesets(const Policy& policy, landlock::SystemKernel& kernel, bpf::Gate& gate) {
    for (const landlock::ResolvedRuleset& ruleset : policy.rulesets) {
        const Result<UniqueFd> built = landlock::build(kernel, policy.content, ruleset, policy.abi);
        if (!built) {
            return built.error();
        }
        if (const Result<void> put = gate.putRuleset(ruleset.index, built->get()); !put) {
            return put.error().within("ruleset " + policy.content.rulesets[ruleset.index].name);
        }
    }
    return {};
}

Result<bpf::GateOptions> gateOptions(Policy& policy, const bpf::SharedMaps& maps) {
    const Result<match::IdResolution> ids = match::resolveIds(policy.content, match::SystemIdLookup());
    if (!ids) {
        return ids.error();
    }
    Result<match::Matcher> matcher = match::Matcher::create(policy.content, *ids);
    if (!matcher) {
        return matcher.error();
    }
    policy.matcher = std::move(*matcher);
    const Result<std::uint64_t> root = rootOfInit();
    if (!root) {
        return root.error();
    }
    bpf::GateOptions options;
    options.maps = maps;
    options.slot = policy.slot;
    options.generation = policy.generation;
    options.audit = policy.audit;
    options.root = *root;
    options.backend = policy.backend;
    for (std::uint32_t i = 0; i < ids->users.size(); ++i) {
        if (ids->users[i]) {
            options.users.emplace_back(*ids->users[i], i + 1);
        }
    }
    for (std::uint32_t i = 0; i < ids->groups.size(); ++i) {
        if (ids->groups[i]) {
            options.groups.emplace_back(*ids->groups[i], i);
        }
    }
    return options;
}

Result<void> readContent(Policy& policy, const std::string& object) {
    if (const Result<void> whole = object::checkSeal(std::as_bytes(std::span(object))); !whole) {
        return whole;
    }
    Result<object::Policy> content = object::read(std::as_bytes(std::span(object)));
    if (!content) {
        return content.error();
    }
    policy.content = std::move(*content);
    policy.hits.assign(policy.content.rules.size(), 0);
    policy.audit = isSet(policy.request, "audit");
    return {};
}

/// Whether the load in force under the policy's name knows of callers what this one asks.
bool sharesLineage(const Policy& policy) {
    const Result<Saved> saved = isPinned(policy.name) ? readSaved(policy.name) : Result<Saved>(Error{});
    if (!saved || saved->state["hold"] != LL_CONTROL_VERSION) {
        return false;
    }
    Policy before;
    const Result<void> read = readContent(before, saved->object);
    const Result<match::IdResolution> ids =
        read ? match::resolveIds(before.content, match::SystemIdLookup()) : Result<match::IdResolution>(read.error());
    const Result<match::Matcher> matcher =
        ids ? match::Matcher::create(before.content, *ids) : Result<match::Matcher>(ids.error());
    return matcher && policy.matcher->sharesLineage(*matcher);
}

/// The second half of an installation: the gate pinned under NAME and `mark` takes the place of the one under NAME.
///
/// On kernel-object the last application in an exec replaces those before, and which gate is last is the kernel's
/// business. While both were attached the old ruleset may have replaced the new one, which the new gate then takes for
/// being in force. So it forgets what it knows once the old gate is gone, and a moment later, when no exec can be
/// between the two any more.
Result<void> finish(const std::string& name, char mark, bool replace) {
    constexpr std::chrono::milliseconds kLastExecs{100};
    const std::string pins = pinsOf(name);
    const bool may_have_lost = replace && backendOfPins(pins + mark) != bpf::Backend::kSupervise &&
                               (backendOfPins(pins + mark) == bpf::Backend::kKernelObject ||
                                backendOfPins(pins) == bpf::Backend::kKernelObject);
    Result<void> done = replace ? bpf::removeGate(pins) : Result<void>();
    if (done && may_have_lost) {
        std::this_thread::sleep_for(kLastExecs);
        done = bpf::forgetInForce(pins + mark);
    }
    if (done) {
        done = bpf::moveGate(pins + mark, pins);
    }
    if (!done) {
        return done;
    }
    const std::string folder = folderOf(name);
    removeFolder(folder);
    return ::rename((folder + mark).c_str(), folder.c_str()) == 0 ? Result<void>() : Result<void>(errnoError(folder));
}

} // namespace

bool isPolicyName(const std::string& name) {
    return !name.empty() && name.size() <= 63 && name != "control" && name != "lock" &&
           std::all_of(name.begin(), name.end(),
                       [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

Result<void> prepare(Policy& policy, const std::string& object, const nlohmann::json& request,
                     const bpf::SharedMaps& maps, std::optional<bpf::Gate>& gate, std::uint32_t map_type) {
    policy.request = request;
    if (const Result<void> read = readContent(policy, object); !read) {
        return read;
    }
    landlock::SystemKernel kernel;
    if (const Result<void> resolved = resolveContent(policy, kernel); !resolved) {
        if (!policy.audit) {
            return resolved;
        }
        policy.notes.push_back("would not be enforced as it is: " + resolved.error().message);
    }
    Result<bpf::GateOptions> options = gateOptions(policy, maps);
    if (!options) {
        return options.error();
    }
    const bool in_kernel = policy.backend != bpf::Backend::kSupervise;
    if (in_kernel) {
        Result<bpf::KernelTables> tables = kernelTables(policy, map_type);
        if (!tables) {
            return tables.error();
        }
        options->tables = std::move(*tables);
        noteFlags(policy, options->tables);
    }
    Result<bpf::Gate> loaded = bpf::Gate::load(std::as_bytes(std::span(object)), *options);
    if (!loaded) {
        return loaded.error();
    }
    policy.gate = nlohmann::json::object();
    policy.gate["map_bytes"] = loaded->mapBytes();
    for (const bpf::GateProgram& program : loaded->programs()) {
        policy.gate["programs"].push_back({{"name", program.name},
                                           {"instructions", program.instructions},
                                           {"machine_bytes", program.machine_bytes},
                                           {"verified", program.verified}});
    }
    if (in_kernel && !policy.audit) {
        if (const Result<void> put = putRulesets(policy, kernel, *loaded); !put) {
            return put;
        }
    }
    policy.keeps_lineage = loaded->keepsLineage() && sharesLineage(policy);
    if (loaded->keepsLineage() && isPinned(policy.name) && !policy.keeps_lineage) {
        policy.notes.emplace_back("the load before asked other things of callers: of programs that run already, those "
                                  "callers count that /proc shows");
    }
    gate = std::move(*loaded);
    return {};
}

Result<void> putInForce(const Policy& policy, bpf::Gate& gate, const std::string& object) {
    const std::string pins = pinsOf(policy.name);
    const bool replace = isPinned(policy.name);
    const std::string folder = folderOf(policy.name);
    const char mark = pendingMark(policy.backend);
    [[maybe_unused]] const Result<void> leftover = bpf::removeGate(pins + mark);
    Result<void> result = save(policy, object, folder + mark);
    std::optional<bpf::PinnedLineages> before;
    if (result && policy.keeps_lineage) {
        Result<bpf::PinnedLineages> opened = bpf::PinnedLineages::open(pins);
        result = opened ? Result<void>() : Result<void>(opened.error());
        if (opened) {
            before.emplace(std::move(*opened));
        }
    }
    // Twice: before it decides, for all tasks there are; after, for those that have changed in between.
    if (result) {
        result = gate.attachState();
    }
    if (result) {
        result = seedLineages(gate, *policy.matcher, before ? &*before : nullptr);
    }
    if (result) {
        result = gate.attachDecision();
    }
    if (result) {
        result = seedLineages(gate, *policy.matcher, before ? &*before : nullptr);
    }
    if (result) {
        result = gate.pin(pins + mark);
    }
    if (!result) {
        removeFolder(folder + mark);
        return result;
    }
    // From here on the new one decides, and both do until the old one is gone. What fails now leaves more in force, not
    // less; where there was nothing, nothing stays.
    result = finish(policy.name, mark, replace);
    if (!result && !replace) {
        for (const std::string& name : {pins + mark, pins}) {
            [[maybe_unused]] const Result<void> removed = bpf::removeGate(name);
        }
        removeFolder(folder + mark);
    }
    return result;
}

bool isPinned(const std::string& name) { return ::access(pinsOf(name).c_str(), F_OK) == 0; }

Result<void> takeOutOfForce(const std::string& name) {
    if (const Result<void> removed = bpf::removeGate(pinsOf(name)); !removed) {
        return removed;
    }
    removeFolder(folderOf(name));
    return {};
}

bool forget(const std::string& name) {
    if (!isPolicyName(name)) {
        return false;
    }
    const SavedFolder folder(name);
    // Asked with the folder open: who installs the name meanwhile has its pins in place before its folder, and what is
    // removed is in the one that was opened.
    return folder.exists() && !isPinned(name) && folder.remove();
}

const char* backendName(bpf::Backend backend) {
    switch (backend) {
    case bpf::Backend::kSupervise:
        return kSuperviseName;
    case bpf::Backend::kKernelMap:
        return "kernel-map";
    case bpf::Backend::kKernelObject:
        return "kernel-object";
    }
    return "";
}

char pendingMark(bpf::Backend backend) { return backend == bpf::Backend::kSupervise ? '~' : '^'; }

std::string savedBackend(const std::string& name) {
    return isPinned(name) ? backendName(backendOfPins(pinsOf(name))) : "";
}

std::vector<std::string> savedPolicies(std::optional<bpf::Backend> tidy) {
    const char mark = tidy ? pendingMark(*tidy) : '\0';
    std::vector<std::string> names;
    DIR* entries = ::opendir(pinRoot().c_str());
    if (entries == nullptr) {
        return names;
    }
    std::vector<std::string> found;
    while (const dirent* entry = ::readdir(entries)) {
        found.emplace_back(entry->d_name);
    }
    ::closedir(entries);
    for (std::string name : found) {
        if (tidy && name.ends_with(std::string{mark, bpf::kUnfinishedPins})) {
            [[maybe_unused]] const Result<void> removed = bpf::removeGate(pinsOf(name));
        }
        if (tidy && name.ends_with(mark) && isPolicyName(name.substr(0, name.size() - 1))) {
            // A replacement that was not finished: the new one is in force, so finish it.
            const std::string whole = name.substr(0, name.size() - 1);
            if (finish(whole, mark, isPinned(whole))) {
                name = whole;
            }
        }
        if (isPolicyName(name) && std::find(names.begin(), names.end(), name) == names.end()) {
            // Pins in place and the folder not yet: moved in this order.
            if (tidy && ::access(folderOf(name).c_str(), F_OK) != 0) {
                ::rename((folderOf(name) + mark).c_str(), folderOf(name).c_str());
            }
            names.push_back(name);
        }
    }
    return names;
}

Result<void> restorePolicy(const std::string& name, Policy& policy) {
    policy.name = name;
    const Result<Saved> saved = readSaved(name);
    if (!saved) {
        return Error{EIO, "its gate is in force, and its files in " + folderOf(name) +
                              " can't be read: programs that match are killed; unload or replace it"};
    }
    const nlohmann::json& state = saved->state;
    policy.slot = state["slot"];
    policy.generation = state["generation"];
    policy.request = state["request"];
    policy.gate = state.value("gate", nlohmann::json::object());
    policy.running = readRunning(name);
    for (const bpf::Backend backend : {bpf::Backend::kKernelMap, bpf::Backend::kKernelObject}) {
        if (state.value("backend", std::string()) == backendName(backend)) {
            policy.backend = backend;
        }
    }
    if (policy.backend == bpf::Backend::kSupervise && state["hold"] != LL_CONTROL_VERSION) {
        return Error{EPROTO, "another version of llload has installed it: matched programs are refused; unload or "
                             "replace it"};
    }
    if (const Result<void> read = readContent(policy, saved->object); !read) {
        policy.problem = read.error().message;
        return {};
    }
    landlock::SystemKernel kernel;
    if (policy.backend != bpf::Backend::kSupervise) {
        if (const Result<std::uint32_t> abi = landlock::queryAbi(kernel)) {
            policy.abi = *abi;
        }
        return {};
    }
    if (const Result<void> resolved = resolveContent(policy, kernel); !resolved) {
        policy.problem = resolved.error().message;
    }
    return {};
}

} // namespace landlatch::supervise
