// SPDX-License-Identifier: Apache-2.0
#include "runtime/load/list.h"

#include "runtime/load/client.h"
#include "runtime/series/installed.h"
#include "runtime/supervise/loader.h"
#include "runtime/supervise/message.h"
#include "runtime/supervise/saved.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace landlatch::load {
namespace {

bool contains(const nlohmann::json& policies, const std::string& name) {
    return std::any_of(policies.begin(), policies.end(),
                       [&](const nlohmann::json& policy) { return policy.value("name", "") == name; });
}

/// A policy whose gate is in force, and whose supervisor is dead.
nlohmann::json describeOrphan(const std::string& name) {
    const Result<supervise::Saved> saved = supervise::readSaved(name);
    const bool audit = saved && supervise::isSet(saved->state["request"], "audit");
    return {{"name", name},
            {"backend", supervise::kSuperviseName},
            {"audit", audit},
            {"in_force", true},
            {"problem", fmt::format("no supervisor runs: {} until one does (systemctl start landlatch, or llload "
                                    "supervise)",
                                    audit ? "nothing is reported" : "programs that match are refused")}};
}

/// Gates whose supervisor is dead, and files whose gates are gone.
void addUnserved(nlohmann::json& policies, bool supervised) {
    for (const std::string& name : supervise::savedPolicies(std::nullopt)) {
        // Where a supervisor serves, what it doesn't list is being installed or removed.
        if (!supervised && supervise::savedBackend(name) == supervise::kSuperviseName && !contains(policies, name)) {
            policies.push_back(describeOrphan(name));
        }
    }
    for (const std::string& name : supervise::savedFolders()) {
        if (!supervise::isPinned(name) && !contains(policies, name)) {
            policies.push_back({{"name", name},
                                {"in_force", false},
                                {"problem", "not in force: its programs are gone from /sys/fs/bpf/landlatch; install "
                                            "it again, or unload it"}});
        }
    }
}

} // namespace

Result<nlohmann::json> listPolicies() {
    nlohmann::json all{{"ok", true}, {"policies", series::list()}};
    nlohmann::json& policies = all["policies"];
    const Result<UniqueFd> socket = connect();
    const bool supervised = !isNone(socket);
    if (supervised) {
        const Result<nlohmann::json> got =
            socket ? ask(socket->get(), {{"op", "list"}}) : Result<nlohmann::json>(socket.error());
        if (!got) {
            return got.error();
        }
        for (const nlohmann::json& policy : (*got)["policies"]) {
            policies.push_back(policy);
        }
    }
    addUnserved(policies, supervised);
    return all;
}

} // namespace landlatch::load
