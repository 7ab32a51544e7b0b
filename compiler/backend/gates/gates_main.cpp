// SPDX-License-Identifier: Apache-2.0
// Build tool: makes the gate objects, one for each set of facts, and writes their archive
// (compiler/backend/bpf/gates.h). landlatch_gates TEMPLATE.bc OUT [--match-program]
#include "compiler/backend/bpf/fact_sets.h"
#include "compiler/backend/gates/generate.h"
#include "compiler/backend/gates/trim.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdio>
#include <cstring>
#include <string_view>

namespace landlatch::gates {
namespace {

Result<std::string> trimmed(const char* path) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    if (!buffer) {
        return Error{EIO, std::string(path) + ": " + buffer.getError().message()};
    }
    llvm::LLVMContext context;
    auto module = llvm::parseBitcodeFile(**buffer, context);
    if (!module) {
        return Error{EINVAL, std::string(path) + ": " + llvm::toString(module.takeError())};
    }
    trim(**module);
    std::string bitcode;
    llvm::raw_string_ostream stream(bitcode);
    llvm::WriteBitcodeToFile(**module, stream);
    stream.flush();
    return bitcode;
}

Result<std::string> archive(std::string_view bitcode, bool match_program) {
    std::string objects;
    std::array<std::uint32_t, backend_bpf::kFactSets + 1> offsets{};
    for (std::size_t set = 0; set < backend_bpf::kFactSets; ++set) {
        offsets[set] = static_cast<std::uint32_t>(sizeof offsets + objects.size());
        const Result<std::string> object = generate(bitcode, {backend_bpf::factsOf(set), match_program});
        if (!object) {
            return object;
        }
        objects += *object;
    }
    offsets.back() = static_cast<std::uint32_t>(sizeof offsets + objects.size());
    return std::string(reinterpret_cast<const char*>(offsets.data()), sizeof offsets) + objects;
}

Result<void> run(const char* in, const char* out, bool match_program) {
    const Result<std::string> bitcode = trimmed(in);
    if (!bitcode) {
        return bitcode.error();
    }
    const Result<std::string> made = archive(*bitcode, match_program);
    if (!made) {
        return made.error();
    }
    std::error_code error;
    llvm::raw_fd_ostream file(out, error);
    if (!error) {
        file << *made;
        file.close();
        error = file.error();
    }
    if (error) {
        return Error{EIO, std::string(out) + ": " + error.message()};
    }
    return {};
}

} // namespace
} // namespace landlatch::gates

int main(int argc, char** argv) {
    const bool match_program = argc == 4 && std::strcmp(argv[3], "--match-program") == 0;
    if (argc != 3 && !match_program) {
        std::fputs("usage: landlatch_gates TEMPLATE.bc OUT [--match-program]\n", stderr);
        return 2;
    }
    if (const auto done = landlatch::gates::run(argv[1], argv[2], match_program); !done) {
        std::fprintf(stderr, "landlatch_gates: %s\n", done.error().message.c_str());
        return 1;
    }
    return 0;
}
