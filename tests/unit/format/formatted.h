// SPDX-License-Identifier: Apache-2.0
// A text parsed and formatted, for tests of the formatter.
#pragma once

#include "compiler/ast/dump.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"

#include <string>
#include <utility>

namespace landlatch::format {

struct Formatted {
    explicit Formatted(std::string source)
        : id(sources.add("test.ll", std::move(source))), file(syntax::parse(sources, id, sink)) {
        if (!sink.hasErrors()) {
            text = format(file, sources);
            shape = ast::dumpWithoutPlaces(file);
        }
    }

    /// The comments in order, without the blanks at their ends.
    [[nodiscard]] std::vector<std::string> comments() const {
        std::vector<std::string> out;
        for (const ast::Comment& comment : file.comments) {
            const std::string_view whole = sources.text(comment.span);
            out.emplace_back(whole.substr(0, whole.find_last_not_of(" \t\r") + 1));
        }
        return out;
    }
    [[nodiscard]] std::string firstError() const { return sink.hasErrors() ? sink.sorted().front().message() : ""; }

    SourceManager sources;
    diag::Sink sink;
    FileId id;
    ast::File file;
    std::string text;  ///< formatted; empty after an error
    std::string shape; ///< the tree without places and comments
};

} // namespace landlatch::format
