// SPDX-License-Identifier: Apache-2.0
// The exec that `llc explain` is asked about: facts that are known, as a condition that holds for the execs meant.
#pragma once

#include "compiler/ir/policy.h"
#include "runtime/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace landlatch::query {

/// Facts as a command line gives them. What is left out is unknown (language point 34).
struct Facts {
    std::vector<std::string> exec; ///< several values of one fact: one of them
    std::vector<std::string> script;
    bool no_script = false;
    std::vector<std::string> parent;
    std::vector<std::string> ancestors; ///< with the parent, all of the lineage
    std::vector<std::string> unit;
    std::vector<std::string> user_unit;
    std::vector<std::string> slice;
    std::vector<std::string> cgroup;
    std::vector<std::string> user; ///< names or numbers
    std::vector<std::string> real_user;
    std::vector<std::string> groups; ///< all of them
    bool no_groups = false;
    std::optional<bool> setuid;
    std::optional<bool> unlinked;
    std::optional<bool> container;
};

/// The execs with these facts, as a condition in terms of `policy`. An error says which value is no path or name.
Result<ir::Condition> conditionOf(const Facts& facts, const ir::Policy& policy);

/// Calls `visit` with each test of a fact in `condition`.
template <typename Visit> void forEachFact(const ir::Condition& condition, const Visit& visit) {
    if (condition.kind == ir::Condition::Kind::kFact) {
        visit(condition);
    }
    for (const ir::Condition& child : condition.children) {
        forEachFact(child, visit);
    }
}

/// The word for a fact: "exec", "user unit".
[[nodiscard]] std::string_view factWord(ir::Fact fact);

} // namespace landlatch::query
