// SPDX-License-Identifier: Apache-2.0
// What the parser makes of one file: every word of it with its place, nothing resolved.
// Plain values, immutable once `syntax::parse` has returned. Where the source was wrong, the statement is
// missing from the tree and a diagnostic was reported.
#pragma once

#include "compiler/support/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace landlatch::ast {

/// A bare word or a quoted one, with quotes removed and `\c` escapes applied.
struct Word {
    std::string text;
    bool quoted = false;
    Span span;
};

/// `a` or `a.b`: a name, perhaps in a namespace.
struct Name {
    std::vector<Word> parts; ///< 1 or 2
    Span span;
    [[nodiscard]] std::string text() const {
        std::string joined;
        for (const Word& part : parts) {
            joined += (joined.empty() ? "" : ".") + part.text;
        }
        return joined;
    }
};

/// A comment, from `#` to the end of its line. Kept for the formatter.
struct Comment {
    Span span;
};

/// One piece of a path or pattern: source text with escapes kept (`\c` stays two bytes, since only the
/// reader of a glob knows what they mean), or a variable `$name` / `${ns.name}`.
struct PatternPiece {
    bool is_variable = false;
    std::string text; ///< the text, or the variable's dotted name without `$`, `{`, `}`
    Span span;
};

/// A path, glob or unit pattern as written: bare or quoted. `web@*.service` and `/usr/bin/*` both are one.
struct Pattern {
    std::vector<PatternPiece> pieces;
    bool quoted = false;
    Span span;
};

/// `443` or `8000..8010` (first <= last is checked by sema). Values above 65535 are kept for the message.
struct Ports {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    Span span;
};

/// `$web_ports` standing where a whole value stands.
struct VariableUse {
    std::string name; ///< may hold one dot (`${ns.name}`)
    Span span;
};

struct List;
/// The right side of `let`, a port list item, a param's default.
using Value = std::variant<Pattern, Ports, VariableUse, List>;
struct List {
    std::vector<Value> items;
    Span span;
};

// --- conditions ---

enum class Fact : std::uint8_t {
    kExec,         ///< exec matches P…
    kExecUnlinked, ///< exec unlinked
    kScript,       ///< script matches P…
    kFile,         ///< file matches P…
    kParentExec,   ///< parent exec matches P…
    kAncestorExec, ///< ancestor exec matches P…
    kUnit,         ///< under unit U…
    kUserUnit,     ///< under user unit U…
    kSlice,        ///< under slice S…
    kCgroup,       ///< under cgroup G…
    kInContainer,  ///< in container
    kUser,         ///< user U…
    kRealUser,     ///< real user U…
    kGroup,        ///< group G…
    kSetuid,       ///< setuid
};

/// One item of a condition's list. For users and groups the pattern is a single text piece (a name or a number).
struct FactItem {
    Pattern pattern;
    bool optional = false; ///< `user optional backup`: an unknown name is not an error at load
};

struct FactTest {
    Fact fact{};
    std::vector<FactItem> items; ///< any of these; empty for the facts without a list
    Span span;
};

/// A condition tree. kFact uses `fact`; kNot has one child; kAnd and kOr two or more.
struct Condition {
    enum class Kind : std::uint8_t { kFact, kNot, kAnd, kOr };
    Kind kind = Kind::kFact;
    FactTest fact;
    std::vector<Condition> children;
    Span span;
};

// --- rulesets ---

enum class PathKind : std::uint8_t { kBeneath, kFile, kEach };

/// One path after `beneath`, `file` or `each`.
struct PathItem {
    Pattern pattern;
    bool optional = false;
    Span span;
};

/// `allow read, execute beneath /usr, optional /lib except /usr/local`
struct AllowPaths {
    std::vector<Word> rights; ///< names of rights and groups
    PathKind kind = PathKind::kBeneath;
    std::vector<PathItem> paths;
    std::vector<Pattern> except;
};

/// `allow tcp connect 443, $web_ports`
struct AllowPorts {
    Word protocol;                ///< tcp or udp
    std::vector<Word> operations; ///< connect, bind
    std::vector<Value> ports;     ///< Ports or VariableUse
};

/// `leave tcp, ioctl_dev unrestricted`
struct Leave {
    std::vector<Word> names;
};

/// `isolate signal`
struct Isolate {
    std::vector<Word> scopes;
};

