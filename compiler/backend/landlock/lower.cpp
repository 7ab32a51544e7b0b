// SPDX-License-Identifier: Apache-2.0
// Field by field from compiler types, which carry spans, to runtime types, which carry file and line. See lower.h.
#include "compiler/backend/landlock/lower.h"

#include "runtime/base/check.h"
#include "runtime/object/format.h"

#include <string>
#include <utility>

namespace landlatch::backend_landlock {
namespace {

object::ParamType lowerType(ir::ParamType type) {
    switch (type) {
    case ir::ParamType::kPath:
        return object::ParamType::kPath;
    case ir::ParamType::kPort:
        return object::ParamType::kPort;
    case ir::ParamType::kPorts:
        return object::ParamType::kPorts;
    }
    LANDLATCH_CHECK(false);
}

object::PathKind lowerKind(ir::PathKind kind) {
    switch (kind) {
    case ir::PathKind::kBeneath:
        return object::PathKind::kBeneath;
    case ir::PathKind::kFile:
        return object::PathKind::kFile;
    case ir::PathKind::kEach:
        return object::PathKind::kEach;
    }
    LANDLATCH_CHECK(false);
}

object::PortRange lowerRange(ir::PortRange range) { return {range.first, range.last}; }

object::Param lowerParam(const ir::Param& param) {
    object::Param lowered;
    lowered.name = param.name;
    lowered.type = lowerType(param.type);
    lowered.default_path = param.default_path;
    lowered.env = param.env;
    if (param.default_ports) {
        lowered.default_ports.emplace();
        for (const ir::PortRange& range : *param.default_ports) {
            lowered.default_ports->push_back(lowerRange(range));
        }
    }
    return lowered;
}

object::PathTemplate lowerTemplate(const ir::PathTemplate& path) {
    object::PathTemplate lowered;
    for (const ir::PathPiece& piece : path.pieces) {
        if (piece.param) {
            lowered.push_back({piece.param, {}});
        } else if (!lowered.empty() && !lowered.back().param) {
            lowered.back().text += piece.text;
        } else if (!piece.text.empty()) {
            lowered.push_back({std::nullopt, piece.text});
        }
    }
    return lowered;
}

std::uint32_t lowerLogFlags(const ir::LogFlags& log) {
    return (log.same_exec_off ? 1U << 0U : 0U) | (log.new_exec_on ? 1U << 1U : 0U) |
           (log.subdomains_off ? 1U << 2U : 0U);
}

class Lowering {
public:
    explicit Lowering(const LowerInput& input) : input_(input) {}
    object::Policy run();

private:
    std::string file(Span span) const;
    std::uint32_t line(Span span) const;
    std::vector<object::PathGrant> paths(const std::vector<ir::PathGrant>& grants) const;
    std::vector<object::PortGrant> ports(const std::vector<ir::PortGrant>& grants) const;
    object::Ruleset ruleset(const ir::Ruleset& ruleset) const;
    object::Effect effect(const ir::Effect& effect) const;
    object::Rule rule(const ir::Rule& rule, std::uint32_t effect) const;

