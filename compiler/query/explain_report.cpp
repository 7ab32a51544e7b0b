// SPDX-License-Identifier: Apache-2.0
// An explanation for people and as JSON.
#include "compiler/diag/render.h"
#include "compiler/ir/dump.h"
#include "compiler/query/explain.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace landlatch::query {

namespace {

using Json = nlohmann::ordered_json;

/// Source text on one line, spaces for line ends and runs of blanks.
std::string oneLine(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    return diag::printable(out);
}

std::string_view truthWord(Truth truth) {
    return truth == Truth::kYes ? "allowed" : truth == Truth::kNo ? "denied" : "depends";
}

/// The three lists of language point 19, of one ruleset.
struct Handling {
    ir::Access denied, left, unknown;
};
Handling handlingOf(const ir::Ruleset& ruleset) {
    const abi::Masks all = abi::known(abi::kLatest);
    const abi::Masks known = abi::known(ruleset.abi);
    Handling handling;
    handling.denied = ruleset.handled;
    handling.left = ruleset.left;
    handling.unknown = {all.fs & ~known.fs, all.net & ~known.net, all.scoped & ~known.scoped};
    return handling;
}

/// "read, write, tcp connect": groups of rights where all of a group are there.
std::string accessText(const ir::Access& access, std::uint32_t vocabulary) {
    std::string text = access.fs != 0 ? rightsText(access.fs, vocabulary) : "";
    for (const std::string& more :
         {access.net != 0 ? ir::netNames(access.net) : "", access.scoped != 0 ? ir::scopeNames(access.scoped) : ""}) {
        text += (text.empty() || more.empty() ? "" : ", ") + more;
    }
    return text.empty() ? "none" : text;
}

class Report {
public:
    Report(const Loaded& loaded, const SourceManager& sources) : loaded_(loaded), sources_(sources) {}

    std::string text(const Explanation& explanation) {
        if (explanation.cases.size() > 1) {
            out_ += "depends on ";
            for (std::size_t i = 0; i < explanation.depends_on.size(); ++i) {
                out_ += (i == 0 ? "" : ", ") + explanation.depends_on[i];
            }
            out_ += "\n";
        }
        for (const Case& one : explanation.cases) {
            addCase(one, explanation.cases.size() > 1);
        }
        if (!explanation.near.empty()) {
            line(0, "nearly matched");
            for (const RuleNote& note : explanation.near) {
                line(1, "{}: {}; does not hold: {}", ruleText(note.rule), effectText(note.rule), oneLine(note.why));
            }
        }
        std::vector<bool> shown(loaded_.policy.rulesets.size(), false);
        for (const Case& one : explanation.cases) {
            for (const ir::RulesetId id : one.rulesets) {
                if (!shown[id]) {
                    addRuleset(id);
                    shown[id] = true;
                }
            }
        }
        return std::move(out_);
    }

    Json json(const Explanation& explanation) {
        Json out = explanation.cases.size() == 1 ? caseJson(explanation.cases.front()) : Json{{"decision", "depends"}};
        if (explanation.cases.size() > 1) {
            out["depends_on"] = explanation.depends_on;
            out["cases"] = Json::array();
            for (const Case& one : explanation.cases) {
                out["cases"].push_back(caseJson(one));
            }
        }
        out["near"] = Json::array();
        for (const RuleNote& note : explanation.near) {
            Json rule = ruleJson(note.rule);
            rule["fails"] = note.why;
            out["near"].push_back(std::move(rule));
        }
        return out;
    }

private:
    template <typename... Args> void line(int level, fmt::format_string<Args...> format, Args&&... args) {
        out_.append(static_cast<std::size_t>(level) * 4, ' ');
        out_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
    }

    [[nodiscard]] const ir::Rule& rule(ir::RuleId id) const { return loaded_.policy.rules[id]; }
    [[nodiscard]] std::string ruleText(ir::RuleId id) const {
        const std::string where = place(sources_, rule(id).span);
        return rule(id).name.empty() ? where : fmt::format("{} {}", where, rule(id).name);
    }
    [[nodiscard]] std::string effectText(ir::RuleId id) const {
        const ir::Effect& effect = rule(id).effect;
        std::string text = rule(id).always ? "always " : "";
        switch (effect.kind) {
        case ir::Effect::Kind::kDeny:
            return text + "deny";
        case ir::Effect::Kind::kPass:
            return text + "pass";
        case ir::Effect::Kind::kApply:
            break;
        }
        return text + "apply " + names(effect.rulesets) + (effect.nnp ? " with nnp" : "");
    }
    [[nodiscard]] std::string names(const std::vector<ir::RulesetId>& ids) const {
        std::string text;
        for (const ir::RulesetId id : ids) {
            text += (text.empty() ? "" : ", ") + loaded_.policy.rulesets[id].name;
        }
        return text;
    }
    [[nodiscard]] std::string conditionText(ir::RuleId id) const {
        const Span span = rule(id).span;
        return span.valid() ? oneLine(sources_.text(span)) : "";
    }

