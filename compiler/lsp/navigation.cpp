// SPDX-License-Identifier: Apache-2.0
// From a name to where it is declared and used, and to another name.
#include "compiler/lsp/features.h"
#include "compiler/lsp/library.h"
#include "compiler/syntax/keywords.h"

#include <algorithm>

namespace landlatch::lsp {

namespace {

std::size_t moduleOfFile(const Symbols& symbols, FileId file) {
    const auto& modules = symbols.modules();
    const auto found =
        std::find_if(modules.begin(), modules.end(), [&](const sema::Module& module) { return module.file == file; });
    return static_cast<std::size_t>(found - modules.begin());
}

/// Null for a file of the toolchain's library that can't be shown to the editor.
Json locationOf(const Question& question, Span span) {
    const sema::Module& module = question.symbols.modules()[moduleOfFile(question.symbols, span.file)];
    if (module.is_std && !writeLibraryFile(module.path)) {
        return nullptr;
    }
    return {{"uri", question.workspace.uriOfModule(module)},
            {"range", rangeOf(question.symbols.sources(), span, question.encoding)}};
}

/// Whether the file is nobody's to change.
bool isOfLibrary(const Question& question, const sema::Module& module) {
    return module.is_std || isLibraryFile(normalised(module.path)) ||
           isLibraryFile(question.workspace.identityOf(module));
}

/// Why the symbol can't have the name, judged by its own file; empty when it can.
std::string nameProblem(const Symbols& symbols, SymbolId id, const std::string& name) {
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
    return {};
}

/// Why the places can't all be changed; empty when they can.
std::string placesProblem(const Question& question, SymbolId id, const Workspace::Uses& uses, const std::string& name) {
    const std::string home = question.workspace.identityOf(question.symbols.modules()[id.module]);
    for (const Place& place : uses.places) {
        if (place.by_namespace) {
            return "it is used by the name of its namespace alone, which comes from its file's name";
        }
        if (name.starts_with('_') && place.path != home) {
            return "a name with `_` in front is private, and " + place.path + " uses it";
        }
    }
    if (!uses.broken.empty()) {
        return uses.broken.front() + " has syntax errors; a use there could be missed";
    }
    return uses.complete ? "" : "the folders hold more policies than are looked through; a use could be missed";
}

} // namespace

Json definition(const Question& question) {
    const auto found = question.symbols.symbolAt(question.offset);
    if (!found) {
        return nullptr;
    }
    const Symbols& symbols = question.symbols;
    const ast::Declared& declared = symbols.at(found->first);
    // At an import itself, what it imports.
    if (declared.kind == ast::NameKind::kNamespace && found->second == declared.name_span) {
        if (const std::optional<std::size_t> target = symbols.moduleOf(found->first.module, declared.name)) {
            return locationOf(question, Span{symbols.modules()[*target].file, 0, 0});
        }
    }
    return locationOf(question, declared.name_span);
}

Json references(const Question& question, bool with_declaration) {
    Json places = Json::array();
    if (const auto found = question.symbols.symbolAt(question.offset)) {
        Workspace::Uses uses =
            question.workspace.usesOf(question.symbols, found->first, with_declaration, question.encoding);
        for (Place& place : uses.places) {
            if (place.std_path.empty() || writeLibraryFile(place.std_path)) {
                places.push_back({{"uri", std::move(place.uri)}, {"range", std::move(place.range)}});
            }
        }
    }
    return places;
}

Json prepareRename(const Question& question) {
    const auto found = question.symbols.symbolAt(question.offset);
    if (!found || isOfLibrary(question, question.symbols.modules()[found->first.module]) ||
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
    error = nameProblem(symbols, id, new_name);
    if (!error.empty()) {
        return nullptr;
    }
    const Workspace::Uses uses = question.workspace.usesOf(symbols, id, false, question.encoding);
    error = placesProblem(question, id, uses, new_name);
    if (!error.empty()) {
        return nullptr;
    }
    Json changes = Json::object();
    Span declared = symbols.at(id).name_span;
    std::string text = new_name;
    const auto* const import = std::get_if<ast::Import>(&symbols.statementOf(id)->what);
    if (import != nullptr && !import->as) {
        declared.begin = declared.end;
        text = " as " + new_name;
    } else if (symbols.sources().text(declared).starts_with('"')) {
        ++declared.begin;
        --declared.end;
    }
    changes[question.workspace.uriOfModule(symbols.modules()[id.module])].push_back(
        {{"range", rangeOf(symbols.sources(), declared, question.encoding)}, {"newText", text}});
    for (const Place& place : uses.places) {
        changes[place.uri].push_back({{"range", place.range}, {"newText", new_name}});
    }
    return {{"changes", std::move(changes)}};
}

} // namespace landlatch::lsp
