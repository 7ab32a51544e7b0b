// SPDX-License-Identifier: Apache-2.0
// A user's gate template: C through Clang's library to bitcode, and from there the way that the project's own template
// went when it was built (compiler/backend/gates).
#include "compiler/backend/bpf/clang_module.h"
#include "compiler/backend/gates/generate.h"
#include "compiler/backend/gates/trim.h"

#include <clang/Basic/Diagnostic.h>
#include <clang/Basic/SourceManager.h>
#include <clang/CodeGen/CodeGenAction.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <llvm/ADT/IntrusiveRefCntPtr.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace landlatch::clang_module {
namespace {

/// Hands Clang's complaints on.
class Reporter final : public clang::DiagnosticConsumer {
public:
    Reporter(LandlatchReport report, void* context) : report_(report), context_(context) {}

    void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& info) override {
        clang::DiagnosticConsumer::HandleDiagnostic(level, info);
        if (level < clang::DiagnosticsEngine::Warning) {
            return;
        }
        llvm::SmallString<128> message;
        info.FormatDiagnostic(message);
        clang::PresumedLoc place;
        if (info.hasSourceManager() && info.getLocation().isValid()) {
            place = info.getSourceManager().getPresumedLoc(info.getSourceManager().getExpansionLoc(info.getLocation()));
        }
        const bool known = place.isValid();
        report_(context_, level >= clang::DiagnosticsEngine::Error, known ? place.getFilename() : "",
                known ? place.getLine() : 0, known ? place.getColumn() : 0, message.c_str());
    }

private:
    LandlatchReport report_;
    void* context_;
};

/// LLVM gives up where a template asks what the BPF target can't do. Exit code 3: docs/llc.md.
void giveUp(void*, const char* reason, bool) {
    std::fprintf(stderr, "llc: error: LLVM: %s\n", reason);
    ::_exit(3);
}

std::vector<const char*> arguments(const LandlatchTemplate& what) {
    return {"-triple", "bpf", "-target-cpu", "v3", "-emit-llvm-bc", "-O2", "-std=gnu17",
            // BTF is made from debug information. Names of folders would make objects differ from machine to machine.
            "-debug-info-kind=constructor", "-dwarf-version=5", "-fdebug-compilation-dir=.", "-fno-verbose-asm",
            "-Wall", "-Wno-unused-parameter", "-Wno-sign-compare", "-D__TARGET_ARCH_x86", "-I", what.include_dir,
            "-internal-isystem", LANDLATCH_CLANG_HEADERS, "-internal-isystem", "/usr/include", "-internal-isystem",
            LANDLATCH_MULTIARCH_HEADERS, "-x", "c", what.path};
}

/// The template's bitcode, or nothing when Clang has complained of it.
std::string compileToBitcode(const LandlatchTemplate& what, clang::DiagnosticConsumer& consumer) {
    gates::initialise();
    clang::CompilerInstance compiler;
    const std::vector<const char*> given = arguments(what);
    const auto options = llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>();
    const auto first = clang::CompilerInstance::createDiagnostics(options.get(), &consumer, false);
    if (!clang::CompilerInvocation::CreateFromArgs(compiler.getInvocation(), given, *first)) {
        return {};
    }
    compiler.createDiagnostics(&consumer, false);
    compiler.getDiagnosticOpts().ShowCarets = false; // else it prints how many errors there were
    const llvm::StringRef path(what.path);
    compiler.getCodeGenOpts().DebugPrefixMap.emplace_back((path.substr(0, path.rfind('/') + 1)).str(), "");
    compiler.getCodeGenOpts().DebugPrefixMap.emplace_back(std::string(what.include_dir) + "/", "");
    llvm::LLVMContext context;
    clang::EmitLLVMOnlyAction action(&context);
    if (!compiler.ExecuteAction(action) || compiler.getDiagnostics().hasErrorOccurred()) {
        return {};
    }
    const std::unique_ptr<llvm::Module> module = action.takeModule();
    if (!module) {
        return {};
    }
    module->setSourceFileName(path.substr(path.rfind('/') + 1));
    gates::trim(*module);
    std::string bitcode;
    llvm::raw_string_ostream stream(bitcode);
    llvm::WriteBitcodeToFile(*module, stream);
    stream.flush();
    return bitcode;
}

} // namespace
} // namespace landlatch::clang_module

extern "C" __attribute__((visibility("default"))) bool
landlatchCompileTemplate(const LandlatchTemplate* what, LandlatchReport report, LandlatchTake take, void* context) {
    llvm::install_fatal_error_handler(&landlatch::clang_module::giveUp);
    landlatch::clang_module::Reporter reporter(report, context);
    const std::string bitcode = landlatch::clang_module::compileToBitcode(*what, reporter);
    if (bitcode.empty()) {
        return false;
    }
    const auto object = landlatch::gates::generate(bitcode, {what->used_facts, false});
    if (!object) {
        report(context, true, what->path, 0, 0, object.error().message.c_str());
        return false;
    }
    take(context, object->data(), object->size());
    return true;
}
