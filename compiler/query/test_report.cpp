// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/test_report.h"

#include "compiler/diag/render.h"
#include "compiler/query/xml.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace landlatch::query {

namespace {

using Json = nlohmann::ordered_json;

std::string columnPlace(const SourceManager& sources, Span span) {
    const LineColumn at = sources.lineColumn(span.file, span.begin);
    return fmt::format("{}:{}:{}", sources.name(span.file), at.line, at.column);
}

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

/// Lines of what went wrong in one test: place and message, then reasons.
std::string failureText(const SourceManager& sources, const TestResult& test) {
    std::string out;
    for (const std::string& problem : test.problems) {
        out += fmt::format("{}: failed: {}\n", columnPlace(sources, test.span), diag::printable(problem));
    }
    for (const ExpectResult& expect : test.expects) {
        if (expect.passed) {
            continue;
        }
        out += fmt::format("{}: failed on {}: {}\n", columnPlace(sources, expect.span), kernelsText(expect),
                           diag::printable(expect.text));
        for (const std::string& reason : expect.reasons) {
            out += fmt::format("    {}\n", diag::printable(reason));
        }
    }
    return out;
}

std::string ruleName(const PolicyRun& run, std::uint32_t id) {
    const object::Rule& rule = run.loaded->object.rules[id];
    return rule.name.empty() ? "unnamed rule" : "rule " + rule.name;
}

Json coverageJson(const PolicyRun& run) {
    const Coverage& coverage = run.run.coverage;
    Json rules = Json::array();
    for (const std::uint32_t id : coverage.rules_missed) {
        const object::Rule& rule = run.loaded->object.rules[id];
        rules.push_back({{"name", rule.name}, {"file", rule.file}, {"line", rule.line}});
    }
    Json rulesets = Json::array();
    for (const std::uint32_t id : coverage.rulesets_missed) {
        const object::Ruleset& ruleset = run.loaded->object.rulesets[id];
        rulesets.push_back({{"name", ruleset.name}, {"file", ruleset.file}, {"line", ruleset.line}});
    }
    return {{"rules", {{"all", coverage.rules}, {"missed", rules}}},
            {"rulesets", {{"all", coverage.rulesets}, {"missed", rulesets}}}};
}

Json testObject(const PolicyRun& run, const TestResult& test) {
    Json failures = Json::array();
    for (const std::string& problem : test.problems) {
        failures.push_back({{"line", run.sources->lineColumn(test.span.file, test.span.begin).line},
                            {"expect", nullptr},
                            {"abi", nullptr},
                            {"reasons", {problem}}});
    }
    for (const ExpectResult& expect : test.expects) {
        if (!expect.passed) {
            const LineColumn at = run.sources->lineColumn(expect.span.file, expect.span.begin);
            failures.push_back({{"line", at.line},
                                {"column", at.column},
                                {"expect", expect.text},
                                {"abi", expect.kernels},
                                {"reasons", expect.reasons}});
        }
    }
    return {{"name", test.name},
            {"line", run.sources->lineColumn(test.span.file, test.span.begin).line},
            {"passed", test.passed()},
            {"decision", test.decision},
            {"failures", failures}};
}

std::size_t testCount(const std::vector<PolicyRun>& runs) {
    std::size_t count = 0;
    for (const PolicyRun& run : runs) {
        count += run.run.tests.size();
    }
    return count;
}

std::size_t failedCount(const std::vector<PolicyRun>& runs) {
    std::size_t count = 0;
    for (const PolicyRun& run : runs) {
        count += run.run.failed();
    }
    return count;
}

} // namespace

std::string testText(const PolicyRun& run, bool verbose) {
    std::string out;
    for (const TestResult& test : run.run.tests) {
        if (!test.passed()) {
            out += fmt::format("FAIL {} \"{}\"\n", columnPlace(*run.sources, test.span), diag::printable(test.name));
            out += failureText(*run.sources, test);
        } else if (verbose) {
            out += fmt::format("ok   {} \"{}\"\n", columnPlace(*run.sources, test.span), diag::printable(test.name));
        }
    }
    return out;
}

