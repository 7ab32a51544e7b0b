// SPDX-License-Identifier: Apache-2.0
#include "compiler/support/filesystem.h"

#include "runtime/base/unique_fd.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>

namespace landlatch {

Result<std::string> RealFileSystem::read(const std::string& path, std::size_t limit) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) {
        return errnoError(path);
    }
    struct stat st{};
    if (::fstat(fd.get(), &st) != 0) {
        return errnoError(path);
    }
    if (S_ISDIR(st.st_mode)) {
        return errnoError(path, EISDIR);
    }
    if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
        return Error{EINVAL, path + ": neither a regular file nor a pipe"};
    }
    std::string text;
    text.reserve(std::min(static_cast<std::size_t>(st.st_size), limit));
    std::string block(64UL * 1024, '\0');
    while (true) {
        const ssize_t got = ::read(fd.get(), block.data(), block.size());
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errnoError(path);
        }
        if (got == 0) {
            return text;
        }
        text.append(block.data(), static_cast<std::size_t>(got));
        if (text.size() > limit) {
            return Error{EFBIG, path + ": larger than " + std::to_string(limit) + " bytes"};
        }
    }
}

Result<std::string> RealFileSystem::canonical(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
    if (!resolved) {
        return errnoError(path);
    }
    return std::string(resolved.get());
}

Result<std::string> MemoryFileSystem::read(const std::string& path, std::size_t limit) {
    const auto found = files.find(path);
    if (found == files.end()) {
        return errnoError(path, ENOENT);
    }
    if (found->second.size() > limit) {
        return Error{EFBIG, path + ": larger than " + std::to_string(limit) + " bytes"};
    }
    return found->second;
}

Result<std::string> MemoryFileSystem::canonical(const std::string& path) {
    if (!files.contains(path)) {
        return errnoError(path, ENOENT);
    }
    return path;
}

} // namespace landlatch
