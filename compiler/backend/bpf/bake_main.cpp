// SPDX-License-Identifier: Apache-2.0
// Build tool: takes out of the template's bitcode what no object needs, so that llc doesn't read and carry it for every
// policy: places of instructions, values of variables, and what asks for DWARF. BTF needs the types of functions and of
// global variables only, which stay. bake IN OUT
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdio>

namespace {

/// Calls keep a place, the function's own: the verifier wants one.
void dropPlaces(llvm::Function& function) {
    llvm::DISubprogram* subprogram = function.getSubprogram();
    llvm::DebugLoc place;
    if (subprogram != nullptr) {
        place = llvm::DILocation::get(function.getContext(), subprogram->getLine(), 0, subprogram);
        // BTF takes the names of arguments from here; the kernel refuses functions without.
        llvm::SmallVector<llvm::Metadata*, 8> arguments;
        for (llvm::DINode* node : subprogram->getRetainedNodes()) {
            if (auto* variable = llvm::dyn_cast<llvm::DILocalVariable>(node);
                variable != nullptr && variable->getArg()) {
                arguments.push_back(variable);
            }
        }
        subprogram->replaceRetainedNodes(llvm::MDTuple::get(function.getContext(), arguments));
    }
    for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
        if (llvm::isa<llvm::DbgInfoIntrinsic>(instruction)) {
            instruction.eraseFromParent();
            continue;
        }
        instruction.dropDbgRecords();
        instruction.setDebugLoc(llvm::isa<llvm::CallBase>(instruction) ? place : llvm::DebugLoc());
    }
}

const llvm::DIType* withoutQualifiers(const llvm::DIType* type) {
    while (const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type)) {
        if (derived->getTag() == llvm::dwarf::DW_TAG_pointer_type || derived->getTag() == llvm::dwarf::DW_TAG_member) {
            break;
        }
        type = derived->getBaseType();
    }
    return type;
}

/// Makes `void *` of each member of a named struct that points to a struct. The BTF writer gives a forward declaration
/// to every such struct that nothing else needs, in the order of its addresses in memory: objects would differ from run
/// to run. Nobody follows these types: CO-RE relocates each step of a path by itself. Maps, which do need the types of
/// their keys and values, are unnamed structs.
void dropPointees(llvm::Module& module) {
    llvm::DebugInfoFinder finder;
    finder.processModule(module);
    for (const auto* function : finder.subprograms()) {
        finder.processSubprogram(const_cast<llvm::DISubprogram*>(function));
    }
    llvm::SmallVector<llvm::DIDerivedType*, 64> members;
    for (llvm::DIType* type : finder.types()) {
        auto* composite = llvm::dyn_cast<llvm::DICompositeType>(type);
        if (composite == nullptr || composite->getName().empty()) {
            continue;
        }
        for (llvm::DINode* element : composite->getElements()) {
            auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element);
            const auto* pointer = llvm::dyn_cast_or_null<llvm::DIDerivedType>(
                withoutQualifiers(member == nullptr ? nullptr : member->getBaseType()));
            if (pointer != nullptr && pointer->getTag() == llvm::dwarf::DW_TAG_pointer_type &&
                llvm::isa_and_nonnull<llvm::DICompositeType>(withoutQualifiers(pointer->getBaseType()))) {
                members.push_back(member);
            }
        }
    }
    llvm::Metadata* const void_pointer =
        llvm::DIDerivedType::get(module.getContext(), llvm::dwarf::DW_TAG_pointer_type, nullptr, nullptr, 0, nullptr,
                                 nullptr, 64, 0, 0, std::nullopt, std::nullopt, llvm::DINode::FlagZero);
    for (llvm::DIDerivedType* member : members) {
        constexpr unsigned kBaseType = 3;
        member->replaceOperandWith(kBaseType, void_pointer);
    }
}

/// The code generator writes DWARF for every module with debug information, and BTF beside it. A module that asks for
/// CodeView, which BPF doesn't have, and for no version of DWARF, gets BTF alone.
void dropDwarf(llvm::Module& module) {
    llvm::NamedMDNode* flags = module.getModuleFlagsMetadata();
    if (flags == nullptr) {
        return;
    }
    llvm::SmallVector<llvm::MDNode*, 8> kept;
    for (llvm::MDNode* flag : flags->operands()) {
        const auto* name = llvm::dyn_cast<llvm::MDString>(flag->getOperand(1));
        if (name == nullptr || name->getString() != "Dwarf Version") {
            kept.push_back(flag);
        }
    }
    flags->clearOperands();
    for (llvm::MDNode* flag : kept) {
        flags->addOperand(flag);
    }
    module.addModuleFlag(llvm::Module::Warning, "CodeView", 1);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: bake IN OUT\n", stderr);
        return 2;
    }
    auto buffer = llvm::MemoryBuffer::getFile(argv[1]);
    if (!buffer) {
        std::fprintf(stderr, "%s: %s\n", argv[1], buffer.getError().message().c_str());
        return 1;
    }
    llvm::LLVMContext context;
    auto module = llvm::parseBitcodeFile(**buffer, context);
    if (!module) {
        std::fprintf(stderr, "%s: %s\n", argv[1], llvm::toString(module.takeError()).c_str());
        return 1;
    }
    for (llvm::Function& function : **module) {
        dropPlaces(function);
    }
    dropPointees(**module);
    dropDwarf(**module);
    std::error_code error;
    llvm::raw_fd_ostream out(argv[2], error);
    if (!error) {
        llvm::WriteBitcodeToFile(**module, out);
        out.close();
        error = out.error();
    }
    if (error) {
        std::fprintf(stderr, "%s: %s\n", argv[2], error.message().c_str());
        return 1;
    }
    return 0;
}