    void addCase(const Case& one, bool several) {
        line(0, "{}{}", several ? "- " : "", decisionText(loaded_, one));
        if (several) {
            line(1, "for example: {}", diag::printable(one.example));
        }
        for (const ir::RuleId id : one.deciders) {
            line(1, "decided by {}", ruleText(id));
            line(2, "{}", conditionText(id));
        }
        if (one.none) {
            line(1, "no rule decides{}", one.always.empty() ? "" : ", but");
        }
        for (const ir::RuleId id : one.always) {
            line(1, "always: {}", ruleText(id));
            line(2, "{}", conditionText(id));
        }
        for (const RuleNote& note : one.agreed) {
            line(1, "agreed: {}: {}", ruleText(note.rule), note.why);
        }
        for (const RuleNote& note : one.lost) {
            line(1, "lost: {}: {}", ruleText(note.rule), effectText(note.rule));
            line(2, "{}", note.why);
        }
        for (const AccessAnswer& answer : one.access) {
            line(1, "{}: {}{}", truthWord(answer.allowed), answer.text, answer.why.empty() ? "" : ": " + answer.why);
            for (const LayerVerdict& layer : answer.layers) {
                line(2, "{}", layer.why);
            }
        }
    }

    void addRuleset(ir::RulesetId id) {
        const ir::Ruleset& ruleset = loaded_.policy.rulesets[id];
        const object::Ruleset& lowered = loaded_.object.rulesets[id];
        line(0, "ruleset {} ({}), vocabulary of ABI {}{}", ruleset.name, place(sources_, ruleset.span), ruleset.abi,
             ruleset.in_target ? ", paths in target" : "");
        for (const object::PathGrant& grant : lowered.paths) {
            line(1, "{:<56} {}", grantText(loaded_.object, grant), place(grant.file, grant.line));
        }
        for (const object::PortGrant& grant : lowered.ports) {
            line(1, "{:<56} {}", grantText(loaded_.object, grant), place(grant.file, grant.line));
        }
        const Handling handling = handlingOf(ruleset);
        line(1, "denied by default: {}", accessText(handling.denied, ruleset.abi));
        line(1, "left open by `leave`: {}", accessText(handling.left, ruleset.abi));
        line(1, "unknown to its vocabulary, open: {}", accessText(handling.unknown, abi::kLatest));
    }

    Json ruleJson(ir::RuleId id) const {
        const Span span = rule(id).span;
        return {{"name", rule(id).name},
                {"file", span.valid() ? Json(sources_.name(span.file)) : Json(nullptr)},
                {"line", span.valid() ? Json(sources_.lineColumn(span.file, span.begin).line) : Json(nullptr)},
                {"effect", effectText(id)}};
    }

    Json matchedJson(const Case& one) const {
        Json matched = Json::array();
        const auto add = [&](ir::RuleId id, std::string_view outcome, const std::string& why) {
            Json rule = ruleJson(id);
            rule["outcome"] = outcome;
            if (!why.empty()) {
                rule["why"] = why;
            }
            matched.push_back(std::move(rule));
        };
        for (const ir::RuleId id : one.deciders) {
            add(id, "decides", "");
        }
        for (const ir::RuleId id : one.always) {
            add(id, "always", "");
        }
        for (const RuleNote& note : one.agreed) {
            add(note.rule, "agrees", note.why);
        }
        for (const RuleNote& note : one.lost) {
            add(note.rule, "lost", note.why);
        }
        return matched;
    }

