// SPDX-License-Identifier: Apache-2.0
// Arbitrary policies that an object file can hold, for round trips and as seeds of mutations.
#pragma once

#include "runtime/landlock/abi.h"
#include "runtime/object/format.h"
#include "runtime/object/policy.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>

namespace landlatch::testing {

class PolicyMaker {
public:
    explicit PolicyMaker(std::uint32_t seed) : random_(seed) {}

    object::Policy make() {
        object::Policy policy;
        policy.format_version = object::format::kVersion;
        policy.compiler_version = "0." + std::to_string(upTo(9)) + ".0";
        policy.abi = 1 + upTo(10);
        policy.floor = 1 + upTo(policy.abi - 1);
        policy.leaving_fs = part(abi::known(policy.abi).fs);
        policy.leaving_net = part(abi::known(policy.abi).net);
        policy.leaving_scoped = part(abi::known(policy.abi).scoped);
        for (std::uint32_t n = upTo(4), i = 0; i < n; ++i) {
            policy.params.push_back(param(i));
        }
        for (std::uint32_t n = upTo(5), i = 0; i < n; ++i) {
            policy.rulesets.push_back(coin() && i > 0 ? policy.rulesets[upTo(i - 1)] : ruleset(policy));
            policy.rulesets.back().name = word() + std::to_string(i);
        }
        for (std::uint32_t n = 1 + upTo(5), i = 0; i < n; ++i) {
            policy.effects.push_back(effect(policy));
        }
        for (std::uint32_t n = upTo(8), i = 0; i < n; ++i) {
            policy.rules.push_back({coin() ? word() : "", word() + ".ll", upTo(100),
                                    upTo(static_cast<std::uint32_t>(policy.effects.size()) - 1), coin(), coin()});
        }
        for (std::uint32_t i = 0; i < policy.rulesets.size(); ++i) {
            if (coin()) {
                policy.always_rulesets.push_back(i);
            }
        }
        policy.users = ids();
        policy.groups = ids();
        for (std::uint32_t n = 1 + upTo(40), i = 0; i < n; ++i) {
            policy.tables.push_back(static_cast<std::uint32_t>(random_()));
        }
        return policy;
    }

private:
    std::uint32_t upTo(std::uint32_t most) { return static_cast<std::uint32_t>(random_() % (std::uint64_t{most} + 1)); }
    bool coin() { return (random_() & 1U) != 0; }
    std::uint64_t part(std::uint64_t whole) { return whole & ((std::uint64_t{random_()} << 32U) | random_()); }
    std::string word() {
        static constexpr std::array<const char*, 8> kWords = {"web",  "base", "python.runtime", "größe",
                                                              "état", "a b",  "日本",           "x"};
        return kWords[upTo(kWords.size() - 1)];
    }
    std::string path() {
        std::string text;
        for (std::uint32_t n = 1 + upTo(3), i = 0; i < n; ++i) {
            text += "/" + word();
        }
        return text;
    }
    object::PortRange range() {
        const auto a = static_cast<std::uint16_t>(upTo(65535));
        const auto b = static_cast<std::uint16_t>(upTo(65535));
        return {std::min(a, b), std::max(a, b)};
    }

    object::Param param(std::uint32_t i) {
        object::Param param;
        param.name = word() + std::to_string(i);
        param.type = static_cast<object::ParamType>(upTo(2));
        param.env = coin() ? "HOME" : "";
        if (coin()) {
            return param;
        }
        if (param.type == object::ParamType::kPath) {
            param.default_path = path();
        } else if (param.type == object::ParamType::kPort) {
            const std::uint16_t port = range().first;
            param.default_ports = {{port, port}};
        } else {
            param.default_ports.emplace();
            for (std::uint32_t n = 1 + upTo(3), k = 0; k < n; ++k) {
                param.default_ports->push_back(range());
            }
        }
        return param;
    }

    /// Literal pieces alternate with params of the right type, if there are any.
    object::PathTemplate pathTemplate(const object::Policy& policy) {
        object::PathTemplate pieces = {{std::nullopt, path()}};
        for (std::uint32_t i = 0; i < policy.params.size(); ++i) {
            if (policy.params[i].type == object::ParamType::kPath && coin()) {
                pieces.push_back({i, ""});
                pieces.push_back({std::nullopt, path()});
            }
        }
        if (pieces.size() > 1 && coin()) {
            pieces.erase(pieces.begin());
        }
        return pieces;
    }

