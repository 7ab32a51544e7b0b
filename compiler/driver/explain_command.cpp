// SPDX-License-Identifier: Apache-2.0
// `llc explain CODE`: what a diagnostic means.
#include "compiler/diag/render.h"
#include "compiler/driver/console.h"
#include "compiler/driver/describe.h"
#include "compiler/driver/subcommand.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace landlatch::driver {

namespace {

class ExplainCommand final : public SubCommand {
public:
    CLI::App* add(CLI::App& llc) override {
        CLI::App* app = llc.add_subcommand("explain", "what a diagnostic means");
        app->add_option("code", code_, "as in error[E0312]; without one, all are listed")->type_name("CODE");
        return app;
    }

    Exit run() override {
        if (code_.empty()) {
            return print(listOfCodes());
        }
        if (const std::optional<std::string_view> text = page(code_)) {
            return print(*text);
        }
        return usage(
            fmt::format("no diagnostic has the code {}\nllc: `llc explain` lists them", diag::printable(code_)));
    }

private:
    std::string code_;
};

} // namespace

std::unique_ptr<SubCommand> explainCommand() { return std::make_unique<ExplainCommand>(); }

} // namespace landlatch::driver
