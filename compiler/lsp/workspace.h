// SPDX-License-Identifier: Apache-2.0
// What lies beyond one document and its imports: the other open ones, and the policies in the editor's folders.
#pragma once

#include "compiler/lsp/document.h"
#include "compiler/lsp/symbols.h"

#include <map>
#include <string>
#include <vector>

namespace landlatch::lsp {

/// A name's place in a file.
struct Place {
    std::string path; ///< canonical where the file exists
    std::string uri;
    std::string std_path; ///< "std/base.ll" for a file of the library, which has to be written before anyone goes there
    Json range;
    bool by_namespace = false; ///< `base` for the ruleset `base` of the namespace `base`
};

class Workspace {
public:
    Workspace(const std::map<std::string, Document>& documents, const std::vector<std::string>& include_dirs)
        : documents_(documents), include_dirs_(include_dirs) {}

    /// Takes the folders from the params of `initialize`.
    void initialize(const Json& params);
    /// And from those of `workspace/didChangeWorkspaceFolders`.
    void changeFolders(const Json& params);

    struct Uses {
        std::vector<Place> places;       ///< by file, then in order; each once
        std::vector<std::string> broken; ///< files that hold the name and have syntax errors: uses may be missing
        bool complete = true;            ///< false when the folders hold more than is looked through
    };
    /// Every place of what `id` of `from` means: in `from` and what it imports, and in every open document and every
    /// policy below the folders that imports the file which declares it.
    [[nodiscard]] Uses usesOf(const Symbols& from, SymbolId id, bool with_declaration, Encoding encoding) const;

    /// One name for a module's file, however it was reached; of a library file, where editors find it.
    [[nodiscard]] std::string identityOf(const sema::Module& module) const;
    /// As the editor knows the file.
    [[nodiscard]] std::string uriOfModule(const sema::Module& module) const;

private:
    [[nodiscard]] std::string canonical(const std::string& path) const;
    /// Paths of the files that may import `identity`, whose name is `stem`. False when there may be more.
    bool candidates(const std::string& identity, const std::string& stem, std::vector<std::string>& paths) const;

    const std::map<std::string, Document>& documents_;
    const std::vector<std::string>& include_dirs_;
    std::vector<std::string> folders_;
};

} // namespace landlatch::lsp
