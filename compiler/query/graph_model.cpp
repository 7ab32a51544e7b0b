// SPDX-License-Identifier: Apache-2.0
#include "compiler/query/graph_model.h"

#include "compiler/diag/render.h"
#include "compiler/query/load.h"
#include "runtime/landlock/abi.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace landlatch::query {

namespace {

constexpr std::size_t kWidth = 52;

/// "fs, tcp, scope": the categories of which a ruleset restricts anything.
std::string categories(const ir::Access& handled) {
    std::string text;
    const auto add = [&](std::string_view name, bool is) {
        if (is) {
            text += (text.empty() ? "" : ", ") + std::string(name);
        }
    };
    add("fs", handled.fs != 0);
    add("tcp", (handled.net & 3) != 0);
    add("udp", (handled.net & 12) != 0);
    add("scope", handled.scoped != 0);
    return text;
}

/// All of a condition as it is written, what follows `unless` too.
Span wholeSpan(const ir::Condition& condition) {
    Span whole = condition.span;
    for (const ir::Condition& child : condition.children) {
        const Span inner = wholeSpan(child);
        whole = !whole.valid() ? inner : inner.valid() && inner.file == whole.file ? join(whole, inner) : whole;
    }
    return whole;
}

GraphNode rulesetNode(const ir::Ruleset& ruleset) {
    const auto count = [](std::size_t n, std::string_view what) {
        return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    return {"ruleset " + ruleset.name,
            {"restricts " + categories(ruleset.handled),
             fmt::format("allows {} and {}", count(ruleset.paths.size(), "path"),
                         ruleset.ports.empty() ? "no ports" : count(ruleset.ports.size(), "range") + " of ports")},
            false};
}

GraphNode ruleNode(const ir::Rule& rule, const SourceManager& sources) {
    GraphNode node;
    const std::string where = place(sources, rule.span);
    node.title = rule.name.empty() ? where : fmt::format("{} ({})", rule.name, where);
    const Span whole = wholeSpan(rule.condition);
    const std::string_view text = whole.valid() ? sources.text(whole) : "";
    node.lines = wrapped(diag::printable(wrapped(text, ~std::size_t{0}).front()), kWidth);
    return node;
}

/// Right nodes made when first needed.
class Targets {
public:
    Targets(const ir::Policy& policy, GraphModel& model) : policy_(policy), model_(model) {}

    std::vector<std::size_t> of(const ir::Effect& effect) {
        switch (effect.kind) {
        case ir::Effect::Kind::kDeny:
            return {named("deny", {"deny", {"the program does not run"}, true})};
        case ir::Effect::Kind::kPass:
            return {named("pass", {"pass", {"nothing is applied"}, false})};
        case ir::Effect::Kind::kApply:
            break;
        }
        std::vector<std::size_t> targets;
        for (const ir::RulesetId id : effect.rulesets) {
            targets.push_back(named(fmt::format("ruleset {}", id), rulesetNode(policy_.rulesets[id])));
        }
        return targets;
    }

private:
    std::size_t named(const std::string& key, GraphNode node) {
        const auto [at, fresh] = numbers_.try_emplace(key, model_.right.size());
        if (fresh) {
            model_.right.push_back(std::move(node));
        }
        return at->second;
    }
    const ir::Policy& policy_;
    GraphModel& model_;
    std::map<std::string, std::size_t> numbers_;
};

} // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines(1);
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
        const std::string_view word = text.substr(begin, end - begin);
        if (!word.empty()) {
            if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
                lines.emplace_back();
            }
            lines.back() += (lines.back().empty() ? "" : " ") + std::string(word);
        }
        begin = end + 1;
    }
    return lines;
}

GraphModel graphModel(const ir::Policy& policy, const SourceManager& sources) {
    GraphModel model;
    Targets targets(policy, model);
    // Rulesets in the order of the policy, then deny and pass.
    for (const auto kind : {ir::Effect::Kind::kApply, ir::Effect::Kind::kDeny, ir::Effect::Kind::kPass}) {
        for (const ir::Rule& rule : policy.rules) {
            if (rule.effect.kind == kind) {
                (void)targets.of(rule.effect);
            }
        }
    }
    std::vector<std::size_t> order(policy.rules.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return targets.of(policy.rules[a].effect) < targets.of(policy.rules[b].effect);
    });
    for (const std::size_t id : order) {
        const ir::Rule& rule = policy.rules[id];
        model.left.push_back(ruleNode(rule, sources));
        for (const std::size_t target : targets.of(rule.effect)) {
            model.edges.push_back({model.left.size() - 1, target, rule.effect.nnp, rule.always, rule.audit});
        }
    }
    return model;
}

} // namespace landlatch::query
