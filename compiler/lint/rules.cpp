// SPDX-License-Identifier: Apache-2.0
// Rules that hold less than they look like: what a copied binary, an interpreter, nnp or the lack of it makes of them.
#include "compiler/lint/lint.h"
#include "compiler/sema/conditions.h"

#include <algorithm>
#include <array>
#include <optional>

namespace landlatch::lint {

namespace {

using Kind = ir::Condition::Kind;

/// The terms that all must hold: a row of `and`, flattened.
void collectTerms(const ir::Condition& condition, std::vector<const ir::Condition*>& terms) {
    if (condition.kind != Kind::kAnd) {
        terms.push_back(&condition);
        return;
    }
    for (const ir::Condition& child : condition.children) {
        collectTerms(child, terms);
    }
}

std::vector<const ir::Condition*> termsOf(const ir::Rule& rule) {
    std::vector<const ir::Condition*> terms;
    collectTerms(rule.condition, terms);
    return terms;
}

/// `/**`: every path there is.
bool matchesEveryPath(const ir::FactPattern& pattern) {
    using Node = glob::Node;
    const bool rooted = !pattern.glob.empty() && pattern.glob[0].kind == Node::Kind::kLiteral;
    return rooted && pattern.glob[0].literal == "/" && pattern.glob.size() > 1 &&
           std::all_of(pattern.glob.begin() + 1, pattern.glob.end(),
                       [](const Node& node) { return node.kind == Node::Kind::kDoubleStar; });
}

/// Whether it holds for every exec, whatever the path: what stands beside it is all that selects.
bool holdsEveryExec(const ir::Condition& condition) {
    switch (condition.kind) {
    case Kind::kFact:
        return condition.fact.fact == ir::Fact::kExec &&
               std::any_of(condition.fact.patterns.begin(), condition.fact.patterns.end(), matchesEveryPath);
    case Kind::kAnd:
        return std::all_of(condition.children.begin(), condition.children.end(), holdsEveryExec);
    case Kind::kOr:
        return std::any_of(condition.children.begin(), condition.children.end(), holdsEveryExec);
    case Kind::kNot:
        break;
    }
    return false;
}

/// The terms that select: those that hold for every exec left out.
std::vector<const ir::Condition*> selectingTermsOf(const ir::Rule& rule) {
    std::vector<const ir::Condition*> terms = termsOf(rule);
    std::erase_if(terms, [](const ir::Condition* term) { return holdsEveryExec(*term); });
    return terms;
}

bool selectsByPath(const ir::Rule& rule) {
    const std::vector<const ir::Condition*> terms = selectingTermsOf(rule);
    return std::any_of(terms.begin(), terms.end(), [](const ir::Condition* term) {
        return sema::reads(*term, {ir::Fact::kExec, ir::Fact::kScript}, true);
    });
}

bool restricts(const ir::Rule& rule) { return !rule.audit && rule.effect.kind != ir::Effect::Kind::kPass; }

/// Whether each pattern and id of `inner` is, as text, among those of `outer`, or a literal that one of them matches.
bool listIncludes(const ir::FactTest& outer, const ir::FactTest& inner) {
    const auto pattern_in = [&](const ir::FactPattern& pattern) {
        return std::any_of(outer.patterns.begin(), outer.patterns.end(), [&](const ir::FactPattern& wide) {
            return wide.text == pattern.text ||
                   (glob::isLiteral(pattern.glob) && glob::matches(wide.glob, glob::literalText(pattern.glob)));
        });
    };
    const auto id_in = [&](const ir::IdName& id) {
        return std::any_of(outer.ids.begin(), outer.ids.end(), [&](const ir::IdName& wide) { return wide.sameId(id); });
    };
    return std::all_of(inner.patterns.begin(), inner.patterns.end(), pattern_in) &&
           std::all_of(inner.ids.begin(), inner.ids.end(), id_in);
}

using Terms = std::vector<const ir::Condition*>;

/// The terms of each rule that restricts and reads no path of the program: what may hold the copies of a program.
/// Judged term by term, so a clever condition may be missed, never one invented.
std::vector<Terms> catchAllsOf(const ir::Policy& policy) {
    std::vector<Terms> all;
    for (const ir::Rule& rule : policy.rules) {
        if (!restricts(rule)) {
            continue;
        }
        Terms terms = selectingTermsOf(rule);
        const bool plain = std::all_of(terms.begin(), terms.end(), [](const ir::Condition* term) {
            return term->kind == Kind::kFact && term->fact.fact != ir::Fact::kExec &&
                   term->fact.fact != ir::Fact::kScript && term->fact.fact != ir::Fact::kExecUnlinked;
        });
        if (plain) {
            all.push_back(std::move(terms));
        }
    }
    return all;
}

/// Whether a rule with the terms `asked` asks all that `catch_all` asks.
bool asksAll(const Terms& asked, const Terms& catch_all) {
    return std::all_of(catch_all.begin(), catch_all.end(), [&](const ir::Condition* term) {
        return std::any_of(asked.begin(), asked.end(), [&](const ir::Condition* other) {
            return other->kind == Kind::kFact && other->fact.fact == term->fact.fact &&
                   listIncludes(term->fact, other->fact);
        });
    });
}

/// All patterns of a fact that the condition wants to hold.
void collectPatterns(const ir::Condition& condition, ir::Fact fact, std::vector<const ir::FactPattern*>& out) {
    if (condition.kind == Kind::kNot) {
        return;
    }
    if (condition.kind == Kind::kFact && condition.fact.fact == fact) {
        for (const ir::FactPattern& pattern : condition.fact.patterns) {
            out.push_back(&pattern);
        }
    }
    for (const ir::Condition& child : condition.children) {
        collectPatterns(child, fact, out);
    }
}

std::vector<const ir::FactPattern*> patternsOf(const ir::Rule& rule, ir::Fact fact) {
    std::vector<const ir::FactPattern*> out;
    collectPatterns(rule.condition, fact, out);
    return out;
}

/// `when file matches /tmp/** deny`: it guards a place and means no program.
bool guardsWritablePlaces(const ir::Rule& rule) {
    if (rule.effect.kind != ir::Effect::Kind::kDeny) {
        return false;
    }
    std::vector<const ir::FactPattern*> patterns = patternsOf(rule, ir::Fact::kExec);
    const std::vector<const ir::FactPattern*> scripts = patternsOf(rule, ir::Fact::kScript);
    patterns.insert(patterns.end(), scripts.begin(), scripts.end());
    return std::all_of(patterns.begin(), patterns.end(), [](const ir::FactPattern* pattern) {
        return std::any_of(worldWritable().begin(), worldWritable().end(),
                           [&](const std::string& directory) { return isWithin(pattern->text, directory); });
    });
}

std::string lastComponent(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

/// Programs that a distribution installs setuid or with file capabilities, and that do nothing useful without.
bool isKnownSetuid(const std::string& path) {
    static constexpr std::array<std::string_view, 13> kNames = {
        "sudo", "su",   "doas",   "pkexec",  "passwd",      "mount",    "umount",
        "chsh", "chfn", "newgrp", "gpasswd", "fusermount3", "newuidmap"};
    return std::find(kNames.begin(), kNames.end(), lastComponent(path)) != kNames.end();
}

bool namesInterpreter(const ir::Rule& rule) {
    static constexpr std::array<std::string_view, 10> kNames = {"python", "perl", "ruby", "node", "php",
                                                                "lua",    "bash", "dash", "sh",   "tclsh"};
    const std::vector<const ir::FactPattern*> patterns = patternsOf(rule, ir::Fact::kExec);
    return std::any_of(patterns.begin(), patterns.end(), [](const ir::FactPattern* pattern) {
        const std::string name = lastComponent(pattern->text);
        return std::any_of(kNames.begin(), kNames.end(),
                           [&](std::string_view known) { return name.starts_with(known); });
    });
}

bool onlyForRoot(const ir::Rule& rule) {
    const std::vector<const ir::Condition*> terms = termsOf(rule);
    return std::any_of(terms.begin(), terms.end(), [](const ir::Condition* term) {
        return term->kind == Kind::kFact && term->fact.fact == ir::Fact::kUser &&
               std::all_of(term->fact.ids.begin(), term->fact.ids.end(),
                           [](const ir::IdName& id) { return id.numeric ? id.number == 0 : id.name == "root"; });
    });
}

class RuleLints {
public:
    RuleLints(const Input& input, diag::Sink& sink)
        : input_(input), sink_(sink), catch_alls_(catchAllsOf(input.policy)) {}

    void run() {
        for (const ir::Rule& rule : input_.policy.rules) {
            if (rule.used || !restricts(rule)) {
                continue;
            }
            copyEvades(rule);
            scriptOnly(rule);
            if (rule.effect.kind == ir::Effect::Kind::kApply) {
                setuidUnderNnp(rule);
                withoutNnp(rule);
            }
        }
        if (evaded_ != nullptr) {
            diag::Diagnostic& diagnostic =
                sink_.report(diag::Id::kCopyEvades, evaded_->span, {shownRule(*evaded_)})
                    .help("hold code that may be hostile by where it runs: `when under unit … always apply …`");
            if (evaded_count_ > 1) {
                const std::size_t more = evaded_count_ - 1;
                diagnostic.note(more == 1 ? "so does one more rule" : "so do " + std::to_string(more) + " more rules");
            }
        }
    }

private:
    /// Whether some rule holds a copy of what `rule` selects. Past the bound on comparisons the answer is yes: where so
    /// many rules stand, silence is better than a guess.
    bool hasCatchAll(const ir::Rule& rule) {
        constexpr std::size_t kMaxComparisons = std::size_t{1} << 21;
        const Terms asked = termsOf(rule);
        for (const Terms& catch_all : catch_alls_) {
            if (++comparisons_ > kMaxComparisons || asksAll(asked, catch_all)) {
                return true;
            }
        }
        return false;
    }

    /// Said once for the policy: it is about all of it.
    void copyEvades(const ir::Rule& rule) {
        if (!selectsByPath(rule) || guardsWritablePlaces(rule) || hasCatchAll(rule)) {
            return;
        }
        evaded_ = evaded_ == nullptr ? &rule : evaded_;
        ++evaded_count_;
    }

    void scriptOnly(const ir::Rule& rule) {
        // `file` has become exec or script, and asks for both.
        if (!sema::reads(rule.condition, {ir::Fact::kScript}, true) ||
            sema::reads(rule.condition, {ir::Fact::kExec}, true) || hasCatchAll(rule)) {
            return;
        }
        if (!interpreter_held_) {
            const auto& rules = input_.policy.rules;
            interpreter_held_ = std::any_of(rules.begin(), rules.end(), [](const ir::Rule& other) {
                return restricts(other) && namesInterpreter(other);
            });
        }
        if (!*interpreter_held_) {
            sink_.report(diag::Id::kInterpreterWithoutScript, rule.span, {shownRule(rule)})
                .help("`python3 x.py` execs python3: select the interpreter with `exec matches` as well");
        }
    }

    void setuidUnderNnp(const ir::Rule& rule) {
        if (!rule.effect.nnp) {
            return;
        }
        for (const ir::Condition* const term : termsOf(rule)) {
            if (term->kind == Kind::kFact && term->fact.fact == ir::Fact::kSetuid) {
                sink_.report(diag::Id::kSetuidUnderNnp, term->span, {shownRule(rule), "a setuid program"});
                return;
            }
        }
        for (const ir::FactPattern* const pattern : patternsOf(rule, ir::Fact::kExec)) {
            const std::string path = glob::isLiteral(pattern->glob) ? glob::literalText(pattern->glob) : pattern->text;
            if (isKnownSetuid(path) || (input_.host != nullptr && input_.host->isSetuid(path))) {
                sink_.report(diag::Id::kSetuidUnderNnp, pattern->span, {shownRule(rule), "`" + path + "`"});
                return;
            }
        }
    }

    void withoutNnp(const ir::Rule& rule) {
        if (!rule.effect.nnp && !onlyForRoot(rule)) {
            sink_.report(diag::Id::kApplyWithoutNnp, rule.span, {shownRule(rule)})
                .help("write `with nnp`, or select `user root`");
        }
    }

    const Input& input_;
    diag::Sink& sink_;
    std::vector<Terms> catch_alls_;
    std::size_t comparisons_ = 0;
    std::optional<bool> interpreter_held_; ///< a rule selects an interpreter; looked up when first asked
    const ir::Rule* evaded_ = nullptr;
    std::size_t evaded_count_ = 0;
};

} // namespace

void checkRules(const Input& input, diag::Sink& sink) { RuleLints(input, sink).run(); }

} // namespace landlatch::lint
