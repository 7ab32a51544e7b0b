// SPDX-License-Identifier: Apache-2.0
// What a policy object says, once read and checked: the runtime's view of `.landlock.*` and the match tables.
// docs/object-format.md describes the bytes; format.h has the structs; read.h reads and validates.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace landlatch::object {

enum class ParamType : std::uint8_t { kPath = 0, kPort = 1, kPorts = 2 };

struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    bool operator==(const PortRange&) const = default;
};

struct Param {
    std::string name;
    ParamType type = ParamType::kPath;
    std::optional<std::string> default_path;
    std::optional<std::vector<PortRange>> default_ports;
    std::string env; ///< variable that llrun (never llload) may read; empty for none
    bool operator==(const Param&) const = default;
};

/// A path with params left open; pieces are joined without a separator. For globs (each, except) text is glob text and
/// a param's value is inserted literally (escaped).
struct PathPiece {
    std::optional<std::uint32_t> param; ///< index into Policy::params
    std::string text;
    bool operator==(const PathPiece&) const = default;
};
using PathTemplate = std::vector<PathPiece>;

enum class PathKind : std::uint8_t { kBeneath = 0, kFile = 1, kEach = 2 };

struct PathGrant {
    PathKind kind = PathKind::kBeneath;
    PathTemplate path;
    std::uint64_t access = 0; ///< fs bits
    bool optional = false;
    std::vector<PathTemplate> except;
    std::string file; ///< where it is written: not always Ruleset::file (extends)
    std::uint32_t line = 0;
    bool operator==(const PathGrant&) const = default;
};

struct PortGrant {
    std::uint64_t access = 0;                     ///< net bits
    std::variant<PortRange, std::uint32_t> ports; ///< a range or an index into Policy::params
    std::string file;                             ///< as PathGrant's
    std::uint32_t line = 0;
    bool operator==(const PortGrant&) const = default;
};

struct Ruleset {
    std::string name;
    std::string file; ///< relative to the root policy's directory, or a base name: the same from any directory
    std::uint32_t line = 0;
    std::uint32_t abi = 0; ///< vocabulary
    std::uint64_t handled_fs = 0;
    std::uint64_t handled_net = 0;
    std::uint64_t scoped = 0;
    std::uint64_t hard_scopes = 0;                            ///< no load where the kernel lacks one of these
    std::uint64_t left_fs = 0, left_net = 0, left_scoped = 0; ///< given up by `leave`
    std::vector<PathGrant> paths;
    std::vector<PortGrant> ports;
    std::vector<PathGrant> quiet_paths;
    std::vector<PortGrant> quiet_ports;
    std::uint64_t quiet_scopes = 0;
    std::uint32_t log_flags = 0; ///< LANDLOCK_RESTRICT_SELF_LOG_* bits
    bool in_target = false;
    bool operator==(const Ruleset&) const = default;
};

enum class EffectKind : std::uint8_t { kApply = 0, kDeny = 1, kPass = 2 };

struct Effect {
    EffectKind kind = EffectKind::kPass;
    std::vector<std::uint32_t> rulesets; ///< indices, sorted, distinct, at most 16
    bool nnp = false;
    std::string why; ///< kDeny
    bool operator==(const Effect&) const = default;
};

struct Rule {
    std::string name; ///< may be empty
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t effect = 0; ///< index into Policy::effects
    bool always = false;
    bool audit = false;
    bool operator==(const Rule&) const = default;
};

/// A user or group whose number only the loading machine knows. The position in its list is what the match tables refer
/// to.
struct IdName {
    std::string name;
    bool numeric = false;
    std::uint32_t number = 0;
    bool optional = false;
    bool operator==(const IdName&) const = default;
};

struct Policy {
    std::uint32_t format_version = 0;
    std::string compiler_version;
    std::uint32_t abi = 0;
    std::uint32_t floor = 0;
    std::uint64_t leaving_fs = 0, leaving_net = 0, leaving_scoped = 0;
    std::vector<Param> params;
    std::vector<Ruleset> rulesets;
    std::vector<Effect> effects;
    std::vector<Rule> rules;
    std::vector<std::uint32_t>
        always_rulesets;               ///< bit i of ll_decision.always is rulesets[always_rulesets[i]]; at most 64
    std::vector<IdName> users;         ///< atom of LL_DIM_USER and LL_DIM_REAL_USER = 1 + index; 0 is any other
    std::vector<IdName> groups;        ///< bit of ll_facts.groups = index; at most 64
    std::vector<std::uint32_t> tables; ///< for match.h
    bool operator==(const Policy&) const = default;
};

} // namespace landlatch::object
