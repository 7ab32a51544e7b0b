// SPDX-License-Identifier: Apache-2.0
// Policies in a few words, for tests of the decision: conditions and rules without source text.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/match/dfa.h"
#include "compiler/match/plan.h"
#include "runtime/match/matcher.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::ir { // where argument lookup finds them
Condition operator!(Condition condition);
Condition operator&&(Condition a, Condition b);
Condition operator||(Condition a, Condition b);
} // namespace landlatch::ir

namespace landlatch::test {

ir::Condition fact(ir::Fact fact, std::vector<std::string> patterns = {});
/// kUser, kRealUser, kGroup; digits make a number.
ir::Condition ids(ir::Fact fact, std::vector<std::string> names);

/// "/**/k0/**/m0" and on, beneath a folder: read from the start, these need 2^count states, from the end a few each.
std::vector<std::string> multiplying(std::size_t count, const std::string& folder = "");
/// The same as `folder`/** alone, in patterns whose automaton reads from the end.
std::vector<std::string> multiplyingWithin(const std::string& folder);

inline ir::Condition exec(std::vector<std::string> patterns) { return fact(ir::Fact::kExec, std::move(patterns)); }

ir::Effect apply(std::vector<ir::RulesetId> rulesets, bool nnp = false);
ir::Effect deny(std::string why = "");
ir::Effect pass();

/// Collects rules; rulesets 0 to 31 exist.
class PolicyMaker {
public:
    PolicyMaker();
    ir::RuleId add(ir::Condition condition, ir::Effect effect);
    ir::RuleId always(ir::Condition condition, ir::Effect effect);
    void prefer(ir::RuleId winner, ir::RuleId loser);
    ir::Policy policy;
};

/// So little for an automaton that the patterns of small policies are split.
inline constexpr match::Room kLittleRoom{13, 0, std::size_t{1} << 17, 8};

/// None when it is refused.
std::optional<match::Plan> planOf(const ir::Policy& policy);

/// Of a policy that is not refused, with its ids as numberIds gives them.
Result<match::Matcher> matcherOf(const ir::Policy& policy);

/// What the runtime would read of the object.
object::Policy toObject(const ir::Policy& policy, const match::Plan& plan);

/// Users and groups get the numbers 1000 and up, in their order.
match::IdResolution numberIds(const match::Plan& plan);

/// Codes of what plan() says, joined by spaces; "" when nothing.
std::string codes(const ir::Policy& policy);

} // namespace landlatch::test
