// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/test.h"

#include "compiler/query/facts.h"
#include "runtime/landlock/abi.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace landlatch::query {

namespace {

/// Ports of one expectation looked at one by one; the others are alike wherever no grant begins or ends.
std::vector<std::uint16_t> portsToAsk(const object::Policy& policy, const std::vector<ParamValue>& params,
                                      const std::vector<ir::PortRange>& ranges) {
    std::set<std::uint32_t> edges;
    const auto add = [&](const object::PortRange& range) { edges.insert({range.first, range.last + 1U}); };
    for (const object::Ruleset& ruleset : policy.rulesets) {
        for (const object::PortGrant& grant : ruleset.ports) {
            if (const auto* range = std::get_if<object::PortRange>(&grant.ports)) {
                add(*range);
            } else if (const ParamValue& value = params[std::get<std::uint32_t>(grant.ports)]) {
                const auto& values = std::get<std::vector<object::PortRange>>(*value);
                std::for_each(values.begin(), values.end(), add);
            }
        }
    }
    std::vector<std::uint16_t> ports;
    for (const ir::PortRange& range : ranges) {
        ports.push_back(range.first);
        for (auto edge = edges.upper_bound(range.first); edge != edges.end() && *edge <= range.last; ++edge) {
            ports.push_back(static_cast<std::uint16_t>(*edge));
        }
    }
    return ports;
}

/// The questions that an expectation asks: every right at every place that may differ.
std::vector<Question> questionsOf(const ir::ExpectAccess& access, const Evaluator& evaluator, bool is_file) {
    std::vector<Question> questions;
    for (const abi::Right& right : abi::kRights) {
        const std::uint64_t bit = std::uint64_t{1} << right.bit;
        Question question{right.category, right.bit, access.path, 0};
        switch (right.category) {
        case abi::Category::kFs:
            // A group asked of a file means the rights that files have.
            if ((access.access.fs & bit) != 0 &&
                !(is_file && right.place == abi::Place::kDirectory && (access.access.fs & abi::kFileRights) != 0)) {
                questions.push_back(question);
            }
            break;
        case abi::Category::kTcp:
        case abi::Category::kUdp:
            for (const std::uint16_t port :
                 (access.access.net & bit) == 0
                     ? std::vector<std::uint16_t>{}
                     : portsToAsk(evaluator.policy(), evaluator.model().params, access.ports)) {
                question.port = port;
                questions.push_back(question);
            }
            break;
        case abi::Category::kScope:
            if ((access.access.scoped & bit) != 0) {
                questions.push_back(question);
            }
            break;
        case abi::Category::kLog:
            break;
        }
    }
    return questions;
}

/// "read_file", "tcp connect 80".
std::string questionText(const Question& question) {
    const bool net = question.category == abi::Category::kTcp || question.category == abi::Category::kUdp;
    return fmt::format("{}{}", rightName(question.category, question.bit),
                       net ? fmt::format(" {}", question.port) : std::string());
}

/// Paths that a test shows to be directories: those above what it or a link names.
std::set<std::string> directoriesOf(const ir::Test& test, const Links& links) {
    std::set<std::string> directories = {"/"};
    const auto above = [&](const std::string& path) {
        std::vector<std::string> ways = waysTo(links.resolve(path));
        ways.pop_back();
        directories.insert(ways.begin(), ways.end());
    };
    for (const ir::TestLink& link : test.links) {
        above(link.link);
    }
    for (const ir::Expect& expect : test.expects) {
        const auto* access = std::get_if<ir::ExpectAccess>(&expect.what);
        if (access != nullptr && !access->path.empty()) {
            above(access->path);
        }
    }
    return directories;
}

Model modelOf(const ir::Test& test, std::vector<ParamValue> params) {
    Model model;
    model.params = std::move(params);
    for (const ir::TestParam& set : test.params) {
        if (const auto* path = std::get_if<std::string>(&set.value)) {
            model.params[set.param] = *path;
        } else {
            std::vector<object::PortRange> ports;
            for (const ir::PortRange& range : std::get<std::vector<ir::PortRange>>(set.value)) {
                ports.push_back({range.first, range.last});
            }
            model.params[set.param] = std::move(ports);
        }
    }
    for (const ir::TestLink& link : test.links) {
        model.links.add(link.link, link.target);
    }
    model.directories = directoriesOf(test, model.links);
    return model;
}

class Runner {
public:
    Runner(const Loaded& loaded, const SourceManager& sources, const Decider& decider, std::vector<ParamValue> params)
        : loaded_(loaded), sources_(sources), decider_(decider), params_(std::move(params)) {}

