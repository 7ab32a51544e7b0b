// SPDX-License-Identifier: Apache-2.0
#include "compiler/lint/allow.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace landlatch::lint {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::optional<diag::Id> idOf(std::string_view code) {
    const std::vector<diag::Info>& infos = diag::allInfos();
    const auto found =
        std::find_if(infos.begin(), infos.end(), [&](const diag::Info& info) { return info.code == code; });
    return found == infos.end() ? std::nullopt : std::optional(static_cast<diag::Id>(found - infos.begin()));
}

/// What a comment may be about, in source order: statements and the clauses of rulesets.
std::vector<Span> partsOf(const ast::File& file) {
    std::vector<Span> parts;
    for (const ast::Statement& statement : file.statements) {
        parts.push_back(statement.span);
        if (const auto* const ruleset = std::get_if<ast::Ruleset>(&statement.what)) {
            for (const ast::RulesetClause& clause : ruleset->clauses) {
                parts.push_back(clause.span);
            }
        }
    }
    return parts;
}

/// Reads the comments of one module.
class Reader {
public:
    Reader(std::string_view text, const sema::Module& module, std::size_t index, diag::Sink& sink)
        : text_(text), module_(module), index_(index), sink_(sink) {}

    std::vector<Allowed> run() {
        for (const ast::Comment& comment : module_.ast.comments) {
            const std::string_view whole = text_.substr(comment.span.begin, comment.span.end - comment.span.begin);
            const std::size_t word = whole.find_first_not_of(" \t", 1);
            if (word != std::string_view::npos && whole.substr(word).starts_with("llc:")) {
                if (parts_.empty()) {
                    parts_ = partsOf(module_.ast);
                }
                read(comment.span, word + 4);
            }
        }
        return std::move(allowed_);
    }

private:
    /// The next word from `at`, which is moved behind it. A comma is a word.
    std::string_view next(std::string_view text, std::size_t& at) const {
        at = std::min(text.find_first_not_of(kBlanks, at), text.size());
        std::size_t end = std::min(text.find_first_of(" \t\r,", at), text.size());
        if (end == at && at < text.size()) {
            ++end;
        }
        const std::string_view word = text.substr(at, end - at);
        at = end;
        return word;
    }

    void bad(Span span, std::string why) {
        sink_.report(diag::Id::kBadAllow, span, {std::move(why)})
            .help("write `# llc: allow W1501 because REASON`, several codes with commas");
    }

    void read(Span comment, std::size_t at) {
        const std::string_view text = text_.substr(comment.begin, comment.end - comment.begin);
        if (next(text, at) != "allow") {
            bad(comment, "`allow` and the code of a warning come next");
            return;
        }
        const std::size_t first = allowed_.size();
        std::string_view word;
        do {
            const std::string code(next(text, at));
            const Span where{comment.file, comment.begin + static_cast<std::uint32_t>(at - code.size()),
                             comment.begin + static_cast<std::uint32_t>(at)};
            const std::optional<diag::Id> id = idOf(code);
            if (!id || diag::info(*id).severity != diag::Severity::kWarning) {
                bad(code.empty() ? comment : where,
                    code.empty() ? "the code of a warning is missing" : "`" + code + "` is the code of no warning");
                allowed_.resize(first);
                return;
            }
            allowed_.push_back({*id, where, regionOf(comment), index_, false});
            word = next(text, at);
        } while (word == ",");
        if (word != "because" || next(text, at).empty()) {
            for (std::size_t i = first; i < allowed_.size(); ++i) {
                sink_
                    .report(diag::Id::kAllowedWithoutReason, allowed_[i].code,
                            {std::string(diag::info(allowed_[i].id).code)})
                    .help("say why: `# llc: allow … because REASON`");
            }
        }
    }

    [[nodiscard]] Span regionOf(Span comment) const {
        const std::size_t line_end = std::min(text_.find('\n', comment.end), text_.size());
        const std::size_t before = text_.substr(0, comment.begin).rfind('\n');
        const std::size_t line_begin = before == std::string_view::npos ? 0 : before + 1;
        const std::size_t code = text_.find_first_not_of(kBlanks, line_begin);
        if (code < comment.begin) {
            Span region{comment.file, static_cast<std::uint32_t>(line_begin), comment.begin};
            for (const Span part : parts_) {
                const bool begins = part.begin >= line_begin && part.begin < comment.begin;
                const bool ends = part.end > line_begin && part.end <= comment.begin;
                region = begins || ends ? join(region, part) : region;
            }
            return region;
        }
        const std::uint32_t following = firstBehind(comment.end);
        for (const Span part : parts_) {
            if (part.begin == following) {
                return part;
            }
        }
        const std::size_t next_end = std::min(text_.find('\n', following), text_.size());
        return {comment.file, static_cast<std::uint32_t>(line_end), static_cast<std::uint32_t>(next_end)};
    }

    /// Where the text goes on behind `offset`, other comments left out.
    [[nodiscard]] std::uint32_t firstBehind(std::size_t offset) const {
        while (true) {
            offset = std::min(text_.find_first_not_of(" \t\r\n", offset), text_.size());
            if (offset == text_.size() || text_[offset] != '#') {
                return static_cast<std::uint32_t>(offset);
            }
            offset = std::min(text_.find('\n', offset), text_.size());
        }
    }

    std::string_view text_;
    const sema::Module& module_;
    std::size_t index_;
    std::vector<Span> parts_;
    diag::Sink& sink_;
    std::vector<Allowed> allowed_;
};

} // namespace

Allows::Allows(const SourceManager& sources, const std::vector<sema::Module>& modules, diag::Sink& sink) {
    for (std::size_t i = 0; i < modules.size(); ++i) {
        const std::vector<Allowed> of_module = Reader(sources.text(modules[i].file), modules[i], i, sink).run();
        allowed_.insert(allowed_.end(), of_module.begin(), of_module.end());
    }
}

void Allows::apply(const std::function<bool(diag::Id)>& could_report, diag::Sink& sink) {
    sink.removeWarnings([&](const diag::Diagnostic& diagnostic) {
        bool found = false;
        for (Allowed& one : allowed_) {
            if (one.id == diagnostic.id && diagnostic.primary.file == one.region.file &&
                diagnostic.primary.begin >= one.region.begin && diagnostic.primary.begin < one.region.end) {
                found = one.used = true;
            }
        }
        return found;
    });
    for (const Allowed& one : allowed_) {
        if (!one.used && one.module == 0 && could_report(one.id)) {
            sink.report(diag::Id::kAllowedNothing, one.code, {std::string(diag::info(one.id).code)}).help("remove it");
        }
    }
}

} // namespace landlatch::lint
