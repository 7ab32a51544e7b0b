// SPDX-License-Identifier: Apache-2.0
// Any bytes through the parser: it comes back, says something wherever it made nothing, and every place lies in the
// text.
#include "compiler/ast/dump.h"
#include "compiler/diag/render.h"
#include "compiler/syntax/parse.h"
#include "runtime/base/check.h"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace landlatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SourceManager sources;
    diag::Sink sink;
    const FileId id = sources.add("fuzz.ll", std::string(reinterpret_cast<const char*>(data), size));
    const ast::File file = syntax::parse(sources, id, sink);
    for (const diag::Diagnostic& diagnostic : sink.all()) {
        LANDLATCH_CHECK(diagnostic.primary.begin <= diagnostic.primary.end && diagnostic.primary.end <= size);
        for (const diag::FixIt& fix : diagnostic.fixits) {
            LANDLATCH_CHECK(fix.span.begin <= fix.span.end && fix.span.end <= size);
        }
    }
    std::uint32_t end = 0;
    for (const ast::Statement& statement : file.statements) {
        LANDLATCH_CHECK(end <= statement.span.begin && statement.span.begin < statement.span.end);
        end = statement.span.end;
    }
    LANDLATCH_CHECK(end <= size);
    LANDLATCH_CHECK(ast::dump(file, sources).empty() == (file.statements.empty() && file.comments.empty()));
    LANDLATCH_CHECK(diag::renderText(sources, sink, {}).empty() == sink.all().empty());
    return 0;
}
