// SPDX-License-Identifier: Apache-2.0
// Every kind of exec that a generated policy can tell apart: what the oracle judges by. In words of few letters, so
// that all short values can be tried.
#pragma once

#include "runtime/glob/glob.h"
#include "tests/support/match_oracle.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::differential {

using oracle::Exec;

/// Generated path patterns are one or two of these.
inline constexpr std::array<const char*, 10> kPathParts{"/a", "/b",     "/*",    "/**",    "/a*",
                                                        "/?", "/{a,b}", "/[!a]", "/a{,b}", "/*b"};

/// All tests of a policy's conditions.
inline void collect(const ir::Condition& condition, std::vector<const ir::FactTest*>& tests) {
    if (condition.kind == ir::Condition::Kind::kFact) {
        tests.push_back(&condition.fact);
    }
    for (const ir::Condition& child : condition.children) {
        collect(child, tests);
    }
}

/// Execs of every kind the policy can tell apart, found by trying all short values.
class Universe {
public:
    explicit Universe(const ir::Policy& policy) {
        for (const ir::Rule& rule : policy.rules) {
            collect(rule.condition, tests_);
        }
        std::vector<Exec> execs = {Exec{}};
        multiply(execs, {ir::Fact::kExec}, [&](Exec& exec, const std::string& path) { exec.exec = path; }, paths());
        multiply(
            execs, {ir::Fact::kScript},
            [&](Exec& exec, const std::string& path) {
                exec.script = path.empty() ? std::nullopt : std::optional(path);
            },
            withNone(paths()));
        multiply(
            execs, {ir::Fact::kUnit, ir::Fact::kUserUnit, ir::Fact::kSlice, ir::Fact::kCgroup, ir::Fact::kInContainer},
            [&](Exec& exec, const std::string& path) { exec.cgroup = path; }, cgroups());
        const std::vector<std::string> names = {"other", "root", "web", "33"};
        multiply(execs, {ir::Fact::kUser}, [&](Exec& exec, const std::string& name) { exec.user = name; }, names);
        multiply(
            execs, {ir::Fact::kRealUser}, [&](Exec& exec, const std::string& name) { exec.real_user = name; }, names);
        multiply(execs, {ir::Fact::kGroup},
                 [&](Exec& exec, const std::string& name) {
                     exec.groups.clear();
                     for (const char c : name) {
                         exec.groups.insert(std::string(1, c));
                     }
                 },
                 {"", "g", "h", "gh"});
        multiply(execs, {ir::Fact::kSetuid}, [&](Exec& exec, const std::string& on) { exec.setuid = !on.empty(); },
                 {"", "x"});
        multiply(execs, {ir::Fact::kExecUnlinked},
                 [&](Exec& exec, const std::string& on) { exec.unlinked = !on.empty(); }, {"", "x"});
        lineages(execs);
        execs_ = std::move(execs);
    }
    [[nodiscard]] const std::vector<Exec>& execs() const { return execs_; }
    /// How the `ancestor exec` tests come out.
    [[nodiscard]] std::vector<bool> ancestorTruth(const Exec& exec) const {
        return truth(exec, {ir::Fact::kAncestorExec});
    }