    TestResult run(const ir::Test& test) const {
        TestResult result;
        result.name = test.name;
        result.span = test.span;
        const Result<Decided> decided = decider_.decide(test.exec);
        if (!decided) {
            result.problems.push_back(decided.error().message);
            return result;
        }
        const match::View& view = decided->view;
        result.rulesets = view.rulesets;
        result.covered = decided->rules;
        result.decision = decisionText(view);
        result.decided_by = decidedBy(*decided);
        const Evaluator evaluator(loaded_.object, modelOf(test, params_));
        for (const std::uint32_t kernel : kernels()) {
            for (const ir::Expect& expect : test.expects) {
                // What `from abi` puts above the vocabulary still runs once, on the kernel that it names.
                const std::uint32_t from = expect.from_abi.value_or(0);
                if (from > kernel && kernel != loaded_.policy.abi) {
                    continue;
                }
                ExpectResult outcome;
                outcome.span = expect.span;
                outcome.text = std::string(sources_.text(expect.span));
                outcome.kernels = {std::max(from, kernel)};
                if (const auto* decision = std::get_if<ir::ExpectDecision>(&expect.what)) {
                    checkDecision(*decision, view, result, outcome);
                } else {
                    checkAccess(std::get<ir::ExpectAccess>(expect.what), view, evaluator, outcome);
                }
                outcome.passed = outcome.reasons.empty();
                add(std::move(outcome), result.expects);
            }
        }
        return result;
    }

private:
    [[nodiscard]] std::vector<std::uint32_t> kernels() const {
        if (loaded_.policy.floor == loaded_.policy.abi) {
            return {loaded_.policy.abi};
        }
        return {loaded_.policy.abi, loaded_.policy.floor};
    }

    static void add(ExpectResult outcome, std::vector<ExpectResult>& to) {
        for (ExpectResult& other : to) {
            if (other.span == outcome.span && other.reasons == outcome.reasons) {
                other.kernels.push_back(outcome.kernels.front());
                return;
            }
        }
        to.push_back(std::move(outcome));
    }

    [[nodiscard]] std::string rulesetNames(const std::vector<std::uint32_t>& ids) const {
        std::string names;
        for (const std::uint32_t id : ids) {
            names += (names.empty() ? "" : ", ") + loaded_.object.rulesets[id].name;
        }
        return names;
    }
    [[nodiscard]] std::string ruleText(std::uint32_t id) const {
        const object::Rule& rule = loaded_.object.rules[id];
        const std::string where = place(rule.file, rule.line);
        return rule.name.empty() ? fmt::format("the rule at {}", where) : fmt::format("rule {}, {}", rule.name, where);
    }
    [[nodiscard]] std::string decidedBy(const Decided& decided) const {
        std::string text;
        if (decided.view.rule) {
            text = ruleText(*decided.view.rule);
        }
        for (const std::uint32_t rule : decided.rules) {
            if (loaded_.object.rules[rule].always && rule != decided.view.rule) {
                text += (text.empty() ? "" : " and ") + ruleText(rule);
            }
        }
        return text.empty() ? "no rule matches" : text;
    }
    [[nodiscard]] std::string decisionText(const match::View& view) const {
        if (view.kind == LL_DENY || view.kind == LL_REFUSE) {
            const std::string why = whyOf(view);
            return why.empty() ? "refuse" : fmt::format("refuse \"{}\"", why);
        }
        if (!view.rulesets.empty()) {
            return fmt::format("apply {}{}", rulesetNames(view.rulesets), view.nnp ? " with nnp" : "");
        }
        return view.kind == LL_PASS ? "pass" : "none";
    }
    [[nodiscard]] std::string whyOf(const match::View& view) const {
        return view.rule ? loaded_.object.effects[loaded_.object.rules[*view.rule].effect].why : "";
    }

    void checkDecision(const ir::ExpectDecision& expected, const match::View& view, const TestResult& result,
                       ExpectResult& outcome) const {
        const bool refused = view.kind == LL_DENY || view.kind == LL_REFUSE;
        const bool applies = !refused && !view.rulesets.empty();
        bool fine = false;
        switch (expected.kind) {
        case ir::ExpectDecision::Kind::kApply:
            fine = applies && view.rulesets == expected.rulesets && view.nnp == expected.nnp;
            break;
        case ir::ExpectDecision::Kind::kNone:
            fine = !refused && !applies && view.kind == LL_NONE;
            break;
        case ir::ExpectDecision::Kind::kPass:
            fine = !refused && !applies && view.kind == LL_PASS;
            break;
        case ir::ExpectDecision::Kind::kRefuse:
            fine = refused && (!expected.why || *expected.why == whyOf(view));
            break;
        }
        if (!fine) {
            outcome.reasons.push_back(fmt::format("the decision is {} ({})", result.decision, result.decided_by));
        }
    }

    void checkAccess(const ir::ExpectAccess& expected, const match::View& view, const Evaluator& evaluator,
                     ExpectResult& outcome) const {
        if (view.kind == LL_DENY || view.kind == LL_REFUSE) {
            if (expected.allowed) {
                outcome.reasons.emplace_back("the exec is refused, so nothing is accessed");
            }
            return;
        }
        const bool is_file = !expected.path.empty() && evaluator.isFile(view.rulesets, expected.path);
        for (const Question& question : questionsOf(expected, evaluator, is_file)) {
            checkQuestion(question, expected.allowed, view.rulesets, evaluator, outcome);
        }
    }

