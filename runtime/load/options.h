// SPDX-License-Identifier: Apache-2.0
// The command line of llload.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace landlatch::load {

enum class Command : unsigned char { kInstall, kList, kShow, kUnload, kEvents, kCheck, kSupervise };

struct Options {
    Command command = Command::kInstall;
    std::string object; ///< install, check
    std::string name;   ///< show, unload; install: where it isn't the file's
    std::string backend = "auto";
    std::vector<std::string> sets;
    bool allow_root_param = false;
    bool replace = false;
    bool audit = false;
    bool dry_run = false;
    bool foreground = false;
    bool start = true; ///< install, unload: a supervisor, where none runs
    bool json = false;
    bool follow = true;         ///< events
    unsigned hold_limit = 2000; ///< ms
    unsigned max_held = 64;
};

/// A text to print instead of doing something: help, version, or what is wrong with the command line.
struct Answer {
    std::string text;
    bool error = false;
};

std::variant<Options, Answer> parseOptions(int argc, const char* const* argv);

// Exit codes, as --help lists them.
inline constexpr int kExitFine = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotHere = 3; ///< this machine or kernel can't

} // namespace landlatch::load
