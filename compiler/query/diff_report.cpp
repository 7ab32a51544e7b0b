// SPDX-License-Identifier: Apache-2.0
// A diff for people and as JSON.
#include "compiler/diag/render.h"
#include "compiler/query/diff.h"
#include "compiler/query/load.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>

namespace landlatch::query {

namespace {

using Json = nlohmann::ordered_json;

std::string ruleText(const object::Policy& policy, const DiffDecision& decision) {
    if (!decision.rule) {
        return "no rule";
    }
    const object::Rule& rule = policy.rules[*decision.rule];
    const std::string where = place(rule.file, rule.line);
    return rule.name.empty() ? where : fmt::format("{} {}", where, rule.name);
}

void addRights(const std::vector<RightsChange>& changes, std::string& out) {
    for (const RightsChange& change : changes) {
        for (const auto& [verb, rights] : {std::pair{"gains", &change.gained}, std::pair{"loses", &change.lost}}) {
            if (!rights->empty()) {
                out += fmt::format("    {} {}: {}\n", verb, *rights, diag::printable(change.where));
            }
        }
        for (const std::string& grant : change.by) {
            out += fmt::format("        {}\n", diag::printable(grant));
        }
    }
}

Json rightsJson(const std::vector<RightsChange>& changes) {
    Json out = Json::array();
    for (const RightsChange& change : changes) {
        out.push_back({{"where", change.where}, {"gained", change.gained}, {"lost", change.lost}, {"by", change.by}});
    }
    return out;
}

Json decisionJson(const object::Policy& policy, const DiffDecision& decision) {
    Json rulesets = Json::array();
    for (const std::uint32_t id : decision.rulesets) {
        rulesets.push_back(policy.rulesets[id].name);
    }
    Json out = {{"decision", decision.refused             ? "deny"
                             : !decision.rulesets.empty() ? "apply"
                             : decision.passed            ? "pass"
                                                          : "none"},
                {"rulesets", rulesets},
                {"nnp", decision.nnp},
                {"rule", nullptr}};
    if (decision.rule) {
        const object::Rule& rule = policy.rules[*decision.rule];
        out["rule"] = {{"name", rule.name}, {"file", rule.file}, {"line", rule.line}};
    }
    return out;
}

} // namespace

std::string diffText(const object::Policy& before, const object::Policy& after, const Diff& found) {
    std::string out = fmt::format("{}\n", relationWord(found.relation));
    for (const std::string& other : found.others) {
        out += other + "\n";
    }
    std::set<std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>>> said;
    for (const DecisionChange& change : found.decisions) {
        const std::string old_text = decisionText(before, change.before);
        const std::string new_text = decisionText(after, change.after);
        out += diag::printable(change.renamed ? fmt::format("{} -> {}", old_text, new_text) : old_text);
        out += fmt::format(": {}\n", relationWord(change.relation));
        out += fmt::format("    for example: {}\n", diag::printable(change.witness));
        out +=
            fmt::format("    before: {}; after: {}\n", ruleText(before, change.before), ruleText(after, change.after));
        if (change.rights.empty()) {
            continue;
        }
        if (said.insert({change.before.rulesets, change.after.rulesets}).second) {
            addRights(change.rights, out);
        } else {
            out += "    rights: as above\n";
        }
    }
    return out;
}

std::string diffJson(const object::Policy& before, const object::Policy& after, const Diff& found) {
    Json decisions = Json::array();
    for (const DecisionChange& change : found.decisions) {
        decisions.push_back({{"relation", relationWord(change.relation)},
                             {"before", decisionJson(before, change.before)},
                             {"after", decisionJson(after, change.after)},
                             {"witness", change.witness},
                             {"rights", rightsJson(change.rights)}});
    }
    const Json out = {{"relation", relationWord(found.relation)}, {"others", found.others}, {"decisions", decisions}};
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace landlatch::query