std::string testSummary(const std::vector<PolicyRun>& runs) {
    const std::size_t all = testCount(runs);
    const std::size_t failed = failedCount(runs);
    return fmt::format("{} {}: {} passed, {} failed\n", all, all == 1 ? "test" : "tests", all - failed, failed);
}

std::string coverageText(const PolicyRun& run) {
    const Coverage& coverage = run.run.coverage;
    const auto share = [](std::size_t all, std::size_t missed) {
        return fmt::format("{}% ({} of {})", Coverage::percent(all, missed), all - missed, all);
    };
    std::string out =
        fmt::format("{}: rules {}, rulesets {}\n", run.file, share(coverage.rules, coverage.rules_missed.size()),
                    share(coverage.rulesets, coverage.rulesets_missed.size()));
    for (const std::uint32_t id : coverage.rules_missed) {
        const object::Rule& rule = run.loaded->object.rules[id];
        out += fmt::format("    {}: {} decides in no test\n", place(rule.file, rule.line), ruleName(run, id));
    }
    for (const std::uint32_t id : coverage.rulesets_missed) {
        const object::Ruleset& ruleset = run.loaded->object.rulesets[id];
        out +=
            fmt::format("    {}: ruleset {} is applied in no test\n", place(ruleset.file, ruleset.line), ruleset.name);
    }
    return out;
}

std::string kernelText(const KernelSummary& summary) {
    std::string out;
    for (const std::string& difference : summary.differences) {
        out += diag::printable(difference) + "\n";
    }
    std::size_t left = 0;
    std::string reasons;
    for (const auto& [why, count] : summary.not_tried) {
        left += count;
        reasons += fmt::format("\n    {}: {}", count, why);
    }
    return out + fmt::format("kernel of ABI {}: {} accesses tried, {} unlike the text; {} not tried{}\n", summary.abi,
                             summary.tried, summary.differences.size(), left, reasons);
}

std::string testJson(const std::vector<PolicyRun>& runs, bool coverage, const KernelSummary* kernel) {
    Json policies = Json::array();
    for (const PolicyRun& run : runs) {
        Json tests = Json::array();
        for (const TestResult& test : run.run.tests) {
            tests.push_back(testObject(run, test));
        }
        Json policy = {{"file", run.file}, {"tests", tests}};
        if (coverage) {
            policy["coverage"] = coverageJson(run);
        }
        policies.push_back(std::move(policy));
    }
    Json out = {{"policies", policies}, {"tests", testCount(runs)}, {"failed", failedCount(runs)}};
    if (kernel != nullptr) {
        out["kernel"] = {{"abi", kernel->abi},
                         {"tried", kernel->tried},
                         {"not_tried", kernel->not_tried},
                         {"differences", kernel->differences}};
    }
    return dump(out);
}

std::string testJunit(const std::vector<PolicyRun>& runs) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuites tests=\"{}\" failures=\"{}\">\n", testCount(runs), failedCount(runs));
    for (const PolicyRun& run : runs) {
        out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n", xml(run.file),
                           run.run.tests.size(), run.run.failed());
        for (const TestResult& test : run.run.tests) {
            out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"", xml(run.file),
                               xml(test.name), xml(run.sources->name(test.span.file)),
                               run.sources->lineColumn(test.span.file, test.span.begin).line);
            if (test.passed()) {
                out += "/>\n";
                continue;
            }
            std::string lines = failureText(*run.sources, test);
            std::string escaped;
            for (std::size_t begin = 0; begin < lines.size();) { // line ends stay line ends
                const std::size_t end = lines.find('\n', begin);
                escaped += xml(std::string_view(lines).substr(begin, end - begin)) + "\n";
                begin = end + 1;
            }
            out += fmt::format(">\n      <failure message=\"expectation failed\">{}</failure>\n    </testcase>\n",
                               escaped);
        }
        out += "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

} // namespace landlatch::query
