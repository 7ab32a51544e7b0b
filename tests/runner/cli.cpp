// SPDX-License-Identifier: Apache-2.0
#include "tests/runner/cli.h"

#include "tests/runner/process.h"

#include <fmt/format.h>

namespace landlatch::testing {

namespace fs = std::filesystem;

namespace {

/// Compares one stream with its file (absent: empty), or writes it there (empty: removes the file).
bool checkText(const fs::path& file, const std::string& actual, bool update) {
    const std::string expected = readText(file);
    if (actual == expected) {
        return true;
    }
    if (!update) {
        printDifference(file.string(), expected, actual);
        return false;
    }
    if (actual.empty()) {
        fs::remove(file);
    } else {
        writeText(file, actual);
    }
    fmt::print("updated {}\n", file.string());
    return true;
}

/// The scratch directory's name differs from run to run; tests see `DIR` in its place.
std::string withoutDirectory(std::string text, const std::string& directory) {
    for (std::size_t at = text.find(directory); at != std::string::npos; at = text.find(directory, at)) {
        text.replace(at, directory.size(), "DIR");
    }
    return text;
}

} // namespace

bool cliTest(const fs::path& folder, const fs::path& bin, bool update) {
    const ScratchDirectory scratch;
    const std::string directory = scratch.path().string();
    if (fs::is_directory(folder / "in")) {
        fs::copy(folder / "in", scratch.path(), fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    }
    const Result<Outcome> outcome = run({"sh", (folder / "run").string()}, scratch.path(), bin);
    if (!outcome) {
        fmt::print(stderr, "{}: {}\n", folder.string(), outcome.error().message);
        return false;
    }
    const std::string exit = outcome->exit == 0 ? "" : fmt::format("{}\n", outcome->exit);
    const bool out_ok = checkText(folder / "out", withoutDirectory(outcome->out, directory), update);
    const bool err_ok = checkText(folder / "err", withoutDirectory(outcome->err, directory), update);
    const bool exit_ok = checkText(folder / "exit", exit, update);
    return out_ok && err_ok && exit_ok;
}

} // namespace landlatch::testing
