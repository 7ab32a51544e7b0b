// SPDX-License-Identifier: Apache-2.0
#include "runtime/load/choose.h"

#include "runtime/bpf/series.h"
#include "runtime/landlock/uapi.h"
#include "runtime/probe/probe.h"
#include "runtime/series/installed.h"
#include "runtime/supervise/loader.h"
#include "runtime/supervise/setup.h"

#include <algorithm>
#include <fmt/format.h>

namespace landlatch::load {
namespace {

/// A flag that the gate would pass, and the kernel refuse at each exec.
std::string lacksFlag(const object::Policy& policy) {
    const bool nnp = std::any_of(policy.effects.begin(), policy.effects.end(), [](const auto& one) { return one.nnp; });
    const Result<std::uint32_t> known = probe::restrictFlags();
    if (!known) {
        return known.error().message;
    }
    return nnp && (*known & uapi::kRestrictNoNewPrivs) == 0 ? "this kernel has no LANDLOCK_RESTRICT_SELF_NO_NEW_PRIVS"
                                                            : "";
}

std::string whyNotKernel(const std::string& lacks, const object::Policy* policy, const std::string& name,
                         bpf::Backend backend) {
    if (!lacks.empty()) {
        return fmt::format("this kernel has no {} (the exec-time series)", lacks);
    }
    std::string why;
    if (policy != nullptr) {
        why = series::unfit(*policy, backend);
        if (why.empty()) {
            why = series::conflict(name, backend);
        }
        if (why.empty()) {
            why = lacksFlag(*policy);
        }
    }
    return why;
}

std::string whyNotSupervise(const std::string& name) {
    for (const probe::Support& support : {probe::ptrace(), probe::ptraceSyscallInfo(), probe::pidfdGetfd()}) {
        if (!support) {
            return support.why;
        }
    }
    return series::isInstalled(name)
               ? fmt::format("{} is installed with backend {}; unload it first", name, supervise::savedBackend(name))
               : "";
}

} // namespace

std::vector<Backend> backends(const object::Policy* policy, const std::string& name) {
    const Result<void> fit = supervise::checkMachine();
    const Result<bpf::Series> found = bpf::findSeries();
    const bpf::Series series = found ? *found : bpf::Series{found.error().message, found.error().message, 0};
    std::vector<Backend> all;
    for (const bpf::Backend backend :
         {bpf::Backend::kKernelObject, bpf::Backend::kKernelMap, bpf::Backend::kSupervise}) {
        Backend one{backend, supervise::backendName(backend), false, "", series.map_type};
        if (!fit) {
            one.why = fit.error().message;
        } else if (!found && backend != bpf::Backend::kSupervise) {
            one.why = found.error().message;
        } else if (backend == bpf::Backend::kSupervise) {
            one.why = whyNotSupervise(name);
        } else {
            one.why = whyNotKernel(backend == bpf::Backend::kKernelMap ? series.map_lacks : series.object_lacks, policy,
                                   name, backend);
        }
        one.ok = one.why.empty();
        all.push_back(std::move(one));
    }
    return all;
}

Result<Choice> chooseBackend(const Options& options, const object::Policy& policy) {
    Choice choice;
    std::string reasons;
    for (Backend& backend : backends(&policy, nameOf(options))) {
        if (options.backend != "auto" && options.backend != backend.name) {
            continue;
        }
        if (backend.ok) {
            choice.backend = std::move(backend);
            return choice;
        }
        reasons += fmt::format("\n  {}: {}", backend.name, backend.why);
        choice.passed_over.push_back({{"name", backend.name}, {"why", backend.why}});
    }
    return Error{EOPNOTSUPP, "no backend for this policy on this machine:" + reasons};
}

std::string nameOf(const Options& options) {
    if (!options.name.empty()) {
        return options.name;
    }
    std::string name = options.object.substr(options.object.rfind('/') + 1);
    if (const std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0) {
        name.resize(dot);
    }
    return name;
}

} // namespace landlatch::load
