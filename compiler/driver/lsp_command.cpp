// SPDX-License-Identifier: Apache-2.0
// `llc lsp`: the language server, on standard input and output.
#include "compiler/driver/subcommand.h"
#include "compiler/lsp/server.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace landlatch::driver {

namespace {

class LspCommand final : public SubCommand {
public:
    CLI::App* add(CLI::App& llc) override {
        CLI::App* app = llc.add_subcommand("lsp", "language server for editors, on standard input and output");
        app->add_option("-I", options_.include_dirs, "directory to search for imports, after the importing file's own")
            ->type_name("DIR")
            ->allow_extra_args(false);
        app->add_flag("--stdio", stdio_, "as editors say it; nothing else is spoken");
        return app;
    }

    Exit run() override {
        options_.version = LANDLATCH_VERSION;
        return lsp::serve(STDIN_FILENO, STDOUT_FILENO, options_) ? Exit::kOk : Exit::kPolicy;
    }

private:
    lsp::Options options_;
    bool stdio_ = false;
};

} // namespace

std::unique_ptr<SubCommand> lspCommand() { return std::make_unique<LspCommand>(); }

} // namespace landlatch::driver
