// SPDX-License-Identifier: Apache-2.0
// The names of one document and what it imports: who declares what stands at a place, and who uses it. Made of syntax
// trees alone, so that it is there at once and in spite of errors elsewhere.
#pragma once

#include "compiler/ast/names.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/lsp/document.h"
#include "compiler/sema/modules.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace landlatch::lsp {

/// A declaration, by module and index into its `declared`.
struct SymbolId {
    std::size_t module = 0;
    std::size_t index = 0;
    bool operator==(const SymbolId&) const = default;
};

/// A use and what it means.
struct ResolvedUse {
    Span span; ///< of the name's last part
    std::optional<SymbolId> symbol;
    std::optional<Span> space; ///< of the namespace before the dot
    std::optional<SymbolId> space_symbol;
    bool by_namespace = false; ///< `base` for the ruleset `base` of the namespace `base`
};

class Symbols {
public:
    /// Loads `path` and its imports; also where they have errors.
    Symbols(FileSystem& files, const std::string& path, const std::vector<std::string>& include_dirs);

    [[nodiscard]] bool loaded() const { return !modules_.empty(); }
    [[nodiscard]] const SourceManager& sources() const { return sources_; }
    [[nodiscard]] const std::vector<sema::Module>& modules() const { return modules_; }
    [[nodiscard]] const std::vector<ast::Declared>& declared(std::size_t module) const { return declared_[module]; }
    [[nodiscard]] const std::vector<ResolvedUse>& uses(std::size_t module) const { return uses_[module]; }
    [[nodiscard]] const ast::Declared& at(SymbolId id) const { return declared_[id.module][id.index]; }
    [[nodiscard]] const ast::Statement* statementOf(SymbolId id) const;
    /// What is declared or used at `offset` of the root file, and the place of that name.
    [[nodiscard]] std::optional<std::pair<SymbolId, Span>> symbolAt(std::uint32_t offset) const;
    /// Every place of the name in all modules; the declaration only when asked for.
    [[nodiscard]] std::vector<Span> placesOf(SymbolId id, bool with_declaration) const;
    /// The module that a namespace of `module` stands for.
    [[nodiscard]] std::optional<std::size_t> moduleOf(std::size_t module, const std::string& space) const;
    [[nodiscard]] std::optional<SymbolId> find(std::size_t module, ast::NameKind kind, const std::string& name) const;
    /// A value of ports or paths as text, variables filled in; empty for what is too deep or unknown.
    [[nodiscard]] std::string expanded(std::size_t module, const ast::Value& value, std::size_t depth = 0) const;

private:
    ResolvedUse resolve(std::size_t module, const ast::NameUse& use) const;

    SourceManager sources_;
    diag::Sink sink_;
    std::vector<sema::Module> modules_;
    std::vector<std::vector<ast::Declared>> declared_;
    std::vector<std::unordered_map<std::string, std::vector<std::size_t>>> by_name_; ///< by module: its declarations
    std::vector<std::vector<ResolvedUse>> uses_;
};

} // namespace landlatch::lsp
