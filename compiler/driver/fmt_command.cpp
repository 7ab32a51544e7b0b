// SPDX-License-Identifier: Apache-2.0
// `llc fmt`: policies in the one style there is. A file with errors is left as it is, with its diagnostics and a line
// that says so on standard error, and the others go on.
#include "compiler/diag/render.h"
#include "compiler/driver/console.h"
#include "compiler/driver/output.h"
#include "compiler/driver/subcommand.h"
#include "compiler/format/diff.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace landlatch::driver {

namespace {

class FmtCommand final : public SubCommand {
public:
    CLI::App* add(CLI::App& llc) override {
        CLI::App* app = llc.add_subcommand("fmt", "lay policies out in the one style there is");
        app->add_option("policies", paths_, "the policies to format in place; `-`: standard input to output")
            ->type_name("FILE")
            ->required();
        app->add_flag("--check", check_, "change nothing; print the names of files that would change, exit 1");
        app->add_flag("--diff", diff_, "change nothing; print what would change");
        return app;
    }

    Exit run() override {
        Exit exit = Exit::kOk;
        for (const std::string& path : paths_) {
            exit = std::max(exit, one(path)); // the worst of all
        }
        return exit;
    }

private:
    Exit one(const std::string& path) {
        const bool piped = path == "-";
        const std::string name = piped ? "<stdin>" : path;
        Result<std::string> text = files_.read(piped ? "/dev/stdin" : path, syntax::kMaxFileBytes);
        if (!text) {
            return fail(text.error(), DiagnosticsForm::kText);
        }
        Compilation parsed;
        const FileId file = parsed.sources.add(name, *std::move(text));
        const ast::File tree = syntax::parse(parsed.sources, file, parsed.sink);
        if (report(parsed, DiagnosticsForm::kText, false)) {
            fmt::print(stderr, "llc: {} has errors and was left as it is\n", diag::printable(name));
            return Exit::kPolicy;
        }
        const std::string formatted = format::format(tree, parsed.sources);
        const bool changed = formatted != parsed.sources.text(file);
        if (diff_) {
            const Exit printed = print(format::unifiedDiff(name, parsed.sources.text(file), formatted));
            return std::max(printed, check_ && changed ? Exit::kPolicy : Exit::kOk);
        }
        if (check_) {
            return changed ? std::max(Exit::kPolicy, print(name + "\n")) : Exit::kOk;
        }
        if (piped) {
            return print(formatted);
        }
        return changed ? write(path, formatted) : Exit::kOk;
    }

    /// Through a symbolic link: it is the policy that changes, not where it lives.
    Exit write(const std::string& path, std::string_view text) {
        const Result<std::string> real = files_.canonical(path);
        if (!real) {
            return fail(real.error(), DiagnosticsForm::kText);
        }
        const Result<void> written = writeFile(*real, bytesOf(text));
        return written ? Exit::kOk : fail(written.error(), DiagnosticsForm::kText);
    }

    RealFileSystem files_;
    std::vector<std::string> paths_;
    bool check_ = false;
    bool diff_ = false;
};

} // namespace

std::unique_ptr<SubCommand> fmtCommand() { return std::make_unique<FmtCommand>(); }

} // namespace landlatch::driver
