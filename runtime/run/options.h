// SPDX-License-Identifier: Apache-2.0
// llrun's command line.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace landlatch::run {

enum class Colour : unsigned char { kAuto, kAlways, kNever };

struct Options {
    std::string policy;               ///< an object, or a source (.ll)
    std::vector<std::string> command; ///< at least one
    std::vector<std::string> sets;    ///< "name=value"
    std::string log;                  ///< file for JSON lines; empty: none
    bool verbose = false;
    bool audit = false;
    bool allow_root_param = false;
    Colour colour = Colour::kAuto;
};

/// The command line asks for a text (help, version), or is wrong.
struct Answer {
    std::string text;
    bool error = false;
};

std::variant<Options, Answer> parseOptions(int argc, char** argv);

} // namespace landlatch::run
