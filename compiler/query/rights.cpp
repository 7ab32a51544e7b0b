// SPDX-License-Identifier: Apache-2.0
// Every grant and every exception is a language of paths; one automaton of all of them has as atoms the classes of
// paths that no grant tells apart, and for each of those both sides' rights are a mask. A param is a first component
// that no path can have, so its values are compared with nothing but themselves and what covers everything.
#include "compiler/query/rights.h"

#include "compiler/ir/dump.h"
#include "compiler/match/atoms.h"
#include "compiler/query/access.h"
#include "compiler/query/load.h"
#include "runtime/landlock/abi.h"
#include "runtime/landlock/pattern.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>

namespace landlatch::query {

namespace {

constexpr char kParamMark = '\x01';  ///< before a param's name, as a first component
constexpr char kTargetMark = '\x02'; ///< the root of a program's own mounts
constexpr std::size_t kMaxPortParams = 8;

glob::Node literal(const std::string& text) { return {glob::Node::Kind::kLiteral, text, {}, {}}; }

/// All of the rulesets of both stacks.
struct Layer {
    const object::Policy* policy;
    const object::Ruleset* ruleset;
    bool is_new;
};

/// A grant with the patterns of the automaton that it hangs on.
struct Cover {
    std::uint32_t root = 0;
    std::vector<std::uint32_t> except;
    std::vector<std::uint32_t> split;
    const object::PathGrant* grant = nullptr;
};

class PathComparison {
public:
    explicit PathComparison(std::vector<Layer> layers) : layers_(std::move(layers)) {
        add(pattern(), {literal("/")}, false); // kRootItself
        for (const Layer& layer : layers_) {
            covers_.emplace_back();
            for (const object::PathGrant& grant : layer.ruleset->paths) {
                covers_.back().push_back(cover(layer, grant));
            }
        }
    }

    Result<void> run(RightsDiff& diff) {
        std::optional<match::Dfa> dfa = match::determinise(nfa_, labels_, match::Universe::kCgroup);
        if (!dfa) {
            return Error{E2BIG, "the rulesets' patterns together are too many to compare exactly"};
        }
        const match::Atoms atoms = match::makeAtoms(match::minimise(*dfa), false);
        std::map<std::pair<std::uint64_t, std::set<std::string>>, std::size_t> known;
        for (std::uint32_t atom = atoms.first; atom < atoms.count; ++atom) {
            compare(atoms.labels[atom], atoms.examples[atom], diff, known);
        }
        return {};
    }

private:
    /// The pattern of "/" alone, which `/*` would match by its text and never does: it names what is in a directory.
    static constexpr std::uint32_t kRootItself = 0;

    /// Text of a template: a literal path, or glob text.
    static std::string text(const Layer& layer, const object::PathTemplate& path, bool glob) {
        std::string out;
        if (layer.ruleset->in_target) {
            out = std::string("/") + kTargetMark;
        }
        for (const object::PathPiece& piece : path) {
            out += piece.param ? std::string("/") + kParamMark + layer.policy->params[*piece.param].name : piece.text;
        }
        (void)glob;                                 // names of params hold nothing that has a meaning in a glob
        if (out.size() > 2 && out.ends_with('/')) { // "/" in a target
            out.pop_back();
        }
        return out;
    }

    std::uint32_t pattern() {
        labels_.push_back({static_cast<std::uint32_t>(labels_.size())});
        return static_cast<std::uint32_t>(labels_.size() - 1);
    }

    /// Adds `sequence`, and all below it when `below`, to pattern `id`.
    void add(std::uint32_t id, const glob::Sequence& sequence, bool below) {
        const std::uint32_t end = nfa_.add(0, sequence);
        nfa_.accept(end, id);
        if (below) {
            nfa_.accept(nfa_.addAny(nfa_.add(end, {literal("/")})), id);
        }
    }

    void addAll(std::uint32_t id) { nfa_.accept(nfa_.addAny(nfa_.add(0, {literal("/")})), id); }

    static glob::Sequence parsed(const std::string& text) {
        Result<glob::Sequence> sequence = glob::parse(text);
        return sequence ? *std::move(sequence) : glob::Sequence{};
    }

    Cover cover(const Layer& layer, const object::PathGrant& grant) {
        Cover made;
        made.grant = &grant;
        made.root = pattern();
        const bool glob = grant.kind == object::PathKind::kEach;
        const std::string root = text(layer, grant.path, glob);
        if (root == "/" && grant.kind == object::PathKind::kBeneath) {
            addAll(made.root);
        } else {
            add(made.root, glob ? parsed(root) : glob::Sequence{literal(root)}, grant.kind != object::PathKind::kFile);
        }
        for (const object::PathTemplate& except : grant.except) {
            const std::string excepted = text(layer, except, true);
            made.except.push_back(pattern());
            add(made.except.back(), parsed(excepted), true);
            made.split.push_back(pattern());
            addAbove(made, excepted);
        }
        return made;
    }

