// SPDX-License-Identifier: Apache-2.0
// The whole of llc between a command line and the bytes to write: the phases, in order, in one place.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/driver/options.h"
#include "compiler/support/filesystem.h"
#include "compiler/support/source.h"
#include "runtime/base/result.h"

#include <cstdint>
#include <string>

namespace landlatch::driver {

/// What one run owns: the sources read, what there is to say of them, and the result.
struct Compilation {
    SourceManager sources;
    diag::Sink sink;
    std::string
        output; ///< the object, or the dump that `Options::emit` asked for; empty for `check` and after an error
};

/// Runs the phases that `options` asks for. A wrong policy is in the sink afterwards; an Error is a failed world. Reads
/// only through `files`, writes nothing.
Result<void> compile(Compilation& compilation, const Options& options, FileSystem& files);

} // namespace landlatch::driver
