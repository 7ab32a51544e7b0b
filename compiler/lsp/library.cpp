// SPDX-License-Identifier: Apache-2.0
#include "compiler/lsp/library.h"

#include "compiler/lsp/document.h"
#include "runtime/base/unique_fd.h"
#include "stdlib-policies/stdlib.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace landlatch::lsp {

namespace {

bool isThere(const std::string& path, std::string_view text) {
    Result<std::string> found = RealFileSystem().read(path, text.size());
    return found && *found == text;
}

/// Beside its place, then renamed there: nobody sees half a file.
bool writeWhole(const std::string& path, std::string_view text) {
    std::string temporary = path + ".XXXXXX";
    UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!fd) {
        return false;
    }
    std::string_view left = text;
    while (!left.empty()) {
        const ssize_t put = ::write(fd.get(), left.data(), left.size());
        if (put < 0 && errno != EINTR) {
            break;
        }
        left.remove_prefix(put < 0 ? 0 : static_cast<std::size_t>(put));
    }
    constexpr mode_t kReadOnly = 0444;
    const bool done = left.empty() && ::fchmod(fd.get(), kReadOnly) == 0 && ::close(fd.release()) == 0 &&
                      ::rename(temporary.c_str(), path.c_str()) == 0;
    if (!done) {
        ::unlink(temporary.c_str());
    }
    return done;
}

} // namespace

std::string libraryDirectory() {
    const char* const cache = ::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && cache[0] == '/') {
        return normalised(std::string(cache) + "/landlatch");
    }
    const char* const home = ::getenv("HOME");
    return home != nullptr && home[0] == '/' ? normalised(std::string(home) + "/.cache/landlatch") : "";
}

std::optional<std::string> libraryPath(const std::string& std_path) {
    const std::string directory = libraryDirectory();
    return directory.empty() ? std::nullopt : std::optional(directory + "/" + std_path);
}

bool writeLibraryFile(const std::string& std_path) {
    const std::optional<std::string> path = libraryPath(std_path);
    const auto files = stdlib::files();
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const stdlib::File& one) { return one.path == std_path; });
    if (!path || file == files.end()) {
        return false;
    }
    if (isThere(*path, file->text)) {
        return true;
    }
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(*path).parent_path(), failed);
    return !failed && writeWhole(*path, file->text);
}

bool isLibraryFile(const std::string& path) {
    const std::string directory = libraryDirectory();
    return !directory.empty() && path.starts_with(directory + "/");
}

} // namespace landlatch::lsp