    const LowerInput& input_;
};

std::string Lowering::file(Span span) const {
    if (!span.valid()) {
        return {};
    }
    return storedFileName(input_.sources.name(span.file), input_.sources.name(0));
}

std::uint32_t Lowering::line(Span span) const {
    return span.valid() ? input_.sources.lineColumn(span.file, span.begin).line : 0;
}

std::vector<object::PathGrant> Lowering::paths(const std::vector<ir::PathGrant>& grants) const {
    std::vector<object::PathGrant> lowered;
    for (const ir::PathGrant& grant : grants) {
        if (grant.access == 0) {
            continue;
        }
        object::PathGrant one;
        one.kind = lowerKind(grant.kind);
        one.path = lowerTemplate(grant.path);
        one.access = grant.access;
        one.optional = grant.optional;
        for (const ir::PathTemplate& except : grant.except) {
            one.except.push_back(lowerTemplate(except));
        }
        one.file = file(grant.span);
        one.line = line(grant.span);
        lowered.push_back(std::move(one));
    }
    return lowered;
}

std::vector<object::PortGrant> Lowering::ports(const std::vector<ir::PortGrant>& grants) const {
    std::vector<object::PortGrant> lowered;
    for (const ir::PortGrant& grant : grants) {
        if (grant.access == 0) {
            continue;
        }
        object::PortGrant one;
        one.access = grant.access;
        if (const auto* range = std::get_if<ir::PortRange>(&grant.ports)) {
            one.ports = lowerRange(*range);
        } else {
            one.ports = std::uint32_t{std::get<ir::ParamId>(grant.ports)};
        }
        one.file = file(grant.span);
        one.line = line(grant.span);
        lowered.push_back(std::move(one));
    }
    return lowered;
}

object::Ruleset Lowering::ruleset(const ir::Ruleset& ruleset) const {
    object::Ruleset lowered;
    lowered.name = ruleset.name;
    lowered.file = file(ruleset.span);
    lowered.line = line(ruleset.span);
    lowered.abi = ruleset.abi;
    lowered.handled_fs = ruleset.handled.fs;
    lowered.handled_net = ruleset.handled.net;
    lowered.scoped = ruleset.handled.scoped;
    lowered.hard_scopes = ruleset.hard_scopes;
    lowered.left_fs = ruleset.left.fs;
    lowered.left_net = ruleset.left.net;
    lowered.left_scoped = ruleset.left.scoped;
    lowered.paths = paths(ruleset.paths);
    lowered.ports = ports(ruleset.ports);
    lowered.quiet_paths = paths(ruleset.quiet_paths);
    lowered.quiet_ports = ports(ruleset.quiet_ports);
    lowered.quiet_scopes = ruleset.quiet_scopes;
    lowered.log_flags = lowerLogFlags(ruleset.log);
    lowered.in_target = ruleset.in_target;
    return lowered;
}

object::Effect Lowering::effect(const ir::Effect& effect) const {
    object::Effect lowered;
    switch (effect.kind) {
    case ir::Effect::Kind::kApply:
        lowered.kind = object::EffectKind::kApply;
        break;
    case ir::Effect::Kind::kDeny:
        lowered.kind = object::EffectKind::kDeny;
        break;
    case ir::Effect::Kind::kPass:
        lowered.kind = object::EffectKind::kPass;
        break;
    }
    lowered.rulesets = effect.rulesets;
    lowered.nnp = effect.nnp;
    lowered.why = effect.why;
    return lowered;
}

object::Rule Lowering::rule(const ir::Rule& rule, std::uint32_t effect) const {
    object::Rule lowered;
    lowered.name = rule.name;
    lowered.file = file(rule.span);
    lowered.line = line(rule.span);
    lowered.effect = effect;
    lowered.always = rule.always;
    lowered.audit = rule.audit;
    return lowered;
}

std::vector<object::IdName> lowerIds(const std::vector<ir::IdName>& ids) {
    std::vector<object::IdName> lowered;
    for (const ir::IdName& id : ids) {
        lowered.push_back({id.name, id.numeric, id.numeric ? id.number : 0, id.optional});
    }
    return lowered;
}

object::Policy Lowering::run() {
    const ir::Policy& policy = input_.policy;
    const match::Plan& plan = input_.plan;
    LANDLATCH_CHECK(plan.rule_effect.size() == policy.rules.size());
    object::Policy lowered;
    lowered.format_version = object::format::kVersion;
    lowered.compiler_version = input_.compiler_version;
    lowered.abi = policy.abi;
    lowered.floor = policy.floor;
    lowered.leaving_fs = policy.leaving.fs;
    lowered.leaving_net = policy.leaving.net;
    lowered.leaving_scoped = policy.leaving.scoped;
    for (const ir::Param& param : policy.params) {
        lowered.params.push_back(lowerParam(param));
    }
    for (const ir::Ruleset& one : policy.rulesets) {
        lowered.rulesets.push_back(ruleset(one));
    }
    for (const ir::Effect& one : plan.effects) {
        lowered.effects.push_back(effect(one));
    }
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
        lowered.rules.push_back(rule(policy.rules[i], plan.rule_effect[i]));
    }
    lowered.always_rulesets = plan.always_rulesets;
    lowered.users = lowerIds(plan.users);
    lowered.groups = lowerIds(plan.groups);
    lowered.tables = plan.tables;
    return lowered;
}

} // namespace

std::string storedFileName(std::string_view name, std::string_view root) {
    const std::size_t slash = root.rfind('/');
    const std::string_view root_folder = slash == std::string_view::npos ? "" : root.substr(0, slash + 1);
    if (name.starts_with(root_folder) && !name.substr(root_folder.size()).starts_with('/') &&
        name.find("..", root_folder.size()) == std::string_view::npos) {
        return std::string(name.substr(root_folder.size()));
    }
    const std::size_t base = name.rfind('/');
    if (base == std::string_view::npos) {
        return std::string(name);
    }
    const std::string_view folder = name.substr(0, base);
    if (folder == "std" || folder.ends_with("/std")) {
        return "std/" + std::string(name.substr(base + 1));
    }
    return std::string(name.substr(base + 1));
}

object::Policy lower(const LowerInput& input) { return Lowering(input).run(); }

} // namespace landlatch::backend_landlock
