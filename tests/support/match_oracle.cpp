// SPDX-License-Identifier: Apache-2.0
// By the letter.
#include "tests/support/match_oracle.h"

#include <algorithm>

namespace landlatch::oracle {

namespace {

std::vector<std::string> components(const std::string& path) {
    std::vector<std::string> out;
    std::string now;
    for (std::size_t i = 1; i < path.size(); ++i) {
        if (path[i] == '/') {
            out.push_back(now);
            now.clear();
        } else {
            now += path[i];
        }
    }
    if (path.size() > 1) {
        out.push_back(now);
    }
    return out;
}

bool isSlice(const std::string& name) { return name.ends_with(".slice"); }

bool isUserManager(const std::string& name) {
    const std::string_view prefix = "user@";
    const std::string_view suffix = ".service";
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() <= prefix.size() + suffix.size()) {
        return false;
    }
    const std::string digits = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    return digits.find_first_not_of("0123456789") == std::string::npos;
}

std::string idOf(const ir::IdName& id) { return id.numeric ? std::to_string(id.number) : id.name; }

} // namespace

bool cgroupMatches(ir::Fact fact, const glob::Sequence& glob, const std::string& path) {
    const std::vector<std::string> parts = components(path);
    if (fact == ir::Fact::kCgroup || fact == ir::Fact::kInContainer) {
        std::string prefix;
        bool found = glob::matches(glob, "/");
        for (const std::string& part : parts) {
            prefix += "/" + part;
            found = found || glob::matches(glob, prefix);
        }
        return found;
    }
    std::size_t at = 0;
    const auto skipSlices = [&] {
        for (; at < parts.size() && isSlice(parts[at]); ++at) {
            if (fact == ir::Fact::kSlice && glob::matches(glob, parts[at])) {
                return true;
            }
        }
        return false;
    };
    if (skipSlices()) {
        return true;
    }
    if (fact == ir::Fact::kSlice || at == parts.size()) {
        return false;
    }
    if (fact == ir::Fact::kUserUnit) {
        if (!isUserManager(parts[at])) {
            return false;
        }
        ++at;
        skipSlices();
        if (at == parts.size()) {
            return false;
        }
    }
    return glob::matches(glob, parts[at]);
}

bool holds(const ir::FactTest& test, const Exec& exec) {
    const auto path = [&](const std::string& text) {
        return std::any_of(test.patterns.begin(), test.patterns.end(),
                           [&](const ir::FactPattern& pattern) { return glob::matches(pattern.glob, text); });
    };
    const auto user = [&](const std::string& name) {
        return std::any_of(test.ids.begin(), test.ids.end(), [&](const ir::IdName& id) { return idOf(id) == name; });
    };
    switch (test.fact) {
    case ir::Fact::kExec:
        return path(exec.exec);
    case ir::Fact::kExecUnlinked:
        return exec.unlinked;
    case ir::Fact::kScript:
        return exec.script && path(*exec.script);
    case ir::Fact::kParentExec:
        return path(exec.parent);
    case ir::Fact::kAncestorExec:
        return path(exec.parent) || std::any_of(exec.ancestors.begin(), exec.ancestors.end(), path);
    case ir::Fact::kUnit:
    case ir::Fact::kUserUnit:
    case ir::Fact::kSlice:
    case ir::Fact::kCgroup:
    case ir::Fact::kInContainer:
        return std::any_of(test.patterns.begin(), test.patterns.end(), [&](const ir::FactPattern& pattern) {
            return cgroupMatches(test.fact, pattern.glob, exec.cgroup);
        });
    case ir::Fact::kUser:
        return user(exec.user);
    case ir::Fact::kRealUser:
        return user(exec.real_user);
    case ir::Fact::kGroup:
        return std::any_of(exec.groups.begin(), exec.groups.end(), user);
    case ir::Fact::kSetuid:
        return exec.setuid;
    }
    return false;
}

bool holds(const ir::Condition& condition, const Exec& exec) {
    const auto each = [&](const ir::Condition& child) { return holds(child, exec); };
    switch (condition.kind) {
    case ir::Condition::Kind::kFact:
        return holds(condition.fact, exec);
    case ir::Condition::Kind::kNot:
        return !holds(condition.children.front(), exec);
    case ir::Condition::Kind::kAnd:
        return std::all_of(condition.children.begin(), condition.children.end(), each);
    case ir::Condition::Kind::kOr:
        return std::any_of(condition.children.begin(), condition.children.end(), each);
    }
    return false;
}

Judge::Judge(const ir::Policy& policy, const std::vector<Exec>& universe) : policy_(policy) {
    for (const Exec& exec : universe) {
        matched_.push_back(matchedBy(exec));
    }
    const std::size_t n = policy.rules.size();
    inside_.assign(n, std::vector<bool>(n, true));
    for (const std::vector<bool>& matched : matched_) {
        for (std::size_t r = 0; r < n; ++r) {
            for (std::size_t s = 0; s < n; ++s) {
                if (matched[r] && !matched[s]) {
                    inside_[r][s] = false;
                }
            }
        }
    }
    for (std::size_t r = 0; r < n; ++r) {
        empty_rule_ = empty_rule_ || std::none_of(matched_.begin(), matched_.end(),
                                                  [&](const std::vector<bool>& matched) { return matched[r]; });
    }
    beats_.assign(n, std::vector<bool>(n, false));
    for (ir::RuleId r = 0; r < n; ++r) {
        for (ir::RuleId s = 0; s < n; ++s) {
            beats_[r][s] = r != s && computeBeats(r, s);
        }
    }
}

