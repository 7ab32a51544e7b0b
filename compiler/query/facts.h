// SPDX-License-Identifier: Apache-2.0
// The exec that a test describes, as the matcher takes it.
#pragma once

#include "compiler/ir/policy.h"
#include "runtime/base/result.h"
#include "runtime/match/matcher.h"
#include "runtime/object/policy.h"

#include <string>
#include <vector>

namespace landlatch::query {

/// A cgroup path with this unit, user unit and slice, and in a container where that is asked: what systemd would make
/// of them, with nothing that isn't said. An error where no cgroup is all of that.
Result<std::string> cgroupOf(const ir::TestExec& exec);

/// A decision and what led to it.
struct Decided {
    match::View view;                 ///< without `audit` rules
    std::vector<std::uint32_t> rules; ///< of all that match, those that decide, agree with it or add by `always`
};

/// Decides execs of tests with the tables of one policy. Users and groups are told apart by their names.
class Decider {
public:
    static Result<Decider> create(const object::Policy& policy);

    /// Facts left out are absent: no script, a caller and a cgroup that meet as little as they can; the real user is
    /// the user, unless the exec is `setuid`.
    [[nodiscard]] Result<Decided> decide(const ir::TestExec& exec) const;

private:
    Decider(const object::Policy& policy, match::Matcher matcher) : policy_(&policy), matcher_(std::move(matcher)) {}
    [[nodiscard]] std::vector<std::uint32_t> rulesBehind(const ll_facts& facts, const match::Decision& decision) const;
    [[nodiscard]] match::Lineage lineage(const ir::TestExec& exec) const;

    const object::Policy* policy_;
    match::Matcher matcher_;
};

} // namespace landlatch::query