    void checkQuestion(const Question& question, bool allowed, const std::vector<std::uint32_t>& rulesets,
                       const Evaluator& evaluator, ExpectResult& outcome) const {
        std::vector<std::string> against; // the layers that speak against what is expected
        bool denied = false;
        for (const std::uint32_t ruleset : rulesets) {
            const Verdict verdict = evaluator.judge(ruleset, question, outcome.kernels.front());
            denied = denied || verdict.allowed == Truth::kNo;
            if (verdict.allowed == Truth::kMaybe || (verdict.allowed == Truth::kYes) != allowed) {
                against.push_back(fmt::format("{}: {}", questionText(question),
                                              verdictText(verdict, loaded_.object, ruleset, outcome.kernels.front())));
            }
        }
        const bool fails = allowed ? !against.empty() : !denied;
        if (!fails) {
            return;
        }
        if (rulesets.empty()) {
            against.push_back(fmt::format("{}: allowed, no ruleset is applied", questionText(question)));
        }
        outcome.reasons.insert(outcome.reasons.end(), against.begin(), against.end());
    }

    const Loaded& loaded_;
    const SourceManager& sources_;
    const Decider& decider_;
    std::vector<ParamValue> params_;
};

Coverage coverageOf(const Loaded& loaded, const std::vector<TestResult>& tests) {
    std::set<std::uint32_t> rules;
    std::set<std::uint32_t> rulesets;
    for (const TestResult& test : tests) {
        rulesets.insert(test.rulesets.begin(), test.rulesets.end());
        rules.insert(test.covered.begin(), test.covered.end());
    }
    Coverage coverage;
    coverage.rules = loaded.object.rules.size();
    coverage.rulesets = loaded.object.rulesets.size();
    for (std::uint32_t rule = 0; rule < coverage.rules; ++rule) {
        if (!rules.contains(rule)) {
            coverage.rules_missed.push_back(rule);
        }
    }
    for (std::uint32_t ruleset = 0; ruleset < coverage.rulesets; ++ruleset) {
        if (!rulesets.contains(ruleset)) {
            coverage.rulesets_missed.push_back(ruleset);
        }
    }
    return coverage;
}

} // namespace

Result<TestRun> runTests(const Loaded& loaded, const SourceManager& sources, const std::vector<std::string>& sets) {
    Result<std::vector<ParamValue>> params = paramValues(loaded.object, sets);
    if (!params) {
        return params.error();
    }
    const Result<Decider> decider = Decider::create(loaded.object);
    if (!decider) {
        return decider.error();
    }
    const Runner runner(loaded, sources, *decider, *std::move(params));
    TestRun run;
    for (const ir::Test& test : loaded.policy.tests) {
        run.tests.push_back(runner.run(test));
    }
    run.coverage = coverageOf(loaded, run.tests);
    return run;
}

Result<std::vector<AccessCase>> accessCases(const Loaded& loaded, const std::vector<std::string>& sets,
                                            std::uint32_t kernel) {
    const Result<std::vector<ParamValue>> params = paramValues(loaded.object, sets);
    if (!params) {
        return params.error();
    }
    const Result<Decider> decider = Decider::create(loaded.object);
    if (!decider) {
        return decider.error();
    }
    std::vector<AccessCase> cases;
    for (std::size_t index = 0; index < loaded.policy.tests.size(); ++index) {
        const ir::Test& test = loaded.policy.tests[index];
        const Result<Decided> decided = decider->decide(test.exec);
        if (!decided || decided->view.rulesets.empty() || !test.links.empty()) {
            continue;
        }
        const std::vector<std::uint32_t>& rulesets = decided->view.rulesets;
        const Evaluator evaluator(loaded.object, modelOf(test, *params));
        for (const ir::Expect& expect : test.expects) {
            const auto* access = std::get_if<ir::ExpectAccess>(&expect.what);
            if (access == nullptr || expect.from_abi.value_or(0) > kernel) {
                continue;
            }
            const bool is_file = !access->path.empty() && evaluator.isFile(rulesets, access->path);
            for (const Question& question : questionsOf(*access, evaluator, is_file)) {
                Truth all = Truth::kYes;
                for (const std::uint32_t ruleset : rulesets) {
                    const Truth one = evaluator.judge(ruleset, question, kernel).allowed;
                    all = all == Truth::kNo || one == Truth::kNo ? Truth::kNo : one == Truth::kMaybe ? one : all;
                }
                if (all != Truth::kMaybe) {
                    cases.push_back(
                        {index, expect.span, rulesets, evaluator.model().params, question, all == Truth::kYes});
                }
            }
        }
    }
    return cases;
}

std::string kernelsText(const ExpectResult& expect) {
    return fmt::format("ABI {}", fmt::join(expect.kernels, " and "));
}

bool TestResult::passed() const {
    return problems.empty() &&
           std::all_of(expects.begin(), expects.end(), [](const ExpectResult& expect) { return expect.passed; });
}

unsigned Coverage::percent(std::size_t all, std::size_t missed) {
    return all == 0 ? 100 : static_cast<unsigned>((all - missed) * 100 / all);
}

std::size_t TestRun::failed() const {
    return static_cast<std::size_t>(
        std::count_if(tests.begin(), tests.end(), [](const TestResult& test) { return !test.passed(); }));
}

} // namespace landlatch::query