/// `quiet read beneath /proc` · `quiet tcp connect 53` · `quiet scope signal`
struct Quiet {
    std::variant<AllowPaths, AllowPorts, std::vector<Word>> what;
};

/// `log new_exec on`
struct Log {
    Word flag;
    bool on = false;
};

/// `paths in target`
struct PathsInTarget {};

struct RulesetClause {
    std::variant<AllowPaths, AllowPorts, Leave, Isolate, Quiet, Log, PathsInTarget> what;
    Span span;
};

// --- actions ---

struct Apply {
    std::vector<Name> rulesets;
    bool nnp = false; ///< with nnp
};
struct Deny {
    std::optional<Word> why;
};
struct Pass {};
using Action = std::variant<Apply, Deny, Pass>;

// --- tests ---

/// `given link /bin -> usr/bin`
struct GivenLink {
    Pattern link;
    Pattern target;
    Span span;
};
/// `set state = /srv/x`
struct SetParam {
    Name param;
    Value value;
    Span span;
};
/// The exec a test describes: `exec P [script P] [under unit U | …] [user U]…` in any order. A fact said twice
/// (ancestor and group excepted) is refused by the parser.
struct TestExec {
    std::vector<FactTest> facts; ///< kUser, kGroup, … each with exactly one item per FactTest but group and ancestor
    Span span;
};
/// `expect apply A, B with nnp` · `expect deny ["why"]` is written `expect refuse ["why"]` · `expect none` · `expect
/// pass`
struct ExpectDecision {
    enum class Kind : std::uint8_t { kApply, kNone, kPass, kRefuse };
    Kind kind = Kind::kNone;
    Apply apply;             ///< for kApply
    std::optional<Word> why; ///< for kRefuse
};
/// `expect allow read /etc/hosts` · `expect deny tcp connect 80` · `expect deny scope signal`
struct ExpectAccess {
    bool allowed = false;
    std::vector<Word> rights;        ///< groups or rights; empty for ports and scopes
    std::optional<Pattern> path;     ///< with rights
    std::optional<AllowPorts> ports; ///< tcp connect 443
    std::vector<Word> scopes;        ///< scope signal
};
struct Expect {
    std::variant<ExpectDecision, ExpectAccess> what;
    std::optional<std::uint64_t> from_abi; ///< from abi N
    Span span;
};

// --- statements ---

struct AbiDecl {
    std::uint64_t abi = 0;
    Span number_span;
};
/// `requires abi 4 leaving ioctl_dev, scope unrestricted`
struct RequiresDecl {
    std::uint64_t abi = 0;
    Span number_span;
    std::vector<Word> leaving;
};
/// `import std/python as py`
struct Import {
    std::string path; ///< "std/python", "./lib/base", as written
    bool quoted = false;
    Span path_span;
    std::optional<Word> as;
};
/// `use rules python, base`
struct UseRules {
    std::vector<Name> names;
};
struct Let {
    Word name;
    Value value;
};
enum class ParamType : std::uint8_t { kPath, kPort, kPorts };
struct Param {
    Word name;
    ParamType type = ParamType::kPath;
    Span type_span;
    std::optional<Value> default_value;
    std::optional<Word> env; ///< `= env NAME`; excludes default_value
};
struct Ruleset {
    Word name;
    std::vector<Name> extends;
    std::vector<RulesetClause> clauses;
};
/// `[rule NAME:] when CONDITION [unless CONDITION] [always] [audit] ACTION`
struct Rule {
    std::optional<Word> name;
    std::optional<Condition> when;   ///< always set; optional only so that it can be moved in
    std::optional<Condition> unless; ///< what follows `unless`, not negated here
    bool always = false;
    bool audit = false;
    Action action;
    Span action_span;
};
/// `prefer a over b`
struct Prefer {
    Name winner;
    Name loser;
};
struct Test {
    Word name;
    std::vector<std::variant<GivenLink, SetParam>> given;
    std::optional<TestExec> exec;
    std::vector<Expect> expects;
};

struct Statement {
    std::variant<AbiDecl, RequiresDecl, Import, UseRules, Let, Param, Ruleset, Rule, Prefer, Test> what;
    Span span; ///< from its first keyword to its last token
};

/// One parsed file.
struct File {
    FileId file = kNoFile;
    std::vector<Statement> statements;
    std::vector<Comment> comments; ///< in order
};

} // namespace landlatch::ast
