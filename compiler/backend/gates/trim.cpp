// SPDX-License-Identifier: Apache-2.0
#include "compiler/backend/gates/trim.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

namespace landlatch::gates {
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
                !pointer->getAnnotations() && // kptrs are pointers with a tag, in values of maps
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

/// Gives the functions' source files an empty line for their text. The BTF writer would else look for the files where
/// llc runs, and put their lines into the object if they were there.
void dropText(llvm::Module& module) {
    for (llvm::Function& function : module) {
        llvm::DISubprogram* subprogram = function.getSubprogram();
        const llvm::DIFile* file = subprogram == nullptr ? nullptr : subprogram->getFile();
        if (file != nullptr) {
            constexpr unsigned kFile = 0;
            subprogram->replaceOperandWith(kFile, llvm::DIFile::get(module.getContext(), file->getFilename(),
                                                                    file->getDirectory(), std::nullopt, "\n"));
        }
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

void trim(llvm::Module& module) {
    for (llvm::Function& function : module) {
        dropPlaces(function);
    }
    dropPointees(module);
    dropText(module);
    dropDwarf(module);
}

} // namespace landlatch::gates
