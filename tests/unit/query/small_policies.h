// SPDX-License-Identifier: Apache-2.0
// Small random policies, and a universe that has an exec of every kind that they can tell apart.
#pragma once

#include "tests/support/match_oracle.h"
#include "tests/support/policy_maker.h"

#include <fmt/format.h>
#include <random>
#include <string>
#include <vector>

namespace landlatch::query {

using oracle::Exec;
using oracle::Outcome;

/// An exec of every kind that the policies below can tell apart.
inline std::vector<Exec> universe() {
    std::vector<Exec> all;
    for (const char* exec : {"/a", "/b", "/c", "/d/e"}) {
        for (const char* script : {"", "/s", "/d/s"}) {
            for (const char* cgroup : {"/", "/w.service", "/u.slice", "/u.slice/w.service", "/x.service"}) {
                for (const char* user : {"root", "www", "other"}) {
                    for (const bool setuid : {false, true}) {
                        Exec one;
                        one.exec = exec;
                        if (*script != '\0') {
                            one.script = script;
                        }
                        one.cgroup = cgroup;
                        one.user = one.real_user = user;
                        one.setuid = setuid;
                        all.push_back(one);
                    }
                }
            }
        }
    }
    return all;
}

class RandomPolicy {
public:
    /// `lineage`: conditions on the caller, its ancestors and groups too (widened() has execs for them).
    explicit RandomPolicy(std::uint32_t seed, bool lineage = false) : random_(seed), lineage_(lineage) {}
    std::uint32_t upTo(std::uint32_t most) { return static_cast<std::uint32_t>(random_() % (most + 1)); }
    bool coin() { return upTo(1) == 1; }

    ir::Policy make() {
        test::PolicyMaker maker;
        for (std::uint32_t n = 1 + upTo(3); n > 0; --n) {
            ir::Condition condition = fact();
            for (std::uint32_t more = upTo(2); more > 0; --more) {
                condition = coin() ? condition && fact() : condition || fact();
            }
            const ir::Effect effect = upTo(3) == 0   ? test::deny("no")
                                      : upTo(3) == 0 ? test::pass()
                                                     : test::apply({upTo(2)}, coin());
            if (upTo(4) == 0 && effect.kind != ir::Effect::Kind::kPass) {
                maker.always(condition, effect);
            } else {
                maker.add(condition, effect);
            }
        }
        return maker.policy;
    }

private:
    ir::Condition fact() {
        ir::Condition made = plain();
        return upTo(3) == 0 ? !made : made;
    }
    /// One, and sometimes those that make the automaton read from the end.
    std::vector<std::string> patterns(const char* pattern) {
        std::vector<std::string> made = upTo(15) == 0 ? test::multiplyingWithin("") : std::vector<std::string>();
        made.emplace_back(pattern);
        return made;
    }
    ir::Condition plain() {
        switch (upTo(lineage_ ? 9 : 6)) {
        case 0:
        case 1:
            return test::exec(patterns(coin() ? "/a" : coin() ? "/{a,b}" : "/*"));
        case 2:
            return test::fact(ir::Fact::kScript, patterns(coin() ? "/s" : "/**"));
        case 3:
            return test::fact(ir::Fact::kUnit, {"w.service"});
        case 4:
            return test::fact(ir::Fact::kSlice, {"u.slice"});
        case 5:
            return test::ids(ir::Fact::kUser, {coin() ? "root" : "www"});
        case 7:
            return test::fact(ir::Fact::kParentExec, {"/p"});
        case 8:
            return test::fact(ir::Fact::kAncestorExec, {coin() ? "/p" : "/{p,q}"});
        case 9:
            return test::ids(ir::Fact::kGroup, {"adm"});
        default:
            return test::fact(ir::Fact::kSetuid);
        }
    }
    std::mt19937 random_;
    bool lineage_;
};

/// universe() with callers, ancestors and groups.
inline std::vector<Exec> widened() {
    std::vector<Exec> all;
    for (const Exec& exec : universe()) {
        for (const char* parent : {"/x", "/p", "/q"}) {
            for (const char* ancestor : {"", "/p", "/q"}) {
                for (const bool group : {false, true}) {
                    Exec one = exec;
                    one.parent = parent;
                    if (*ancestor != '\0') {
                        one.ancestors = {ancestor};
                    }
                    if (group) {
                        one.groups = {"adm"};
                    }
                    all.push_back(one);
                }
            }
        }
    }
    return all;
}

/// What makes one example shorter than another: bytes of its paths, and one for each group and flag.
inline std::size_t sizeOf(const Exec& exec) {
    std::size_t size = exec.exec.size() + exec.script.value_or("").size() + exec.cgroup.size() + exec.parent.size() +
                       exec.groups.size() + (exec.setuid ? 1U : 0U) + (exec.unlinked ? 1U : 0U);
    for (const std::string& ancestor : exec.ancestors) {
        size += ancestor.size();
    }
    return size;
}

inline std::string plainText(const Outcome& outcome) {
    if (outcome.kind == Outcome::Kind::kDeny) {
        return "deny";
    }
    if (!outcome.rulesets.empty()) {
        return fmt::format("apply {}{}", fmt::join(outcome.rulesets, ","), outcome.nnp ? " nnp" : "");
    }
    return outcome.kind == Outcome::Kind::kPass ? "pass" : "none";
}

} // namespace landlatch::query
