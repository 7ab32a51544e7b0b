// SPDX-License-Identifier: Apache-2.0
#include "compiler/diag/render.h"

#include "compiler/diag/snippet.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace landlatch::diag {

namespace {

constexpr std::uint32_t kMaxSourceWidth = 160;

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kMagenta = "\x1b[1;35m";
constexpr std::string_view kCyan = "\x1b[1;36m";
constexpr std::string_view kBlue = "\x1b[1;34m";
constexpr std::string_view kOff = "\x1b[0m";

bool isError(const Diagnostic& d, const RenderOptions& options) {
    return options.warnings_are_errors || info(d.id).severity == Severity::kError;
}

/// Writes the parts of one text rendering.
class TextRenderer {
public:
    TextRenderer(const SourceManager& sources, const RenderOptions& options) : sources_(sources), options_(options) {}

    void diagnostic(const Diagnostic& d) {
        const bool error = isError(d, options_);
        const std::string head = fmt::format("{}[{}]", error ? "error" : "warning", info(d.id).code);
        place(d.primary, head, error ? kRed : kMagenta, d.message());
        for (const Label& label : d.labels) {
            place(label.span, "note", kCyan, label.text.empty() ? "here" : label.text);
        }
        for (const std::string& note : d.notes) {
            remark("note", kCyan, note);
        }
        for (const std::string& help : d.helps) {
            remark("help", kBlue, help);
        }
        for (const FixIt& fix : d.fixits) {
            fixIt(fix, d.helps);
        }
    }

    void summary(std::size_t errors, std::size_t warnings, std::size_t shown) {
        remark("note", kCyan,
               fmt::format("{} error{} and {} warning{}; {} of them shown", errors, errors == 1 ? "" : "s", warnings,
                           warnings == 1 ? "" : "s", shown));
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    [[nodiscard]] std::string coloured(std::string_view colour, std::string_view text) const {
        return options_.colour ? fmt::format("{}{}{}", colour, text, kOff) : std::string(text);
    }

    /// `path:line:col: HEAD: MESSAGE`, the line and its carets; without a valid span the head only.
    void place(Span span, std::string_view head, std::string_view colour, std::string_view message) {
        if (!span.valid()) {
            out_ += fmt::format("{}: {}\n", coloured(colour, head), printable(message));
            return;
        }
        const LineColumn start = sources_.lineColumn(span.file, span.begin);
        out_ += fmt::format("{}:{}:{}: {}: {}\n", printable(sources_.name(span.file)), start.line, start.column,
                            coloured(colour, head), printable(message));
        const std::string_view line = sources_.line(span.file, start.line);
        const std::size_t begin = start.column - 1;
        const Snippet shown = snippet(line, begin, begin + (span.end - span.begin), kMaxSourceWidth);
        const std::string number = fmt::format("{:4}", start.line);
        out_ += fmt::format("{} | {}\n", number, shown.line);
        out_ += fmt::format("{:{}} | {:{}}{}\n", "", number.size(), "", shown.caret,
                            coloured(colour, std::string(shown.carets, '^')));
    }

    /// A fix-it as a help line, unless a help line shows the same replacement already ("did you mean `execute`").
    void fixIt(const FixIt& fix, const std::vector<std::string>& helps) {
        const std::string replacement = "`" + fix.replacement + "`";
        const auto shows = [&](const std::string& help) { return help.find(replacement) != std::string::npos; };
        const bool removal = fix.replacement.empty();
        if (!removal && std::any_of(helps.begin(), helps.end(), shows)) {
            return;
        }
        remark("help", kBlue, removal || shows(fix.message) ? fix.message : fix.message + ": " + replacement);
    }

    /// `note: TEXT`; further lines of the text are indented, so that they can be pasted.
    void remark(std::string_view head, std::string_view colour, std::string_view text) {
        std::string_view rest = text;
        bool first = true;
        while (true) {
            const std::size_t end = rest.find('\n');
            const std::string line = printable(rest.substr(0, end));
            if (first) {
                out_ += fmt::format("{}: {}\n", coloured(colour, head), line);
            } else {
                out_ += line.empty() ? "\n" : "    " + line + "\n";
            }
            first = false;
            if (end == std::string_view::npos) {
                return;
            }
            rest.remove_prefix(end + 1);
        }
    }

    const SourceManager& sources_;
    const RenderOptions& options_;
    std::string out_;
};

using Json = nlohmann::ordered_json;

void addPlace(Json& object, const SourceManager& sources, Span span) {
    if (!span.valid()) {
        object["file"] = nullptr;
        return;
    }
    const LineColumn begin = sources.lineColumn(span.file, span.begin);
    const LineColumn end = sources.lineColumn(span.file, span.end);
    object["file"] = sources.name(span.file);
    object["line"] = begin.line;
    object["column"] = begin.column;
    object["end_line"] = end.line;
    object["end_column"] = end.column;
    object["offset"] = span.begin;
    object["end_offset"] = span.end;
}

Json toJson(const SourceManager& sources, const Diagnostic& d, const RenderOptions& options) {
    Json object;
    object["severity"] = isError(d, options) ? "error" : "warning";
    object["code"] = info(d.id).code;
    object["message"] = d.message();
    addPlace(object, sources, d.primary);
    object["labels"] = Json::array();
    for (const Label& label : d.labels) {
        Json entry;
        entry["message"] = label.text;
        addPlace(entry, sources, label.span);
        object["labels"].push_back(std::move(entry));
    }
    object["notes"] = d.notes;
    object["helps"] = d.helps;
    object["fixits"] = Json::array();
    for (const FixIt& fix : d.fixits) {
        Json entry;
        entry["message"] = fix.message;
        entry["replacement"] = fix.replacement;
        addPlace(entry, sources, fix.span);
        object["fixits"].push_back(std::move(entry));
    }
    return object;
}

} // namespace

std::string printable(std::string_view text) {
    std::string out;
    for (const Cell& cell : cells(text)) {
        out += cell.text;
    }
    return out;
}

std::string renderText(const SourceManager& sources, const Sink& sink, const RenderOptions& options) {
    const std::vector<Diagnostic> sorted = sink.sorted();
    const auto errors = static_cast<std::size_t>(
        std::count_if(sorted.begin(), sorted.end(), [&](const Diagnostic& d) { return isError(d, options); }));
    const std::size_t warnings = sorted.size() - errors;
    // Where not all fit, warnings give way: an error must never be hidden behind them.
    std::size_t errors_left = std::min(errors, options.max_shown);
    std::size_t warnings_left = std::min(warnings, options.max_shown - errors_left);
    const std::size_t shown = errors_left + warnings_left;
    TextRenderer renderer(sources, options);
    for (const Diagnostic& d : sorted) {
        std::size_t& left = isError(d, options) ? errors_left : warnings_left;
        if (left > 0) {
            --left;
            renderer.diagnostic(d);
        }
    }
    if (shown < sorted.size()) {
        renderer.summary(errors, warnings, shown);
    }
    return renderer.take();
}

std::string renderJson(const SourceManager& sources, const Sink& sink, const RenderOptions& options) {
    std::string out;
    for (const Diagnostic& d : sink.sorted()) {
        out += toJson(sources, d, options).dump(-1, ' ', false, Json::error_handler_t::replace);
        out += '\n';
    }
    return out;
}

} // namespace landlatch::diag
