// SPDX-License-Identifier: Apache-2.0
#include "tests/runner/golden.h"

#include "tests/runner/process.h"

#include <fmt/format.h>
#include <sstream>

namespace landlatch::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kArgs = "#! args:";
constexpr std::string_view kExpect = "#>";

struct Golden {
    std::vector<std::vector<std::string>> runs; ///< arguments of llc, one entry a `#! args:` line
    std::string input;                          ///< the file without its expectations
    std::string expected;                       ///< the `#>` lines, prefix removed
};

std::vector<std::string> words(std::string_view text) {
    std::istringstream stream{std::string(text)};
    std::vector<std::string> result;
    for (std::string word; stream >> word;) {
        result.push_back(word);
    }
    return result;
}

Golden parseGolden(const std::string& text) {
    Golden golden;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end);
        if (line.starts_with(kExpect)) {
            std::string_view shown = line.substr(kExpect.size());
            golden.expected += shown.starts_with(' ') ? shown.substr(1) : shown;
            continue;
        }
        golden.input += line;
        if (line.starts_with(kArgs)) {
            golden.runs.push_back(words(line.substr(kArgs.size())));
        }
    }
    return golden;
}

/// The output as `#>` lines.
std::string asComments(std::string_view output) {
    std::string result;
    while (!output.empty()) {
        const std::size_t end = std::min(output.find('\n'), output.size());
        const std::string_view line = output.substr(0, end);
        result += line.empty() ? "#>\n" : fmt::format("#> {}\n", line);
        output.remove_prefix(std::min(end + 1, output.size()));
    }
    return result;
}

std::string withLineEnd(std::string text) {
    if (!text.empty() && text.back() != '\n') {
        text += "\n(no line end)\n";
    }
    return text;
}

} // namespace

bool goldenTest(const fs::path& file, const fs::path& bin, bool update) {
    const Golden golden = parseGolden(readText(file));
    if (golden.runs.empty()) {
        fmt::print(stderr, "{}: no `{}` line\n", file.string(), kArgs);
        return false;
    }
    const ScratchDirectory scratch;
    const std::string name = file.filename().string();
    writeText(scratch.path() / name, golden.input);
    if (fs::is_directory(file.parent_path() / "lib")) {
        fs::copy(file.parent_path() / "lib", scratch.path() / "lib",
                 fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    }
    std::string actual;
    for (const std::vector<std::string>& run_args : golden.runs) {
        std::vector<std::string> arguments = {"llc"};
        arguments.insert(arguments.end(), run_args.begin(), run_args.end());
        arguments.push_back(name);
        const Result<Outcome> outcome = run(arguments, scratch.path(), bin);
        if (!outcome) {
            fmt::print(stderr, "{}: {}\n", file.string(), outcome.error().message);
            return false;
        }
        actual += withLineEnd(outcome->out) + withLineEnd(outcome->err) + fmt::format("exit: {}\n", outcome->exit);
    }
    if (actual.find(scratch.path().string()) != std::string::npos) {
        fmt::print(stderr, "{}: the output names the directory it ran in\n{}", file.string(), actual);
        return false;
    }
    if (update) {
        const std::string text = golden.input + asComments(actual);
        if (text != readText(file)) {
            writeText(file, text);
            fmt::print("updated {}\n", file.string());
        }
        return true;
    }
    if (actual != golden.expected) {
        printDifference(file.string(), golden.expected, actual);
        return false;
    }
    return true;
}

} // namespace landlatch::testing
