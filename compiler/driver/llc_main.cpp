// SPDX-License-Identifier: Apache-2.0
// llc, the policy compiler: from the command line to an exit code.
#include "compiler/driver/command_line.h"
#include "compiler/driver/compilation.h"
#include "compiler/driver/console.h"
#include "compiler/driver/output.h"

#include <fmt/format.h>
#include <unistd.h>

using namespace landlatch;
using namespace landlatch::driver;

/// Read by jemalloc: huge pages, of which a compiler touches all, one arena for its one thread, large blocks in it too,
/// nothing given back or tidied on the way, and all of it used again, large blocks for small ones.
extern "C" const char* malloc_conf;
const char* malloc_conf = "thp:always,narenas:1,oversize_threshold:0,lg_extent_max_active_fit:20,dirty_decay_ms:-1,"
                          "muzzy_decay_ms:-1,tcache_gc_incr_bytes:1073741824";

namespace {

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

Exit run(const Options& options) {
    RealFileSystem files;
    Compilation compilation;
    const Result<void> compiled = compile(compilation, options, files);
    if (report(compilation, options.diagnostics, options.warnings_are_errors)) {
        return exitOfErrors(compilation.sink);
    }
    if (!compiled) {
        return fail(compiled.error(), options.diagnostics);
    }
    return options.command == Command::kCheck ? Exit::kOk : write(options, compilation.output);
}

} // namespace

int main(int argc, char** argv) {
    const Order parsed = parseCommandLine(argc, argv);
    if (const auto* answer = std::get_if<Answer>(&parsed)) {
        if (answer->exit == Exit::kOk) {
            return static_cast<int>(print(answer->text));
        }
        fmt::print(stderr, "{}", answer->text);
        return static_cast<int>(answer->exit);
    }
    if (const auto* command = std::get_if<std::unique_ptr<SubCommand>>(&parsed)) {
        return static_cast<int>((*command)->run());
    }
    return static_cast<int>(run(std::get<Options>(parsed)));
}
