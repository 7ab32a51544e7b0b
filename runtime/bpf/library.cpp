// SPDX-License-Identifier: Apache-2.0
#include "runtime/bpf/library.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <vector>

namespace landlatch::bpf {
namespace {

constexpr std::size_t kMaxText = 16384;
thread_local std::string* collected = nullptr;

int collect(libbpf_print_level level, const char* format, va_list arguments) {
    if (collected == nullptr || level == LIBBPF_DEBUG) {
        return 0;
    }
    va_list again;
    va_copy(again, arguments);
    const int length = ::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    // Whole, however long: the verifier's complaint is the end of one message.
    std::string line(static_cast<std::size_t>(std::max(length, 0)) + 1, '\0');
    ::vsnprintf(line.data(), line.size(), format, arguments);
    line.pop_back();
    *collected += line;
    if (collected->size() > kMaxText) {
        collected->erase(0, collected->size() - kMaxText);
    }
    return 0;
}

/// A number of /proc/sys/kernel; `otherwise` where it can't be read.
std::uint32_t kernelLimit(const char* name, std::uint32_t otherwise) {
    const UniqueFd file(::open((std::string("/proc/sys/kernel/") + name).c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 32> text{};
    if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) {
        return otherwise;
    }
    return static_cast<std::uint32_t>(std::strtoul(text.data(), nullptr, 10));
}

} // namespace

Result<void> sizeByTasks(bpf_object* object, std::initializer_list<const char*> names) {
    constexpr std::uint32_t kMost = 1U << 20;
    const std::uint32_t tasks = std::min({kMost, kernelLimit("threads-max", kMost), kernelLimit("pid_max", kMost)});
    for (const char* name : names) {
        bpf_map* map = ::bpf_object__find_map_by_name(object, name);
        if (map == nullptr) {
            continue;
        }
        const int code = ::bpf_map__set_max_entries(map, std::max(tasks, ::bpf_map__max_entries(map)));
        if (code != 0) {
            return errnoError(name, -code);
        }
    }
    return {};
}

Messages::Messages() {
    collected = &text_;
    ::libbpf_set_print(collect);
}

Messages::~Messages() { collected = nullptr; }

Error Messages::error(std::string_view what, int code) const {
    const int number = code < 0 ? -code : code;
    std::array<char, 128> reason{};
    ::libbpf_strerror(number, reason.data(), reason.size()); // knows errno and libbpf's own numbers
    Error error{number, std::string(what) + ": " + reason.data()};
    // The verifier's complaint is at the end, before its statistics.
    constexpr std::size_t kTail = 1500;
    if (!text_.empty()) {
        error.message += "\n" + (text_.size() > kTail ? "…" + text_.substr(text_.size() - kTail) : text_);
        while (error.message.ends_with('\n')) {
            error.message.pop_back();
        }
    }
    return error;
}

Result<void> makePinFolder(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return errnoError(folder);
    }
    struct stat found{};
    if (::lstat(folder.c_str(), &found) != 0) {
        return errnoError(folder);
    }
    constexpr long kBpfMagic = static_cast<long>(0xcafe4a11);
    struct statfs system{};
    if (!S_ISDIR(found.st_mode) || found.st_uid != 0 || (found.st_mode & 077) != 0 ||
        ::statfs(folder.c_str(), &system) != 0 || system.f_type != kBpfMagic) {
        return Error{EPERM,
                     folder + ": not a folder of root's alone on a bpf file system (mount -t bpf bpf /sys/fs/bpf)"};
    }
    return {};
}

namespace {

/// The map of a program that has this name; no fd where there is none.
UniqueFd mapOfProgram(int program, std::string_view name) {
    std::array<__u32, 32> ids{};
    bpf_prog_info info{};
    info.nr_map_ids = ids.size();
    info.map_ids = reinterpret_cast<std::uintptr_t>(ids.data());
    __u32 length = sizeof info;
    if (::bpf_obj_get_info_by_fd(program, &info, &length) != 0) {
        return {};
    }
    for (__u32 i = 0; i < std::min<__u32>(info.nr_map_ids, ids.size()); ++i) {
        UniqueFd map(::bpf_map_get_fd_by_id(ids[i]));
        bpf_map_info found{};
        length = sizeof found;
        if (map && ::bpf_obj_get_info_by_fd(map.get(), &found, &length) == 0 && name == found.name) {
            return map;
        }
    }
    return {};
}

UniqueFd programOfLink(const std::string& path) {
    const UniqueFd link(::bpf_obj_get(path.c_str()));
    bpf_link_info info{};
    __u32 length = sizeof info;
    if (!link || ::bpf_obj_get_info_by_fd(link.get(), &info, &length) != 0) {
        return {};
    }
    return UniqueFd(::bpf_prog_get_fd_by_id(info.prog_id));
}

/// Names in an open folder, without "." and "..".
std::vector<std::string> namesIn(DIR* entries) {
    std::vector<std::string> names;
    for (const dirent* entry = nullptr; (entry = ::readdir(entries)) != nullptr;) {
        if (const std::string_view name = entry->d_name; name != "." && name != "..") {
            names.emplace_back(name);
        }
    }
    return names;
}

} // namespace

UniqueFd mapOfLink(const std::string& path, std::string_view name) {
    const UniqueFd program = programOfLink(path);
    return program ? mapOfProgram(program.get(), name) : UniqueFd();
}

std::vector<std::string> pinFolders(const std::string& root, std::string_view prefix) {
    std::vector<std::string> found;
    if (DIR* entries = ::opendir(root.c_str()); entries != nullptr) {
        for (const std::string& name : namesIn(entries)) {
            if (name.starts_with(prefix)) {
                found.push_back(fmt::format("{}/{}", root, name));
            }
        }
        ::closedir(entries);
    }
    return found;
}

Result<void> removePinFolder(const std::string& folder) {
    DIR* entries = ::opendir(folder.c_str());
    if (entries == nullptr) {
        return errno == ENOENT ? Result<void>() : Result<void>(errnoError(folder));
    }
    std::vector<std::string> names = namesIn(entries);
    // What decides goes before what keeps its state: a removal that is cut short leaves no gate that has forgotten.
    std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name.ends_with("gate"); });
    const int directory = ::dirfd(entries);
    int code = directory < 0 ? errno : 0;
    for (const std::string& name : names) {
        if (directory >= 0 && ::unlinkat(directory, name.c_str(), 0) != 0) {
            code = errno;
        }
    }
    ::closedir(entries);
    if (code == 0 && ::rmdir(folder.c_str()) != 0) {
        code = errno;
    }
    return code == 0 ? Result<void>() : Result<void>(errnoError(folder, code));
}

} // namespace landlatch::bpf
