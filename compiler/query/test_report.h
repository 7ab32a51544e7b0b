// SPDX-License-Identifier: Apache-2.0
// What `llc test` says of its runs: for people, as JSON, as JUnit XML.
#pragma once

#include "compiler/query/test.h"

#include <optional>
#include <string>
#include <vector>

namespace landlatch::query {

/// One policy's run.
struct PolicyRun {
    std::string file; ///< as given
    const Loaded* loaded = nullptr;
    const SourceManager* sources = nullptr;
    TestRun run;
};

/// Failed tests with places and reasons, each passed one by name when `verbose`.
[[nodiscard]] std::string testText(const PolicyRun& run, bool verbose);
/// "3 tests: 2 passed, 1 failed".
[[nodiscard]] std::string testSummary(const std::vector<PolicyRun>& runs);
/// Rules and rulesets that no test reached, by place.
[[nodiscard]] std::string coverageText(const PolicyRun& run);

/// One object: {"policies": […], "tests", "failed"}.
[[nodiscard]] std::string testJson(const std::vector<PolicyRun>& runs, bool coverage);
/// JUnit's XML: a testsuite a policy, a testcase a test.
[[nodiscard]] std::string testJunit(const std::vector<PolicyRun>& runs);

} // namespace landlatch::query
