// SPDX-License-Identifier: Apache-2.0
// An object's programs as BPF assembly, with the names of what they refer to.
#include "compiler/backend/bpf/clang_module.h"

#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCInstPrinter.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/MCTargetOptions.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <map>
#include <memory>
#include <string>

extern "C" {
void LLVMInitializeBPFTargetInfo();
void LLVMInitializeBPFTarget();
void LLVMInitializeBPFTargetMC();
void LLVMInitializeBPFDisassembler();
}

namespace landlatch::clang_module {
namespace {

/// What reads and prints instructions. The order of members is that in which each needs the ones before.
class Printer {
public:
    static std::unique_ptr<Printer> create(std::string& error) {
        LLVMInitializeBPFTargetInfo();
        LLVMInitializeBPFTarget();
        LLVMInitializeBPFTargetMC();
        LLVMInitializeBPFDisassembler();
        const llvm::Triple triple("bpfel");
        const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple.str(), error);
        return target == nullptr ? nullptr : std::unique_ptr<Printer>(new Printer(*target, triple));
    }

    /// The instruction at the start of `bytes`, and how many bytes it has. 0 of them: it is none.
    std::uint64_t print(llvm::ArrayRef<std::uint8_t> bytes, std::uint64_t address, llvm::raw_ostream& out) {
        llvm::MCInst instruction;
        std::uint64_t size = 0;
        if (disassembler_->getInstruction(instruction, size, bytes, address, llvm::nulls()) !=
            llvm::MCDisassembler::Success) {
            return 0;
        }
        instructions_->printInst(&instruction, address, "", *subtarget_, out);
        return size;
    }

private:
    Printer(const llvm::Target& target, const llvm::Triple& triple)
        : registers_(target.createMCRegInfo(triple.str())),
          assembly_(target.createMCAsmInfo(*registers_, triple.str(), options_)),
          subtarget_(target.createMCSubtargetInfo(triple.str(), "v3", "")), info_(target.createMCInstrInfo()),
          context_(triple, assembly_.get(), registers_.get(), subtarget_.get()),
          disassembler_(target.createMCDisassembler(*subtarget_, context_)),
          instructions_(target.createMCInstPrinter(triple, 0, *assembly_, *info_, *registers_)) {}

    llvm::MCTargetOptions options_;
    std::unique_ptr<llvm::MCRegisterInfo> registers_;
    std::unique_ptr<llvm::MCAsmInfo> assembly_;
    std::unique_ptr<llvm::MCSubtargetInfo> subtarget_;
    std::unique_ptr<llvm::MCInstrInfo> info_;
    llvm::MCContext context_;
    std::unique_ptr<llvm::MCDisassembler> disassembler_;
    std::unique_ptr<llvm::MCInstPrinter> instructions_;
};

std::string nameOf(const llvm::object::SymbolRef& symbol) {
    auto name = symbol.getName();
    if (!name) {
        llvm::consumeError(name.takeError());
        return {};
    }
    if (!name->empty()) {
        return name->str();
    }
    auto section = symbol.getSection();
    if (!section) {
        llvm::consumeError(section.takeError());
        return {};
    }
    auto section_name = (*section)->getName();
    if (!section_name) {
        llvm::consumeError(section_name.takeError());
        return {};
    }
    return section_name->str();
}

using Names = std::map<std::uint64_t, std::string>;

/// The functions that begin in `section`, by offset.
Names functionsOf(const llvm::object::ELFObjectFileBase& object, const llvm::object::SectionRef& section) {
    Names names;
    for (const llvm::object::ELFSymbolRef symbol : object.symbols()) {
        auto where = symbol.getSection();
        auto offset = symbol.getValue();
        if (where && offset && *where != object.section_end() && **where == section &&
            symbol.getELFType() == llvm::ELF::STT_FUNC) {
            names[*offset] = nameOf(symbol);
        }
        llvm::consumeError(where.takeError());
        llvm::consumeError(offset.takeError());
    }
    return names;
}

/// What instructions of `section` refer to, by offset.
Names referencesOf(const llvm::object::ELFObjectFileBase& object, const llvm::object::SectionRef& section) {
    Names names;
    for (const llvm::object::SectionRef& relocations : object.sections()) {
        auto relocated = relocations.getRelocatedSection();
        if (relocated && *relocated != object.section_end() && **relocated == section) {
            for (const llvm::object::RelocationRef& relocation : relocations.relocations()) {
                if (relocation.getSymbol() != object.symbol_end()) {
                    names[relocation.getOffset()] = nameOf(*relocation.getSymbol());
                }
            }
        }
        llvm::consumeError(relocated.takeError());
    }
    return names;
}

bool printSection(Printer& printer, const llvm::object::ELFObjectFileBase& object,
                  const llvm::object::SectionRef& section, llvm::raw_ostream& out) {
    auto content = section.getContents();
    auto name = section.getName();
    if (!content || !name) {
        llvm::consumeError(content.takeError());
        llvm::consumeError(name.takeError());
        return false;
    }
    const Names functions = functionsOf(object, section);
    const Names references = referencesOf(object, section);
    out << "\t.section\t\"" << *name << "\"\n";
    const auto bytes = llvm::arrayRefFromStringRef(*content);
    for (std::uint64_t at = 0; at < bytes.size();) {
        if (const auto function = functions.find(at); function != functions.end()) {
            out << function->second << ":\n";
        }
        const std::uint64_t size = printer.print(bytes.slice(at), at, out);
        if (size == 0) {
            return false;
        }
        if (const auto reference = references.find(at); reference != references.end()) {
            out << "\t# " << reference->second;
        }
        out << '\n';
        at += size;
    }
    return true;
}

/// The reason, or nothing.
std::string disassemble(llvm::StringRef bytes, llvm::raw_ostream& out) {
    auto file = llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(bytes, "object"));
    if (!file) {
        return llvm::toString(file.takeError());
    }
    std::string error;
    const std::unique_ptr<Printer> printer = Printer::create(error);
    if (!printer) {
        return error;
    }
    const auto& object = llvm::cast<llvm::object::ELFObjectFileBase>(**file);
    for (const llvm::object::SectionRef& section : object.sections()) {
        if (section.isText() && section.getSize() != 0 && !printSection(*printer, object, section, out)) {
            return "not BPF instructions";
        }
    }
    return {};
}

} // namespace
} // namespace landlatch::clang_module

extern "C" __attribute__((visibility("default"))) bool
landlatchDisassemble(const char* object, std::size_t size, LandlatchReport report, LandlatchTake take, void* context) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    const std::string error = landlatch::clang_module::disassemble({object, size}, stream);
    stream.flush();
    if (!error.empty()) {
        report(context, true, "", 0, 0, error.c_str());
        return false;
    }
    take(context, text.data(), text.size());
    return true;
}
