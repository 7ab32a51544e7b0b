// SPDX-License-Identifier: Apache-2.0
// The whole compiler over one file that may import itself, a sibling and the standard library: any bytes give an object
// or an error, and the same bytes the same object.
#include "compiler/diag/render.h"
#include "compiler/driver/compilation.h"

#include <cstdint>
#include <cstdlib>

using namespace landlatch;

namespace {

struct Outcome {
    std::string said;
    std::string made;
    bool operator==(const Outcome&) const = default;
};

Outcome compileOnce(const std::string& text, driver::Emit emit) {
    MemoryFileSystem files;
    files.files["p.ll"] = text;
    files.files["lib.ll"] = "abi 4\nlet ports = [80, 443]\nruleset lib { allow read beneath /usr }\n";
    driver::Options options;
    options.input = "p.ll";
    options.emit = emit;
    driver::Compilation compilation;
    const Result<void> result = driver::compile(compilation, options, files);
    const std::string said = diag::renderText(compilation.sources, compilation.sink, {});
    // A policy without errors compiles; what can't be compiled has been said.
    if (!compilation.sink.hasErrors() && (!result || compilation.output.empty())) {
        std::abort();
    }
    return {said, compilation.output};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const Outcome first = compileOnce(text, driver::Emit::kIr);
    if (first != compileOnce(text, driver::Emit::kIr)) {
        std::abort();
    }
    return 0;
}
