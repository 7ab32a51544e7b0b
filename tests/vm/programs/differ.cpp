// SPDX-License-Identifier: Apache-2.0
// Execs made from a seed (differ_execs.h), in a machine.
//
//   differ prepare                   the programs and scripts in /tmp/d, the cgroups
//   differ run FROM TO SEED          makes the execs of these numbers; a line each: facts, and what the program could
//   do differ expect FROM TO SEED FILE  the same lines as userspace's matcher decides from the policy in FILE differ
//   audited FROM TO SEED PIDS the same lines as the gate decided in audit mode: from the events (JSON lines of
//                                    standard input), PIDS has the process of each exec in order (`run` writes it)
#include "runtime/match/matcher.h"
#include "runtime/object/read.h"
#include "tests/vm/programs/differ_execs.h"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace landlatch;
using differ::Exec;
using differ::Step;

namespace {

constexpr const char* kPids = "/tmp/differ.pids";

/// The program without a name at descriptor kUnlinkedFd, which children inherit.
void openUnlinked() {
    const int writer = ::memfd_create("probe", 0);
    const std::string path = "/proc/self/fd/" + std::to_string(writer);
    std::ofstream(path, std::ios::binary) << std::ifstream("/usr/bin/probe", std::ios::binary).rdbuf() << std::flush;
    const int reader = ::open(path.c_str(), O_RDONLY);
    ::close(writer);
    ::dup2(reader, differ::kUnlinkedFd);
    ::close(reader);
}

std::string run(const Exec& exec, std::ofstream& pids) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        std::ofstream(std::string("/sys/fs/cgroup") + exec.cgroup + "/cgroup.procs") << "0" << std::flush;
        std::vector<char*> arguments;
        for (const char* hop : exec.hops) {
            arguments.push_back(const_cast<char*>(hop));
        }
        const char* last = exec.script != nullptr ? exec.script : exec.image;
        arguments.push_back(const_cast<char*>(last == differ::kUnlinked ? differ::kUnlinkedBy : last));
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
    pids << pid << "\n" << std::flush;
    return WIFEXITED(status) ? differ::outcome(WEXITSTATUS(status)) : fmt::format("signal {}", WTERMSIG(status));
}

differ::Outcome decide(const object::Policy& policy, const match::Matcher& matcher, const Exec& exec,
                       const Step& step) {
    match::Lineage lineage = matcher.begin(step.before.front());
    lineage.ancestors_known = true;
    for (std::size_t i = 1; i < step.before.size(); ++i) {
        lineage = matcher.after(lineage, step.before[i]);
    }
    match::ExecFacts known;
    known.exec = step.image;
    if (step.script) {
        known.script = {match::Script::Kind::kPath, *step.script};
    }
    known.lineage = lineage;
    known.cgroup = exec.cgroup;
    known.euid = step.euid;
    known.ruid = exec.user;
    known.groups = exec.groups;
    known.setuid = step.setuid;
    known.unlinked = step.unlinked;
    const match::View view = matcher.decide(known).enforced;
    differ::Outcome out;
    out.refused = view.kind == LL_DENY || view.kind == LL_REFUSE;
    for (const std::uint32_t ruleset : view.rulesets) {
        out.code |= differ::bitOf(policy.rulesets[ruleset].name);
    }
    return out;
}

/// Events of one process in audit mode: what would have come of its execs, by image. (Of one that it runs twice the
/// last: no rule tells the two apart.)
using Told = std::map<std::string, differ::Outcome>;

std::map<pid_t, Told> readEvents() {
    std::map<pid_t, Told> all;
    for (std::string line; std::getline(std::cin, line);) {
        const nlohmann::json event = nlohmann::json::parse(line, nullptr, false);
        if (!event.is_object() || event.value("event", "") != "audit") {
            continue;
        }
        differ::Outcome one;
        const std::string would = event.value("would", "");
        one.refused = would == "deny" || would == "refuse";
        for (const nlohmann::json& ruleset : event.value("rulesets", nlohmann::json::array())) {
            one.code |= differ::bitOf(ruleset.get<std::string>());
        }
        all[event.value("pid", 0)][event.value("exec", "")] = one;
    }
    return all;
}

int audited(unsigned from, unsigned to, unsigned seed, const char* pids) {
    const std::map<pid_t, Told> events = readEvents();
    std::ifstream list(pids);
    for (unsigned i = from; i < to; ++i) {
        pid_t pid = 0;
        if (!(list >> pid)) {
            return 1;
        }
        const auto found = events.find(pid);
        const Exec exec = differ::generate(i, seed);
        fmt::print("{}: {}\n", differ::describe(i, exec), differ::follow(exec, [&](const Step& step) {
                       if (found == events.end() || !found->second.contains(step.image)) {
                           return differ::Outcome();
                       }
                       return found->second.at(step.image);
                   }));
    }
    return 0;
}

int prepare() {
    for (const char* folder : {"/tmp/d", "/tmp/d/a", "/tmp/d/b", "/tmp/d/b/deep", "/tmp/d/b/deep/er", "/tmp/d/c"}) {
        ::mkdir(folder, 0755);
    }
    const auto copy = [](const std::string& to) {
        std::ofstream(to, std::ios::binary) << std::ifstream("/usr/bin/probe", std::ios::binary).rdbuf();
        ::chmod(to.c_str(), to == differ::kSuid ? 04755 : 0755);
    };
    for (const std::string image : differ::kImages) {
        if (image != differ::kUnlinked) {
            copy(image);
        }
    }
    for (const char* hop : differ::kHops) {
        copy(hop);
    }
    for (const differ::ScriptFile& script : differ::kScripts) {
        std::ofstream(script.path) << "#!" << script.image << "\n";
        ::chmod(script.path, 0755);
    }
    for (const std::string cgroup : differ::kCgroups) {
        for (std::size_t end = 1; (end = cgroup.find('/', end)) != std::string::npos; ++end) {
            ::mkdir(("/sys/fs/cgroup" + cgroup.substr(0, end)).c_str(), 0755);
        }
        ::mkdir(("/sys/fs/cgroup" + cgroup).c_str(), 0755);
    }
    std::ofstream("/tmp/open") << "open\n";
    std::ofstream("/tmp/other") << "other\n";
    return 0;
}

int runAll(unsigned from, unsigned to, unsigned seed) {
    openUnlinked();
    std::ofstream pids(kPids);
    for (unsigned i = from; i < to; ++i) {
        const Exec exec = differ::generate(i, seed);
        fmt::print("{}: {}\n", differ::describe(i, exec), run(exec, pids));
        std::fflush(stdout);
    }
    return 0;
}

int expectAll(unsigned from, unsigned to, unsigned seed, const char* file) {
    const Result<object::Policy> policy = object::readFile(file);
    const Result<match::IdResolution> ids =
        policy ? match::resolveIds(*policy, match::SystemIdLookup()) : policy.error();
    const Result<match::Matcher> matcher = ids ? match::Matcher::create(*policy, *ids) : ids.error();
    if (!matcher) {
        fmt::print(stderr, "{}\n", matcher.error().message);
        return 1;
    }
    for (unsigned i = from; i < to; ++i) {
        const Exec exec = differ::generate(i, seed);
        fmt::print("{}: {}\n", differ::describe(i, exec),
                   differ::follow(exec, [&](const Step& step) { return decide(*policy, *matcher, exec, step); }));
    }
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
        return runAll(from, to, seed);
    }
    return mode == "expect" ? expectAll(from, to, seed, argv[5]) : audited(from, to, seed, argv[5]);
}
