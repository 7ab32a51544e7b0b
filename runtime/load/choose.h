// SPDX-License-Identifier: Apache-2.0
// Which backend enforces a policy here: the first that can, from the top.
#pragma once

#include "runtime/base/result.h"
#include "runtime/bpf/gate.h"
#include "runtime/load/options.h"
#include "runtime/object/policy.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace landlatch::load {

struct Backend {
    bpf::Backend backend = bpf::Backend::kSupervise;
    const char* name = "";
    bool ok = false;
    std::string why;            ///< why not
    std::uint32_t map_type = 0; ///< of kernel-map
};

/// All of them, from the top: what this machine can do, and where `policy` is given whether it can be served under this
/// name beside what is installed.
std::vector<Backend> backends(const object::Policy* policy, const std::string& name);

struct Choice {
    Backend backend;
    nlohmann::json passed_over = nlohmann::json::array(); ///< "name" and "why" of those above it
};
/// The one for `options.backend`, or why there is none.
Result<Choice> chooseBackend(const Options& options, const object::Policy& policy);

/// The policy's name: that given, or the object file's without its extension.
[[nodiscard]] std::string nameOf(const Options& options);

} // namespace landlatch::load
