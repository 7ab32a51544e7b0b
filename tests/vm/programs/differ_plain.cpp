// SPDX-License-Identifier: Apache-2.0
// What the policy makes of generated execs by the letter of the language (tests/support/match_oracle.h): it reads the
// policy's text and knows no tables. Runs when the project is built, since it needs the compiler's front.
//
//   differ_plain COUNT SEED POLICY.ll     a line for each exec, as `differ run` prints them
#include "compiler/sema/analyze.h"
#include "tests/support/match_oracle.h"
#include "tests/vm/programs/differ_execs.h"

#include <cstdlib>

using namespace landlatch;

namespace {

/// A path of no pattern's, as an image that is none of ours.
constexpr const char* kOther = "/other";

std::vector<std::string> images() {
    std::vector<std::string> all(differ::kImages.begin(), differ::kImages.end());
    all.insert(all.end(), differ::kHops.begin(), differ::kHops.end());
    all.insert(all.end(), {kOther, "/tmp/d/a/other", "/tmp/d/b/other", "/tmp/d/b/deep/other", "/tmp/d/odd"});
    return all;
}

std::vector<std::optional<std::string>> scripts() {
    std::vector<std::optional<std::string>> all = {std::nullopt, kOther};
    for (const differ::ScriptFile& script : differ::kScripts) {
        all.emplace_back(script.path);
    }
    return all;
}

/// Calls `add` for every exec that the policy can tell apart, by more than its lineage and ids.
template <typename Add> void eachPlace(Add add) {
    std::vector<std::string> cgroups(differ::kCgroups.begin(), differ::kCgroups.end());
    cgroups.insert(cgroups.end(), {"/", "/d5.slice", "/system.slice/other.service"});
    for (const std::string& image : images()) {
        for (const auto& script : scripts()) {
            for (const std::string& cgroup : cgroups) {
                oracle::Exec exec;
                exec.exec = image;
                exec.script = script;
                exec.cgroup = cgroup;
                exec.unlinked = image == differ::kUnlinked;
                add(exec);
                if (image != differ::kUnlinked) {
                    continue;
                }
                exec.unlinked = false;
                add(exec);
            }
        }
    }
}

/// What inclusion is judged over: everything that the policy tells apart, and more than the generator makes.
std::vector<oracle::Exec> universe() {
    std::vector<oracle::Exec> all;
    const std::vector<std::set<std::string>> groups = {{}, {"daemon"}, {"www-data"}, {"daemon", "www-data"}};
    eachPlace([&](oracle::Exec exec) {
        for (const char* user : {"root", "www-data", "daemon", "other"}) {
            for (const char* real : {"1000", "other"}) {
                for (const auto& group : groups) {
                    for (const char* parent : {differ::kHops[0], differ::kHops[1], kOther}) {
                        for (const bool setuid : {false, true}) {
                            exec.user = user;
                            exec.real_user = real;
                            exec.groups = group;
                            exec.parent = parent;
                            exec.setuid = setuid;
                            exec.ancestors = {};
                            all.push_back(exec);
                            exec.ancestors = {differ::kHops[1]};
                            all.push_back(exec);
                        }
                    }
                }
            }
        }
    });
    return all;
}

oracle::Exec toExec(const differ::Exec& exec, const differ::Step& step) {
    oracle::Exec out;
    out.exec = step.image;
    out.script = step.script;
    out.parent = step.before.back();
    out.ancestors.assign(step.before.begin(), step.before.end() - 1);
    out.cgroup = exec.cgroup;
    out.user = differ::nameOf(step.euid);
    out.real_user = exec.user == 1000 ? "1000" : differ::nameOf(exec.user); // as the policy writes it
    for (const std::uint32_t group : exec.groups) {
        out.groups.insert(differ::nameOf(group));
    }
    out.setuid = step.setuid;
    out.unlinked = step.unlinked;
    return out;
}

differ::Outcome judge(const ir::Policy& policy, const oracle::Judge& judge, const oracle::Exec& exec) {
    const oracle::Outcome decided = judge.decide(exec, false);
    differ::Outcome out;
    out.refused = decided.kind == oracle::Outcome::Kind::kDeny;
    for (const ir::RulesetId ruleset : decided.rulesets) {
        out.code |= differ::bitOf(policy.rulesets[ruleset].name);
    }
    if (decided.kind == oracle::Outcome::Kind::kUndecided) {
        fmt::print(stderr, "undecided: {} in {}\n", exec.exec, exec.cgroup);
        std::exit(1);
    }
    return out;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        return 2;
    }
    SourceManager sources;
    RealFileSystem files;
    diag::Sink sink;
    const std::optional<ir::Policy> policy = sema::analyze(sources, files, argv[3], {}, sink);
    if (!policy) {
        fmt::print(stderr, "differ_plain: the policy has errors\n");
        return 1;
    }
    const oracle::Judge decide(*policy, universe());
    const auto count = static_cast<unsigned>(std::atoi(argv[1]));
    const auto seed = static_cast<unsigned>(std::atoi(argv[2]));
    for (unsigned i = 0; i < count; ++i) {
        const differ::Exec exec = differ::generate(i, seed);
        fmt::print("{}: {}\n", differ::describe(i, exec), differ::follow(exec, [&](const differ::Step& step) {
                       return judge(*policy, decide, toExec(exec, step));
                   }));
    }
    return 0;
}
