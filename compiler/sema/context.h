// SPDX-License-Identifier: Apache-2.0
// What every pass of sema is handed besides its input: where to report, and the bounded "did you mean".
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/sema/limits.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::sema {

class Context {
public:
    explicit Context(diag::Sink& sink) : sink_(sink) {}

    /// Like Sink::report. Above kMaxReports of a severity what is reported is forgotten.
    diag::Diagnostic& report(diag::Id id, Span primary, std::vector<std::string> args = {});

    /// Counts `nodes` more of parsed patterns; false, reported once, above the limit.
    bool spendNodes(std::size_t nodes, Span where);

    /// Whether a suggestion may still be worked out: asked before candidates are collected.
    [[nodiscard]] bool suggesting() const { return suggestions_ < kMaxSuggestions; }
    /// Adds "did you mean 'x'?" with its fix-it to `diagnostic` when one of `candidates` is near `word`. The work for
    /// all unknown words of a policy is bounded: later ones get no suggestion.
    void suggest(diag::Diagnostic& diagnostic, Span where, std::string_view word,
                 const std::vector<std::string>& candidates);

    /// The candidate nearest to `word`, or empty: diag::nearest within the same bound.
    std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

private:
    diag::Sink& sink_;
    diag::Diagnostic forgotten_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
    std::size_t suggestions_ = 0;
    std::size_t nodes_ = 0;
};

} // namespace landlatch::sema
