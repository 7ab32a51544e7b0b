// SPDX-License-Identifier: Apache-2.0
// Specialisation of the gate template.
//
// Clang has optimised the template with ll_used unknown, so every `if (ll_used & FACT)` is still a branch. Once ll_used
// is a constant, folding loads from it, simplifying instructions and dropping unreachable blocks is all it takes for
// the code of unused facts to vanish; with it vanish the last uses of their maps, subprograms and CO-RE relocations. A
// full optimiser pipeline would do no more and take several times as long.
#include "compiler/backend/gates/specialise.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/Analysis/InstructionSimplify.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/Local.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

#include "bpf-templates/match.h"

#include <string>

namespace landlatch::gates {
namespace {

Error missing(llvm::StringRef name) {
    return Error{EINVAL, "the gate template has no " + name.str() + ", which policy.h declares"};
}

/// The template declares `extern const __u32 NAME`: gives it a value that later folding sees.
Result<void> defineConstant(llvm::Module& module, llvm::StringRef name, std::uint32_t value) {
    llvm::GlobalVariable* variable = module.getNamedGlobal(name);
    if (variable == nullptr) {
        return missing(name);
    }
    variable->setInitializer(llvm::ConstantInt::get(variable->getValueType(), value));
    variable->setLinkage(llvm::GlobalValue::InternalLinkage);
    return {};
}

/// Simplifies instructions and branches until nothing changes any more.
void foldFunction(llvm::Function& function, const llvm::DataLayout& layout) {
    for (bool changed = true; changed;) {
        changed = false;
        for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
            llvm::Value* value = nullptr;
            if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction); load != nullptr && !load->isVolatile()) {
                if (auto* from = llvm::dyn_cast<llvm::Constant>(load->getPointerOperand())) {
                    value = llvm::ConstantFoldLoadFromConstPtr(from, load->getType(), layout);
                }
            } else {
                value = llvm::simplifyInstruction(&instruction, llvm::SimplifyQuery(layout, &instruction));
            }
            if (value != nullptr && value != &instruction && !instruction.use_empty()) {
                instruction.replaceAllUsesWith(value);
                changed = true;
            }
            if (llvm::isInstructionTriviallyDead(&instruction)) {
                instruction.eraseFromParent();
                changed = true;
            }
        }
        for (llvm::BasicBlock& block : function) {
            changed |= llvm::ConstantFoldTerminator(&block, true);
        }
        changed |= llvm::removeUnreachableBlocks(function);
    }
}

/// Whether a policy needs the program. Those not named are needed always.
bool isProgramNeeded(llvm::StringRef name, const Variant& variant) {
    const bool script = (variant.used_facts & (1U << LL_DIM_SCRIPT)) != 0;
    const bool lineage = (variant.used_facts & (1U << LL_DIM_PARENT | LL_UNKNOWN_ANCESTORS)) != 0;
    if (name == "ll_note") {
        return script;
    }
    if (name == "ll_fork") {
        return lineage;
    }
    if (name == "ll_free") {
        return script || lineage;
    }
    if (name == "ll_match") {
        return variant.match_program;
    }
    return true;
}

/// Kernel functions that programs call have a section too.
bool isProgram(const llvm::Function& function) { return function.hasSection() && function.getSection() != ".ksyms"; }

/// Removes the programs that the policy doesn't need, before a word of them is read, and the marks by which the
/// template keeps its maps: from here on a map is kept by its uses.
void removePrograms(llvm::Module& module, const Variant& variant) {
    llvm::SmallVector<llvm::Function*, 8> programs;
    for (llvm::Function& function : module) {
        if (isProgram(function) && !isProgramNeeded(function.getName(), variant)) {
            programs.push_back(&function);
        }
    }
    llvm::removeFromUsedLists(module, [&](llvm::Constant* constant) {
        const auto* global = llvm::dyn_cast<llvm::GlobalObject>(constant->stripPointerCasts());
        return global != nullptr && (global->getSection() == ".maps" || llvm::is_contained(programs, global));
    });
    for (llvm::Function* program : programs) {
        program->eraseFromParent();
    }
}

/// Reads, folds, and goes on with what is still called, from the programs on.
Result<void> foldReachable(llvm::Module& module) {
    llvm::SmallVector<llvm::Function*, 32> work;
    llvm::SmallPtrSet<llvm::Function*, 32> seen;
    for (llvm::Function& function : module) {
        if (isProgram(function)) {
            work.push_back(&function);
            seen.insert(&function);
        }
    }
    while (!work.empty()) {
        llvm::Function* function = work.pop_back_val();
        if (llvm::Error error = function->materialize()) {
            return Error{EINVAL, "LLVM: " + llvm::toString(std::move(error))};
        }
        foldFunction(*function, module.getDataLayout());
        for (const llvm::Instruction& instruction : llvm::instructions(*function)) {
            for (const llvm::Use& use : instruction.operands()) { // calls, and callbacks given to bpf_loop
                auto* used = llvm::dyn_cast<llvm::Function>(use.get());
                if (used != nullptr && (used->isMaterializable() || !used->isDeclaration()) &&
                    seen.insert(used).second) {
                    work.push_back(used);
                }
            }
        }
    }
    return {};
}

/// Removes what nothing refers to: functions, maps and relocation markers that only removed code used.
void removeUnused(llvm::Module& module) {
    for (bool changed = true; changed;) {
        changed = false;
        for (llvm::Function& function : llvm::make_early_inc_range(module)) {
            if (!isProgram(function) && function.use_empty()) {
                function.eraseFromParent();
                changed = true;
            }
        }
        for (llvm::GlobalVariable& variable : llvm::make_early_inc_range(module.globals())) {
            variable.removeDeadConstantUsers();
            const bool special = variable.getName().starts_with("llvm.") && variable.hasAppendingLinkage();
            const bool loaded = variable.hasSection() && variable.getSection() != ".maps"; // license, tables
            if (!special && !loaded && variable.use_empty()) {
                variable.eraseFromParent();
                changed = true;
            }
        }
    }
}

} // namespace

Result<void> specialise(llvm::Module& module, const Variant& variant) {
    if (auto done = defineConstant(module, "ll_used", variant.used_facts); !done) {
        return done;
    }
    removePrograms(module, variant);
    if (auto done = foldReachable(module); !done) {
        return done;
    }
    removeUnused(module);
    return {};
}

} // namespace landlatch::gates
