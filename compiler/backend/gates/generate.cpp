// SPDX-License-Identifier: Apache-2.0
#include "compiler/backend/gates/generate.h"

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
void LLVMInitializeBPFAsmParser();
}

namespace landlatch::gates {
namespace {

Error failed(std::string message) { return Error{EINVAL, "LLVM: " + std::move(message)}; }

/// Keeps the first error that LLVM reports (too much stack, for one) instead of printing it and ending the process.
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
    initialise();
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

} // namespace

void initialise() {
    LLVMInitializeBPFTargetInfo();
    LLVMInitializeBPFTarget();
    LLVMInitializeBPFTargetMC();
    LLVMInitializeBPFAsmPrinter();
    LLVMInitializeBPFAsmParser();
}

Result<std::string> generate(std::string_view bitcode, const Variant& variant) {
    std::optional<std::string> error;
    llvm::LLVMContext context;
    context.setDiagnosticHandler(std::make_unique<Collector>(error));
    // Lazily: only the functions that this variant needs are ever read.
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
    if (auto done = specialise(module, variant); !done) {
        return done.error();
    }
    llvm::SmallString<0> bytes;
    llvm::raw_svector_ostream stream(bytes);
    llvm::legacy::PassManager passes;
    if ((*machine)->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile)) {
        return failed("the BPF target can't write objects");
    }
    passes.run(module);
    if (error) {
        return failed(*error);
    }
    return std::string(bytes.begin(), bytes.end());
}

} // namespace landlatch::gates
