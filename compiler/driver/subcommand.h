// SPDX-License-Identifier: Apache-2.0
// A command of llc beside compile and check: one class in one file NAME_command.cpp, which declares its options and
// carries them out. command_line.cpp puts them together.
#pragma once

#include "compiler/driver/options.h"

#include <memory>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace landlatch::driver {

class SubCommand {
public:
    SubCommand() = default;
    SubCommand(const SubCommand&) = delete;
    SubCommand& operator=(const SubCommand&) = delete;
    virtual ~SubCommand() = default;

    /// Adds itself to llc's command line and keeps what is parsed. Called once.
    virtual CLI::App* add(CLI::App& llc) = 0;
    /// Carries out what was parsed, printing what it has to say.
    [[nodiscard]] virtual Exit run() = 0;
};

std::unique_ptr<SubCommand> testCommand();
std::unique_ptr<SubCommand> explainCommand();
std::unique_ptr<SubCommand> diffCommand();
std::unique_ptr<SubCommand> graphCommand();
std::unique_ptr<SubCommand> fmtCommand();
std::unique_ptr<SubCommand> lspCommand();

/// All of them, in the order of --help.
[[nodiscard]] std::vector<std::unique_ptr<SubCommand>> subCommands();

} // namespace landlatch::driver
