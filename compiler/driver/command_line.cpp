// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/command_line.h"

#include "compiler/diag/render.h"
#include "compiler/driver/host_abi.h"
#include "runtime/landlock/abi.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace landlatch::driver {

namespace {

constexpr const char* kFooter = R"(
examples:
  llc policy.ll -o policy.o         compile
  llc check policy.ll               say what is wrong or weak, write nothing
  llc policy.ll --emit=rulesets     show what each ruleset handles and grants
  llc fmt policy.ll                 lay a policy out in the one style there is
  llc explain E0312                 what a diagnostic means, with a wrong and a right example

exit codes: 0 fine, 1 the policy is wrong, 2 the command line is wrong, 3 a file, the kernel or LLVM failed)";

const std::map<std::string, Emit> kEmits = {
    {"ast", Emit::kAst},       {"ir", Emit::kIr},          {"match", Emit::kMatch}, {"rulesets", Emit::kRulesets},
    {"object", Emit::kObject}, {"bpf-asm", Emit::kBpfAsm}, {"dot", Emit::kDot}};

/// What CLI11 writes into, before it is understood.
struct Raw {
    Options options;
    std::string emit = "object";
    std::string abi;
    std::string diagnostics = "text";
};

void addCommonOptions(CLI::App& app, Raw& raw) {
    app.add_option("-I", raw.options.include_dirs, "directory to search for imports, after the importing file's own")
        ->type_name("DIR")
        ->allow_extra_args(false);
    app.add_option("--abi", raw.abi, "Landlock ABI of the kernel compiled for: a number, or `host` for this one")
        ->type_name("N|host");
    app.add_option("--diagnostics", raw.diagnostics, "form of messages")
        ->check(CLI::IsMember({"text", "json"}).description(""))
        ->type_name("text|json");
    app.add_flag("--Werror", raw.options.warnings_are_errors, "warnings are errors (-Werror is the same)");
}

/// `-Werror` as compilers spell it: one dash and a word, which CLI11 would take for six letters.
std::vector<std::string> normalised(int argc, const char* const* argv) {
    std::vector<std::string> arguments;
    bool literal = false;
    for (int i = 1; i < argc; ++i) {
        std::string argument = argv[i];
        literal = literal || argument == "--";
        arguments.push_back(!literal && argument == "-Werror" ? "--Werror" : std::move(argument));
    }
    std::reverse(arguments.begin(), arguments.end()); // the order that CLI11 takes
    return arguments;
}

Answer usageError(const std::string& message) {
    return Answer{Exit::kUsage, fmt::format("llc: error: {}\nllc: see `llc --help`\n", message)};
}

/// An option that doesn't exist is said before what is missing: it is why.
std::optional<std::string> unknownOption(const CLI::App& app) {
    for (const std::string& left : app.remaining(true)) {
        if (left.size() > 1 && left.front() == '-') {
            return fmt::format("unknown option `{}`", diag::printable(left));
        }
    }
    return std::nullopt;
}

/// Of the whole command line, with the help to see: the subcommand's, if one was given.
Answer parseError(const CLI::App& app, const CLI::ParseError& error) {
    const std::vector<CLI::App*> parsed = app.get_subcommands();
    const std::string command = parsed.empty() ? "llc" : "llc " + parsed.front()->get_name();
    return Answer{Exit::kUsage, fmt::format("llc: error: {}\nllc: see `{} --help`\n",
                                            unknownOption(app).value_or(diag::printable(error.what())), command)};
}

Order understand(Raw raw) {
    Options& options = raw.options;
    options.emit = kEmits.at(raw.emit);
    options.diagnostics = raw.diagnostics == "json" ? DiagnosticsForm::kJson : DiagnosticsForm::kText;
    if (raw.abi == "host") {
        const Result<std::uint32_t> host = hostAbi();
        if (!host) {
            return Answer{Exit::kWorld, fmt::format("llc: error: --abi host: {}\n", host.error().message)};
        }
        options.target_abi = std::min(*host, abi::kLatest);
    } else if (!raw.abi.empty()) {
        std::uint32_t number = 0;
        if (!CLI::detail::lexical_cast(raw.abi, number) || number < abi::kFirst || number > abi::kLatest) {
            return usageError(
                fmt::format("--abi {}: neither `host` nor a number from {} to {}", raw.abi, abi::kFirst, abi::kLatest));
        }
        options.target_abi = number;
    }
    return options;
}

} // namespace

Order parseCommandLine(int argc, const char* const* argv) {
    Raw raw;
    CLI::App app("Compiles Landlatch policies: which Landlock rulesets go onto which programs when they are exec'd.",
                 "llc");
    app.footer(kFooter);
    app.set_version_flag("--version", fmt::format("llc (Landlatch) {}; Landlock ABI {} to {}", LANDLATCH_VERSION,
                                                  abi::kFirst, abi::kLatest));
    app.add_option("policy", raw.options.input, "the policy to compile")->type_name("FILE");
    app.add_option("-o", raw.options.output,
                   "file to write (default: the policy's name with .o, here; `-`: standard output)")
        ->type_name("FILE");
    app.add_option("--emit", raw.emit, "write a readable dump of one phase instead of an object")
        ->check(CLI::IsMember(kEmits).description(""))
        ->type_name("ast|ir|rulesets|match|bpf-asm|dot");
    app.add_option("--template", raw.options.template_file, "a gate of your own, in BPF C, instead of the built-in one")
        ->type_name("FILE.bpf.c");
    addCommonOptions(app, raw);
    app.require_subcommand(0, 1);

    CLI::App* check = app.add_subcommand("check", "check a policy and write nothing");
    check->add_option("policy", raw.options.input, "the policy to check")->type_name("FILE")->required();
    check->add_flag("--host", raw.options.host, "look at the files of this machine as well: missing paths, links");
    addCommonOptions(*check, raw);

    std::vector<std::unique_ptr<SubCommand>> commands = subCommands();
    std::vector<CLI::App*> command_apps;
    for (const std::unique_ptr<SubCommand>& command : commands) {
        command_apps.push_back(command->add(app));
    }

    try {
        app.parse(normalised(argc, argv));
    } catch (const CLI::Success& success) {
        std::ostringstream out;
        app.exit(success, out, out);
        return Answer{Exit::kOk, out.str()};
    } catch (const CLI::ParseError& error) {
        return parseError(app, error);
    }
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (command_apps[i]->parsed()) {
            return std::move(commands[i]);
        }
    }
    if (check->parsed()) {
        raw.options.command = Command::kCheck;
    }
    if (raw.options.input.empty()) {
        return usageError("no policy given");
    }
    return understand(std::move(raw));
}

} // namespace landlatch::driver
