// SPDX-License-Identifier: Apache-2.0
// Small random policies over the words of universe.h.
#pragma once

#include "tests/support/policy_maker.h"
#include "tests/unit/match/universe.h"

#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace landlatch::differential {

class Generator {
public:
    explicit Generator(unsigned long seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }
    bool chance(std::size_t one_in) { return below(one_in) == 0; }

    ir::Policy policy() {
        facts_.clear();
        for (std::size_t n = 1 + below(3); n > 0; --n) {
            facts_.push_back(static_cast<ir::Fact>(below(14)));
        }
        if (chance(2)) {
            facts_.push_back(ir::Fact::kExec);
        }
        test::PolicyMaker maker;
        const bool audits = chance(4);
        for (std::size_t n = 1 + below(6); n > 0; --n) {
            const ir::RuleId id = maker.add(condition(2), effect());
            ir::Rule& rule = maker.policy.rules[id];
            rule.always = chance(6) && rule.effect.kind != ir::Effect::Kind::kPass;
            rule.audit = audits && chance(3);
            rule.used = chance(8);
        }
        for (std::size_t n = below(3); n > 0 && maker.policy.rules.size() > 1; --n) {
            const auto winner = static_cast<ir::RuleId>(below(maker.policy.rules.size()));
            const auto loser = static_cast<ir::RuleId>(below(maker.policy.rules.size()));
            if (winner < loser) { // no circles
                maker.prefer(winner, loser);
            }
        }
        return maker.policy;
    }

private:
    std::string pick(std::initializer_list<const char*> list) {
        return *(list.begin() + static_cast<std::ptrdiff_t>(below(list.size())));
    }

    std::string path() {
        std::string text;
        for (std::size_t n = 1 + below(2); n > 0; --n) {
            text += kPathParts[below(kPathParts.size())];
        }
        return text;
    }

    std::vector<std::string> list(ir::Fact fact) {
        std::vector<std::string> out;
        for (std::size_t n = chance(3) ? 2 : 1; n > 0; --n) {
            switch (fact) {
            case ir::Fact::kUnit:
            case ir::Fact::kUserUnit:
                out.push_back(pick({"a.service", "b.service", "*.service", "a*", "*", "[!a]*"}));
                break;
            case ir::Fact::kSlice:
                out.push_back(pick({"a.slice", "b.slice", "*.slice"}));
                break;
            case ir::Fact::kCgroup:
            case ir::Fact::kInContainer:
                out.push_back(pick({"/", "/a.slice", "/*/a.service", "/**/x", "/{a,b}.slice/*.service", "/x"}));
                break;
            case ir::Fact::kUser:
            case ir::Fact::kRealUser:
                out.push_back(pick({"root", "web", "33"}));
                break;
            case ir::Fact::kGroup:
                out.push_back(pick({"g", "h"}));
                break;
            default:
                out.push_back(path());
            }
        }
        if ((fact == ir::Fact::kExec || fact == ir::Fact::kScript || fact == ir::Fact::kParentExec ||
             fact == ir::Fact::kAncestorExec) &&
            chance(16)) {
            const std::vector<std::string> more = test::multiplyingWithin("/a");
            out.insert(out.end(), more.begin(), more.end());
        }
        return out;
    }

    ir::Condition condition(int depth) {
        if (depth > 0 && !chance(3)) {
            switch (below(4)) {
            case 0:
                return !condition(depth - 1);
            case 1:
                return condition(depth - 1) || condition(depth - 1);
            default:
                return condition(depth - 1) && condition(depth - 1);
            }
        }
        const ir::Fact fact = facts_[below(facts_.size())];
        switch (fact) {
        case ir::Fact::kUser:
        case ir::Fact::kRealUser:
        case ir::Fact::kGroup:
            return test::ids(fact, list(fact));
        case ir::Fact::kSetuid:
        case ir::Fact::kExecUnlinked:
            return test::fact(fact);
        default:
            return test::fact(fact, list(fact));
        }
    }

    ir::Effect effect() {
        switch (below(5)) {
        case 0:
            return test::deny();
        case 1:
            return test::pass();
        case 2:
            return test::apply({0, 1}, chance(2));
        default:
            return test::apply({static_cast<ir::RulesetId>(below(2))}, chance(3));
        }
    }

    std::mt19937_64 random_;
    std::vector<ir::Fact> facts_;
};

} // namespace landlatch::differential
