// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/lineage.h"

#include "runtime/bpf/tasks.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <sys/types.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

std::optional<std::string> readImage(const std::string& folder) {
    std::array<char, 8192> text{};
    const ssize_t length = ::readlink((folder + "/exe").c_str(), text.data(), text.size());
    if (length <= 0) {
        return std::nullopt;
    }
    std::string image(text.data(), static_cast<std::size_t>(length));
    constexpr std::string_view kDeleted = " (deleted)";
    if (image.ends_with(kDeleted)) {
        image.resize(image.size() - kDeleted.size());
    }
    return image;
}

/// The image of a process, as the gate would see its path; unset for a kernel thread or one that is gone. Where its
/// first thread has ended it is asked of another.
std::optional<std::string> imageOf(pid_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    if (std::optional<std::string> image = readImage(folder)) {
        return image;
    }
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder + "/task", error), end; !error && at != end;
         at.increment(error)) {
        if (std::optional<std::string> image = readImage(at->path().string())) {
            return image;
        }
    }
    return std::nullopt;
}

struct Stat {
    pid_t parent = 0;
    bool kernel = false; ///< a thread of the kernel
};

/// Nothing where the process is gone.
Stat statOf(pid_t pid) {
    constexpr unsigned kKernelThread = 0x00200000; // PF_KTHREAD
    const UniqueFd file(::open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 1024> text{};
    if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) {
        return {};
    }
    const std::string stat(text.data());
    const std::size_t name_end = stat.rfind(") "); // the name may hold anything
    int parent = 0;
    unsigned flags = 0;
    if (name_end == std::string::npos ||
        std::sscanf(stat.c_str() + name_end + 2, "%*c %d %*d %*d %*d %*d %u", &parent, &flags) != 2) {
        return {};
    }
    return {parent, (flags & kKernelThread) != 0};
}

std::uint64_t rootOfInit(const std::vector<ll_task>& tasks) {
    const auto init = std::find_if(tasks.begin(), tasks.end(), [](const ll_task& task) { return task.pid == 1; });
    return init == tasks.end() ? 0 : init->root;
}

class Lineages {
public:
    Lineages(const match::Matcher& matcher, const std::vector<ll_task>& tasks) : matcher_(matcher) {
        const std::uint64_t root = rootOfInit(tasks);
        for (const ll_task& task : tasks) {
            if (task.staged != 0 || task.root != root) {
                staged_.insert(static_cast<pid_t>(task.tgid));
            }
        }
    }

    /// Of the ancestors that `of(pid)` has, those that no staged path has given.
    std::uint64_t trusted(pid_t pid, int depth = 0) {
        if (const auto known = trusted_.find(pid); known != trusted_.end()) {
            return known->second;
        }
        const pid_t parent = depth < kDeepest ? statOf(pid).parent : 0;
        const std::uint64_t before = parent > 0 ? trusted(parent, depth + 1) : 0;
        const std::optional<std::string> image = isStaged(pid) ? std::nullopt : imageOf(pid);
        return trusted_[pid] = before | (image ? matcher_.begin(std::string_view(*image)).ancestors : 0);
    }

    /// Of one process; its parents' first.
    const match::Lineage& of(pid_t pid, int depth = 0) {
        if (const auto known = known_.find(pid); known != known_.end()) {
            return known->second;
        }
        const std::optional<std::string> image = imageOf(pid);
        const auto view = image ? std::optional<std::string_view>(*image) : std::nullopt;
        const pid_t parent = depth < kDeepest ? statOf(pid).parent : 0;
        match::Lineage lineage;
        if (!image && statOf(pid).kernel) { // nothing that a rule could name
            lineage = matcher_.begin("/");
        } else if (parent <= 0) {
            lineage = matcher_.begin(view);
            lineage.ancestors_known = true;
        } else {
            lineage = matcher_.after(of(parent, depth + 1), view);
        }
        return known_[pid] = lineage;
    }

    bpf::Gate::TaskLineage seed(const ll_task& task) {
        const auto pid = static_cast<pid_t>(task.tgid);
        const match::Lineage& lineage = of(pid);
        bpf::Gate::TaskLineage seed;
        seed.key = task.key;
        seed.exec_id = task.exec_id;
        seed.ancestors = lineage.ancestors;
        seed.trusted = trusted(pid) & lineage.ancestors;
        seed.staged = isStaged(pid);
        seed.image_atom = lineage.image_atom;
        seed.image_known = lineage.image_known;
        seed.ancestors_known = lineage.ancestors_known;
        return seed;
    }

private:
    [[nodiscard]] bool isStaged(pid_t pid) const { return staged_.contains(pid); }

    static constexpr int kDeepest = 4096;

    const match::Matcher& matcher_;
    std::set<pid_t> staged_;
    std::map<pid_t, std::uint64_t> trusted_;
    std::map<pid_t, match::Lineage> known_;
};

} // namespace

Result<std::uint64_t> rootOfInit() {
    const Result<std::vector<ll_task>> tasks = bpf::listTasks();
    if (!tasks) {
        return tasks.error();
    }
    return rootOfInit(*tasks);
}

Result<void> seedLineages(bpf::Gate& gate, const match::Matcher& matcher, const bpf::PinnedLineages* before) {
    if (!gate.keepsLineage()) {
        return {};
    }
    const Result<std::vector<ll_task>> tasks = bpf::listTasks();
    if (!tasks) {
        return tasks.error();
    }
    Lineages lineages(matcher, *tasks);
    for (const ll_task& task : *tasks) {
        const std::optional<bpf::Gate::TaskLineage> kept =
            before != nullptr ? before->of(task.key, task.exec_id) : std::nullopt;
        const bpf::Gate::TaskLineage seed = kept ? *kept : lineages.seed(task);
        if (const Result<void> seeded = gate.seedLineage(seed); !seeded) {
            return seeded;
        }
    }
    return {};
}

} // namespace landlatch::supervise
