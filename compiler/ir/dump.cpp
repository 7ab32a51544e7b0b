// SPDX-License-Identifier: Apache-2.0
// One function a kind of thing; two spaces a level.
#include "compiler/ir/dump.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace landlatch::ir {

namespace {

class Dumper {
public:
    explicit Dumper(const Policy& policy) : policy_(policy) {}

    void header() {
        line("abi {}", policy_.abi);
        line("floor {} leaving {}", policy_.floor, accessNames(policy_.leaving));
    }
    void params() {
        for (const Param& p : policy_.params) {
            param(p);
        }
    }
    void rulesets() {
        for (const Ruleset& r : policy_.rulesets) {
            ruleset(r);
        }
    }
    void rules() {
        for (const Rule& r : policy_.rules) {
            rule(r);
        }
        for (const Prefer& p : policy_.prefers) {
            line("prefer {} over {}", ruleName(p.winner), ruleName(p.loser));
        }
    }
    void tests() {
        for (const Test& t : policy_.tests) {
            test(t);
        }
    }
    std::string take() { return std::move(out_); }

private:
    template <typename... Args> void line(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
        out_ += '\n';
    }

    static std::string ports(const std::vector<PortRange>& ranges) {
        std::string out;
        for (const PortRange& range : ranges) {
            out += (out.empty() ? "" : ", ") + portRange(range);
        }
        return out;
    }
    static std::string portRange(const PortRange& range) {
        return range.first == range.last ? fmt::format("{}", range.first)
                                         : fmt::format("{}..{}", range.first, range.last);
    }
    std::string path(const PathTemplate& path) const {
        std::string out;
        for (const PathPiece& piece : path.pieces) {
            out += piece.param ? "${" + policy_.params[*piece.param].name + "}" : piece.text;
        }
        return out;
    }
    std::string rulesetNames(const std::vector<RulesetId>& ids) const {
        std::string out;
        for (const RulesetId id : ids) {
            out += (out.empty() ? "" : ", ") + policy_.rulesets[id].name;
        }
        return out;
    }
    /// Unnamed rules go by their place in the policy.
    std::string ruleName(RuleId id) const {
        const std::string& name = policy_.rules[id].name;
        return name.empty() ? fmt::format("#{}", id) : name;
    }

    void param(const Param& p) {
        std::string value;
        if (p.default_path) {
            value = " = " + *p.default_path;
        } else if (p.default_ports) {
            value = " = " + ports(*p.default_ports);
        } else if (!p.env.empty()) {
            value = " = env " + p.env;
        }
        static constexpr std::string_view kTypes[] = {"path", "port", "ports"};
        line("param {}: {}{}", p.name, kTypes[static_cast<std::size_t>(p.type)], value);
    }

    void ruleset(const Ruleset& r) {
        line("ruleset {} abi {}", r.name, r.abi);
        line("  handled {}", accessNames(r.handled));
        line("  left {}", accessNames(r.left));
        if (r.hard_scopes != 0) {
            line("  isolate {}", scopeNames(r.hard_scopes));
        }
        if (r.in_target) {
            line("  paths in target");
        }
        logFlags(r.log);
        for (const PathGrant& grant : r.paths) {
            pathGrant("allow", grant);
        }
        for (const PortGrant& grant : r.ports) {
            portGrant("allow", grant);
        }
        for (const PathGrant& grant : r.quiet_paths) {
            pathGrant("quiet", grant);
        }
        for (const PortGrant& grant : r.quiet_ports) {
            portGrant("quiet", grant);
        }
        if (r.quiet_scopes != 0) {
            line("  quiet scope {}", scopeNames(r.quiet_scopes));
        }
    }
    void logFlags(const LogFlags& log) {
        if (log.same_exec_off) {
            line("  log same_exec off");
        }
        if (log.new_exec_on) {
            line("  log new_exec on");
        }
        if (log.subdomains_off) {
            line("  log subdomains off");
        }
    }
    void pathGrant(std::string_view verb, const PathGrant& grant) {
        static constexpr std::string_view kKinds[] = {"beneath", "file", "each"};
        std::string except;
        for (const PathTemplate& pattern : grant.except) {
            except += (except.empty() ? " except " : ", ") + path(pattern);
        }
        line("  {} {} {} {}{}{}", verb, fsNames(grant.access), kKinds[static_cast<std::size_t>(grant.kind)],
             grant.optional ? "optional " : "", path(grant.path), except);
    }
    void portGrant(std::string_view verb, const PortGrant& grant) {
        const auto* range = std::get_if<PortRange>(&grant.ports);
        line("  {} {} {}", verb, netNames(grant.access),
             range != nullptr ? portRange(*range) : "${" + policy_.params[std::get<ParamId>(grant.ports)].name + "}");
    }

