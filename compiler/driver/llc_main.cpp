// SPDX-License-Identifier: Apache-2.0
// llc, the policy compiler: from the command line to an exit code.
#include "compiler/driver/command_line.h"
#include "compiler/driver/describe.h"
#include "compiler/driver/output.h"

#include <fmt/format.h>
#include <unistd.h>

using namespace landlatch;
using namespace landlatch::driver;

namespace {

/// Prints to standard output; a reader that went away or a full disk is an error like any other.
Exit print(std::string_view text) {
    if (const Result<void> written = writeAll(STDOUT_FILENO, bytesOf(text), "standard output"); !written) {
        fmt::print(stderr, "llc: error: {}\n", written.error().message);
        return Exit::kWorld;
    }
    return Exit::kOk;
}

Exit describe(const std::string& code) {
    if (code.empty()) {
        return print(listOfCodes());
    }
    if (const std::optional<std::string_view> text = page(code)) {
        return print(*text);
    }
    fmt::print(stderr, "llc: error: no diagnostic has the code {}\nllc: `llc explain` lists them\n", code);
    return Exit::kUsage;
}

Exit run(const Options& options) {
    switch (options.command) {
    case Command::kDescribe:
        return describe(options.code);
    case Command::kCompile:
    case Command::kCheck:
        break;
    }
    return Exit::kUsage;
}

} // namespace

int main(int argc, char** argv) {
    const std::variant<Options, Answer> parsed = parseCommandLine(argc, argv);
    if (const auto* answer = std::get_if<Answer>(&parsed)) {
        if (answer->exit == Exit::kOk) {
            return static_cast<int>(print(answer->text));
        }
        fmt::print(stderr, "{}", answer->text);
        return static_cast<int>(answer->exit);
    }
    return static_cast<int>(run(std::get<Options>(parsed)));
}
