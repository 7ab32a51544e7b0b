// SPDX-License-Identifier: Apache-2.0
// The whole check of a document, as the protocol's diagnostics, and the edits that mend them.
#include "compiler/lint/allow.h"
#include "compiler/lint/lint.h"
#include "compiler/lsp/features.h"
#include "compiler/match/plan.h"
#include "compiler/sema/analysis.h"

#include <fmt/format.h>

namespace landlatch::lsp {

namespace {

/// A diagnostic with what the editor needs later: its fix-its ride along in `data`.
class Publisher {
public:
    Publisher(const SourceManager& sources, const std::vector<sema::Module>& modules, const std::string& path,
              Encoding encoding)
        : sources_(sources), modules_(modules), path_(path), encoding_(encoding) {}

    Json publish(const diag::Diagnostic& diagnostic) {
        Json out = {{"severity", diag::info(diagnostic.id).severity == diag::Severity::kError ? 1 : 2},
                    {"code", diag::info(diagnostic.id).code},
                    {"source", "llc"}};
        std::string message = diagnostic.message();
        const bool here = isRoot(diagnostic.primary.file);
        out["range"] = here ? rangeOf(sources_, diagnostic.primary, encoding_) : rangeOfImport();
        if (!here && diagnostic.primary.valid()) {
            const LineColumn at = sources_.lineColumn(diagnostic.primary.file, diagnostic.primary.begin);
            message = fmt::format("{}:{}:{}: {}", sources_.name(diagnostic.primary.file), at.line, at.column, message);
        }
        for (const std::string& note : diagnostic.notes) {
            message += "\nnote: " + note;
        }
        for (const std::string& help : diagnostic.helps) {
            message += "\nhelp: " + help;
        }
        out["message"] = message;
        Json related = Json::array();
        for (const diag::Label& label : diagnostic.labels) {
            if (label.span.valid() && isRoot(label.span.file)) {
                related.push_back(
                    {{"location", {{"uri", uriOf(path_)}, {"range", rangeOf(sources_, label.span, encoding_)}}},
                     {"message", label.text.empty() ? "here" : label.text}});
            }
        }
        out["relatedInformation"] = std::move(related);
        Json fixes = Json::array();
        for (const diag::FixIt& fix : diagnostic.fixits) {
            if (isRoot(fix.span.file)) {
                fixes.push_back({{"title", fix.message},
                                 {"range", rangeOf(sources_, fix.span, encoding_)},
                                 {"newText", fix.replacement}});
            }
        }
        out["data"] = {{"fixes", std::move(fixes)}, {"here", here}};
        return out;
    }

private:
    [[nodiscard]] bool isRoot(FileId file) const { return !modules_.empty() && modules_[0].file == file; }

    /// What is wrong elsewhere shows at the first import.
    [[nodiscard]] Json rangeOfImport() const {
        if (!modules_.empty() && !modules_[0].imports.empty()) {
            return rangeOf(sources_, modules_[0].imports[0].span, encoding_);
        }
        const Json start = {{"line", 0}, {"character", 0}};
        return {{"start", start}, {"end", start}};
    }

    const SourceManager& sources_;
    const std::vector<sema::Module>& modules_;
    const std::string& path_;
    Encoding encoding_;
};

Json editOf(const std::string& uri, const Json& range, const std::string& text) {
    return {{"changes", {{uri, Json::array({{{"range", range}, {"newText", text}}})}}}};
}

bool before(const Json& a, const Json& b) {
    return a.value("line", 0U) < b.value("line", 0U) ||
           (a.value("line", 0U) == b.value("line", 0U) && a.value("character", 0U) < b.value("character", 0U));
}

} // namespace

Json diagnose(FileSystem& files, const std::string& path, const std::vector<std::string>& include_dirs,
              Encoding encoding) {
    SourceManager sources;
    diag::Sink sink;
    const sema::Analysis analysis = sema::analyzeModules(sources, files, path, {include_dirs, std::nullopt}, sink);
    bool complete = false;
    if (analysis.policy && match::plan(*analysis.policy, sources, sink)) {
        lint::check({sources, analysis.modules, *analysis.policy, analysis.unused, nullptr}, sink);
        complete = true;
    }
    lint::Allows(sources, analysis.modules, sink)
        .apply(
            [&](diag::Id id) {
                return complete && id != diag::Id::kPathMissingHere && id != diag::Id::kPathIsLinkHere &&
                       id != diag::Id::kNotRestrictedOnTarget;
            },
            sink);
    Publisher publisher(sources, analysis.modules, path, encoding);
    Json all = Json::array();
    for (const diag::Diagnostic& diagnostic : sink.sorted()) {
        all.push_back(publisher.publish(diagnostic));
    }
    return all;
}

Json codeActions(const Question& question, const Json& range) {
    Json actions = Json::array();
    const std::string& uri = question.document.uri;
    for (const Json& diagnostic : question.diagnostics) {
        const Json& where = diagnostic["range"];
        if (before(range["end"], where["start"]) || before(where["end"], range["start"])) {
            continue;
        }
        for (const Json& fix : diagnostic["data"]["fixes"]) {
            actions.push_back({{"title", fix.value("title", "") + ": `" + fix.value("newText", "") + "`"},
                               {"kind", "quickfix"},
                               {"diagnostics", Json::array({diagnostic})},
                               {"edit", editOf(uri, fix["range"], fix.value("newText", ""))}});
        }
        const std::string code = diagnostic.value("code", "");
        // A comment takes back what stands in its own file.
        if (diagnostic.value("severity", 0) == 2 && !code.starts_with("W11") &&
            diagnostic["data"].value("here", false)) {
            const Json start = {{"line", where["start"]["line"]}, {"character", 0}};
            const std::uint32_t at = offsetOf(question.document.text, start, question.encoding);
            const std::size_t blanks =
                std::min(question.document.text.find_first_not_of(" \t", at), question.document.text.size()) - at;
            const std::string comment =
                question.document.text.substr(at, blanks) + "# llc: allow " + code + " because \n";
            actions.push_back({{"title", "take " + code + " back here, with a reason"},
                               {"kind", "quickfix"},
                               {"diagnostics", Json::array({diagnostic})},
                               {"edit", editOf(uri, {{"start", start}, {"end", start}}, comment)}});
        }
    }
    return actions;
}

} // namespace landlatch::lsp