    static const std::vector<std::string>& paths() {
        static const std::vector<std::string> all = makePaths();
        return all;
    }

private:
    /// All paths of at most six bytes over a small alphabet, and longer ones where a pair of patterns tells them apart
    /// from all of those: where patterns meet, the shortest path may have eight.
    static std::vector<std::string> makePaths() {
        std::vector<std::string> all = {"/"};
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (const char c : std::string_view("xab/")) {
                if (all[i].size() < 8 && (c != '/' || all[i].back() != '/')) {
                    all.push_back(all[i] + c);
                }
            }
        }
        std::vector<glob::Sequence> globs;
        for (const char* first : kPathParts) {
            globs.push_back(*glob::parse(first));
            for (const char* second : kPathParts) {
                globs.push_back(*glob::parse(std::string(first) + second));
            }
        }
        std::set<std::vector<bool>> seen;
        std::vector<std::string> kept;
        for (const std::string& path : all) { // shortest first
            if (path.back() == '/') {
                continue;
            }
            std::vector<bool> outcome;
            for (const glob::Sequence& glob : globs) {
                outcome.push_back(glob::matches(glob, path));
            }
            if (seen.insert(std::move(outcome)).second || path.size() <= 6) {
                kept.push_back(path);
            }
        }
        return kept;
    }

    static std::vector<std::string> withNone(std::vector<std::string> list) {
        list.insert(list.begin(), "");
        return list;
    }
    static std::vector<std::string> cgroups() {
        const std::vector<std::string> parts = {"/a.slice",   "/b.slice",   "/x.slice",       "/a.service",
                                                "/b.service", "/x.service", "/ab.service",    "/a",
                                                "/x",         "/c",         "/user@1.service"};
        std::vector<std::string> all = {"/"};
        const std::vector<std::string> slices = {"", "/a.slice", "/b.slice", "/x.slice"};
        for (const std::string& first : parts) {
            all.push_back(first);
            // A user manager below every pair of slices, or inclusions of user units in slices would seem to hold.
            for (const std::string& outer : slices) {
                for (const std::string& inner : slices) {
                    all.push_back(outer + inner + "/user@1.service" + first);
                    all.push_back(outer + inner + first + "/user@1.service/b.service");
                }
            }
            for (const std::string& second : parts) {
                all.push_back(first + second);
                for (const std::string& third : parts) {
                    all.push_back(first + second + third);
                    all.push_back("/a.slice/user@1.service" + first + second + third);
                    all.push_back("/x.slice/user@1.service" + first + second + third);
                }
            }
        }
        return all;
    }

    /// How one test comes out for each value. Patterns are drawn from short lists, so their outcomes are kept.
    template <typename Set>
    static std::vector<bool> column(const ir::FactTest& test, Set set, const std::vector<std::string>& values) {
        static std::map<std::pair<ir::Fact, std::string>, std::vector<bool>> known;
        const auto compute = [&](const ir::FactTest& what) {
            std::vector<bool> result;
            for (const std::string& value : values) {
                Exec exec;
                set(exec, value);
                result.push_back(oracle::holds(what, exec));
            }
            return result;
        };
        if (test.patterns.empty()) {
            return compute(test);
        }
        std::vector<bool> result(values.size(), false);
        for (const ir::FactPattern& pattern : test.patterns) {
            std::vector<bool>& one = known[{test.fact, pattern.text}];
            if (one.empty()) {
                ir::FactTest alone = test;
                alone.patterns = {pattern};
                one = compute(alone);
            }
            for (std::size_t i = 0; i < values.size(); ++i) {
                result[i] = result[i] || one[i];
            }
        }
        return result;
    }

    /// One value of each kind that the tests of `facts` tell apart.
    template <typename Set>
    [[nodiscard]] std::vector<std::string> kindsOf(const std::vector<ir::Fact>& facts, Set set,
                                                   const std::vector<std::string>& values) const {
        std::vector<std::vector<bool>> rows(values.size());
        for (const ir::FactTest* test : tests_) {
            if (std::find(facts.begin(), facts.end(), test->fact) != facts.end()) {
                const std::vector<bool> truths = column(*test, set, values);
                for (std::size_t i = 0; i < values.size(); ++i) {
                    rows[i].push_back(truths[i]);
                }
            }
        }
        std::map<std::vector<bool>, std::string> kinds;
        for (std::size_t i = 0; i < values.size(); ++i) {
            kinds.emplace(rows[i], values[i]);
        }
        std::vector<std::string> result;
        for (const auto& [unused, value] : kinds) {
            result.push_back(value);
        }
        return result;
    }

    [[nodiscard]] bool reads(const std::vector<ir::Fact>& facts) const {
        return std::any_of(tests_.begin(), tests_.end(), [&](const ir::FactTest* test) {
            return std::find(facts.begin(), facts.end(), test->fact) != facts.end();
        });
    }

    [[nodiscard]] std::vector<bool> truth(const Exec& exec, const std::vector<ir::Fact>& facts) const {
        std::vector<bool> result;
        for (const ir::FactTest* test : tests_) {
            if (std::find(facts.begin(), facts.end(), test->fact) != facts.end()) {
                result.push_back(oracle::holds(*test, exec));
            }
        }
        return result;
    }

    /// Each exec with each value that the tests of `facts` tell apart.
    template <typename Set>
    void multiply(std::vector<Exec>& execs, const std::vector<ir::Fact>& facts, Set set,
                  const std::vector<std::string>& values) {
        if (!reads(facts)) {
            return;
        }
        const std::vector<std::string> kinds = kindsOf(facts, set, values);
        std::vector<Exec> more;
        for (const Exec& exec : execs) {
            for (const std::string& value : kinds) {
                more.push_back(exec);
                set(more.back(), value);
            }
        }
        execs = std::move(more);
    }

    void lineages(std::vector<Exec>& execs) {
        const std::vector<ir::Fact> both = {ir::Fact::kParentExec, ir::Fact::kAncestorExec};
        if (!reads(both)) {
            return;
        }
        const std::vector<std::string> images =
            kindsOf(both, [](Exec& exec, const std::string& path) { exec.parent = path; }, paths());
        std::vector<Exec> kinds; // by parent and truth of the ancestor tests
        for (const std::string& image : images) {
            std::map<std::vector<bool>, Exec> seen;
            Exec first;
            first.parent = image;
            std::vector<Exec> todo = {first};
            while (!todo.empty()) {
                const Exec exec = todo.back();
                todo.pop_back();
                if (!seen.emplace(ancestorTruth(exec), exec).second) {
                    continue;
                }
                for (const std::string& further : images) {
                    todo.push_back(exec);
                    todo.back().ancestors.push_back(further);
                }
            }
            for (const auto& [unused, exec] : seen) {
                kinds.push_back(exec);
            }
        }
        std::vector<Exec> more;
        for (const Exec& exec : execs) {
            for (const Exec& kind : kinds) {
                more.push_back(exec);
                more.back().parent = kind.parent;
                more.back().ancestors = kind.ancestors;
            }
        }
        execs = std::move(more);
    }

    std::vector<const ir::FactTest*> tests_;
    std::vector<Exec> execs_;
};

} // namespace landlatch::differential
