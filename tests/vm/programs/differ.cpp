// SPDX-License-Identifier: Apache-2.0
// Execs made from a seed, and what policy differ.ll should make of each.
//
//   differ prepare                   the programs and scripts in /tmp/d, the cgroups
//   differ run FROM TO SEED          makes the execs of these numbers; a line each: facts, and what the program could
//   do differ expect FROM TO SEED FILE  the same lines as userspace's matcher decides from the policy in FILE differ
//   rules FROM TO SEED FILE   how often each rule decides them: a JSON list
#include "runtime/match/matcher.h"
#include "runtime/object/read.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <grp.h>
#include <random>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace landlatch;

namespace {

constexpr std::array kImages = {"/tmp/d/a/x", "/tmp/d/a/y",   "/tmp/d/b/x",       "/tmp/d/b/deep/er/x",
                                "/tmp/d/c/x", "/tmp/d/x.bin", "/tmp/d/odd [name]"};
struct ScriptFile {
    const char* path;
    const char* image;
};
constexpr std::array<ScriptFile, 4> kScripts = {{{"/tmp/d/s0.sh", "/tmp/d/x.bin"},
                                                 {"/tmp/d/s1.sh", "/tmp/d/x.bin"},
                                                 {"/tmp/d/s2.sh", "/tmp/d/x.bin"},
                                                 {"/tmp/d/s3.sh", "/tmp/d/a/x"}}};
constexpr std::array kCgroups = {"/system.slice/d1.service",
                                 "/system.slice/d1.service/deeper",
                                 "/user.slice/user-1000.slice/user@1000.service/app.slice/d2.service",
                                 "/d3.slice",
                                 "/d3.slice/d1.service",
                                 "/system.slice/d4.service"};
constexpr std::array<std::uint32_t, 4> kIds = {0, 1, 33, 1000};

struct Exec {
    const char* image;
    const char* script = nullptr;
    const char* cgroup;
    std::uint32_t user;
    std::vector<gid_t> groups; ///< the first is the effective one
    std::vector<const char*> hops;
};

Exec generate(unsigned number, unsigned seed) {
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
    exec.user = kIds[below(kIds.size())];
    exec.groups = {kIds[below(kIds.size())]};
    if (below(2) == 0) {
        exec.groups.push_back(kIds[below(kIds.size())]);
    }
    for (std::size_t hops = below(3); hops > 0; --hops) {
        exec.hops.push_back(below(2) == 0 ? "/tmp/d/hop1" : "/tmp/d/hop2");
    }
    return exec;
}

std::string facts(unsigned number, const Exec& exec) {
    return fmt::format("{} {} script={} {} user={} groups={} hops={}", number, exec.image,
                       exec.script != nullptr ? exec.script : "-", exec.cgroup, exec.user, fmt::join(exec.groups, ","),
                       fmt::join(exec.hops, ","));
}

std::string outcome(int code) { return code == 126 ? "refused" : fmt::format("left {}", code); }

std::string run(const Exec& exec) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        std::ofstream(std::string("/sys/fs/cgroup") + exec.cgroup + "/cgroup.procs") << "0" << std::flush;
        std::vector<char*> arguments;
        for (const char* hop : exec.hops) {
            arguments.push_back(const_cast<char*>(hop));
        }
        arguments.push_back(const_cast<char*>(exec.script != nullptr ? exec.script : exec.image));
        arguments.push_back(nullptr);
        if (::setgroups(exec.groups.size(), exec.groups.data()) != 0 || ::setgid(exec.groups[0]) != 0 ||
            ::setuid(exec.user) != 0) {
            ::_exit(125);
        }
        ::execv(arguments[0], arguments.data());
        ::_exit(126);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? outcome(WEXITSTATUS(status)) : fmt::format("signal {}", WTERMSIG(status));
}

