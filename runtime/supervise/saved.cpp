// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervise/saved.h"

#include "runtime/supervise/loader.h"
#include "runtime/supervise/message.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace landlatch::supervise {
namespace {

constexpr const char* kObjectFile = "policy.o";
constexpr const char* kStateFile = "state.json";
constexpr const char* kRunningFile = "running.json";
constexpr std::array kFiles = {kObjectFile, kStateFile, kRunningFile};

Result<void> writeFile(const std::string& path, std::string_view text) {
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) {
        return errnoError(path);
    }
    while (!text.empty()) {
        const ssize_t written = ::write(file.get(), text.data(), text.size());
        if (written <= 0) {
            return errnoError(path);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<std::string> readFile(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat found{};
    if (!file || ::fstat(file.get(), &found) != 0) {
        return errnoError(path);
    }
    std::string text(static_cast<std::size_t>(found.st_size), '\0');
    if (::read(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        return errnoError(path, EIO);
    }
    return text;
}

bool isNumber(const nlohmann::json& state, const char* name) {
    const auto found = state.find(name);
    return found != state.end() && found->is_number_unsigned();
}

} // namespace

std::string folderOf(const std::string& name) { return std::string(kRunFolder) + "/" + name; }

SavedFolder::SavedFolder(const std::string& name)
    : path_(folderOf(name)), fd_(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {}

bool SavedFolder::exists() const { return fd_ && ::faccessat(fd_.get(), kStateFile, F_OK, AT_SYMLINK_NOFOLLOW) == 0; }

bool SavedFolder::remove() const {
    for (const char* name : kFiles) {
        ::unlinkat(fd_.get(), name, 0);
    }
    return ::rmdir(path_.c_str()) == 0; // only of an empty one
}

std::vector<std::string> savedFolders() {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator at(kRunFolder, error), end; !error && at != end; at.increment(error)) {
        std::string name = at->path().filename();
        if (isPolicyName(name) && SavedFolder(name).exists()) {
            names.push_back(std::move(name));
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

void removeFolder(const std::string& folder) {
    for (const char* name : kFiles) {
        ::unlink((folder + "/" + name).c_str());
    }
    ::rmdir(folder.c_str());
}

Result<void> save(const Policy& policy, const std::string& object, const std::string& folder) {
    removeFolder(folder);
    if (::mkdir(folder.c_str(), 0700) != 0) {
        return errnoError(folder);
    }
    const nlohmann::json state{{"hold", LL_CONTROL_VERSION},      {"slot", policy.slot},
                               {"generation", policy.generation}, {"backend", backendName(policy.backend)},
                               {"request", policy.request},       {"gate", policy.gate}};
    if (const Result<void> written = writeFile(folder + "/" + kObjectFile, object); !written) {
        return written;
    }
    return writeFile(folder + "/" + kStateFile, toText(state));
}

Result<Saved> readSaved(const std::string& name) {
    const Result<std::string> text = readFile(folderOf(name) + "/" + kStateFile);
    Result<std::string> object = readFile(folderOf(name) + "/" + kObjectFile);
    nlohmann::json state = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    if (!object || !state.is_object() || !isNumber(state, "hold") || !isNumber(state, "slot") ||
        !isNumber(state, "generation") || !state.contains("request")) {
        return Error{EIO, folderOf(name) + ": not what was saved there"};
    }
    return Saved{std::move(*object), std::move(state)};
}

Result<void> saveRunning(const std::string& name, const std::vector<Running>& running) {
    nlohmann::json list = nlohmann::json::array();
    for (const Running& one : running) {
        list.push_back({{"pid", one.pid}, {"start_time", one.start_time}, {"exec", one.image}, {"sure", one.sure}});
    }
    return writeFile(folderOf(name) + "/" + kRunningFile, toText(list));
}

std::vector<Running> readRunning(const std::string& name) {
    std::vector<Running> running;
    const Result<std::string> text = readFile(folderOf(name) + "/" + kRunningFile);
    const nlohmann::json list = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    for (const nlohmann::json& one : list.is_array() ? list : nlohmann::json::array()) {
        if (one.is_object() && one.contains("pid") && one["pid"].is_number_integer() && one.contains("start_time") &&
            one["start_time"].is_number_unsigned() && one.contains("exec") && one["exec"].is_string()) {
            running.push_back({one["pid"], one["start_time"], one["exec"], one.value("sure", false)});
        }
    }
    return running;
}

} // namespace landlatch::supervise
