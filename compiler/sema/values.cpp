// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/values.h"

#include "compiler/sema/paths.h"
#include "runtime/base/check.h"
#include "runtime/glob/glob.h"

#include <algorithm>

namespace landlatch::sema {

namespace {

constexpr std::uint64_t kMaxPort = 65535;

void appendText(Text& text, std::string_view piece) {
    if (piece.empty()) {
        return;
    }
    if (text.pieces.empty() || text.pieces.back().param) {
        text.pieces.push_back({std::nullopt, ""});
    }
    text.pieces.back().text += piece;
}

/// `text` with commas outside of braces and classes escaped: put into the braces of another pattern it stays one
/// branch.
std::string asOneBranch(std::string_view text) {
    std::string out;
    std::size_t depth = 0;
    bool in_class = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            out += c;
            out += text[++i];
            continue;
        }
        if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && depth > 0) {
            --depth;
        } else if (c == ',' && depth == 0) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string_view kindName(Values::Kind kind) { return kind == Values::Kind::kPorts ? "ports" : "a path or pattern"; }

/// The one variable that a pattern consists of, or null.
const ast::PatternPiece* soleVariable(const ast::Pattern& pattern) {
    return pattern.pieces.size() == 1 && pattern.pieces[0].is_variable ? pattern.pieces.data() : nullptr;
}

Span spanOf(const ast::Value& value) {
    return std::visit([](const auto& v) { return v.span; }, value);
}

} // namespace

const ir::PathPiece* Text::firstParam() const {
    const auto found =
        std::find_if(pieces.begin(), pieces.end(), [](const ir::PathPiece& piece) { return piece.param.has_value(); });
    return found == pieces.end() ? nullptr : &*found;
}

std::string Text::plain() const {
    std::string out;
    for (const ir::PathPiece& piece : pieces) {
        out += piece.text;
    }
    return out;
}

Variables::Variables(const Declarations& declarations, Context& context)
    : declarations_(declarations), context_(context), values_(declarations.variables().size()),
      states_(declarations.variables().size(), State::kUnseen), param_of_(declarations.variables().size()) {
    const auto count = static_cast<DeclId>(values_.size());
    for (DeclId id = 0; id < count; ++id) {
        declareParam(id);
    }
    for (DeclId id = 0; id < count; ++id) {
        valueOf(id);
    }
    for (DeclId id = 0; id < count; ++id) {
        evaluateDefault(id);
    }
}

std::string Variables::nameOf(DeclId id) const { return declarations_.variables()[id].name->text; }

std::optional<ir::ParamId> Variables::paramOf(DeclId variable) const { return param_of_[variable]; }

// --- params ---

void Variables::declareParam(DeclId id) {
    const Variable& variable = declarations_.variables()[id];
    if (variable.param == nullptr) {
        return;
    }
    const auto param_id = static_cast<ir::ParamId>(params_.size());
    ir::Param param;
    param.name = declarations_.publicName(variable.module, variable.name->text, false);
    param.type = static_cast<ir::ParamType>(variable.param->type);
    param.span = variable.name->span;
    if (variable.param->env) {
        const std::string& env = variable.param->env->text;
        const auto word = [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        };
        if (env.empty() || (env[0] >= '0' && env[0] <= '9') || !std::all_of(env.begin(), env.end(), word)) {
            context_.report(diag::Id::kBadName, variable.param->env->span, {env, "environment variable"});
        }
        param.env = env;
    }
    Values& values = values_[id];
    if (param.type == ir::ParamType::kPath) {
        values.kind = Values::Kind::kText;
        values.texts.push_back({{{param_id, ""}}, param.span});
    } else {
        values.kind = Values::Kind::kPorts;
        values.ports.emplace_back(param_id);
    }
    states_[id] = State::kDone;
    param_of_[id] = param_id;
    params_.push_back(std::move(param));
}

void Variables::evaluateDefault(DeclId id) {
    const Variable& variable = declarations_.variables()[id];
    if (variable.param == nullptr || !variable.param->default_value) {
        return;
    }
    ir::Param& param = params_[*param_of_[id]];
    const ast::Value& value = *variable.param->default_value;
    bind(variable.module, value, spanOf(value), param.type, param.default_path, param.default_ports);
}

bool Variables::bind(ModuleId module, const ast::Value& value, Span where, ir::ParamType type,
                     std::optional<std::string>& path, std::optional<std::vector<ir::PortRange>>& ports) {
    const Values values = evaluate(module, value, 0);
    return type == ir::ParamType::kPath ? bindPath(values, where, path) : bindPorts(values, where, type, ports);
}

