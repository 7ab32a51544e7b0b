// SPDX-License-Identifier: Apache-2.0
// This machine's files, as `llc check --host` asks of them, with a fake for tests.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace landlatch::lint {

class Host {
public:
    virtual ~Host() = default;
    /// The path with every symbolic link resolved; empty when there is no such file.
    virtual std::optional<std::string> realPath(const std::string& path) = 0;
    /// Whether the file gives its user's or group's id to who executes it.
    virtual bool isSetuid(const std::string& path) = 0;
};

class RealHost final : public Host {
public:
    std::optional<std::string> realPath(const std::string& path) override;
    bool isSetuid(const std::string& path) override;
};

} // namespace landlatch::lint
