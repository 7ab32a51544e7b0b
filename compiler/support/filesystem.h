// SPDX-License-Identifier: Apache-2.0
// The files a compilation reads, behind an interface so that tests and editors can supply their own.
#pragma once

#include "runtime/base/result.h"

#include <cstddef>
#include <map>
#include <string>

namespace landlatch {

class FileSystem {
public:
    virtual ~FileSystem() = default;
    /// The whole file. Fails with ENOENT when absent, EFBIG above `limit` bytes, EINVAL for anything but a
    /// regular file or pipe.
    virtual Result<std::string> read(const std::string& path, std::size_t limit) = 0;
    /// One name for one file: links resolved, absolute. ENOENT when absent. Used to load each file once.
    virtual Result<std::string> canonical(const std::string& path) = 0;
};

/// The machine's own files.
class RealFileSystem final : public FileSystem {
public:
    Result<std::string> read(const std::string& path, std::size_t limit) override;
    Result<std::string> canonical(const std::string& path) override;
};

/// Files of a test or of unsaved editor buffers, by exact path.
class MemoryFileSystem final : public FileSystem {
public:
    std::map<std::string, std::string> files;
    Result<std::string> read(const std::string& path, std::size_t limit) override;
    Result<std::string> canonical(const std::string& path) override;
};

} // namespace landlatch
