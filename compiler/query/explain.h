// SPDX-License-Identifier: Apache-2.0
// Which rule decides an exec, and why: exact also for facts left out, which are unknown (language point 34).
#pragma once

#include "compiler/query/access.h"
#include "compiler/query/load.h"
#include "compiler/query/question.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::query {

/// An access asked about: one right at one place.
struct Asked {
    Question question;
    std::string text; ///< "read_file /etc/passwd", "tcp connect 443"
};

/// Rights at a path, as policies name them ("read", "write_file", "read, execute").
Result<std::vector<Asked>> askPath(const std::string& path, const std::string& rights);
/// "tcp connect" at a port.
Result<std::vector<Asked>> askPort(std::string_view right, const std::string& port);
Result<std::vector<Asked>> askScope(const std::string& scope);

struct LayerVerdict {
    std::uint32_t ruleset = 0;
    Verdict verdict;
    std::string why;
};

struct AccessAnswer {
    std::string text;
    Truth allowed = Truth::kNo;
    std::vector<LayerVerdict> layers;
    std::string why; ///< where there are no layers
};

/// A rule with what there is to say of it.
struct RuleNote {
    ir::RuleId rule = 0;
    std::string why;
};

/// Execs that are decided one way.
struct Case {
    ir::Effect::Kind kind = ir::Effect::Kind::kPass;
    bool none = false;                   ///< no competing rule matches
    bool refused = false;                ///< by a competing rule or an `always deny`
    std::string why;                     ///< of a deny
    std::vector<ir::RulesetId> rulesets; ///< put on the program, those of `always` rules too
    bool nnp = false;
    std::vector<ir::RuleId> deciders; ///< each decides some of the execs
    std::vector<ir::RuleId> always;
    std::vector<RuleNote> lost;   ///< matched all of the execs or some, and why they don't decide
    std::vector<RuleNote> agreed; ///< matched, with the same effect
    std::string example;          ///< one of the execs, shortest, as facts of a test
    std::size_t length = 0;       ///< of the example
    std::vector<AccessAnswer> access;

    /// "apply", "deny", "pass" or "none".
    [[nodiscard]] std::string_view word() const;
    [[nodiscard]] bool sameDecision(const Case& other) const;
};

struct Explanation {
    std::vector<std::string> depends_on; ///< facts left out that the decision depends on; empty for one case
    std::vector<Case> cases;             ///< at least one
    std::vector<RuleNote> near;          ///< rules that miss one condition only, and which
};

struct ExplainInput {
    Facts facts;
    std::vector<Asked> asked;
    std::vector<std::string> sets; ///< params
    std::uint32_t kernel = 0;      ///< ABI that accesses are asked of
};

/// An error says which value of `input` is wrong, that no exec has these facts, or that they leave too much open.
Result<Explanation> explain(const Loaded& loaded, const SourceManager& sources, const ExplainInput& input);

/// "apply web with nnp", "deny \"why\"", "none".
[[nodiscard]] std::string decisionText(const Loaded& loaded, const Case& one);

/// For people: decision, rules, layers with their grants, accesses.
[[nodiscard]] std::string explainText(const Loaded& loaded, const SourceManager& sources,
                                      const Explanation& explanation);
[[nodiscard]] std::string explainJson(const Loaded& loaded, const SourceManager& sources,
                                      const Explanation& explanation);

} // namespace landlatch::query
