// SPDX-License-Identifier: Apache-2.0
// Everything here is read from /proc of whatever runs, so nothing of it is believed for more than being shown.
#include "runtime/supervise/running.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

constexpr std::size_t kMost = 1000; ///< programs listed
constexpr std::string_view kDeleted = " (deleted)";

std::string readProc(pid_t pid, const char* name) {
    const UniqueFd file(::open(("/proc/" + std::to_string(pid) + "/" + name).c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 16384> text{};
    const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : 0;
    return got > 0 ? std::string(text.data(), static_cast<std::size_t>(got)) : std::string();
}

std::string readImage(pid_t pid) {
    std::array<char, 8192> text{};
    const ssize_t length = ::readlink(("/proc/" + std::to_string(pid) + "/exe").c_str(), text.data(), text.size());
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

/// Field 22 of /proc/PID/stat; 0 where it is gone.
std::uint64_t startTime(pid_t pid) {
    const std::string stat = readProc(pid, "stat");
    const std::size_t end = stat.rfind(") "); // the name may hold anything
    unsigned long long time = 0;
    if (end == std::string::npos ||
        std::sscanf(stat.c_str() + end + 2,
                    "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &time) != 1) {
        return 0;
    }
    return time;
}

/// The path in the unified hierarchy, of a line "0::/PATH".
std::optional<std::string> cgroupOf(pid_t pid) {
    std::istringstream lines(readProc(pid, "cgroup"));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("0::")) {
            return line.substr(3);
        }
    }
    return std::nullopt;
}

struct Ids {
    std::optional<std::uint32_t> euid, ruid;
    std::vector<gid_t> groups;
};

Ids idsOf(pid_t pid) {
    Ids ids;
    std::istringstream lines(readProc(pid, "status"));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key;
        std::uint32_t real = 0;
        std::uint32_t effective = 0;
        words >> key;
        if (key == "Uid:" && words >> real >> effective) {
            ids.ruid = real;
            ids.euid = effective;
        } else if (key == "Gid:" && words >> real >> effective) {
            ids.groups.push_back(effective);
        } else if (key == "Groups:") {
            for (gid_t group = 0; words >> group;) {
                ids.groups.push_back(group);
            }
        }
    }
    return ids;
}

std::optional<Running> look(const Policy& policy, pid_t pid) {
    Running program;
    program.pid = pid;
    program.start_time = startTime(pid);
    std::string path = readImage(pid);
    if (path.empty()) {
        return std::nullopt; // a kernel thread, or gone
    }
    program.image = printable(path);
    const bool unlinked = path.ends_with(kDeleted);
    if (unlinked) {
        path.resize(path.size() - kDeleted.size());
    }
    const std::optional<std::string> cgroup = cgroupOf(pid);
    const Ids ids = idsOf(pid);
    match::ExecFacts facts;
    facts.exec = path;
    facts.script.kind = match::Script::Kind::kUnreadable;
    facts.cgroup = cgroup;
    facts.euid = ids.euid;
    facts.ruid = ids.ruid;
    facts.groups = ids.groups;
    facts.unlinked = unlinked;
    const match::View decided = policy.matcher->decide(facts).enforced;
    if ((decided.kind == LL_NONE || decided.kind == LL_PASS) && decided.rulesets.empty()) {
        return std::nullopt;
    }
    program.sure = decided.kind != LL_REFUSE;
    return program;
}

} // namespace

std::vector<Running> findRunning(const Policy& policy) {
    std::vector<Running> found;
    DIR* entries = ::opendir("/proc");
    if (entries == nullptr || !policy.matcher) {
        return found;
    }
    while (const dirent* entry = ::readdir(entries)) {
        pid_t pid = 0;
        const char* end = entry->d_name + std::strlen(entry->d_name);
        if (std::from_chars(entry->d_name, end, pid).ptr != end || pid <= 0 || found.size() >= kMost) {
            continue;
        }
        if (std::optional<Running> program = look(policy, pid)) {
            found.push_back(std::move(*program));
        }
    }
    ::closedir(entries);
    return found;
}

bool runsStill(const Running& program) {
    return startTime(program.pid) == program.start_time && printable(readImage(program.pid)) == program.image;
}

} // namespace landlatch::supervise
