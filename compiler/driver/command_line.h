// SPDX-License-Identifier: Apache-2.0
// Arguments to Options, or to one of the sub-commands.
#pragma once

#include "compiler/driver/options.h"
#include "compiler/driver/subcommand.h"

#include <memory>
#include <string>
#include <variant>

namespace landlatch::driver {

/// The command line answered by itself (--help, --version, a usage error): print and leave.
struct Answer {
    Exit exit = Exit::kOk;
    std::string text; ///< to standard output when exit is kOk, else to standard error
};

/// What is to be done: compile or check, print and leave, or a sub-command to run.
using Order = std::variant<Options, Answer, std::unique_ptr<SubCommand>>;

/// Never throws. Asks the running kernel for its Landlock ABI when `--abi host` is given (Exit::kWorld where it has
/// none).
Order parseCommandLine(int argc, const char* const* argv);

} // namespace landlatch::driver
