// SPDX-License-Identifier: Apache-2.0
#include "compiler/lsp/symbols.h"

#include "compiler/sema/context.h"

#include <algorithm>

namespace landlatch::lsp {

namespace {

bool sameKind(ast::NameKind declared, ast::NameKind wanted) {
    const auto variable = [](ast::NameKind kind) { return kind == ast::NameKind::kParam ? ast::NameKind::kLet : kind; };
    return variable(declared) == variable(wanted);
}

bool contains(Span span, std::uint32_t offset) { return span.begin <= offset && offset <= span.end; }

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxShown = 2000;

} // namespace

Symbols::Symbols(FileSystem& files, const std::string& path, const std::vector<std::string>& include_dirs) {
    sema::Context context(sink_);
    modules_ = sema::loadModules(sources_, files, path, {include_dirs, std::nullopt}, sink_, context);
    for (const sema::Module& module : modules_) {
        declared_.push_back(ast::declaredNames(module.ast));
        auto& by_name = by_name_.emplace_back();
        for (std::size_t i = 0; i < declared_.back().size(); ++i) {
            by_name[declared_.back()[i].name].push_back(i);
        }
    }
    for (std::size_t i = 0; i < modules_.size(); ++i) {
        std::vector<ResolvedUse> resolved;
        for (const ast::NameUse& use : ast::nameUses(modules_[i].ast)) {
            resolved.push_back(resolve(i, use));
        }
        uses_.push_back(std::move(resolved));
    }
}

std::optional<SymbolId> Symbols::find(std::size_t module, ast::NameKind kind, const std::string& name) const {
    const auto named = by_name_[module].find(name);
    if (named == by_name_[module].end()) {
        return std::nullopt;
    }
    const auto found = std::find_if(named->second.begin(), named->second.end(),
                                    [&](std::size_t index) { return sameKind(declared_[module][index].kind, kind); });
    return found == named->second.end() ? std::nullopt : std::optional(SymbolId{module, *found});
}

std::optional<std::size_t> Symbols::moduleOf(std::size_t module, const std::string& space) const {
    const std::optional<SymbolId> declared = find(module, ast::NameKind::kNamespace, space);
    if (!declared) {
        return std::nullopt;
    }
    for (const sema::ImportEdge& edge : modules_[module].imports) {
        if (edge.span == at(*declared).span && edge.target != sema::kNoModule) {
            return edge.target;
        }
    }
    return std::nullopt;
}

ResolvedUse Symbols::resolve(std::size_t module, const ast::NameUse& use) const {
    ResolvedUse resolved{use.span, std::nullopt, std::nullopt, std::nullopt, false};
    const std::size_t dot = use.name.find('.');
    if (dot == std::string::npos) {
        resolved.symbol = find(module, use.kind, use.name);
        if (!resolved.symbol && use.kind == ast::NameKind::kRuleset) {
            if (const std::optional<std::size_t> target = moduleOf(module, use.name)) {
                resolved.symbol = find(*target, use.kind, modules_[*target].stem);
                resolved.by_namespace = true;
                resolved.space = use.span;
                resolved.space_symbol = find(module, ast::NameKind::kNamespace, use.name);
            }
        }
        return resolved;
    }
    const std::string space = use.name.substr(0, dot);
    resolved.span.begin = use.span.end - static_cast<std::uint32_t>(use.name.size() - dot - 1);
    resolved.space = Span{use.span.file, use.span.begin, use.span.begin + static_cast<std::uint32_t>(dot)};
    resolved.space_symbol = find(module, ast::NameKind::kNamespace, space);
    if (const std::optional<std::size_t> target = moduleOf(module, space)) {
        resolved.symbol = find(*target, use.kind, use.name.substr(dot + 1));
    }
    return resolved;
}

const ast::Statement* Symbols::statementOf(SymbolId id) const {
    for (const ast::Statement& statement : modules_[id.module].ast.statements) {
        if (statement.span == at(id).span) {
            return &statement;
        }
    }
    return nullptr;
}

std::optional<std::pair<SymbolId, Span>> Symbols::symbolAt(std::uint32_t offset) const {
    if (!loaded()) {
        return std::nullopt;
    }
    for (const ResolvedUse& use : uses_[0]) {
        if (use.symbol && contains(use.span, offset)) {
            return std::pair(*use.symbol, use.span);
        }
        if (use.space && use.space_symbol && contains(*use.space, offset)) {
            return std::pair(*use.space_symbol, *use.space);
        }
    }
    for (std::size_t i = 0; i < declared_[0].size(); ++i) {
        if (contains(declared_[0][i].name_span, offset)) {
            return std::pair(SymbolId{0, i}, declared_[0][i].name_span);
        }
    }
    return std::nullopt;
}

std::vector<Span> Symbols::placesOf(SymbolId id, bool with_declaration) const {
    std::vector<Span> places;
    if (with_declaration) {
        places.push_back(at(id).name_span);
    }
    for (const std::vector<ResolvedUse>& uses : uses_) {
        for (const ResolvedUse& use : uses) {
            if (use.symbol == id) {
                places.push_back(use.span);
            }
            if (use.space_symbol == id) {
                places.push_back(*use.space);
            }
        }
    }
    return places;
}

std::string Symbols::expanded(std::size_t module, const ast::Value& value, std::size_t depth) const {
    if (depth > kMaxDepth) {
        return "…";
    }
    if (const auto* const list = std::get_if<ast::List>(&value)) {
        std::string out;
        for (const ast::Value& item : list->items) {
            out += (out.empty() ? "" : ", ") + expanded(module, item, depth + 1);
            if (out.size() > kMaxShown) {
                return out + ", …";
            }
        }
        return out;
    }
    if (const auto* const use = std::get_if<ast::VariableUse>(&value)) {
        const ResolvedUse resolved = resolve(module, {ast::NameKind::kLet, use->name, use->span, false});
        if (resolved.symbol) {
            const ast::Statement* const statement = statementOf(*resolved.symbol);
            if (const auto* const let = statement == nullptr ? nullptr : std::get_if<ast::Let>(&statement->what)) {
                return expanded(resolved.symbol->module, let->value, depth + 1);
            }
        }
        return "$" + use->name;
    }
    const Span span = std::holds_alternative<ast::Pattern>(value) ? std::get<ast::Pattern>(value).span
                                                                  : std::get<ast::Ports>(value).span;
    return std::string(sources_.text(span));
}

} // namespace landlatch::lsp