bool Variables::bindPath(const Values& values, Span where, std::optional<std::string>& path) {
    if (values.kind == Values::Kind::kNone) {
        return false;
    }
    if (values.kind != Values::Kind::kText || values.list || values.texts.size() != 1) {
        context_.report(diag::Id::kWrongValue, where, {values.list ? "a list" : "ports", "one path"});
        return false;
    }
    Text text = values.texts[0];
    text.span = where;
    std::optional<std::string> literal = plainPath(text, "the value of a param", context_);
    if (literal && *literal == "/") {
        context_.report(diag::Id::kParamIsRoot, where);
        return false;
    }
    path = std::move(literal);
    return path.has_value();
}

bool Variables::bindPorts(const Values& values, Span where, ir::ParamType type,
                          std::optional<std::vector<ir::PortRange>>& ports) {
    if (values.kind == Values::Kind::kNone) {
        return false;
    }
    if (values.kind != Values::Kind::kPorts) {
        context_.report(diag::Id::kWrongValue, where, {"a path or pattern", "ports"});
        return false;
    }
    std::vector<ir::PortRange> ranges;
    for (const PortItem& item : values.ports) {
        const auto* range = std::get_if<ir::PortRange>(&item);
        if (range == nullptr) {
            context_.report(diag::Id::kParamNotAllowed, where, {"the value of a param"});
            return false;
        }
        ranges.push_back(*range);
    }
    if (type == ir::ParamType::kPort && (values.list || ranges.size() != 1 || ranges[0].first != ranges[0].last)) {
        context_.report(diag::Id::kWrongValue, where, {"several ports", "one port"})
            .help("a param of several ports has the type `ports`");
        return false;
    }
    ports = std::move(ranges);
    return true;
}

// --- lets ---

const Values& Variables::valueOf(DeclId id) {
    if (states_[id] != State::kUnseen) {
        return values_[id];
    }
    const Variable& variable = declarations_.variables()[id];
    states_[id] = State::kOpen;
    open_.push_back(id);
    Values values;
    if (open_.size() <= kMaxVariableDepth) {
        values = evaluate(variable.module, variable.let->value, 0);
    } else {
        values.depth = kMaxVariableDepth;
    }
    if (values.depth + 1 > kMaxVariableDepth) {
        if (!exhausted_) {
            context_.report(diag::Id::kNestsTooDeep, variable.name->span,
                            {"variable", std::to_string(kMaxVariableDepth)});
            exhausted_ = true;
        }
        values = {};
    } else {
        ++values.depth;
    }
    if (!wellFormed(values)) {
        values = {};
    }
    open_.pop_back();
    values_[id] = std::move(values);
    states_[id] = State::kDone;
    return values_[id];
}

/// A variable's text must be a pattern by itself, so that none changes the structure of the pattern it is put into.
bool Variables::wellFormed(const Values& values) {
    for (const Text& text : values.texts) {
        for (const ir::PathPiece& piece : text.pieces) {
            if (piece.param) {
                continue;
            }
            if (const Result<glob::Sequence> parsed = glob::parse(piece.text); !parsed) {
                context_.report(diag::Id::kBadGlob, text.span, {parsed.error().message});
                return false;
            }
        }
    }
    return true;
}

Values Variables::evaluate(ModuleId module, const ast::Value& value, std::size_t depth) {
    if (const auto* list = std::get_if<ast::List>(&value)) {
        return evaluateList(module, *list, depth);
    }
    if (const auto* pattern = std::get_if<ast::Pattern>(&value)) {
        return evaluatePattern(module, *pattern);
    }
    if (const auto* ports = std::get_if<ast::Ports>(&value)) {
        return evaluatePorts(*ports);
    }
    const auto& variable = std::get<ast::VariableUse>(value);
    return use(module, variable.name, variable.span);
}

Values Variables::evaluateList(ModuleId module, const ast::List& list, std::size_t depth) {
    if (depth == kMaxVariableDepth) {
        context_.report(diag::Id::kNestsTooDeep, list.span, {"list", std::to_string(kMaxVariableDepth)});
        return {};
    }
    Values result;
    result.list = true;
    for (const ast::Value& item : list.items) {
        Values values = evaluate(module, item, depth + 1);
        if (values.kind == Values::Kind::kNone) {
            return {};
        }
        if (result.kind != Values::Kind::kNone && result.kind != values.kind) {
            context_.report(
                diag::Id::kWrongValue, spanOf(item),
                {std::string(kindName(values.kind)), std::string(kindName(result.kind)) + ", as before it"});
            return {};
        }
        result.kind = values.kind;
        result.depth = std::max(result.depth, values.depth);
        std::move(values.texts.begin(), values.texts.end(), std::back_inserter(result.texts));
        std::move(values.ports.begin(), values.ports.end(), std::back_inserter(result.ports));
    }
    return result;
}

