// SPDX-License-Identifier: Apache-2.0
// The competing rules of a policy and which of them beat which (language point 29).
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/ir/policy.h"
#include "compiler/match/boxes.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace landlatch::match {

/// A rule with what it matches.
struct Competitor {
    ir::RuleId rule = 0;
    std::uint32_t effect = 0; ///< effects of one number are one decision
    bool audit = false;
    Boxes boxes;
};

/// Two rules of different effects that share an exec.
struct Pair {
    std::uint32_t other = 0; ///< index of the other competitor
    bool wins = false;       ///< this one beats the other
    bool loses = false;      ///< the other beats this one
};

/// How messages name a rule.
std::string ruleName(const ir::Policy& policy, ir::RuleId rule);
/// An effect as a policy writes it: "apply web with nnp".
std::string effectText(const ir::Policy& policy, const ir::Effect& effect);

class Competition {
public:
    Competition(const ir::Policy& policy, Space& space, std::vector<Competitor> rules);

    /// Finds all pairs. False after an error: `prefer` that can't be, or a bound passed.
    bool relate(diag::Sink& sink);

    [[nodiscard]] const std::vector<Competitor>& rules() const { return rules_; }
    /// Pairs of one competitor, by rising `other`.
    [[nodiscard]] const std::vector<Pair>& pairs(std::uint32_t rule) const { return pairs_[rule]; }
    /// Whether `a` beats `b` directly. Only pairs that share an exec and differ in effect can.
    [[nodiscard]] bool beats(std::uint32_t a, std::uint32_t b) const;
    [[nodiscard]] Space& space() { return space_; }
    [[nodiscard]] const ir::Policy& policy() const { return policy_; }

private:
    enum class Inclusion : std::uint8_t { kNone, kInside, kAround, kEqual };
    bool checkPrefers(diag::Sink& sink);
    bool checkPreferCycles(diag::Sink& sink);
    bool findPairs(diag::Sink& sink);
    std::optional<Inclusion> inclusion(std::uint32_t a, std::uint32_t b);
    void addPair(std::uint32_t a, std::uint32_t b, Inclusion inclusion);
    [[nodiscard]] bool prefers(std::uint32_t a, std::uint32_t b) const;
    [[nodiscard]] bool loosens(std::uint32_t inner, std::uint32_t outer) const;
    [[nodiscard]] bool beatsBy(std::uint32_t a, std::uint32_t b, bool a_inside, bool b_inside) const;
    [[nodiscard]] const ir::Rule& rule(std::uint32_t index) const { return policy_.rules[rules_[index].rule]; }
    void tooComplex(diag::Sink& sink, std::uint32_t a, std::uint32_t b) const;

    const ir::Policy& policy_;
    Space& space_;
    std::vector<Competitor> rules_;
    std::vector<std::vector<Pair>> pairs_;
    std::map<ir::RuleId, std::uint32_t> index_;                 ///< of a competing rule
    std::set<std::pair<std::uint32_t, std::uint32_t>> prefers_; ///< winner, loser
};

} // namespace landlatch::match
