// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/console.h"

#include "compiler/diag/render.h"
#include "compiler/driver/output.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace landlatch::driver {

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

Exit print(std::string_view text, DiagnosticsForm form) {
    const Result<void> written = writeAll(STDOUT_FILENO, bytesOf(text), "standard output");
    return written ? Exit::kOk : fail(written.error(), form);
}

Exit usage(std::string_view message) {
    fmt::print(stderr, "llc: error: {}\n", message);
    return Exit::kUsage;
}

bool colourOn(int fd) { return ::isatty(fd) == 1 && ::getenv("NO_COLOR") == nullptr; }

bool report(const Compilation& compilation, DiagnosticsForm form, bool warnings_are_errors) {
    diag::RenderOptions render;
    render.colour = colourOn(STDERR_FILENO);
    render.warnings_are_errors = warnings_are_errors;
    const auto renderer = form == DiagnosticsForm::kJson ? diag::renderJson : diag::renderText;
    const std::string text = renderer(compilation.sources, compilation.sink, render);
    (void)writeAll(STDERR_FILENO, bytesOf(text), "standard error"); // nowhere left to say so
    return compilation.sink.hasErrors() || (warnings_are_errors && !compilation.sink.all().empty());
}

Exit exitOfErrors(const diag::Sink& sink) {
    const bool unreadable = std::any_of(sink.all().begin(), sink.all().end(), [](const diag::Diagnostic& d) {
        return d.id == diag::Id::kFileUnreadable && !d.primary.valid();
    });
    return unreadable ? Exit::kWorld : Exit::kPolicy;
}

} // namespace landlatch::driver