Values Variables::evaluatePorts(const ast::Ports& ports) {
    const std::uint64_t above = std::max(ports.first, ports.last);
    if (above > kMaxPort) {
        context_.report(diag::Id::kBadPort, ports.span, {std::to_string(above)});
        return {};
    }
    if (ports.first > ports.last) {
        context_.report(diag::Id::kReversedPorts, ports.span)
            .fix(ports.span, std::to_string(ports.last) + ".." + std::to_string(ports.first), "swap the ends");
        return {};
    }
    Values values;
    values.kind = Values::Kind::kPorts;
    values.ports.emplace_back(
        ir::PortRange{static_cast<std::uint16_t>(ports.first), static_cast<std::uint16_t>(ports.last)});
    return spend(values, ports.span) ? std::move(values) : Values{};
}

Values Variables::evaluatePattern(ModuleId module, const ast::Pattern& pattern) {
    if (const ast::PatternPiece* variable = soleVariable(pattern)) {
        return use(module, variable->text, pattern.span);
    }
    Values values;
    Text text;
    text.span = pattern.span;
    for (const ast::PatternPiece& piece : pattern.pieces) {
        if (!piece.is_variable) {
            appendText(text, piece.text);
        } else if (!appendVariable(module, piece, text, values.depth)) {
            return {};
        }
        if (!text.pieces.empty() && text.pieces.back().text.size() > glob::kMaxPatternBytes) {
            context_.report(diag::Id::kBadGlob, pattern.span,
                            {"longer than " + std::to_string(glob::kMaxPatternBytes) + " bytes"});
            return {};
        }
    }
    values.kind = Values::Kind::kText;
    values.texts.push_back(std::move(text));
    return spend(values, pattern.span) ? std::move(values) : Values{};
}

bool Variables::appendVariable(ModuleId module, const ast::PatternPiece& piece, Text& text, std::size_t& depth) {
    const Values values = use(module, piece.text, piece.span);
    if (values.kind == Values::Kind::kNone) {
        return false;
    }
    if (values.kind == Values::Kind::kPorts) {
        context_.report(diag::Id::kWrongValue, piece.span, {"ports", "a path or pattern"});
        return false;
    }
    if (values.list) {
        context_.report(diag::Id::kListJoined, piece.span, {piece.text});
        return false;
    }
    depth = std::max(depth, values.depth);
    for (const ir::PathPiece& part : values.texts[0].pieces) {
        if (part.param) {
            text.pieces.push_back(part);
        } else {
            appendText(text, asOneBranch(part.text));
        }
    }
    return true;
}

/// A copy of the variable's values, as used at `where`.
Values Variables::use(ModuleId module, std::string_view name, Span where) {
    const std::optional<DeclId> id = declarations_.findVariable(module, name, where);
    if (!id) {
        return {};
    }
    if (states_[*id] == State::kOpen) {
        reportCycle(*id, where);
        return {};
    }
    const Values& known = valueOf(*id);
    if (!spend(known, where)) {
        return {};
    }
    Values values = known;
    for (Text& text : values.texts) {
        text.span = where;
    }
    return values;
}

bool Variables::spend(const Values& values, Span where) {
    if (exhausted_) {
        return false;
    }
    spent_values_ += values.texts.size() + values.ports.size();
    for (const Text& text : values.texts) {
        spent_values_ += text.pieces.size();
        for (const ir::PathPiece& piece : text.pieces) {
            spent_bytes_ += piece.text.size();
        }
    }
    if (spent_values_ > kMaxExpandedValues || spent_bytes_ > kMaxExpandedBytes) {
        exhausted_ = true;
        context_.report(diag::Id::kExpansionTooLarge, where,
                        {std::to_string(kMaxExpandedValues), std::to_string(kMaxExpandedBytes)});
        return false;
    }
    return true;
}

void Variables::reportCycle(DeclId id, Span where) {
    const auto first = std::find(open_.begin(), open_.end(), id);
    std::string chain;
    for (auto it = first; it != open_.end(); ++it) {
        chain += "`" + nameOf(*it) + "` uses ";
    }
    context_.report(diag::Id::kVariableCycle, where, {chain + "`" + nameOf(id) + "`"});
}

// --- uses ---

std::vector<Text> Variables::expand(ModuleId module, const ast::Pattern& pattern) {
    Values values = evaluatePattern(module, pattern);
    if (values.kind == Values::Kind::kPorts) {
        context_.report(diag::Id::kWrongValue, pattern.span, {"ports", "a path or pattern"});
        return {};
    }
    return std::move(values.texts);
}

std::vector<PortItem> Variables::expandPorts(ModuleId module, const ast::Value& value, Span where) {
    Values values = evaluate(module, value, 0);
    if (values.kind == Values::Kind::kText) {
        context_.report(diag::Id::kWrongValue, where, {"a path or pattern", "ports"});
        return {};
    }
    return std::move(values.ports);
}

} // namespace landlatch::sema
