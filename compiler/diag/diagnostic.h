// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a policy, as data. Renderers (render.h) turn it into text, JSON or LSP messages.
// All kinds are registered in diagnostics.def; a code is public and never reused.
#pragma once

#include "compiler/support/source.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::diag {

enum class Severity : std::uint8_t { kError, kWarning };

/// Every kind of diagnostic, by its identifier in diagnostics.def.
enum class Id : std::uint16_t {
#define DIAG(code, identifier, severity, group, text) identifier,
#include "compiler/diag/diagnostics.def"
#undef DIAG
};

/// The register's row of one kind.
struct Info {
    std::string_view code;       ///< "E0312" or "W0100"
    std::string_view identifier; ///< "kUnknownRight"
    Severity severity;
    std::string_view group; ///< one word: lex, parse, name, ruleset, abi, pattern, decision, limit, lint, host,
                            ///< template, test, file
    std::string_view text;  ///< with {0}, {1}… for the arguments
};

[[nodiscard]] const Info& info(Id id);
/// All rows, in the register's order.
[[nodiscard]] const std::vector<Info>& allInfos();

/// A place with a short label ("first declared here"); the label may be empty.
struct Label {
    Span span;
    std::string text;
};

/// Replace `span` by `replacement`; `message` says what that does ("quote the path").
struct FixIt {
    Span span;
    std::string replacement;
    std::string message;
};

/// One thing that is wrong. `primary` marks the smallest wrong thing and may be invalid (no place).
struct Diagnostic {
    Id id{};
    Span primary;
    std::vector<std::string> args;
    std::vector<Label> labels;      ///< further places
    std::vector<std::string> notes; ///< "note:" lines; may have several lines (a witness test)
    std::vector<std::string> helps; ///< "help:" lines
    std::vector<FixIt> fixits;

    Diagnostic& label(Span span, std::string text) {
        labels.push_back({span, std::move(text)});
        return *this;
    }
    Diagnostic& note(std::string text) {
        notes.push_back(std::move(text));
        return *this;
    }
    Diagnostic& help(std::string text) {
        helps.push_back(std::move(text));
        return *this;
    }
    Diagnostic& fix(Span span, std::string replacement, std::string message) {
        fixits.push_back({span, std::move(replacement), std::move(message)});
        return *this;
    }
    /// The register's text with the arguments put in.
    [[nodiscard]] std::string message() const;
};

/// Collects what a compilation has to say. Never prints.
class Sink {
public:
    /// The returned reference is valid until the next report.
    Diagnostic& report(Id id, Span primary, std::vector<std::string> args = {});

    /// Reports all that another has.
    void append(const Sink& other);

    /// Takes out every warning that `unwanted` holds for. Errors stay, whatever it says.
    void removeWarnings(const std::function<bool(const Diagnostic&)>& unwanted);

    [[nodiscard]] bool hasErrors() const { return errors_ > 0; }
    [[nodiscard]] std::size_t errorCount() const { return errors_; }
    [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }
    /// Sorted by place (file id, offset), exact repeats removed.
    [[nodiscard]] std::vector<Diagnostic> sorted() const;

private:
    std::vector<Diagnostic> diagnostics_;
    std::size_t errors_ = 0;
};

/// The candidate nearest to `word` for a "did you mean", or empty when none is near (edit distance above
/// a third of the length).
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

} // namespace landlatch::diag