    Json caseJson(const Case& one) const {
        Json rulesets = Json::array();
        Json layers = Json::array();
        for (const ir::RulesetId id : one.rulesets) {
            rulesets.push_back(loaded_.policy.rulesets[id].name);
            layers.push_back(layerJson(id));
        }
        // The rule behind it: the deciding one, or what adds by `always`.
        Json rule = nullptr;
        if (one.refused && !one.always.empty() && (one.deciders.empty() || one.kind != ir::Effect::Kind::kDeny)) {
            for (const ir::RuleId id : one.always) {
                rule = this->rule(id).effect.kind == ir::Effect::Kind::kDeny ? ruleJson(id) : rule;
            }
        } else if (!one.deciders.empty()) {
            rule = ruleJson(one.deciders.front());
        } else if (!one.always.empty()) {
            rule = ruleJson(one.always.front());
        }
        Json out = {{"decision", one.word()}, {"rulesets", rulesets}, {"nnp", one.nnp}, {"rule", rule}};
        if (one.refused) {
            out["why"] = one.why;
        }
        out["example"] = one.example;
        out["matched"] = matchedJson(one);
        out["layers"] = layers;
        out["access"] = Json::array();
        for (const AccessAnswer& answer : one.access) {
            out["access"].push_back(answerJson(answer));
        }
        return out;
    }

    Json layerJson(ir::RulesetId id) const {
        const Handling handling = handlingOf(loaded_.policy.rulesets[id]);
        Json grants = Json::array();
        for (const object::PathGrant& grant : loaded_.object.rulesets[id].paths) {
            grants.push_back({{"grant", grantText(loaded_.object, grant)}, {"file", grant.file}, {"line", grant.line}});
        }
        for (const object::PortGrant& grant : loaded_.object.rulesets[id].ports) {
            grants.push_back({{"grant", grantText(loaded_.object, grant)}, {"file", grant.file}, {"line", grant.line}});
        }
        return {{"ruleset", loaded_.policy.rulesets[id].name},
                {"grants", grants},
                {"denied_by_default", namesJson(handling.denied)},
                {"left_open", namesJson(handling.left)},
                {"unknown_to_vocabulary", namesJson(handling.unknown)}};
    }

    static Json namesJson(const ir::Access& access) {
        Json names = Json::array();
        for (const abi::Right& right : abi::kRights) {
            const std::uint64_t mask = right.category == abi::Category::kFs      ? access.fs
                                       : right.category == abi::Category::kScope ? access.scoped
                                       : right.category == abi::Category::kLog   ? 0
                                                                                 : access.net;
            if ((mask >> right.bit & 1) != 0) {
                names.push_back(right.name);
            }
        }
        return names;
    }

    static Json answerJson(const AccessAnswer& answer) {
        Json layers = Json::array();
        for (const LayerVerdict& layer : answer.layers) {
            const std::string* file = nullptr;
            std::uint32_t at = 0;
            if (layer.verdict.path != nullptr) {
                file = &layer.verdict.path->file;
                at = layer.verdict.path->line;
            } else if (layer.verdict.port != nullptr) {
                file = &layer.verdict.port->file;
                at = layer.verdict.port->line;
            }
            layers.push_back({{"result", truthWord(layer.verdict.allowed)},
                              {"why", layer.why},
                              {"file", file == nullptr ? Json(nullptr) : Json(*file)},
                              {"line", file == nullptr ? Json(nullptr) : Json(at)}});
        }
        Json out = {{"access", answer.text}, {"result", truthWord(answer.allowed)}, {"layers", layers}};
        if (!answer.why.empty()) {
            out["why"] = answer.why;
        }
        return out;
    }

    const Loaded& loaded_;
    const SourceManager& sources_;
    std::string out_;
};

} // namespace

std::string decisionText(const Loaded& loaded, const Case& one) {
    if (one.refused) {
        return one.why.empty() ? "deny" : fmt::format("deny \"{}\"", diag::printable(one.why));
    }
    if (one.rulesets.empty()) {
        return std::string(one.word());
    }
    std::string text;
    for (const ir::RulesetId id : one.rulesets) {
        text += (text.empty() ? "apply " : ", ") + loaded.policy.rulesets[id].name;
    }
    return text + (one.nnp ? " with nnp" : "");
}

std::string explainText(const Loaded& loaded, const SourceManager& sources, const Explanation& explanation) {
    return Report(loaded, sources).text(explanation);
}

std::string explainJson(const Loaded& loaded, const SourceManager& sources, const Explanation& explanation) {
    return Report(loaded, sources).json(explanation).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace landlatch::query
