// SPDX-License-Identifier: Apache-2.0
// Running a program with its output caught, and a scratch directory to run it in.
#pragma once

#include "runtime/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace landlatch::testing {

struct Outcome {
    std::string out;
    std::string err;
    int exit = 0; ///< 128 + signal when killed
};

/// Runs `arguments[0]` (found on `PATH`, with `bin` put first) in `directory`, standard input from /dev/null.
Result<Outcome> run(const std::vector<std::string>& arguments, const std::filesystem::path& directory,
                    const std::filesystem::path& bin);

/// A fresh directory under the system's temporary one, removed with all it holds.
class ScratchDirectory {
public:
    ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string readText(const std::filesystem::path& path);
void writeText(const std::filesystem::path& path, const std::string& text);

/// Prints a line diff of two texts to standard error: the first differing line and what is around it.
void printDifference(const std::string& title, const std::string& expected, const std::string& actual);

} // namespace landlatch::testing
