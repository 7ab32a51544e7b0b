// SPDX-License-Identifier: Apache-2.0
// The policy after names, imports, variables and rights are resolved: what sema makes and everything behind reads.
// What nothing can reach is absent: a ruleset that no rule applies and no test names (but a root file without rules or
// tests is a library, and keeps its own), a param that no ruleset here reads and no test sets.
#pragma once

#include "compiler/support/source.h"
#include "runtime/glob/glob.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace landlatch::ir {

/// Indices into Policy's vectors.
using RulesetId = std::uint32_t;
using RuleId = std::uint32_t;
using ParamId = std::uint32_t;

/// Landlock access masks, by the kernel's bit numbers (abi.h has the table).
struct Access {
    std::uint64_t fs = 0;
    std::uint64_t net = 0;
    std::uint64_t scoped = 0;
    bool operator==(const Access&) const = default;
};

enum class ParamType : std::uint8_t { kPath, kPort, kPorts };

struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    bool operator==(const PortRange&) const = default;
};

struct Param {
    std::string name; ///< as `--set` takes it: "state", "python.state"
    ParamType type = ParamType::kPath;
    std::optional<std::string> default_path; ///< canonical
    std::optional<std::vector<PortRange>> default_ports;
    std::string env; ///< variable read by llrun; empty for none
    Span span;
};

/// A path in a ruleset with params left open: pieces are joined without a separator.
struct PathPiece {
    std::optional<ParamId> param;
    std::string
        text; ///< when `param` is unset. Literal paths: plain bytes, unescaped. Globs (each, except): glob text.
};
struct PathTemplate {
    std::vector<PathPiece> pieces;
    Span span;
    [[nodiscard]] bool hasParams() const {
        for (const PathPiece& piece : pieces) {
            if (piece.param) {
                return true;
            }
        }
        return false;
    }
};

enum class PathKind : std::uint8_t { kBeneath, kFile, kEach };

/// One path with rights. `access` is narrowed already to what may stand on `kind` and to what the ruleset handles.
struct PathGrant {
    PathKind kind = PathKind::kBeneath;
    PathTemplate path;        ///< a glob for kEach
    std::uint64_t access = 0; ///< fs bits
    bool optional = false;
    std::vector<PathTemplate> except; ///< globs; only for kBeneath and kEach
    Span span;
};

struct PortGrant {
    std::uint64_t access = 0; ///< net bits
    std::variant<PortRange, ParamId> ports;
    Span span;
};

/// Landlock restrict_self log flags.
struct LogFlags {
    bool same_exec_off = false;
    bool new_exec_on = false;
    bool subdomains_off = false;
};

struct Ruleset {
    std::string name;              ///< "web", "python.runtime": as diagnostics and logs name it
    std::uint32_t abi = 0;         ///< vocabulary
    Access handled;                ///< what is denied by default
    Access left;                   ///< given up by `leave`, of the vocabulary
    std::uint64_t hard_scopes = 0; ///< `isolate`
    std::vector<PathGrant> paths;
    std::vector<PortGrant> ports;
    std::vector<PathGrant> quiet_paths;
    std::vector<PortGrant> quiet_ports;
    std::uint64_t quiet_scopes = 0;
    LogFlags log;
    bool in_target = false; ///< `paths in target`
    Span span;
};

// --- conditions ---

/// A named or numbered user or group of the loading machine.
struct IdName {
    std::string name; ///< "www-data" or "33"
    bool numeric = false;
    std::uint32_t number = 0; ///< when numeric
    bool optional = false;
    Span span;
    [[nodiscard]] bool sameId(const IdName& other) const {
        return numeric == other.numeric && (numeric ? number == other.number : name == other.name);
    }
};

enum class Fact : std::uint8_t {
    kExec,
    kExecUnlinked,
    kScript,
    kParentExec,
    kAncestorExec,
    kUnit,
    kUserUnit,
    kSlice,
    kCgroup,
    kInContainer,
    kUser,
    kRealUser,
    kGroup,
    kSetuid,
};

/// One glob of a path or cgroup fact, variables filled in. For kUnit and kUserUnit the unit suffix is added, for kSlice
/// `.slice`.
struct FactPattern {
    std::string text; ///< canonical glob text, as messages show it
    glob::Sequence glob;
    Span span;
};