std::vector<bool> Judge::matchedBy(const Exec& exec) const {
    std::vector<bool> matched;
    for (const ir::Rule& rule : policy_.rules) {
        matched.push_back(holds(rule.condition, exec));
    }
    return matched;
}

bool Judge::computeBeats(ir::RuleId r, ir::RuleId s) const {
    const ir::Rule& a = policy_.rules[r];
    const ir::Rule& b = policy_.rules[s];
    const auto preferred = [&](ir::RuleId x, ir::RuleId y) {
        return std::any_of(policy_.prefers.begin(), policy_.prefers.end(),
                           [&](const ir::Prefer& p) { return p.winner == x && p.loser == y; });
    };
    // how wide an effect is (point 35): 2 pass, 1 apply, 0 deny
    const auto wide = [](const ir::Effect& e) {
        return e.kind == ir::Effect::Kind::kPass ? 2 : e.kind == ir::Effect::Kind::kApply ? 1 : 0;
    };
    const auto narrowerOrSame = [&](const ir::Effect& x, const ir::Effect& y) {
        if (wide(x) != wide(y)) {
            return wide(x) < wide(y);
        }
        return x.kind != ir::Effect::Kind::kApply ||
               (std::includes(x.rulesets.begin(), x.rulesets.end(), y.rulesets.begin(), y.rulesets.end()) &&
                (x.nnp || !y.nnp));
    };
    const bool strictly_inside = inside_[r][s] && !inside_[s][r];
    const bool loosening_use = a.used && !b.used && !narrowerOrSame(a.effect, b.effect);
    if (strictly_inside && !loosening_use) {
        return true;
    }
    if (preferred(r, s)) {
        return true;
    }
    const bool s_strictly_inside = inside_[s][r] && !inside_[r][s];
    return a.effect.kind == ir::Effect::Kind::kDeny && b.effect.kind != ir::Effect::Kind::kDeny && !s_strictly_inside &&
           !preferred(s, r);
}

Outcome Judge::decide(const std::vector<bool>& matched, bool audit) const {
    Outcome outcome;
    std::vector<ir::RuleId> competing;
    bool always_deny = false;
    for (ir::RuleId r = 0; r < policy_.rules.size(); ++r) {
        const ir::Rule& rule = policy_.rules[r];
        if (!matched[r] || (rule.audit && !audit)) {
            continue;
        }
        if (!rule.always) {
            competing.push_back(r);
        } else if (rule.effect.kind == ir::Effect::Kind::kDeny) {
            always_deny = true;
        } else {
            outcome.rulesets.insert(rule.effect.rulesets.begin(), rule.effect.rulesets.end());
            outcome.nnp = outcome.nnp || rule.effect.nnp;
        }
    }
    const auto decides = [&](ir::RuleId r) {
        return std::all_of(competing.begin(), competing.end(), [&](ir::RuleId s) {
            return r == s || policy_.rules[r].effect.same(policy_.rules[s].effect) || beats_[r][s];
        });
    };
    const auto winner = std::find_if(competing.begin(), competing.end(), decides);
    if (winner == competing.end() && !competing.empty()) {
        return {Outcome::Kind::kUndecided, {}, false};
    }
    if (always_deny) {
        return {Outcome::Kind::kDeny, {}, false};
    }
    if (competing.empty()) {
        return outcome;
    }
    const ir::Effect& effect = policy_.rules[*winner].effect;
    switch (effect.kind) {
    case ir::Effect::Kind::kDeny:
        return {Outcome::Kind::kDeny, {}, false};
    case ir::Effect::Kind::kPass:
        outcome.kind = Outcome::Kind::kPass;
        break;
    case ir::Effect::Kind::kApply:
        outcome.kind = Outcome::Kind::kApply;
        outcome.rulesets.insert(effect.rulesets.begin(), effect.rulesets.end());
        outcome.nnp = outcome.nnp || effect.nnp;
        break;
    }
    return outcome;
}

bool Judge::mustRefuse() const {
    if (empty_rule_) {
        return true;
    }
    for (const ir::Prefer& p : policy_.prefers) {
        const ir::Rule& winner = policy_.rules[p.winner];
        const ir::Rule& loser = policy_.rules[p.loser];
        const bool against = inside_[p.loser][p.winner] && !inside_[p.winner][p.loser];
        if (winner.always || loser.always || (against && beats_[p.loser][p.winner])) {
            return true;
        }
    }
    return std::any_of(matched_.begin(), matched_.end(), [&](const std::vector<bool>& matched) {
        return decide(matched, false).kind == Outcome::Kind::kUndecided ||
               decide(matched, true).kind == Outcome::Kind::kUndecided;
    });
}

} // namespace landlatch::oracle
