// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/output.h"

#include "runtime/base/unique_fd.h"

#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>

namespace landlatch::driver {

namespace {

/// Removes a temporary file unless it was renamed away.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }
    void keep() { path_.clear(); }

private:
    std::string path_;
};

/// The permissions a new file gets. umask(2) can only be read by setting it; llc has one thread.
mode_t newFileMode() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

Result<void> writeInPlace(const std::string& path, std::span<const std::uint8_t> bytes) {
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) {
        return errnoError(path);
    }
    return writeAll(fd.get(), bytes, path);
}

} // namespace

std::span<const std::uint8_t> bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Result<void> writeAll(int fd, std::span<const std::uint8_t> bytes, std::string_view what) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errnoError(what);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

Result<void> writeFile(const std::string& path, std::span<const std::uint8_t> bytes) {
    struct stat st{};
    mode_t mode = 0;
    if (::lstat(path.c_str(), &st) == 0) {
        if (S_ISDIR(st.st_mode)) {
            return errnoError(path, EISDIR);
        }
        if (S_ISREG(st.st_mode)) {
            mode = st.st_mode & 0777;
        } else if (!S_ISLNK(st.st_mode)) {
            return writeInPlace(path, bytes);
        }
    }
    std::string temporary = path;
    const std::size_t slash = path.rfind('/');
    temporary.insert(slash == std::string::npos ? 0 : slash + 1, ".");
    temporary += ".XXXXXX";
    UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!fd) {
        return errnoError(path);
    }
    TemporaryFile guard(temporary);
    if (Result<void> written = writeAll(fd.get(), bytes, path); !written) {
        return written;
    }
    if (::fchmod(fd.get(), mode != 0 ? mode : newFileMode()) != 0 || ::fsync(fd.get()) != 0) {
        return errnoError(path);
    }
    // close(2) may be the first to report that the disk is full.
    if (::close(fd.release()) != 0) {
        return errnoError(path);
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        return errnoError(path);
    }
    guard.keep();
    return {};
}

} // namespace landlatch::driver