    /// The directories that an exception splits: those that may lie above what it matches. Of one that it names a file
    /// is excepted, and so all that the place itself may be.
    void addAbove(const Cover& made, const std::string& excepted) {
        nfa_.accept(nfa_.add(0, {literal("/")}), made.split.back());
        const Result<std::vector<landlock::Pattern>> patterns = landlock::parsePatterns(excepted);
        for (const landlock::Pattern& one : patterns ? *patterns : std::vector<landlock::Pattern>{}) {
            glob::Sequence above;
            for (std::size_t i = 0; i + 1 < one.components.size(); ++i) {
                above.push_back(literal("/"));
                above.insert(above.end(), one.components[i].glob.begin(), one.components[i].glob.end());
                nfa_.accept(nfa_.add(0, above), one.components[i].literal ? made.except.back() : made.split.back());
            }
        }
    }

    static bool has(const std::vector<std::uint32_t>& labels, std::uint32_t label) {
        return std::binary_search(labels.begin(), labels.end(), label);
    }

    static std::uint64_t granted(const Cover& cover, const std::vector<std::uint32_t>& labels) {
        const bool at_root = has(labels, kRootItself);
        const auto holds = [&](std::uint32_t label) { return has(labels, label); };
        if (at_root && cover.grant->kind == object::PathKind::kEach) {
            return 0;
        }
        if (at_root && holds(cover.root)) {
            return cover.split.empty() ? cover.grant->access : cover.grant->access & abi::kFileRights;
        }
        if (!holds(cover.root) || std::any_of(cover.except.begin(), cover.except.end(), holds)) {
            return 0;
        }
        // Rights that files have are asked of a file, which is never split.
        const bool split = std::any_of(cover.split.begin(), cover.split.end(), holds);
        return split ? cover.grant->access & abi::kFileRights : cover.grant->access;
    }

    [[nodiscard]] std::uint64_t allowed(bool is_new, const std::vector<std::uint32_t>& labels) const {
        const std::uint64_t all = abi::known(abi::kLatest).fs;
        std::uint64_t mask = all;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            if (layers_[i].is_new != is_new) {
                continue;
            }
            std::uint64_t one = all & ~(layers_[i].ruleset->handled_fs | abi::kRefer);
            for (const Cover& cover : covers_[i]) {
                one |= granted(cover, labels);
            }
            mask &= one;
        }
        return mask;
    }

    void compare(const std::vector<std::uint32_t>& labels, const std::string& example, RightsDiff& diff,
                 std::map<std::pair<std::uint64_t, std::set<std::string>>, std::size_t>& known) const {
        const std::uint64_t before = allowed(false, labels);
        const std::uint64_t after = allowed(true, labels);
        if (before == after) {
            return;
        }
        RightsChange change;
        change.gained_mask = after & ~before;
        change.lost_mask = before & ~after;
        diff.relation += relationOf(change.gained_mask != 0, change.lost_mask != 0);
        std::set<std::string> by;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const std::uint64_t wanted = layers_[i].is_new ? change.gained_mask : change.lost_mask;
            for (const Cover& cover : covers_[i]) {
                if ((granted(cover, labels) & wanted) != 0) {
                    by.insert(fmt::format("{} ({})", grantText(*layers_[i].policy, *cover.grant),
                                          place(cover.grant->file, cover.grant->line)));
                }
            }
        }
        const auto [at, fresh] =
            known.try_emplace({change.gained_mask << 32U | change.lost_mask, by}, diff.changes.size());
        if (!fresh) {
            return; // a longer example of the same
        }
        change.by.assign(by.begin(), by.end());
        change.gained = change.gained_mask == 0 ? "" : rightsText(change.gained_mask, abi::kLatest);
        change.lost = change.lost_mask == 0 ? "" : rightsText(change.lost_mask, abi::kLatest);
        change.where = shown(example);
        diff.changes.push_back(std::move(change));
    }

    /// An example with marks as people read them: "${state}/x".
    static std::string shown(const std::string& example) {
        std::string text = example;
        if (text.size() > 1 && text[1] == kTargetMark) {
            text = "in the target: " + (text.size() > 2 ? text.substr(2) : "/");
        }
        const std::size_t mark = text.find(kParamMark);
        if (mark != std::string::npos && mark > 0) {
            const std::size_t end = std::min(text.find('/', mark), text.size());
            text = text.substr(0, mark - 1) + "${" + text.substr(mark + 1, end - mark - 1) + "}" + text.substr(end);
        }
        return text;
    }

