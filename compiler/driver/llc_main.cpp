// SPDX-License-Identifier: Apache-2.0
// llc, the policy compiler: from the command line to an exit code.
#include "compiler/diag/render.h"
#include "compiler/driver/command_line.h"
#include "compiler/driver/compilation.h"
#include "compiler/driver/describe.h"
#include "compiler/driver/output.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace landlatch;
using namespace landlatch::driver;

namespace {

/// A failed world, in the form that was asked for.
Exit fail(const Error& error, DiagnosticsForm form) {
    if (form == DiagnosticsForm::kJson) {
        const nlohmann::ordered_json object = {
            {"severity", "error"}, {"code", nullptr}, {"message", error.message}, {"file", nullptr}};
        fmt::print(stderr, "{}\n", object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    } else {
        fmt::print(stderr, "llc: error: {}\n", diag::printable(error.message));
    }
    return Exit::kWorld;
}

/// Prints to standard output; a reader that went away or a full disk is an error like any other.
Exit print(std::string_view text, DiagnosticsForm form = DiagnosticsForm::kText) {
    const Result<void> written = writeAll(STDOUT_FILENO, bytesOf(text), "standard output");
    return written ? Exit::kOk : fail(written.error(), form);
}

Exit describe(const std::string& code) {
    if (code.empty()) {
        return print(listOfCodes());
    }
    if (const std::optional<std::string_view> text = page(code)) {
        return print(*text);
    }
    fmt::print(stderr, "llc: error: no diagnostic has the code {}\nllc: `llc explain` lists them\n",
               diag::printable(code));
    return Exit::kUsage;
}

/// Where the result goes: -o, or the default of what is made.
std::string outputOf(const Options& options) {
    if (!options.output.empty()) {
        return options.output;
    }
    if (options.emit != Emit::kObject) {
        return "-";
    }
    std::string name = options.input.substr(options.input.rfind('/') + 1);
    if (name.ends_with(".ll")) {
        name.resize(name.size() - 3);
    }
    return name + ".o";
}

Exit write(const Options& options, const std::string& bytes) {
    const std::string output = outputOf(options);
    if (output == "-") {
        if (options.emit == Emit::kObject && ::isatty(STDOUT_FILENO) == 1) {
            fmt::print(stderr, "llc: error: an object is not written to a terminal; give -o FILE\n");
            return Exit::kUsage;
        }
        return print(bytes, options.diagnostics);
    }
    const Result<void> written = writeFile(output, bytesOf(bytes));
    return written ? Exit::kOk : fail(written.error(), options.diagnostics);
}

/// Says what the compilation has to say; true when that is an error.
bool report(const Compilation& compilation, const Options& options) {
    diag::RenderOptions render;
    render.colour = ::isatty(STDERR_FILENO) == 1 && ::getenv("NO_COLOR") == nullptr;
    render.warnings_are_errors = options.warnings_are_errors;
    const auto renderer = options.diagnostics == DiagnosticsForm::kJson ? diag::renderJson : diag::renderText;
    const std::string text = renderer(compilation.sources, compilation.sink, render);
    (void)writeAll(STDERR_FILENO, bytesOf(text), "standard error"); // nowhere left to say so
    return compilation.sink.hasErrors() || (options.warnings_are_errors && !compilation.sink.all().empty());
}

/// The policy itself could not be read: the world's fault. (An import that can't be is the policy's.)
bool policyUnreadable(const diag::Sink& sink) {
    return std::any_of(sink.all().begin(), sink.all().end(), [](const diag::Diagnostic& d) {
        return d.id == diag::Id::kFileUnreadable && !d.primary.valid();
    });
}

Exit run(const Options& options) {
    if (options.command == Command::kDescribe) {
        return describe(options.code);
    }
    RealFileSystem files;
    Compilation compilation;
    const Result<void> compiled = compile(compilation, options, files);
    if (report(compilation, options)) {
        return policyUnreadable(compilation.sink) ? Exit::kWorld : Exit::kPolicy;
    }
    if (!compiled) {
        return fail(compiled.error(), options.diagnostics);
    }
    return options.command == Command::kCheck ? Exit::kOk : write(options, compilation.output);
}

} // namespace

int main(int argc, char** argv) {
    const std::variant<Options, Answer> parsed = parseCommandLine(argc, argv);
    if (const auto* answer = std::get_if<Answer>(&parsed)) {
        if (answer->exit == Exit::kOk) {
            return static_cast<int>(print(answer->text));
        }
        fmt::print(stderr, "{}", answer->text);
        return static_cast<int>(answer->exit);
    }
    return static_cast<int>(run(std::get<Options>(parsed)));
}
