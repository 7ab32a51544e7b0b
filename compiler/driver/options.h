// SPDX-License-Identifier: Apache-2.0
// What the command line of llc asks for, as data. command_line.h makes it, compilation.h carries it out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::driver {

/// Exit codes of llc; documented in docs/llc.md and in --help.
enum class Exit : std::uint8_t {
    kOk = 0,
    kPolicy = 1,     ///< the policy is wrong (or warned of, with -Werror)
    kUsage = 2,      ///< the command line is wrong
    kWorld = 3,      ///< files, kernel or LLVM
    kTestFailed = 4, ///< `llc test`: a test failed, or too little is covered
    kNarrower = 5,   ///< `llc diff`: the new policy allows less
    kWider = 6,      ///< more
    kMixed = 7,      ///< less here, more there
};

enum class Command : std::uint8_t {
    kCompile, ///< llc policy.ll -o policy.o
    kCheck,   ///< llc check policy.ll
};

/// What --emit asks for instead of an object.
enum class Emit : std::uint8_t { kObject, kAst, kIr, kRulesets, kMatch, kBpfAsm, kDot };

enum class DiagnosticsForm : std::uint8_t { kText, kJson };

struct Options {
    Command command = Command::kCompile;
    std::string input;  ///< the root file as written
    std::string output; ///< -o; "-" is standard output; empty: the default of `emit`
    Emit emit = Emit::kObject;
    std::string template_file; ///< --template: a gate of the user's, in BPF C; empty: the built-in gate
    std::vector<std::string> include_dirs;
    std::optional<std::uint32_t> target_abi; ///< --abi, `host` already asked of the kernel
    DiagnosticsForm diagnostics = DiagnosticsForm::kText;
    bool warnings_are_errors = false;
    bool host = false; ///< of kCheck: look at this machine's files as well
};

} // namespace landlatch::driver
