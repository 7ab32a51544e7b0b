// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/file_abi.h"

#include "runtime/landlock/abi.h"

namespace landlatch::sema {

namespace {

bool known(std::uint64_t number, Span where, Context& context) {
    if (number >= abi::kFirst && number <= abi::kLatest) {
        return true;
    }
    context.report(diag::Id::kUnknownAbi, where,
                   {std::to_string(number), std::to_string(abi::kFirst), std::to_string(abi::kLatest)});
    return false;
}

FileAbi readOne(const Module& module, Context& context) {
    FileAbi result;
    for (const ast::Statement& statement : module.ast.statements) {
        if (const auto* decl = std::get_if<ast::AbiDecl>(&statement.what)) {
            if (result.abi_span.valid()) {
                context.report(diag::Id::kStatedTwice, statement.span, {"abi"}).label(result.abi_span, "first here");
                continue;
            }
            result.abi_span = statement.span;
            result.abi = known(decl->abi, decl->number_span, context) ? static_cast<std::uint32_t>(decl->abi) : 0;
        } else if (const auto* required = std::get_if<ast::RequiresDecl>(&statement.what)) {
            if (result.required_span.valid()) {
                context.report(diag::Id::kStatedTwice, statement.span, {"requires"})
                    .label(result.required_span, "first here");
                continue;
            }
            result.required_span = statement.span;
            result.required = known(required->abi, required->number_span, context) ? required : nullptr;
        }
    }
    if (!result.abi_span.valid()) {
        context.report(diag::Id::kNoAbi, Span{module.file, 0, 0}, {module.path})
            .help("start the file with `abi N`, the newest Landlock ABI whose rights it speaks of");
    }
    if (result.abi == 0) {
        result.abi = abi::kLatest;
    }
    return result;
}

} // namespace

std::uint32_t floorOf(const FileAbi& root) {
    return root.required != nullptr ? static_cast<std::uint32_t>(root.required->abi) : root.abi;
}

std::vector<FileAbi> readFileAbis(const std::vector<Module>& modules, Context& context) {
    std::vector<FileAbi> result;
    for (const Module& module : modules) {
        result.push_back(readOne(module, context));
    }
    const std::uint32_t floor = floorOf(result[kRoot]);
    for (ModuleId id = 1; id < modules.size(); ++id) {
        const FileAbi& file = result[id];
        if (file.required == nullptr || floorOf(file) <= floor) {
            continue;
        }
        diag::Diagnostic& diagnostic =
            context.report(diag::Id::kImportRequiresMore, file.required->number_span,
                           {modules[id].path, std::to_string(floorOf(file)), std::to_string(floor)});
        const FileAbi& root = result[kRoot];
        diagnostic.label(root.required != nullptr ? root.required_span : root.abi_span, "the floor is set here");
        diagnostic.help("only the root file sets the floor: raise it there to " + std::to_string(floorOf(file)));
    }
    return result;
}

} // namespace landlatch::sema