    std::vector<Layer> layers_;
    std::vector<std::vector<Cover>> covers_; ///< by layer
    match::Nfa nfa_;
    std::vector<std::vector<std::uint32_t>> labels_;
};

// --- ports ---

class PortComparison {
public:
    explicit PortComparison(std::vector<Layer> layers) : layers_(std::move(layers)) {
        edges_.insert(0);
        for (const Layer& layer : layers_) {
            for (const object::PortGrant& grant : layer.ruleset->ports) {
                if (const auto* range = std::get_if<object::PortRange>(&grant.ports)) {
                    edges_.insert({range->first, range->last + 1U});
                } else {
                    params_.insert(layer.policy->params[std::get<std::uint32_t>(grant.ports)].name);
                }
            }
        }
    }

    Result<void> run(RightsDiff& diff) {
        if (params_.size() > kMaxPortParams) {
            return Error{E2BIG, fmt::format("the rulesets together have more than {} params of ports", kMaxPortParams)};
        }
        struct Found {
            std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
            std::set<std::string> by;
        };
        std::map<std::tuple<std::string, std::uint64_t, std::uint64_t>, Found> found;
        for (const std::set<std::string>& members : memberships()) {
            const std::string in = members.empty() ? "" : fmt::format("${{{}}}", fmt::join(members, "} and ${"));
            for (auto edge = edges_.begin(); edge != edges_.end() && *edge <= 65535; ++edge) {
                const std::uint32_t last = std::next(edge) == edges_.end() ? 65535 : *std::next(edge) - 1;
                const auto [gained, lost] = changeAt(*edge, members);
                if (gained == 0 && lost == 0) {
                    continue;
                }
                diff.relation += relationOf(gained != 0, lost != 0);
                if (saidOfFewer(*edge, members)) {
                    continue;
                }
                Found& one = found[{in, gained, lost}];
                one.ranges.emplace_back(*edge, std::min(last, 65535U));
                addGrants(*edge, members, gained, lost, one.by);
            }
        }
        for (const auto& [key, one] : found) {
            const auto& [in, gained, lost] = key;
            RightsChange change;
            change.gained_mask = gained;
            change.lost_mask = lost;
            change.gained = gained == 0 ? "" : ir::netNames(gained);
            change.lost = lost == 0 ? "" : ir::netNames(lost);
            change.where = in.empty() ? "ports " + rangesText(one.ranges) : "ports of " + in;
            change.by.assign(one.by.begin(), one.by.end());
            diff.changes.push_back(std::move(change));
        }
        return {};
    }

private:
    struct Change {
        std::uint64_t gained = 0, lost = 0;
        bool operator==(const Change&) const = default;
    };
    [[nodiscard]] Change changeAt(std::uint32_t port, const std::set<std::string>& members) const {
        const std::uint64_t before = allowed(false, port, members);
        const std::uint64_t after = allowed(true, port, members);
        return {after & ~before, before & ~after};
    }
    /// Whether the same is so for a port that is among all of these params' values but one's.
    [[nodiscard]] bool saidOfFewer(std::uint32_t port, const std::set<std::string>& members) const {
        return std::any_of(members.begin(), members.end(), [&](const std::string& left_out) {
            std::set<std::string> fewer = members;
            fewer.erase(left_out);
            return changeAt(port, fewer) == changeAt(port, members);
        });
    }

    /// The params whose values a port may be among: all subsets.
    [[nodiscard]] std::vector<std::set<std::string>> memberships() const {
        const std::vector<std::string> names(params_.begin(), params_.end());
        std::vector<std::set<std::string>> all = {{}};
        for (std::uint32_t bits = 1; bits < 1U << names.size(); ++bits) {
            std::set<std::string> some;
            for (std::size_t i = 0; i < names.size(); ++i) {
                if ((bits >> i & 1) != 0) {
                    some.insert(names[i]);
                }
            }
            all.push_back(std::move(some));
        }
        return all;
    }

    static bool covers(const Layer& layer, const object::PortGrant& grant, std::uint32_t port,
                       const std::set<std::string>& members) {
        if (const auto* range = std::get_if<object::PortRange>(&grant.ports)) {
            return range->first <= port && port <= range->last;
        }
        return members.contains(layer.policy->params[std::get<std::uint32_t>(grant.ports)].name);
    }

