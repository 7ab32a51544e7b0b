// SPDX-License-Identifier: Apache-2.0
#include "compiler/diag/diagnostic.h"

#include "runtime/base/check.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace landlatch::diag {

const std::vector<Info>& allInfos() {
    static const std::vector<Info> infos = {
#define DIAG(code, identifier, severity, group, text) Info{code, #identifier, Severity::severity, #group, text},
#include "compiler/diag/diagnostics.def"
#undef DIAG
    };
    return infos;
}

const Info& info(Id id) {
    const auto index = static_cast<std::size_t>(id);
    LANDLATCH_CHECK(index < allInfos().size());
    return allInfos()[index];
}

std::string Diagnostic::message() const {
    const std::string_view text = info(id).text;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}') {
            const auto index = static_cast<std::size_t>(text[i + 1] - '0');
            LANDLATCH_CHECK(index < args.size());
            out += args[index];
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

Diagnostic& Sink::report(Id id, Span primary, std::vector<std::string> args) {
    Diagnostic diagnostic;
    diagnostic.id = id;
    diagnostic.primary = primary;
    diagnostic.args = std::move(args);
    diagnostics_.push_back(std::move(diagnostic));
    if (info(id).severity == Severity::kError) {
        ++errors_;
    }
    return diagnostics_.back();
}

void Sink::append(const Sink& other) {
    diagnostics_.insert(diagnostics_.end(), other.diagnostics_.begin(), other.diagnostics_.end());
    errors_ += other.errors_;
}

void Sink::removeWarnings(const std::function<bool(const Diagnostic&)>& unwanted) {
    std::erase_if(diagnostics_, [&](const Diagnostic& diagnostic) {
        return info(diagnostic.id).severity == Severity::kWarning && unwanted(diagnostic);
    });
}

std::vector<Diagnostic> Sink::sorted() const {
    const auto key = [](const Diagnostic& d) {
        return std::tuple(d.primary.file, d.primary.begin, d.primary.end, d.id, d.args);
    };
    std::vector<Diagnostic> result = diagnostics_;
    std::stable_sort(result.begin(), result.end(),
                     [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
    const auto same = [&](const Diagnostic& a, const Diagnostic& b) { return key(a) == key(b); };
    result.erase(std::unique(result.begin(), result.end(), same), result.end());
    return result;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    std::string best;
    std::size_t best_distance = word.size() / 3 + 1;
    for (const std::string& candidate : candidates) {
        std::vector<std::size_t> row(candidate.size() + 1);
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (std::size_t i = 0; i < word.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i + 1;
            for (std::size_t j = 0; j < candidate.size(); ++j) {
                const std::size_t substitution = diagonal + (word[i] == candidate[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = std::min({substitution, row[j] + 1, diagonal + 1});
            }
        }
        if (row.back() < best_distance || (row.back() == best_distance && best.empty())) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

} // namespace landlatch::diag
