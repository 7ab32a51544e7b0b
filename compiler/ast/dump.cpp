// SPDX-License-Identifier: Apache-2.0
#include "compiler/ast/dump.h"

#include <fmt/format.h>
#include <string_view>

namespace landlatch::ast {

namespace {

template <class... Handlers> struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers> Overloaded(Handlers...) -> Overloaded<Handlers...>;

std::string quote(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c < 0x20 || c > 0x7E) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string show(const Word& word) { return quote(word.text); }

std::string show(const Name& name) {
    std::string out;
    for (const Word& part : name.parts) {
        out += (out.empty() ? "" : ".") + show(part);
    }
    return out;
}

/// Text pieces quoted, variables as `${name}`, side by side.
std::string show(const Pattern& pattern) {
    std::string out;
    for (const PatternPiece& piece : pattern.pieces) {
        out += (out.empty() ? "" : " ") + (piece.is_variable ? fmt::format("${{{}}}", piece.text) : quote(piece.text));
    }
    return pattern.pieces.empty() ? "\"\"" : out;
}

std::string show(const FactItem& item) { return (item.optional ? "optional " : "") + show(item.pattern); }

std::string show(const PathItem& item) { return (item.optional ? "optional " : "") + show(item.pattern); }

std::string show(const Value& value);

template <class Item> std::string showAll(const std::vector<Item>& items, std::string_view between = ", ") {
    std::string out;
    for (const Item& item : items) {
        if (!out.empty()) {
            out += between;
        }
        out += show(item);
    }
    return out;
}

std::string show(const Value& value) {
    return std::visit(Overloaded{
                          [](const Pattern& pattern) { return show(pattern); },
                          [](const Ports& ports) {
                              return ports.first == ports.last ? fmt::format("{}", ports.first)
                                                               : fmt::format("{}..{}", ports.first, ports.last);
                          },
                          [](const VariableUse& use) { return fmt::format("${{{}}}", use.name); },
                          [](const List& list) { return fmt::format("[{}]", showAll(list.items)); },
                      },
                      value);
}

std::string_view factName(Fact fact) {
    switch (fact) {
    case Fact::kExec:
        return "exec";
    case Fact::kExecUnlinked:
        return "exec-unlinked";
    case Fact::kScript:
        return "script";
    case Fact::kFile:
        return "file";
    case Fact::kParentExec:
        return "parent-exec";
    case Fact::kAncestorExec:
        return "ancestor-exec";
    case Fact::kUnit:
        return "unit";
    case Fact::kUserUnit:
        return "user-unit";
    case Fact::kSlice:
        return "slice";
    case Fact::kCgroup:
        return "cgroup";
    case Fact::kInContainer:
        return "in-container";
    case Fact::kUser:
        return "user";
    case Fact::kRealUser:
        return "real-user";
    case Fact::kGroup:
        return "group";
    case Fact::kSetuid:
        return "setuid";
    }
    return "";
}

std::string show(const FactTest& test) {
    return test.items.empty() ? std::string(factName(test.fact))
                              : fmt::format("{} {}", factName(test.fact), showAll(test.items));
}

std::string show(const AllowPaths& grant) {
    const std::string_view kind = grant.kind == PathKind::kBeneath ? "beneath"
                                  : grant.kind == PathKind::kFile  ? "file"
                                                                   : "each";
    std::string out = fmt::format("{} {} {}", showAll(grant.rights), kind, showAll(grant.paths));
    if (!grant.except.empty()) {
        out += fmt::format(" except {}", showAll(grant.except));
    }
    return out;
}

std::string show(const AllowPorts& grant) {
    return fmt::format("{} {} ports {}", show(grant.protocol), showAll(grant.operations), showAll(grant.ports));
}

std::string show(const RulesetClause& clause) {
    return std::visit(
        Overloaded{
            [](const AllowPaths& allow) { return "allow " + show(allow); },
            [](const AllowPorts& allow) { return "allow " + show(allow); },
            [](const Leave& leave) { return "leave " + showAll(leave.names); },
            [](const Isolate& isolate) { return "isolate " + showAll(isolate.scopes); },
            [](const Quiet& quiet) {
                return std::visit(Overloaded{
                                      [](const AllowPaths& paths) { return "quiet " + show(paths); },
                                      [](const AllowPorts& ports) { return "quiet " + show(ports); },
                                      [](const std::vector<Word>& scopes) { return "quiet scope " + showAll(scopes); },
                                  },
                                  quiet.what);
            },
            [](const Log& log) { return fmt::format("log {} {}", show(log.flag), log.on ? "on" : "off"); },
            [](const PathsInTarget&) { return std::string("paths in target"); },
        },
        clause.what);
}

std::string show(const Apply& apply) {
    return fmt::format("apply {}{}", showAll(apply.rulesets), apply.nnp ? " with nnp" : "");
}

std::string show(const Action& action) {
    return std::visit(Overloaded{
                          [](const Apply& apply) { return show(apply); },
                          [](const Deny& deny) { return deny.why ? "deny " + show(*deny.why) : std::string("deny"); },
                          [](const Pass&) { return std::string("pass"); },
                      },
                      action);
}

std::string show(const Expect& expect) {
    std::string out = std::visit(
        Overloaded{
            [](const ExpectDecision& decision) {
                switch (decision.kind) {
                case ExpectDecision::Kind::kApply:
                    return show(decision.apply);
                case ExpectDecision::Kind::kNone:
                    return std::string("none");
                case ExpectDecision::Kind::kPass:
                    return std::string("pass");
                case ExpectDecision::Kind::kRefuse:
                    return decision.why ? "refuse " + show(*decision.why) : std::string("refuse");
                }
                return std::string();
            },
            [](const ExpectAccess& access) {
                std::string text = access.allowed ? "allow " : "deny ";
                if (access.ports) {
                    return text + show(*access.ports);
                }
                return text + (access.path ? fmt::format("{} on {}", showAll(access.rights), show(*access.path))
                                           : "scope " + showAll(access.scopes));
            },
        },
        expect.what);
    return expect.from_abi ? fmt::format("{} from abi {}", out, *expect.from_abi) : out;
}

/// Writes indented lines.
class Dumper {
public:
    /// Without sources, places are left out.
    explicit Dumper(const SourceManager* sources) : sources_(sources) {}

