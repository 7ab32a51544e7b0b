// SPDX-License-Identifier: Apache-2.0
// test_runner golden|cli [--update] --bin DIR PATH…: runs golden files or command line folders against the real
// programs in DIR.
#include "tests/runner/cli.h"
#include "tests/runner/golden.h"

#include <fmt/format.h>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    std::string_view kind;
    fs::path bin;
    bool update = false;
    std::vector<fs::path> paths;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--update") {
            update = true;
        } else if (argument == "--bin" && i + 1 < argc) {
            bin = fs::absolute(argv[++i]);
        } else if (kind.empty()) {
            kind = argument;
        } else {
            paths.push_back(fs::absolute(argument));
        }
    }
    if ((kind != "golden" && kind != "cli") || bin.empty()) {
        fmt::print(stderr, "usage: test_runner golden|cli [--update] --bin DIR PATH...\n");
        return 2;
    }
    bool ok = true;
    for (const fs::path& path : paths) {
        const auto test = kind == "golden" ? landlatch::testing::goldenTest : landlatch::testing::cliTest;
        ok = test(path, bin, update) && ok;
    }
    return ok ? 0 : 1;
}
