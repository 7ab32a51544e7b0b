// SPDX-License-Identifier: Apache-2.0
// What every parser test does first: parse a text and keep the sources, the tree and the diagnostics together.
#pragma once

#include "compiler/ast/dump.h"
#include "compiler/syntax/parse.h"

#include <string>
#include <utility>

namespace landlatch::syntax {

struct Parsed {
    explicit Parsed(std::string text) : id(sources.add("test.ll", std::move(text))), file(parse(sources, id, sink)) {}

    SourceManager sources;
    diag::Sink sink;
    FileId id;
    ast::File file;

    /// One line a diagnostic: "E0118 1:20-1:21 the message".
    [[nodiscard]] std::string errors() const {
        std::string out;
        for (const diag::Diagnostic& diagnostic : sink.sorted()) {
            const LineColumn begin = sources.lineColumn(id, diagnostic.primary.begin);
            const LineColumn end = sources.lineColumn(id, diagnostic.primary.end);
            out += std::string(diag::info(diagnostic.id).code) + " " + std::to_string(begin.line) + ":" +
                   std::to_string(begin.column) + "-" + std::to_string(end.line) + ":" + std::to_string(end.column) +
                   " " + diagnostic.message() + "\n";
        }
        return out;
    }
    [[nodiscard]] std::string dump() const { return ast::dump(file, sources); }
    [[nodiscard]] std::string_view text(Span span) const { return sources.text(span); }
};

} // namespace landlatch::syntax
