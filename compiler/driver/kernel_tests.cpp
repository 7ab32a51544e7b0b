// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/kernel_tests.h"

#include "compiler/driver/host_abi.h"
#include "runtime/landlock/load.h"
#include "runtime/trial/trial.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace landlatch::driver {

namespace {

/// A value as `--set` takes it. What depends on a param without a value isn't tried, so that any will do for it.
std::string setText(const object::Param& param, const query::ParamValue& value) {
    if (!value) {
        return param.name + (param.type == object::ParamType::kPath ? "=/landlatch/no/such/path" : "=0");
    }
    if (const auto* path = std::get_if<std::string>(&*value)) {
        return param.name + "=" + *path;
    }
    std::string text;
    for (const object::PortRange& range : std::get<std::vector<object::PortRange>>(*value)) {
        text +=
            (text.empty() ? "" : ",") + (range.first == range.last ? fmt::format("{}", range.first)
                                                                   : fmt::format("{}..{}", range.first, range.last));
    }
    return param.name + "=" + text;
}

std::string accessText(const query::Question& question) {
    const std::string_view name = query::rightName(question.category, question.bit);
    switch (question.category) {
    case abi::Category::kFs:
        return fmt::format("{} {}", name, question.path);
    case abi::Category::kTcp:
    case abi::Category::kUdp:
        return fmt::format("{} {}", name, question.port);
    case abi::Category::kScope:
    case abi::Category::kLog:
        break;
    }
    return fmt::format("scope {}", name);
}

void count(const query::PolicyRun& run, const query::AccessCase& one, const trial::Tried& tried,
           query::KernelSummary& summary) {
    if (tried.outcome == trial::Tried::Outcome::kNotTried) {
        ++summary.not_tried[tried.why];
        return;
    }
    ++summary.tried;
    const bool allowed = tried.outcome == trial::Tried::Outcome::kAllowed;
    if (allowed == one.allowed) {
        return;
    }
    const LineColumn at = run.sources->lineColumn(one.expect.file, one.expect.begin);
    summary.differences.push_back(fmt::format(
        "{}:{}:{}: the kernel {} {}, the textual model {} it", run.sources->name(one.expect.file), at.line, at.column,
        allowed ? "allows" : "denies", accessText(one.question), one.allowed ? "allows" : "denies"));
}

Result<void> tryPolicy(const query::PolicyRun& run, const std::vector<std::string>& sets,
                       const trial::Options& trial_options, query::KernelSummary& summary) {
    const object::Policy& policy = run.loaded->object;
    if (Result<void> fine = landlock::checkKernel(policy, summary.abi); !fine) {
        return fine.error().within(run.file);
    }
    const Result<std::vector<query::AccessCase>> cases = query::accessCases(*run.loaded, sets, summary.abi);
    if (!cases) {
        return cases.error();
    }
    // One set of rulesets and params at a time.
    std::map<std::pair<std::vector<std::uint32_t>, std::vector<std::string>>, std::vector<const query::AccessCase*>>
        groups;
    for (const query::AccessCase& one : *cases) {
        std::vector<std::string> values;
        for (std::size_t i = 0; i < policy.params.size(); ++i) {
            values.push_back(setText(policy.params[i], one.params[i]));
        }
        groups[{one.rulesets, values}].push_back(&one);
    }
    for (const auto& [key, group] : groups) {
        landlock::ParamValues::Options options;
        options.allow_root = true;
        const Result<landlock::ParamValues> params = landlock::ParamValues::make(policy, key.second, options);
        if (!params) {
            return params.error();
        }
        std::vector<trial::Access> accesses;
        for (const query::AccessCase* one : group) {
            accesses.push_back({one->question.category, one->question.bit, one->question.path, one->question.port});
        }
        const Result<std::vector<trial::Tried>> tried =
            trial::tryAccesses(policy, key.first, *params, accesses, trial_options);
        if (!tried) {
            return tried.error().within(run.file);
        }
        for (std::size_t i = 0; i < group.size(); ++i) {
            count(run, *group[i], (*tried)[i], summary);
        }
    }
    return {};
}

} // namespace

Result<query::KernelSummary> tryOnKernel(const std::vector<query::PolicyRun>& runs,
                                         const std::vector<std::string>& sets, const trial::Options& options) {
    const Result<std::uint32_t> abi = hostAbi();
    if (!abi) {
        return abi.error();
    }
    query::KernelSummary summary;
    summary.abi = std::min(*abi, abi::kLatest);
    for (const query::PolicyRun& run : runs) {
        if (Result<void> done = tryPolicy(run, sets, options, summary); !done) {
            return done.error();
        }
    }
    return summary;
}

} // namespace landlatch::driver
