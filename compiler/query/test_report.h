// SPDX-License-Identifier: Apache-2.0
// What `llc test` says of its runs: for people, as JSON, as JUnit XML.
#pragma once

#include "compiler/query/test.h"

#include <cstddef>
#include <map>
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

/// What was tried on the kernel of this machine (`--kernel`).
struct KernelSummary {
    std::uint32_t abi = 0;
    std::size_t tried = 0;
    std::map<std::string, std::size_t> not_tried; ///< by reason
    std::vector<std::string> differences;         ///< with places
};

/// Failed tests with places and reasons, each passed one by name when `verbose`.
[[nodiscard]] std::string testText(const PolicyRun& run, bool verbose);
/// "3 tests: 2 passed, 1 failed".
[[nodiscard]] std::string testSummary(const std::vector<PolicyRun>& runs);
/// Rules and rulesets that no test reached, by place.
[[nodiscard]] std::string coverageText(const PolicyRun& run);

[[nodiscard]] std::string kernelText(const KernelSummary& summary);

/// One object: {"policies": […], "tests", "failed", "kernel"}. `kernel` may be null.
[[nodiscard]] std::string testJson(const std::vector<PolicyRun>& runs, bool coverage, const KernelSummary* kernel);
/// JUnit's XML: a testsuite a policy, a testcase a test.
[[nodiscard]] std::string testJunit(const std::vector<PolicyRun>& runs);

} // namespace landlatch::query
