// SPDX-License-Identifier: Apache-2.0
// Diagnostics as text for people and as JSON lines for programs. docs/diagnostics/README.md documents both forms.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/support/source.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace landlatch::diag {

struct RenderOptions {
    bool colour = false;              ///< escape sequences around the severity, the code and the carets
    bool warnings_are_errors = false; ///< -Werror: warnings are shown as errors
    std::size_t max_shown = 20;       ///< text only; errors are shown before warnings when not all fit
};

/// `path:line:col: error[E0312]: message`, the source line, carets, then labels, notes and helps. Sorted by place.
/// Control characters of the source and of arguments are shown escaped, so a policy can't drive the terminal.
[[nodiscard]] std::string renderText(const SourceManager& sources, const Sink& sink, const RenderOptions& options);

/// One JSON object a line for every diagnostic, sorted by place, all of them. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string renderJson(const SourceManager& sources, const Sink& sink, const RenderOptions& options);

/// `text` as it may be shown on a terminal: control and bidi characters and stray bytes escaped as `\xHH` or
/// `\u{HHHH}`. Line ends are escaped too.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace landlatch::diag
