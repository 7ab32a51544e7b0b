// SPDX-License-Identifier: Apache-2.0
#include "runtime/load/options.h"

#include <CLI/CLI.hpp>

namespace landlatch::load {
namespace {

constexpr const char* kFooter = R"(
Install:
  llload POLICY.o            enforces from the moment it returns; the policy's name is the file's, without .o
  llload --replace POLICY.o  the new policy is in force before the old one goes

Backends:
  kernel-object, kernel-map  kernels with the exec-time series, which no release of Linux has: the gate itself
                             applies the rulesets, and no process stays (docs/kernel-backends.md)
  supervise                  kernels with BPF LSM and Landlock: a supervisor in the background applies the
                             rulesets to each matched program before its first instruction

Exit codes:
  0  done; for `check`: the object can be enforced here
  1  failed; what was in force before still is
  2  the command line is wrong
  3  this machine, kernel or user can't do it; the reason is printed

Files:
  /run/landlatch             the supervisor's socket, and what it needs to take over after a restart
  /sys/fs/bpf/landlatch      the programs in force; they stay when the supervisor dies: matched execs fail then
)";

void addParams(CLI::App& app, Options& options) {
    app.add_option("--set", options.sets, "value of a param (the environment is never read)")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--allow-root-param", options.allow_root_param, "let a path param be /");
}

void addLimits(CLI::App& app, Options& options) {
    app.add_option("--hold-limit", options.hold_limit, "milliseconds an exec waits for the supervisor, then dies")
        ->check(CLI::Range(100U, 60000U));
    app.add_option("--max-held", options.max_held, "execs held at once; more are refused")
        ->check(CLI::Range(1U, 1024U));
}

void addNoStart(CLI::App& app, Options& options) {
    app.add_flag("!--no-start", options.start,
                 "start no supervisor: wait up to 30 s for the one that a service manager runs");
}

void addInstall(CLI::App& app, Options& options) {
    app.add_option("policy", options.object, "policy object (made by llc)")->type_name("POLICY.o");
    app.add_option("--name", options.name, "name of the policy (default: of the file)");
    app.add_option("--backend", options.backend, "auto, supervise, kernel-object or kernel-map")
        ->check(CLI::IsMember({"auto", "supervise", "kernel-object", "kernel-map"}));
    addParams(app, options);
    addLimits(app, options);
    app.add_flag("--replace", options.replace, "replace an installed policy of this name");
    app.add_flag("--audit", options.audit, "report what would be done, enforce nothing");
    app.add_flag("--dry-run", options.dry_run, "check everything up to installing");
    addNoStart(app, options);
    app.add_flag("--foreground", options.foreground, "stay in front and tell systemd when ready; SIGTERM unloads");
}

} // namespace

std::variant<Options, Answer> parseOptions(int argc, const char* const* argv) {
    Options options;
    CLI::App app("llload: puts Landlock rulesets on programs, system-wide, at the moment they are executed", "llload");
    app.set_version_flag("--version", "llload " LANDLATCH_VERSION);
    app.footer(kFooter);
    app.require_subcommand(0, 1);
    app.add_flag("--json", options.json, "answer in JSON");
    addInstall(app, options);

    const auto command = [&](const char* name, const char* what, Command value) {
        CLI::App* sub = app.add_subcommand(name, what);
        sub->callback([&options, value] { options.command = value; });
        sub->add_flag("--json", options.json, "answer in JSON");
        return sub;
    };
    command("list", "what is installed, with counters", Command::kList);
    command("show", "rules with hit counters, rulesets, rights not restricted here", Command::kShow)
        ->add_option("name", options.name, "policy")
        ->required();
    CLI::App* unload = command("unload", "take a policy out of force", Command::kUnload);
    unload->add_option("name", options.name, "policy")->required();
    addNoStart(*unload, options);
    CLI::App* events = command("events", "the stream of decisions, one a line", Command::kEvents);
    events->add_flag("!--no-follow", options.follow, "print what is kept and end");
    CLI::App* check = command("check", "can this machine enforce (the object), and what not", Command::kCheck);
    check->add_option("policy", options.object, "policy object")->type_name("POLICY.o");
    addParams(*check, options);
    CLI::App* supervise =
        command("supervise", "be the supervisor, in front (for a service manager)", Command::kSupervise);
    addLimits(*supervise, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        std::ostringstream out;
        app.exit(success, out, out);
        return Answer{out.str(), false};
    } catch (const CLI::ParseError& error) {
        return Answer{std::string("llload: error: ") + error.what() + "\nRun llload --help for more.\n", true};
    }
    if (options.command == Command::kInstall && options.object.empty()) {
        return Answer{"llload: error: which policy? Run llload --help for more.\n", true};
    }
    return options;
}

} // namespace landlatch::load