    std::vector<object::PathGrant> paths(const object::Policy& policy, std::uint64_t handled) {
        std::vector<object::PathGrant> grants;
        for (std::uint32_t n = upTo(4), i = 0; i < n; ++i) {
            object::PathGrant grant;
            grant.kind = static_cast<object::PathKind>(upTo(2));
            const bool is_file = grant.kind == object::PathKind::kFile;
            grant.access = part(is_file ? handled & abi::kFileRights : handled);
            if (grant.access == 0) {
                continue;
            }
            grant.path = pathTemplate(policy);
            grant.optional = coin();
            for (std::uint32_t m = is_file ? 0 : upTo(2), k = 0; k < m; ++k) {
                grant.except.push_back(pathTemplate(policy));
            }
            grant.file = word() + ".ll";
            grant.line = upTo(1000);
            grants.push_back(grant);
        }
        return grants;
    }

    std::vector<object::PortGrant> ports(const object::Policy& policy, std::uint64_t handled) {
        std::vector<object::PortGrant> grants;
        for (std::uint32_t n = upTo(3), i = 0; i < n; ++i) {
            object::PortGrant grant;
            grant.access = part(handled);
            if (grant.access == 0) {
                continue;
            }
            grant.ports = range();
            for (std::uint32_t k = 0; k < policy.params.size(); ++k) {
                if (policy.params[k].type != object::ParamType::kPath && coin()) {
                    grant.ports = k;
                }
            }
            grant.file = word() + ".ll";
            grant.line = upTo(1000);
            grants.push_back(grant);
        }
        return grants;
    }

    object::Ruleset ruleset(const object::Policy& policy) {
        object::Ruleset ruleset;
        ruleset.file = word() + ".ll";
        ruleset.line = upTo(1000);
        ruleset.abi = 1 + upTo(abi::kLatest - 1);
        const abi::Masks known = abi::known(ruleset.abi);
        ruleset.handled_fs = part(known.fs);
        ruleset.handled_net = part(known.net);
        ruleset.scoped = part(known.scoped);
        ruleset.left_fs = part(known.fs & ~ruleset.handled_fs);
        ruleset.left_net = part(known.net & ~ruleset.handled_net);
        ruleset.left_scoped = part(known.scoped & ~ruleset.scoped);
        ruleset.hard_scopes = part(ruleset.scoped);
        ruleset.quiet_scopes = part(ruleset.scoped);
        ruleset.paths = paths(policy, ruleset.handled_fs);
        ruleset.ports = ports(policy, ruleset.handled_net);
        ruleset.quiet_paths = paths(policy, ruleset.handled_fs);
        ruleset.quiet_ports = ports(policy, ruleset.handled_net);
        ruleset.log_flags = upTo(7);
        ruleset.in_target = coin();
        return ruleset;
    }

    object::Effect effect(const object::Policy& policy) {
        object::Effect effect;
        std::set<std::uint32_t> rulesets;
        for (std::uint32_t i = 0; i < policy.rulesets.size(); ++i) {
            if (coin()) {
                rulesets.insert(i);
            }
        }
        if (!rulesets.empty()) {
            effect.kind = object::EffectKind::kApply;
            effect.rulesets.assign(rulesets.begin(), rulesets.end());
            effect.nnp = coin();
        } else if (coin()) {
            effect.kind = object::EffectKind::kDeny;
            effect.why = coin() ? word() : "";
        }
        return effect;
    }

    std::vector<object::IdName> ids() {
        std::vector<object::IdName> ids;
        for (std::uint32_t n = upTo(4), i = 0; i < n; ++i) {
            object::IdName id;
            id.numeric = coin();
            id.number = id.numeric ? static_cast<std::uint32_t>(random_()) : 0;
            id.name = id.numeric ? std::to_string(id.number) : word();
            id.optional = coin();
            ids.push_back(id);
        }
        return ids;
    }

    std::mt19937 random_;
};

} // namespace landlatch::testing
