// SPDX-License-Identifier: Apache-2.0
#include "runtime/run/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

namespace landlatch::run {
namespace {

constexpr const char* kDescription =
    "llrun: run a command, and everything it starts, under a Landlatch policy\n"
    "\n"
    "  llrun [OPTIONS] POLICY -- COMMAND [ARGUMENTS...]\n"
    "\n"
    "POLICY is an object made by llc, or a source (.ll), which the llc installed beside llrun compiles first. At each\n"
    "exec of the tree the policy decides; rulesets are in force before the program's first instruction. No privilege "
    "is\n"
    "needed: the tree then runs under no_new_privs.";

constexpr const char* kFooter =
    "Exit codes: the command's own; 128+N, or the same signal, when signal N ended it; 125 when llrun itself failed\n"
    "(nothing runs on), 126 when the policy did not let the command run or it is not executable, 127 when there is no\n"
    "such command. llrun returns when the last process of the tree has ended.";

} // namespace

std::variant<Options, Answer> parseOptions(int argc, char** argv) {
    // The command starts after the first "--": its own options are none of ours.
    char** const end = argv + argc;
    char** const separator = std::find_if(argv + 1, end, [](const char* word) { return std::string(word) == "--"; });

    Options options;
    CLI::App app(kDescription, "llrun");
    app.footer(kFooter);
    app.set_version_flag("--version", "llrun (Landlatch) " LANDLATCH_VERSION);
    app.add_option("POLICY", options.policy, "the policy: an object, or a source ending in .ll")->required();
    app.add_flag("-v,--verbose", options.verbose, "say every decision on standard error");
    app.add_option("--log", options.log, "append every decision to FILE, as JSON lines")->type_name("FILE");
    app.add_option("--set", options.sets, "value of a param of the policy; may be repeated")
        ->type_name("NAME=VALUE")
        ->expected(1)
        ->take_all();
    app.add_flag("--audit", options.audit, "say what would be done and do nothing: no ruleset, no deny");
    app.add_flag("--allow-root-param", options.allow_root_param, "let a path param be / itself");
    const std::map<std::string, Colour> colours{
        {"auto", Colour::kAuto}, {"always", Colour::kAlways}, {"never", Colour::kNever}};
    app.add_option("--color", options.colour, "colours in messages: auto (on a terminal), always, never")
        ->transform(CLI::CheckedTransformer(colours).description(""))
        ->type_name("WHEN");
    try {
        app.parse(static_cast<int>(separator - argv), argv);
    } catch (const CLI::CallForHelp&) {
        std::string help = app.help();
        static constexpr std::string_view kUsage = "Usage: llrun [OPTIONS] POLICY\n";
        if (const std::size_t at = help.find(kUsage); at != std::string::npos) {
            help.erase(at, kUsage.size()); // CLI11's own, which doesn't know of the command
        }
        return Answer{help + (help.ends_with('\n') ? "" : "\n")};
    } catch (const CLI::CallForVersion&) {
        return Answer{app.version() + "\n"};
    } catch (const CLI::ParseError& error) {
        return Answer{std::string("llrun: error: ") + error.what() + "\nllrun: `llrun --help` says how it is used\n",
                      true};
    }
    if (separator == end || separator + 1 == end) {
        return Answer{"llrun: error: no command: write it after `--`\n"
                      "llrun: for example `llrun policy.o -- make -j4`\n",
                      true};
    }
    options.command.assign(separator + 1, end);
    return options;
}

} // namespace landlatch::run
