// SPDX-License-Identifier: Apache-2.0
// The list of sub-commands. A new one is a line here and a declaration in subcommand.h.
#include "compiler/driver/subcommand.h"

namespace landlatch::driver {

std::vector<std::unique_ptr<SubCommand>> subCommands() {
    std::vector<std::unique_ptr<SubCommand>> commands;
    commands.push_back(testCommand());
    commands.push_back(explainCommand());
    commands.push_back(diffCommand());
    commands.push_back(graphCommand());
    commands.push_back(fmtCommand());
    commands.push_back(lspCommand());
    return commands;
}

} // namespace landlatch::driver
