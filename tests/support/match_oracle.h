// SPDX-License-Identifier: Apache-2.0
// The plain meaning of conditions and decisions (language points 20 to 32), slow and by the letter: what automata,
// atoms and tables are tested against. Knows nothing of them.
#pragma once

#include "compiler/ir/policy.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace landlatch::oracle {

/// One exec as text.
struct Exec {
    std::string exec = "/x";
    std::optional<std::string> script;
    std::string parent = "/x";
    std::vector<std::string> ancestors; ///< beside the caller
    std::string cgroup = "/";
    std::string user = "other";
    std::string real_user = "other";
    std::set<std::string> groups;
    bool setuid = false;
    bool unlinked = false;
};

/// Whether a cgroup path meets one pattern of a cgroup fact, by splitting the path.
bool cgroupMatches(ir::Fact fact, const glob::Sequence& glob, const std::string& path);
bool holds(const ir::FactTest& test, const Exec& exec);
bool holds(const ir::Condition& condition, const Exec& exec);

/// What is done to an exec, `why` left out.
struct Outcome {
    enum class Kind : std::uint8_t { kNone, kPass, kApply, kDeny, kUndecided };
    Kind kind = Kind::kNone;
    std::set<ir::RulesetId> rulesets; ///< with those of `always` rules
    bool nnp = false;
    auto operator<=>(const Outcome&) const = default;
};

/// Inclusion between two rules' match sets as the truth over a list of execs that stands for all.
class Judge {
public:
    /// `universe` has an exec of every kind that the policy can tell apart.
    Judge(const ir::Policy& policy, const std::vector<Exec>& universe);

    /// The decision; kUndecided where the policy must not compile. `audit`: rules marked so take part.
    [[nodiscard]] Outcome decide(const std::vector<bool>& matched, bool audit) const;
    [[nodiscard]] Outcome decide(const Exec& exec, bool audit) const { return decide(matchedBy(exec), audit); }
    [[nodiscard]] std::vector<bool> matchedBy(const Exec& exec) const;
    [[nodiscard]] const std::vector<bool>& matchedBy(std::size_t of_universe) const { return matched_[of_universe]; }
    /// A rule that matches nothing, a `prefer` against inclusion, or an undecided exec.
    [[nodiscard]] bool mustRefuse() const;
    [[nodiscard]] bool beats(ir::RuleId r, ir::RuleId s) const { return beats_[r][s]; }

private:
    [[nodiscard]] bool computeBeats(ir::RuleId r, ir::RuleId s) const;
    const ir::Policy& policy_;
    std::vector<std::vector<bool>> matched_; ///< by exec of the universe, by rule
    std::vector<std::vector<bool>> inside_;  ///< [r][s]: all of r is in s
    std::vector<std::vector<bool>> beats_;
    bool empty_rule_ = false;
};

} // namespace landlatch::oracle