    void statement(const Statement& statement) {
        place_ = sources_ == nullptr ? "" : fmt::format(" [{}]", range(statement.span));
        std::visit([&](const auto& what) { write(what); }, statement.what);
    }
    void comment(const Comment& comment) {
        line(0, fmt::format("comment [{}] {}", range(comment.span), quote(sources_->text(comment.span))));
    }
    std::string take() { return std::move(out_); }

private:
    [[nodiscard]] std::string range(Span span) const {
        const LineColumn begin = sources_->lineColumn(span.file, span.begin);
        const LineColumn end = sources_->lineColumn(span.file, span.end);
        return fmt::format("{}:{}-{}:{}", begin.line, begin.column, end.line, end.column);
    }
    void line(std::size_t level, std::string_view text) {
        out_.append(2 * level, ' ');
        out_ += text;
        out_ += '\n';
    }
    /// The first line of a statement, with its place.
    void head(std::string_view text) { line(0, fmt::format("{}{}", text, place_)); }

    void write(const AbiDecl& abi) { head(fmt::format("abi {}", abi.abi)); }
    void write(const RequiresDecl& requires_decl) {
        head(fmt::format("requires abi {}", requires_decl.abi));
        if (!requires_decl.leaving.empty()) {
            line(1, "leaving " + showAll(requires_decl.leaving));
        }
    }
    void write(const Import& import) {
        head(fmt::format("import {}{}", quote(import.path), import.as ? " as " + show(*import.as) : ""));
    }
    void write(const UseRules& use) { head("use-rules " + showAll(use.names)); }
    void write(const Let& let) { head(fmt::format("let {} = {}", show(let.name), show(let.value))); }
    void write(const Param& param) {
        const std::string_view type = param.type == ParamType::kPath   ? "path"
                                      : param.type == ParamType::kPort ? "port"
                                                                       : "ports";
        std::string text = fmt::format("param {}: {}", show(param.name), type);
        if (param.env) {
            text += " = env " + show(*param.env);
        } else if (param.default_value) {
            text += " = " + show(*param.default_value);
        }
        head(text);
    }
    void write(const Ruleset& ruleset) {
        head("ruleset " + show(ruleset.name));
        if (!ruleset.extends.empty()) {
            line(1, "extends " + showAll(ruleset.extends));
        }
        for (const RulesetClause& clause : ruleset.clauses) {
            line(1, show(clause));
        }
    }
    void write(const Rule& rule) {
        head(rule.name ? "rule " + show(*rule.name) : "rule");
        if (rule.when) {
            line(1, "when");
            write(*rule.when, 2);
        }
        if (rule.unless) {
            line(1, "unless");
            write(*rule.unless, 2);
        }
        line(1, fmt::format("{}{}{}", rule.always ? "always " : "", rule.audit ? "audit " : "", show(rule.action)));
    }
    void write(const Condition& condition, std::size_t level) {
        switch (condition.kind) {
        case Condition::Kind::kFact:
            line(level, show(condition.fact));
            return;
        case Condition::Kind::kNot:
            line(level, "not");
            break;
        case Condition::Kind::kAnd:
            line(level, "and");
            break;
        case Condition::Kind::kOr:
            line(level, "or");
            break;
        }
        for (const Condition& child : condition.children) {
            write(child, level + 1);
        }
    }
    void write(const Prefer& prefer) {
        head(fmt::format("prefer {} over {}", show(prefer.winner), show(prefer.loser)));
    }
    void write(const Test& test) {
        head("test " + show(test.name));
        for (const auto& given : test.given) {
            if (const auto* const link = std::get_if<GivenLink>(&given)) {
                line(1, fmt::format("given link {} -> {}", show(link->link), show(link->target)));
            } else {
                const auto& set = std::get<SetParam>(given);
                line(1, fmt::format("set {} = {}", show(set.param), show(set.value)));
            }
        }
        if (test.exec) {
            line(1, "exec");
            for (const FactTest& fact : test.exec->facts) {
                line(2, show(fact));
            }
        }
        for (const Expect& expect : test.expects) {
            line(1, "expect " + show(expect));
        }
    }

    const SourceManager* sources_;
    std::string place_;
    std::string out_;
};

} // namespace

std::string dump(const File& file, const SourceManager& sources) {
    Dumper dumper(&sources);
    for (const Statement& statement : file.statements) {
        dumper.statement(statement);
    }
    for (const Comment& comment : file.comments) {
        dumper.comment(comment);
    }
    return dumper.take();
}

std::string dumpWithoutPlaces(const File& file) {
    Dumper dumper(nullptr);
    for (const Statement& statement : file.statements) {
        dumper.statement(statement);
    }
    return dumper.take();
}

} // namespace landlatch::ast
