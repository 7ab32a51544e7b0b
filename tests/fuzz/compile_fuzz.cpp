// SPDX-License-Identifier: Apache-2.0
// The whole compiler over one file that may import itself, a sibling and the standard library: any bytes give an object
// or an error, and the same bytes the same. LLVM is left out: it sees nothing of the policy but sizes.
#include "compiler/diag/render.h"
#include "compiler/driver/compilation.h"

#include <cstdint>
#include <cstdlib>

using namespace landlatch;

namespace {

/// What a check has to say. A policy without errors must get through every phase.
std::string check(const std::string& text) {
    MemoryFileSystem files;
    files.files["p.ll"] = text;
    files.files["lib.ll"] = "abi 4\nlet ports = [80, 443]\nruleset lib { allow read beneath /usr }\n";
    driver::Options options;
    options.command = driver::Command::kCheck;
    options.input = "p.ll";
    driver::Compilation compilation;
    const Result<void> result = driver::compile(compilation, options, files);
    if (!compilation.sink.hasErrors() && !result) {
        std::abort();
    }
    return diag::renderText(compilation.sources, compilation.sink, {});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (check(text) != check(text)) {
        std::abort();
    }
    return 0;
}
