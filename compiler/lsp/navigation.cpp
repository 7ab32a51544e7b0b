// SPDX-License-Identifier: Apache-2.0
// From a name to where it is declared and used, and to another name.
#include "compiler/lsp/features.h"
#include "compiler/syntax/keywords.h"

#include <algorithm>

namespace landlatch::lsp {

namespace {

std::string uriOfModule(const Question& question, std::size_t module) {
    return module == 0 ? question.document.uri : uriOf(normalised(question.symbols.modules()[module].path));
}

std::size_t moduleOfFile(const Symbols& symbols, FileId file) {
    const auto& modules = symbols.modules();
    const auto found =
        std::find_if(modules.begin(), modules.end(), [&](const sema::Module& module) { return module.file == file; });
    return static_cast<std::size_t>(found - modules.begin());
}

/// Null for a file of the toolchain's library, which is not on disk.
Json locationOf(const Question& question, Span span) {
    const std::size_t module = moduleOfFile(question.symbols, span.file);
    if (question.symbols.modules()[module].is_std) {
        return nullptr;
    }
    return {{"uri", uriOfModule(question, module)},
            {"range", rangeOf(question.symbols.sources(), span, question.encoding)}};
}

/// Why the symbol can't have the name; empty when it can.
std::string renameProblem(const Symbols& symbols, SymbolId id, const std::string& name) {
    if (!syntax::isBareWord(name) || name.find('.') != std::string::npos) {
        return "`" + name + "` cannot be a name: letters, digits, `_`, `-` and `@`, and no keyword";
    }
    if (symbols.find(id.module, symbols.at(id).kind, name)) {
        return "`" + name + "` is declared already";
    }
    const bool of_ruleset = symbols.at(id).kind == ast::NameKind::kRuleset;
    const bool of_namespace = symbols.at(id).kind == ast::NameKind::kNamespace;
    if ((of_ruleset && symbols.find(id.module, ast::NameKind::kNamespace, name)) ||
        (of_namespace && symbols.find(id.module, ast::NameKind::kRuleset, name))) {
        return "a ruleset cannot have the name of a namespace";
    }
    for (std::size_t module = 0; module < symbols.modules().size(); ++module) {
        for (const ResolvedUse& use : symbols.uses(module)) {
            if (use.symbol == id && use.by_namespace) {
                return "it is used by the name of its namespace alone, which comes from its file's name";
            }
        }
    }
    return {};
}

} // namespace

Json definition(const Question& question) {
    const auto found = question.symbols.symbolAt(question.offset);
    return found ? locationOf(question, question.symbols.at(found->first).name_span) : Json(nullptr);
}

Json references(const Question& question, bool with_declaration) {
    Json places = Json::array();
    if (const auto found = question.symbols.symbolAt(question.offset)) {
        for (const Span span : question.symbols.placesOf(found->first, with_declaration)) {
            if (Json location = locationOf(question, span); !location.is_null()) {
                places.push_back(std::move(location));
            }
        }
    }
    return places;
}

Json prepareRename(const Question& question) {
    const auto found = question.symbols.symbolAt(question.offset);
    if (!found || question.symbols.modules()[found->first.module].is_std ||
        question.symbols.at(found->first).kind == ast::NameKind::kTest) {
        return nullptr;
    }
    return {{"range", rangeOf(question.symbols.sources(), found->second, question.encoding)},
            {"placeholder", question.symbols.at(found->first).name}};
}

Json rename(const Question& question, const std::string& new_name, std::string& error) {
    const auto found = question.symbols.symbolAt(question.offset);
    if (prepareRename(question).is_null()) {
        error = "nothing here that can be renamed";
        return nullptr;
    }
    const Symbols& symbols = question.symbols;
    const SymbolId id = found->first;
    error = renameProblem(symbols, id, new_name);
    if (!error.empty()) {
        return nullptr;
    }
    Json changes = Json::object();
    const auto edit = [&](Span span, const std::string& text) {
        changes[uriOfModule(question, moduleOfFile(symbols, span.file))].push_back(
            {{"range", rangeOf(symbols.sources(), span, question.encoding)}, {"newText", text}});
    };
    Span declared = symbols.at(id).name_span;
    const auto* const import = std::get_if<ast::Import>(&symbols.statementOf(id)->what);
    if (import != nullptr && !import->as) {
        edit({declared.file, declared.end, declared.end}, " as " + new_name);
    } else {
        const bool quoted = symbols.sources().text(declared).starts_with('"');
        declared.begin += quoted ? 1 : 0;
        declared.end -= quoted ? 1 : 0;
        edit(declared, new_name);
    }
    for (const Span span : symbols.placesOf(id, false)) {
        edit(span, new_name);
    }
    return {{"changes", std::move(changes)}};
}

} // namespace landlatch::lsp
