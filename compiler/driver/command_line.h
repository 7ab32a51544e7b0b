// SPDX-License-Identifier: Apache-2.0
// Arguments to Options. The only file that knows CLI11.
#pragma once

#include "compiler/driver/options.h"

#include <string>
#include <variant>

namespace landlatch::driver {

/// The command line answered by itself (--help, --version, a usage error): print and leave.
struct Answer {
    Exit exit = Exit::kOk;
    std::string text; ///< to standard output when exit is kOk, else to standard error
};

/// Never throws. Asks the running kernel for its Landlock ABI when `--abi host` is given (Exit::kWorld where it has
/// none).
std::variant<Options, Answer> parseCommandLine(int argc, const char* const* argv);

} // namespace landlatch::driver