match::View decide(const match::Matcher& matcher, const Exec& exec) {
    match::Lineage lineage = matcher.begin("/usr/bin/differ");
    lineage.ancestors_known = true;
    for (const char* hop : exec.hops) {
        lineage = matcher.after(lineage, hop);
    }
    match::ExecFacts known;
    known.exec = exec.image;
    if (exec.script != nullptr) {
        known.script = {match::Script::Kind::kPath, exec.script};
    }
    known.lineage = lineage;
    known.cgroup = exec.cgroup;
    known.euid = exec.user;
    known.ruid = exec.user;
    known.groups = exec.groups;
    known.setuid = false;
    known.unlinked = false;
    return matcher.decide(known).enforced;
}

std::string expected(const object::Policy& policy, const match::View& view) {
    int code = view.kind == LL_DENY || view.kind == LL_REFUSE ? 126 : 0;
    for (const std::uint32_t ruleset : view.rulesets) {
        const std::string& name = policy.rulesets[ruleset].name;
        code |= name == "no_dir" ? 1 : name == "no_open" ? 2 : 4;
    }
    return outcome(code);
}

int prepare() {
    for (const char* folder : {"/tmp/d", "/tmp/d/a", "/tmp/d/b", "/tmp/d/b/deep", "/tmp/d/b/deep/er", "/tmp/d/c"}) {
        ::mkdir(folder, 0755);
    }
    const auto copy = [](const std::string& to) {
        std::ofstream(to, std::ios::binary) << std::ifstream("/usr/bin/probe", std::ios::binary).rdbuf();
        ::chmod(to.c_str(), 0755);
    };
    for (const char* image : kImages) {
        copy(image);
    }
    copy("/tmp/d/hop1");
    copy("/tmp/d/hop2");
    for (const ScriptFile& script : kScripts) {
        std::ofstream(script.path) << "#!" << script.image << "\n";
        ::chmod(script.path, 0755);
    }
    for (const std::string cgroup : kCgroups) {
        for (std::size_t end = 1; (end = cgroup.find('/', end)) != std::string::npos; ++end) {
            ::mkdir(("/sys/fs/cgroup" + cgroup.substr(0, end)).c_str(), 0755);
        }
        ::mkdir(("/sys/fs/cgroup" + cgroup).c_str(), 0755);
    }
    std::ofstream("/tmp/open") << "open\n";
    std::ofstream("/tmp/other") << "other\n";
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "prepare") {
        return prepare();
    }
    if (argc < (mode == "run" ? 5 : 6)) {
        return 2;
    }
    const auto from = static_cast<unsigned>(std::atoi(argv[2]));
    const auto to = static_cast<unsigned>(std::atoi(argv[3]));
    const auto seed = static_cast<unsigned>(std::atoi(argv[4]));
    if (mode == "run") {
        for (unsigned i = from; i < to; ++i) {
            const Exec exec = generate(i, seed);
            fmt::print("{}: {}\n", facts(i, exec), run(exec));
            std::fflush(stdout);
        }
        return 0;
    }
    const Result<object::Policy> policy = object::readFile(argv[5]);
    const Result<match::IdResolution> ids =
        policy ? match::resolveIds(*policy, match::SystemIdLookup()) : policy.error();
    const Result<match::Matcher> matcher = ids ? match::Matcher::create(*policy, *ids) : ids.error();
    if (!matcher) {
        fmt::print(stderr, "{}\n", matcher.error().message);
        return 1;
    }
    std::vector<unsigned> rules(policy->rules.size());
    for (unsigned i = from; i < to; ++i) {
        const Exec exec = generate(i, seed);
        const match::View view = decide(*matcher, exec);
        if (view.rule) {
            ++rules[*view.rule];
        }
        if (mode == "expect") {
            fmt::print("{}: {}\n", facts(i, exec), expected(*policy, view));
        }
    }
    if (mode == "rules") {
        fmt::print("[{}]\n", fmt::join(rules, ","));
    }
    return 0;
}
