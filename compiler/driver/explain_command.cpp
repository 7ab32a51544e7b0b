// SPDX-License-Identifier: Apache-2.0
// `llc explain`: what a diagnostic means (explain E0312), or which rule decides an exec and why (explain policy.ll …).
#include "compiler/diag/render.h"
#include "compiler/driver/console.h"
#include "compiler/driver/describe.h"
#include "compiler/driver/query_options.h"
#include "compiler/driver/subcommand.h"
#include "compiler/query/explain.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace landlatch::driver {

namespace {

constexpr const char* kFooter = R"(
Facts that are left out are unknown: the answer may be that the decision depends on them, with the cases listed.
Where an option is given several times, the fact is one of the values; --ancestor and --group take all values there are.

examples:
  llc explain E0312                                           a diagnostic, with a wrong and a right example
  llc explain policy.ll --exec /usr/bin/python3.11 --unit web which rule decides, and the rights that result
  llc explain policy.ll --exec /usr/bin/python3.11 --path /etc/shadow --right read

exit codes: 0 explained, whatever the answer; 1 the policy is wrong, 2 the command line is wrong, 3 a file failed)";

/// "E0312", in any case.
bool isCode(const std::string& text) {
    return text.size() == 5 && std::string_view("EeWw").find(text[0]) != std::string_view::npos &&
           std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

class ExplainCommand final : public SubCommand {
public:
    CLI::App* add(CLI::App& llc) override {
        CLI::App* app = llc.add_subcommand("explain", "which rule decides an exec and why; or what a diagnostic means");
        app->final_callback([this, app] { options_given_ = app->count_all() - app->count("subject"); });
        app->add_option("subject", subject_,
                        "a policy; or a code as in error[E0312]; without one, all codes are listed")
            ->type_name("FILE|CODE");
        addFacts(*app);
        addAccesses(*app);
        app->add_flag("--json", json_, "print the answer as one JSON object");
        addQueryOptions(*app, query_);
        app->footer(kFooter);
        return app;
    }

    Exit run() override {
        if (subject_.empty() || isCode(subject_)) {
            return describe();
        }
        Source source;
        if (const Exit exit = loadPolicy(source, subject_, query_); exit != Exit::kOk) {
            return exit;
        }
        Result<query::ExplainInput> input = understand(*source.loaded);
        if (!input) {
            return usage(diag::printable(input.error().message));
        }
        const SourceManager& sources = source.compilation.sources;
        const Result<query::Explanation> explanation = query::explain(*source.loaded, sources, *input);
        if (!explanation) {
            return usage(diag::printable(explanation.error().message));
        }
        return print(json_ ? query::explainJson(*source.loaded, sources, *explanation)
                           : query::explainText(*source.loaded, sources, *explanation),
                     query_.form());
    }

private:
    void addFacts(CLI::App& app) {
        const auto fact = [&](const char* name, std::vector<std::string>& to, const char* type, const char* help) {
            app.add_option(name, to, help)->type_name(type)->allow_extra_args(false)->group("Facts");
        };
        fact("--exec", facts_.exec, "PATH", "the image that runs");
        fact("--script", facts_.script, "PATH", "the script it runs");
        app.add_flag("--no-script", facts_.no_script, "it runs no script")->group("Facts");
        fact("--unit", facts_.unit, "NAME", "the system unit; .service may be left out");
        fact("--user-unit", facts_.user_unit, "NAME", "the unit of a user's manager");
        fact("--slice", facts_.slice, "NAME", "a slice that it is below");
        fact("--cgroup", facts_.cgroup, "PATH", "the whole cgroup path");
        fact("--user", facts_.user, "USER", "the effective user of the new program");
        fact("--real-user", facts_.real_user, "USER", "the real user of the caller");
        fact("--group", facts_.groups, "GROUP", "a group, effective or supplementary");
        app.add_flag("--no-group", facts_.no_groups, "in no group that the policy names")->group("Facts");
        fact("--parent", facts_.parent, "PATH", "the image that calls execve");
        fact("--ancestor", facts_.ancestors, "PATH", "an image before in the lineage");
        app.add_flag("--setuid,!--no-setuid", facts_.setuid, "the exec changes ids or gains capabilities")
            ->group("Facts");
        app.add_flag("--unlinked,!--no-unlinked", facts_.unlinked, "the image is deleted or a memfd")->group("Facts");
        app.add_flag("--container,!--no-container", facts_.container, "it runs in a container")->group("Facts");
    }

    void addAccesses(CLI::App& app) {
        const auto access = [&](const std::string& name, std::vector<std::string>& to, const char* type,
                                const char* help) {
            app.add_option(name, to, help)->type_name(type)->allow_extra_args(false)->group("Accesses");
        };
        access("--path", paths_, "PATH", "would it have --right there?");
        app.add_option("--right", right_, "right, group of rights, or several with commas (default: read)")
            ->type_name("RIGHTS")
            ->group("Accesses");
        for (std::size_t i = 0; i < kPorts.size(); ++i) {
            std::string option = "--" + std::string(kPorts[i]);
            std::replace(option.begin(), option.end(), ' ', '-');
            access(option, ports_[i], "PORT", "would it have that right at the port?");
        }
        access("--scope", scopes_, "SCOPE", "would signal or abstract_unix_socket be allowed beyond its domain?");
        app.add_option("--abi", kernel_, "Landlock ABI of the kernel asked about (default: the policy's)")
            ->check(CLI::Range(abi::kFirst, abi::kLatest).description(""))
            ->type_name("N")
            ->group("Accesses");
        app.add_option("--set", sets_, "value of a param")->type_name("NAME=VALUE")->allow_extra_args(false);
    }

    Exit describe() const {
        if (options_given_ > 1) { // the command itself is counted
            return usage("facts and accesses are explained of a policy; give it first");
        }
        if (subject_.empty()) {
            return print(listOfCodes());
        }
        if (const std::optional<std::string_view> text = page(subject_)) {
            return print(*text);
        }
        return usage(
            fmt::format("no diagnostic has the code {}\nllc: `llc explain` lists them", diag::printable(subject_)));
    }

    Result<query::ExplainInput> understand(const query::Loaded& loaded) const {
        query::ExplainInput input;
        input.facts = facts_;
        input.sets = sets_;
        input.kernel = kernel_.value_or(loaded.policy.abi);
        std::vector<Result<std::vector<query::Asked>>> all;
        for (const std::string& path : paths_) {
            all.push_back(query::askPath(path, right_));
        }
        for (std::size_t i = 0; i < kPorts.size(); ++i) {
            for (const std::string& port : ports_[i]) {
                all.push_back(query::askPort(kPorts[i], port));
            }
        }
        for (const std::string& scope : scopes_) {
            all.push_back(query::askScope(scope));
        }
        for (const Result<std::vector<query::Asked>>& asked : all) {
            if (!asked) {
                return asked.error();
            }
            input.asked.insert(input.asked.end(), asked->begin(), asked->end());
        }
        return input;
    }

    static constexpr std::array<std::string_view, 4> kPorts = {"tcp connect", "tcp bind", "udp connect", "udp bind"};

    std::size_t options_given_ = 0;
    std::string subject_;
    query::Facts facts_;
    std::vector<std::string> paths_;
    std::string right_ = "read";
    std::array<std::vector<std::string>, kPorts.size()> ports_;
    std::vector<std::string> scopes_;
    std::optional<std::uint32_t> kernel_;
    std::vector<std::string> sets_;
    bool json_ = false;
    QueryOptions query_;
};

} // namespace

std::unique_ptr<SubCommand> explainCommand() { return std::make_unique<ExplainCommand>(); }

} // namespace landlatch::driver