    static std::string_view factName(Fact fact) {
        static constexpr std::string_view kNames[] = {"exec", "exec unlinked", "script", "parent exec", "ancestor exec",
                                                      "unit", "user unit",     "slice",  "cgroup",      "in container",
                                                      "user", "real user",     "group",  "setuid"};
        return kNames[static_cast<std::size_t>(fact)];
    }
    static std::string idName(const IdName& id) {
        return (id.optional ? "optional " : "") + (id.numeric ? fmt::format("{}", id.number) : id.name);
    }
    static std::string fact(const FactTest& test) {
        std::string out(factName(test.fact));
        std::string_view separator = " ";
        for (const FactPattern& pattern : test.patterns) {
            out += std::string(separator) + pattern.text;
            separator = ", ";
        }
        for (const IdName& id : test.ids) {
            out += std::string(separator) + idName(id);
            separator = ", ";
        }
        return out;
    }
    // Depth is bounded by sema's limit on conditions.
    static std::string condition(const Condition& c) {
        switch (c.kind) {
        case Condition::Kind::kFact:
            return fact(c.fact);
        case Condition::Kind::kNot:
            return "not (" + condition(c.children[0]) + ")";
        case Condition::Kind::kAnd:
        case Condition::Kind::kOr: {
            std::string out;
            for (const Condition& child : c.children) {
                out += (out.empty() ? "(" : c.kind == Condition::Kind::kAnd ? " and " : " or ") + condition(child);
            }
            return out + ")";
        }
        }
        return {};
    }

    void rule(const Rule& r) {
        line("rule {}{}{}{}", r.name.empty() ? "(unnamed)" : r.name, r.always ? " always" : "", r.audit ? " audit" : "",
             r.used ? " used" : "");
        line("  when {}", condition(r.condition));
        switch (r.effect.kind) {
        case Effect::Kind::kApply:
            line("  apply {}{}", rulesetNames(r.effect.rulesets), r.effect.nnp ? " with nnp" : "");
            break;
        case Effect::Kind::kDeny:
            line("  deny{}", r.effect.why.empty() ? "" : " \"" + r.effect.why + "\"");
            break;
        case Effect::Kind::kPass:
            line("  pass");
            break;
        }
    }

    void test(const Test& t) {
        line("test \"{}\"", t.name);
        for (const TestLink& link : t.links) {
            line("  given link {} -> {}", link.link, link.target);
        }
        for (const TestParam& set : t.params) {
            const auto* text = std::get_if<std::string>(&set.value);
            line("  set {} = {}", policy_.params[set.param].name,
                 text != nullptr ? *text : ports(std::get<std::vector<PortRange>>(set.value)));
        }
        line("  {}", testExec(t.exec));
        for (const Expect& expect : t.expects) {
            line("  expect {}{}", std::visit([&](const auto& what) { return expected(what); }, expect.what),
                 expect.from_abi ? fmt::format(" from abi {}", *expect.from_abi) : "");
        }
    }
    static std::string testExec(const TestExec& exec) {
        std::string out = "exec " + exec.exec + (exec.unlinked ? " unlinked" : "");
        const auto add = [&](std::string_view what, const std::optional<std::string>& value) {
            if (value) {
                out += fmt::format(" {} {}", what, *value);
            }
        };
        add("script", exec.script);
        add("parent exec", exec.parent_exec);
        for (const std::string& ancestor : exec.ancestors) {
            add("ancestor exec", ancestor);
        }
        add("under unit", exec.unit);
        add("under user unit", exec.user_unit);
        add("under slice", exec.slice);
        add("under cgroup", exec.cgroup);
        out += exec.in_container ? " in container" : "";
        if (exec.user) {
            out += " user " + idName(*exec.user);
        }
        if (exec.real_user) {
            out += " real user " + idName(*exec.real_user);
        }
        for (const IdName& group : exec.groups) {
            out += " group " + idName(group);
        }
        return out + (exec.setuid ? " setuid" : "");
    }
    std::string expected(const ExpectDecision& decision) const {
        switch (decision.kind) {
        case ExpectDecision::Kind::kApply:
            return "apply " + rulesetNames(decision.rulesets) + (decision.nnp ? " with nnp" : "");
        case ExpectDecision::Kind::kNone:
            return "none";
        case ExpectDecision::Kind::kPass:
            return "pass";
        case ExpectDecision::Kind::kRefuse:
            return "refuse" + (decision.why ? " \"" + *decision.why + "\"" : "");
        }
        return {};
    }
    static std::string expected(const ExpectAccess& access) {
        const std::string where = !access.path.empty()   ? " " + access.path
                                  : access.ports.empty() ? ""
                                                         : " " + ports(access.ports);
        return (access.allowed ? "allow " : "deny ") + accessNames(access.access) + where;
    }

    const Policy& policy_;
    std::string out_;
};

} // namespace

std::string dump(const Policy& policy) {
    Dumper dumper(policy);
    dumper.header();
    dumper.params();
    dumper.rulesets();
    dumper.rules();
    dumper.tests();
    return dumper.take();
}

std::string dumpRulesets(const Policy& policy) {
    Dumper dumper(policy);
    dumper.params();
    dumper.rulesets();
    return dumper.take();
}

} // namespace landlatch::ir
