// SPDX-License-Identifier: Apache-2.0
// `llc test POLICY…`: runs the `test` blocks of policies.
#include "compiler/driver/console.h"
#include "compiler/driver/kernel_tests.h"
#include "compiler/driver/output.h"
#include "compiler/driver/query_options.h"
#include "compiler/driver/subcommand.h"
#include "compiler/query/test_report.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

namespace landlatch::driver {

namespace {

constexpr const char* kFooter = R"(
Tests run on a textual model, without a kernel: every path exists, no symbolic link but those that a test declares.
They run at the policy's `abi` and at its floor. Facts that a test leaves out are absent.

exit codes: 0 all passed, 1 a policy is wrong, 2 the command line is wrong, 3 a file failed,
            4 a test failed, less is covered than --min-coverage asks for, or the kernel differs (--kernel))";

class TestCommand final : public SubCommand {
public:
    CLI::App* add(CLI::App& llc) override {
        CLI::App* app = llc.add_subcommand("test", "run the tests of policies");
        app->add_option("policy", policies_, "the policies to test")->type_name("FILE...")->required();
        app->add_option("--set", sets_, "value of a param that a test does not set; may be repeated")
            ->type_name("NAME=VALUE")
            ->allow_extra_args(false);
        app->add_flag("-v,--verbose", verbose_, "name the tests that pass too");
        app->add_flag("--json", json_, "print the results as one JSON object");
        app->add_option("--junit", junit_, "write the results as JUnit XML too")->type_name("FILE");
        app->add_flag("--coverage", coverage_, "say which rules and rulesets no test reached");
        app->add_option("--min-coverage", min_coverage_, "fail when less of the rules or of the rulesets is reached")
            ->check(CLI::Range(0, 100).description(""))
            ->type_name("PERCENT");
        app->add_flag("--kernel", kernel_,
                      "try the expected accesses on the Landlock of this machine too, and compare");
        app->add_flag(
               "--kernel-create", trial_.create,
               "with --kernel: make FIFOs, sockets and symbolic links where tests name them, and remove them at once")
            ->needs("--kernel");
        addQueryOptions(*app, query_);
        app->footer(kFooter);
        return app;
    }

    Exit run() override {
        std::vector<std::unique_ptr<Source>> loaded;
        std::vector<query::PolicyRun> runs;
        bool wrong = false;
        for (const std::string& policy : policies_) {
            loaded.push_back(std::make_unique<Source>());
            Source& source = *loaded.back();
            if (const Exit exit = loadPolicy(source, policy, query_); exit == Exit::kWorld) {
                return exit;
            } else if (exit != Exit::kOk) {
                wrong = true; // said; the others are tested all the same
                continue;
            }
            Result<query::TestRun> run = query::runTests(*source.loaded, source.compilation.sources, sets_);
            if (!run) {
                return usage(run.error().message);
            }
            runs.push_back({policy, &*source.loaded, &source.compilation.sources, *std::move(run)});
        }
        if (kernel_) {
            Result<query::KernelSummary> summary = tryOnKernel(runs, sets_, trial_);
            if (!summary) {
                return fail(summary.error(), query_.form());
            }
            summary_ = *std::move(summary);
        }
        const Exit written = write(runs);
        if (written != Exit::kOk) {
            return written;
        }
        return wrong ? Exit::kPolicy : failed(runs) ? Exit::kTestFailed : Exit::kOk;
    }

private:
    [[nodiscard]] Exit write(const std::vector<query::PolicyRun>& runs) const {
        if (!junit_.empty()) {
            const Result<void> done = writeFile(junit_, bytesOf(query::testJunit(runs)));
            if (!done) {
                return fail(done.error(), query_.form());
            }
        }
        if (json_) {
            return print(query::testJson(runs, coverage_ || min_coverage_, summary_ ? &*summary_ : nullptr),
                         query_.form());
        }
        std::string text;
        for (const query::PolicyRun& run : runs) {
            text += query::testText(run, verbose_);
        }
        text += query::testSummary(runs);
        for (const query::PolicyRun& run : runs) {
            if (coverage_ || !covered(run)) {
                text += query::coverageText(run);
            }
        }
        text += summary_ ? query::kernelText(*summary_) : "";
        return print(text, query_.form());
    }

    [[nodiscard]] bool covered(const query::PolicyRun& run) const {
        const query::Coverage& coverage = run.run.coverage;
        const unsigned least = min_coverage_.value_or(0);
        return query::Coverage::percent(coverage.rules, coverage.rules_missed.size()) >= least &&
               query::Coverage::percent(coverage.rulesets, coverage.rulesets_missed.size()) >= least;
    }

    [[nodiscard]] bool failed(const std::vector<query::PolicyRun>& runs) const {
        return (summary_ && !summary_->differences.empty()) ||
               std::any_of(runs.begin(), runs.end(),
                           [&](const query::PolicyRun& run) { return run.run.failed() > 0 || !covered(run); });
    }

    std::vector<std::string> policies_;
    std::vector<std::string> sets_;
    std::string junit_;
    bool verbose_ = false;
    bool json_ = false;
    bool coverage_ = false;
    std::optional<unsigned> min_coverage_;
    bool kernel_ = false;
    trial::Options trial_;
    std::optional<query::KernelSummary> summary_; ///< with --kernel
    QueryOptions query_;
};

} // namespace

std::unique_ptr<SubCommand> testCommand() { return std::make_unique<TestCommand>(); }

} // namespace landlatch::driver