/// `file matches P` has become (exec P or script P). Patterns or ids: any of them.
struct FactTest {
    Fact fact{};
    std::vector<FactPattern> patterns; ///< path and cgroup facts (kInContainer: filled in from the documented list)
    std::vector<IdName> ids;           ///< kUser, kRealUser, kGroup
    Span span;
};

struct Condition {
    enum class Kind : std::uint8_t { kFact, kNot, kAnd, kOr };
    Kind kind = Kind::kFact;
    FactTest fact;
    std::vector<Condition> children;
    Span span;
};

// --- rules ---

struct Effect {
    enum class Kind : std::uint8_t { kApply, kDeny, kPass };
    Kind kind = Kind::kPass;
    std::vector<RulesetId> rulesets; ///< sorted, distinct
    bool nnp = false;
    std::string why; ///< kDeny
    /// Same decision: `why` doesn't count.
    [[nodiscard]] bool same(const Effect& other) const {
        return kind == other.kind && rulesets == other.rulesets && nnp == other.nnp;
    }
};

struct Rule {
    std::string name;    ///< "web", "python.interpreter", or "" for an unnamed one
    Condition condition; ///< `unless X` has become `and not X`
    bool always = false;
    bool audit = false;
    bool used = false; ///< came by `use rules`
    Effect effect;
    Span span; ///< from `when` (or `rule`) to the action's end
};

struct Prefer {
    RuleId winner = 0;
    RuleId loser = 0;
    Span span;
};

// --- tests ---

/// `given link /bin -> usr/bin`: the only symlinks of a test's textual model.
struct TestLink {
    std::string link;   ///< canonical
    std::string target; ///< absolute or relative to the link's directory
    Span span;
};

/// `set state = /srv/x`
struct TestParam {
    ParamId param = 0;
    std::variant<std::string, std::vector<PortRange>> value; ///< a canonical path, or ports
    Span span;
};

/// The exec that a test describes. Facts left out are absent. Paths are canonical literals.
struct TestExec {
    std::string exec;
    std::optional<std::string> script;
    std::optional<std::string> parent_exec;
    std::vector<std::string> ancestors;   ///< `ancestor exec`, the parent not included
    std::optional<std::string> unit;      ///< "web.service": the suffix is added
    std::optional<std::string> user_unit; ///< likewise
    std::optional<std::string> slice;     ///< "untrusted.slice"
    std::optional<std::string> cgroup;    ///< excludes unit, user_unit and slice
    std::optional<IdName> user;           ///< set whenever a rule reads a user
    std::optional<IdName> real_user;
    std::vector<IdName> groups;
    bool unlinked = false;
    bool setuid = false;
    bool in_container = false;
    Span span;
};

/// `expect apply A, B with nnp` · `expect none` · `expect pass` · `expect refuse ["why"]`
struct ExpectDecision {
    enum class Kind : std::uint8_t { kApply, kNone, kPass, kRefuse };
    Kind kind = Kind::kNone;
    std::vector<RulesetId> rulesets; ///< kApply: sorted, distinct
    bool nnp = false;
    std::optional<std::string> why; ///< kRefuse: compared when given
};

/// `expect allow read /etc/hosts` · `expect deny tcp connect 80` · `expect deny scope signal`.
/// `allowed`: every one of these rights is allowed; else every one is denied.
struct ExpectAccess {
    bool allowed = false;
    Access access;                ///< exactly one of its masks is not empty
    std::string path;             ///< with fs rights
    std::vector<PortRange> ports; ///< with net rights
};

struct Expect {
    std::variant<ExpectDecision, ExpectAccess> what;
    std::optional<std::uint32_t> from_abi; ///< not run below this kernel ABI
    Span span;
};

/// A test of the root file, checked: names exist and facts are well formed. Imported files' tests are not here.
struct Test {
    std::string name;
    std::vector<TestLink> links;
    std::vector<TestParam> params;
    TestExec exec;
    std::vector<Expect> expects;
    Span span;
};

struct Policy {
    std::uint32_t abi = 0;   ///< the root file's vocabulary
    std::uint32_t floor = 0; ///< below this kernel ABI nothing loads
    Access leaving;          ///< what `requires … leaving` gave up by name
    std::vector<Param> params;
    std::vector<Ruleset> rulesets;
    std::vector<Rule> rules;
    std::vector<Prefer> prefers;
    std::vector<Test> tests;
};

} // namespace landlatch::ir
