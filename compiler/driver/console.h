// SPDX-License-Identifier: Apache-2.0
// What llc says on its standard streams, in the form that was asked for.
#pragma once

#include "compiler/driver/compilation.h"
#include "compiler/driver/options.h"
#include "runtime/base/result.h"

#include <string_view>

namespace landlatch::driver {

/// Says that the world failed. Exit::kWorld.
Exit fail(const Error& error, DiagnosticsForm form);

/// Prints to standard output; a reader that went away or a full disk is an error like any other.
Exit print(std::string_view text, DiagnosticsForm form = DiagnosticsForm::kText);

/// Says that the command line is wrong, after it was parsed. Exit::kUsage.
Exit usage(std::string_view message);

/// Says what the compilation has to say, on standard error; true when that is an error.
bool report(const Compilation& compilation, DiagnosticsForm form, bool warnings_are_errors);

/// The exit code after errors: Exit::kWorld when the policy itself could not be read, else Exit::kPolicy. (An import
/// that can't be read is the policy's fault.)
[[nodiscard]] Exit exitOfErrors(const diag::Sink& sink);

/// Whether an open descriptor may be written to in colour.
[[nodiscard]] bool colourOn(int fd);

} // namespace landlatch::driver
