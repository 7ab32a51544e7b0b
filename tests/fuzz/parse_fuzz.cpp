// SPDX-License-Identifier: Apache-2.0
// Any bytes through the parser: it comes back, says something wherever it made nothing, and every place lies in the
// text. What parses is formatted: that means the same, keeps every comment, and is formatted already.
#include "compiler/ast/dump.h"
#include "compiler/diag/render.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"
#include "runtime/base/check.h"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace landlatch;

namespace {

void checkFormatted(const ast::File& file, const SourceManager& sources) {
    SourceManager again;
    diag::Sink sink;
    const FileId id = again.add("formatted.ll", format::format(file, sources));
    const ast::File formatted = syntax::parse(again, id, sink);
    LANDLATCH_CHECK(!sink.hasErrors());
    LANDLATCH_CHECK(ast::dumpWithoutPlaces(formatted) == ast::dumpWithoutPlaces(file));
    LANDLATCH_CHECK(formatted.comments.size() == file.comments.size());
    LANDLATCH_CHECK(format::format(formatted, again) == again.text(id));
}

} // namespace

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
    if (!sink.hasErrors()) {
        checkFormatted(file, sources);
    }
    return 0;
}