    [[nodiscard]] std::uint64_t allowed(bool is_new, std::uint32_t port, const std::set<std::string>& members) const {
        const std::uint64_t all = abi::known(abi::kLatest).net;
        std::uint64_t mask = all;
        for (const Layer& layer : layers_) {
            if (layer.is_new == is_new) {
                std::uint64_t one = all & ~layer.ruleset->handled_net;
                for (const object::PortGrant& grant : layer.ruleset->ports) {
                    one |= covers(layer, grant, port, members) ? grant.access : 0;
                }
                mask &= one;
            }
        }
        return mask;
    }

    void addGrants(std::uint32_t port, const std::set<std::string>& members, std::uint64_t gained, std::uint64_t lost,
                   std::set<std::string>& by) const {
        for (const Layer& layer : layers_) {
            for (const object::PortGrant& grant : layer.ruleset->ports) {
                if ((grant.access & (layer.is_new ? gained : lost)) != 0 && covers(layer, grant, port, members)) {
                    by.insert(fmt::format("{} ({})", grantText(*layer.policy, grant), place(grant.file, grant.line)));
                }
            }
        }
    }

    static std::string rangesText(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& ranges) {
        std::string text;
        for (std::size_t i = 0; i < ranges.size();) {
            const std::uint32_t first = ranges[i].first;
            std::uint32_t last = ranges[i].second;
            for (++i; i < ranges.size() && ranges[i].first == last + 1; ++i) {
                last = ranges[i].second;
            }
            text += (text.empty() ? "" : ", ") +
                    (first == last ? fmt::format("{}", first) : fmt::format("{}..{}", first, last));
        }
        return text;
    }

    std::vector<Layer> layers_;
    std::set<std::uint32_t> edges_;
    std::set<std::string> params_;
};

void compareScopes(const std::vector<Layer>& layers, RightsDiff& diff) {
    const std::uint64_t all = abi::known(abi::kLatest).scoped;
    std::array<std::uint64_t, 2> open = {all, all};
    std::array<std::uint64_t, 2> hard = {0, 0};
    for (const Layer& layer : layers) {
        open[layer.is_new ? 1 : 0] &= ~layer.ruleset->scoped;
        hard[layer.is_new ? 1 : 0] |= layer.ruleset->hard_scopes;
    }
    const std::uint64_t gained = open[1] & ~open[0];
    const std::uint64_t lost = open[0] & ~open[1];
    if (gained != 0 || lost != 0) {
        diff.relation += relationOf(gained != 0, lost != 0);
        diff.changes.push_back({gained == 0 ? "" : ir::scopeNames(gained),
                                lost == 0 ? "" : ir::scopeNames(lost),
                                "processes outside the domain",
                                {},
                                gained,
                                lost});
    }
    // Where the kernel lacks a scope, an isolated one keeps the policy from loading.
    diff.relation += relationOf((hard[0] & ~hard[1]) != 0, (hard[1] & ~hard[0]) != 0);
}

std::vector<std::string> sortedGrants(const object::Policy& policy, const object::Ruleset& ruleset) {
    std::vector<std::string> grants;
    for (const object::PathGrant& grant : ruleset.paths) {
        std::string text =
            fmt::format("{} {} {}", grant.access, static_cast<int>(grant.kind), templateText(policy, grant.path));
        for (const object::PathTemplate& except : grant.except) {
            text += " except " + templateText(policy, except);
        }
        grants.push_back(std::move(text));
    }
    for (const object::PortGrant& grant : ruleset.ports) {
        grants.push_back(grantText(policy, grant));
    }
    std::sort(grants.begin(), grants.end());
    grants.erase(std::unique(grants.begin(), grants.end()), grants.end());
    return grants;
}

} // namespace

bool sameContent(const object::Policy& a, const object::Ruleset& x, const object::Policy& b, const object::Ruleset& y) {
    return x.handled_fs == y.handled_fs && x.handled_net == y.handled_net && x.scoped == y.scoped &&
           x.hard_scopes == y.hard_scopes && x.in_target == y.in_target && sortedGrants(a, x) == sortedGrants(b, y);
}

Result<RightsDiff> compareRights(const Stack& old_stack, const Stack& new_stack) {
    std::vector<Layer> layers;
    for (const Stack* stack : {&old_stack, &new_stack}) {
        for (const std::uint32_t id : stack->rulesets) {
            layers.push_back({stack->policy, &stack->policy->rulesets[id], stack == &new_stack});
        }
    }
    RightsDiff diff;
    if (Result<void> done = PathComparison(layers).run(diff); !done) {
        return done.error();
    }
    if (Result<void> done = PortComparison(layers).run(diff); !done) {
        return done.error();
    }
    compareScopes(layers, diff);
    return diff;
}

} // namespace landlatch::query
