// SPDX-License-Identifier: Apache-2.0
// The tests that travel with a policy, run on the textual model (language point 33).
#pragma once

#include "compiler/query/access.h"
#include "compiler/query/load.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::query {

/// One `expect`. Outcomes on several kernel ABIs that fail for the same reasons are one.
struct ExpectResult {
    Span span;
    std::string text; ///< "expect deny read /etc/shadow", as written
    std::vector<std::uint32_t> kernels;
    bool passed = false;
    std::vector<std::string> reasons; ///< why it failed, a line each
};

/// "ABI 7 and 4".
[[nodiscard]] std::string kernelsText(const ExpectResult& expect);

struct TestResult {
    std::string name;
    Span span;
    std::vector<std::string> problems; ///< why the test can't be run at all
    std::string decision;              ///< "apply web with nnp", "none", "pass", "refuse"
    std::string decided_by;            ///< "rule web, web.ll:12", "no rule matches"
    std::vector<ExpectResult> expects;
    std::vector<std::uint32_t> rulesets; ///< put on the program
    std::vector<std::uint32_t> covered;  ///< rules that decided, agreed or added by `always`

    [[nodiscard]] bool passed() const;
};

/// What tests have shown of a policy: rules that decided, or added their layer by `always`, and rulesets applied.
struct Coverage {
    std::vector<std::uint32_t> rules_missed; ///< never decided
    std::vector<std::uint32_t> rulesets_missed;
    std::size_t rules = 0;
    std::size_t rulesets = 0;

    /// Of 100; 100 where there are none.
    [[nodiscard]] static unsigned percent(std::size_t all, std::size_t missed);
};

struct TestRun {
    std::vector<TestResult> tests;
    Coverage coverage;
    [[nodiscard]] std::size_t failed() const;
};

/// Runs all tests of the root file. `sets`: "name=value" for params that a test doesn't set. An error when one of them
/// is wrong.
Result<TestRun> runTests(const Loaded& loaded, const SourceManager& sources, const std::vector<std::string>& sets);

/// One right at one place that a test expects, for others to try (`--kernel`).
struct AccessCase {
    std::size_t test = 0; ///< index
    Span expect;
    std::vector<std::uint32_t> rulesets; ///< in force
    std::vector<ParamValue> params;
    Question question;
    bool allowed = false; ///< what the textual model says of this kernel
};

/// The access expectations of all tests that apply rulesets, as the textual model has them on a kernel of this ABI.
/// Left out: tests with links of their own, and what depends on a param without a value.
Result<std::vector<AccessCase>> accessCases(const Loaded& loaded, const std::vector<std::string>& sets,
                                            std::uint32_t kernel);

} // namespace landlatch::query
