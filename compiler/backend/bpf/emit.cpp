// SPDX-License-Identifier: Apache-2.0
// Drives LLVM: reads the embedded bitcode, has it specialised, and runs the BPF code generator.
#include "compiler/backend/bpf/emit.h"

#include "compiler/backend/bpf/bitcode.h"
#include "compiler/backend/bpf/specialise.h"
#include "runtime/object/format.h"
#include "runtime/object/seal.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Target/TargetOptions.h>

#include <memory>
#include <optional>

extern "C" {
void LLVMInitializeBPFTargetInfo();
void LLVMInitializeBPFTarget();
void LLVMInitializeBPFTargetMC();
void LLVMInitializeBPFAsmPrinter();
}

namespace landlatch::backend_bpf {
namespace {

/// An array map's value, on kernels up to 6.1.
constexpr std::size_t kMaxTableBytes = 4U << 20U;

Error failed(std::string message) { return Error{EINVAL, "LLVM: " + std::move(message)}; }

/// Keeps the first error that LLVM reports instead of printing it.
class Collector final : public llvm::DiagnosticHandler {
public:
    explicit Collector(std::optional<std::string>& first) : first_(first) {}
    bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
        if (info.getSeverity() == llvm::DS_Error && !first_) {
            first_.emplace();
            llvm::raw_string_ostream stream(*first_);
            llvm::DiagnosticPrinterRawOStream printer(stream);
            info.print(printer);
        }
        return true;
    }

private:
    std::optional<std::string>& first_;
};

Result<std::unique_ptr<llvm::TargetMachine>> makeTarget(const std::string& triple) {
    // Registering twice is allowed, so this needs no guard of ours.
    LLVMInitializeBPFTargetInfo();
    LLVMInitializeBPFTarget();
    LLVMInitializeBPFTargetMC();
    LLVMInitializeBPFAsmPrinter();
    std::string message;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, message);
    if (target == nullptr) {
        return failed(message);
    }
    std::unique_ptr<llvm::TargetMachine> machine(
        target->createTargetMachine(triple, "v3", "", llvm::TargetOptions(), std::nullopt));
    if (!machine) {
        return failed("no target machine for " + triple);
    }
    return machine;
}

Result<std::string> emit(const EmitInput& input, llvm::CodeGenFileType type) {
    if (input.tables.empty() || input.tables.size_bytes() > kMaxTableBytes) {
        return Error{EFBIG, "match tables of " + std::to_string(input.tables.size_bytes()) +
                                " bytes, the kernel takes 4 to " + std::to_string(kMaxTableBytes)};
    }
    std::optional<std::string> error;
    llvm::LLVMContext context;
    context.setDiagnosticHandler(std::make_unique<Collector>(error));
    const std::string_view bitcode = gateBitcode();
    // Lazily: only the functions that this policy needs are ever read.
    auto parsed = llvm::getLazyBitcodeModule(
        llvm::MemoryBufferRef(llvm::StringRef(bitcode.data(), bitcode.size()), "gate"), context);
    if (!parsed) {
        return failed(llvm::toString(parsed.takeError()));
    }
    llvm::Module& module = **parsed;
    auto machine = makeTarget(module.getTargetTriple());
    if (!machine) {
        return machine.error();
    }
    if (auto done = specialise(module, input); !done) {
        return done.error();
    }
    if (type == llvm::CodeGenFileType::ObjectFile) {
        addSection(module, object::format::kManifestSection, input.manifest);
        addSection(module, object::format::kRulesetsSection, input.rulesets);
    }
    llvm::SmallString<0> bytes;
    llvm::raw_svector_ostream stream(bytes);
    llvm::legacy::PassManager passes;
    if ((*machine)->addPassesToEmitFile(passes, stream, nullptr, type)) {
        return failed("the BPF target can't write this kind of file");
    }
    passes.run(module);
    if (error) {
        return failed(*error);
    }
    return std::string(bytes.begin(), bytes.end());
}

} // namespace

Result<std::string> emitObject(const EmitInput& input) {
    Result<std::string> emitted = emit(input, llvm::CodeGenFileType::ObjectFile);
    if (!emitted) {
        return emitted;
    }
    return object::seal(*std::move(emitted));
}

Result<std::string> emitAssembly(const EmitInput& input) { return emit(input, llvm::CodeGenFileType::AssemblyFile); }

} // namespace landlatch::backend_bpf
