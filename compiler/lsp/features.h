// SPDX-License-Identifier: Apache-2.0
// Answers to an editor's questions about one document. Each takes finished values and returns the protocol's JSON.
#pragma once

#include "compiler/lsp/document.h"
#include "compiler/lsp/symbols.h"
#include "compiler/lsp/workspace.h"

#include <string>
#include <vector>

namespace landlatch::lsp {

/// What a question is about.
struct Question {
    const Document& document;
    const Symbols& symbols;
    const Workspace& workspace;
    Encoding encoding = Encoding::kUtf16;
    std::uint32_t offset = 0; ///< where the cursor is, for those that ask for a place
    const Json& diagnostics;  ///< what was published of the document last; an array
};

Json completion(const Question& question);
Json hover(const Question& question);
Json definition(const Question& question);
Json references(const Question& question, bool with_declaration);
/// The place and text of what could be renamed; null for nothing.
Json prepareRename(const Question& question);
/// A workspace edit; `error` says why there is none.
Json rename(const Question& question, const std::string& new_name, std::string& error);
Json documentSymbols(const Question& question);
Json foldingRanges(const Question& question);
Json semanticTokens(const Question& question);
Json formatting(const Question& question);
/// Fix-its of the diagnostics in `range`, and taking warnings back.
Json codeActions(const Question& question, const Json& range);

/// The kinds of semantic tokens, in the order of their numbers.
[[nodiscard]] const std::vector<std::string>& tokenTypes();

/// Everything `llc check` says of the document, as published. Takes as long as it takes.
Json diagnose(FileSystem& files, const std::string& path, const std::vector<std::string>& include_dirs,
              Encoding encoding);

} // namespace landlatch::lsp
