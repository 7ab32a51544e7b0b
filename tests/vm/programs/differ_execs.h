// SPDX-License-Identifier: Apache-2.0
// Execs made from a seed: what differ.cpp makes in a machine, and what differ_plain.cpp judges by the letter of the
// language. Each is a chain: programs called hop that execute one another, and at last the one that tells.
#pragma once

#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace landlatch::differ {

inline constexpr const char* kRunner = "/usr/bin/differ";
inline constexpr const char* kSuid = "/tmp/d/suid";           ///< set-user-ID root
inline constexpr const char* kUnlinked = "/memfd:probe";      ///< an image without a file
inline constexpr const char* kUnlinkedBy = "/proc/self/fd/9"; ///< how that one is executed
inline constexpr int kUnlinkedFd = 9;
inline constexpr std::array kImages = {"/tmp/d/a/x",         "/tmp/d/a/y", "/tmp/d/b/x",
                                       "/tmp/d/b/deep/er/x", "/tmp/d/c/x", "/tmp/d/x.bin",
                                       "/tmp/d/odd [name]",  kSuid,        kUnlinked};
inline constexpr std::array kHops = {"/tmp/d/hop1", "/tmp/d/hop2"};
struct ScriptFile {
    const char* path;
    const char* image;
};
inline constexpr std::array<ScriptFile, 4> kScripts = {{{"/tmp/d/s0.sh", "/tmp/d/x.bin"},
                                                        {"/tmp/d/s1.sh", "/tmp/d/x.bin"},
                                                        {"/tmp/d/s2.sh", "/tmp/d/x.bin"},
                                                        {"/tmp/d/s3.sh", "/tmp/d/a/x"}}};
inline constexpr const char* kContained = "/d5.slice/any.service/below"; ///< where the hops are confined too
inline constexpr std::array kCgroups = {"/system.slice/d1.service",
                                        "/system.slice/d1.service/deeper",
                                        "/user.slice/user-1000.slice/user@1000.service/app.slice/d2.service",
                                        "/d3.slice",
                                        "/d3.slice/d1.service",
                                        "/system.slice/d4.service",
                                        "/machine.slice/libpod-0af.scope",
                                        "/machine.slice/libpod-0af.scope/inner",
                                        kContained};
struct Id {
    std::uint32_t number;
    const char* name;
};
inline constexpr std::array<Id, 4> kIds = {{{0, "root"}, {1, "daemon"}, {33, "www-data"}, {1000, "user"}}};

inline const char* nameOf(std::uint32_t id) {
    for (const Id& one : kIds) {
        if (one.number == id) {
            return one.name;
        }
    }
    return "other";
}

struct Exec {
    const char* image;
    const char* script = nullptr;
    const char* cgroup;
    std::uint32_t user;
    std::vector<std::uint32_t> groups; ///< the first is the effective one
    std::vector<const char*> hops;
};

inline Exec generate(unsigned number, unsigned seed) {
    std::mt19937 random(seed * 1'000'003U + number);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    Exec exec{};
    exec.image = kImages[below(kImages.size())];
    if (below(4) == 0) {
        const ScriptFile& script = kScripts[below(kScripts.size())];
        exec.script = script.path;
        exec.image = script.image;
    }
    exec.cgroup = kCgroups[below(kCgroups.size())];
    exec.user = kIds[below(kIds.size())].number;
    exec.groups = {kIds[below(kIds.size())].number};
    if (below(2) == 0) {
        exec.groups.push_back(kIds[below(kIds.size())].number);
    }
    for (std::size_t hops = below(3); hops > 0; --hops) {
        exec.hops.push_back(kHops[below(kHops.size())]);
    }
    if (exec.image == kSuid && exec.cgroup == kContained) {
        exec.hops.clear(); // a hop there has no_new_privs where the policy is enforced, and none in audit mode
    }
    return exec;
}

/// One step of a chain, as facts.
struct Step {
    std::string image;
    std::optional<std::string> script;
    std::vector<std::string> before; ///< images that the task ran, the caller last
    std::uint32_t euid = 0;
    bool setuid = false;
    bool unlinked = false;
};

/// Number `at` of the chain.
inline Step step(const Exec& exec, std::size_t at) {
    Step step;
    step.before = {kRunner};
    step.before.insert(step.before.end(), exec.hops.begin(), exec.hops.begin() + static_cast<std::ptrdiff_t>(at));
    step.euid = exec.user;
    if (at < exec.hops.size()) {
        step.image = exec.hops[at];
        return step;
    }
    step.image = exec.image;
    if (exec.script != nullptr) {
        step.script = exec.script;
    }
    step.unlinked = step.image == kUnlinked;
    if (step.image == kSuid && exec.user != 0) {
        step.euid = 0;
        step.setuid = true;
    }
    return step;
}

/// What came of one step: bits of what the program can't do (probe.c), or not executed.
struct Outcome {
    int code = 0;
    bool refused = false;
};

inline std::string describe(unsigned number, const Exec& exec) {
    return fmt::format("{} {} script={} {} user={} groups={} hops={}", number, exec.image,
                       exec.script != nullptr ? exec.script : "-", exec.cgroup, exec.user, fmt::join(exec.groups, ","),
                       fmt::join(exec.hops, ","));
}

inline std::string outcome(int code) { return code == 126 ? "refused" : fmt::format("left {}", code); }

/// What the whole chain comes to, by a judge of its steps: layers add up, and what isn't executed ends it.
template <typename Judge> std::string follow(const Exec& exec, Judge judge) {
    int code = 0;
    for (std::size_t at = 0; at <= exec.hops.size(); ++at) {
        const Outcome one = judge(step(exec, at));
        if (one.refused) {
            return outcome(126);
        }
        code |= one.code;
    }
    return outcome(code);
}

inline int bitOf(const std::string& ruleset) { return ruleset == "no_dir" ? 1 : ruleset == "no_open" ? 2 : 4; }

} // namespace landlatch::differ
