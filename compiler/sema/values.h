// SPDX-License-Identifier: Apache-2.0
// Pass 3: variables. What each `let` and `param` stands for, and patterns and port lists with their variables filled
// in.
//
// A `let` is replaced by its text, a list by its items (lists in lists flatten). A param stays open until load, so it
// survives as a piece of a path. Text is glob text throughout; whether a glob may stand somewhere is for the user of
// it.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/ir/policy.h"
#include "compiler/sema/context.h"
#include "compiler/sema/scope.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace landlatch::sema {

/// One pattern with `let`s filled in. Pieces that are params have `param` set, by index into Variables::params().
struct Text {
    std::vector<ir::PathPiece> pieces; ///< no two literal pieces side by side
    Span span;                         ///< where it is used
    [[nodiscard]] const ir::PathPiece* firstParam() const;
    /// The text of a pattern without params.
    [[nodiscard]] std::string plain() const;
};

using PortItem = std::variant<ir::PortRange, ir::ParamId>;

/// What a variable stands for.
struct Values {
    enum class Kind : std::uint8_t { kNone, kText, kPorts }; ///< kNone: an error was reported
    Kind kind = Kind::kNone;
    bool list = false; ///< written with `[ ]`, or a variable that is
    std::vector<Text> texts;
    std::vector<PortItem> ports;
    std::size_t depth = 0; ///< variables below it
};

class Variables {
public:
    /// Evaluates every variable of every module, so that wrong ones are reported used or not.
    Variables(const Declarations& declarations, Context& context);

    /// The pattern as one text, or as several when it is a list variable alone. Empty after an error.
    std::vector<Text> expand(ModuleId module, const ast::Pattern& pattern);
    /// Port ranges and params of one item of a port list. Empty after an error.
    std::vector<PortItem> expandPorts(ModuleId module, const ast::Value& value, Span where);

    /// All params of all modules; ir::ParamId of a Text or PortItem is an index into it.
    [[nodiscard]] const std::vector<ir::Param>& params() const { return params_; }
    /// The param of a declaration, or empty for a `let`.
    [[nodiscard]] std::optional<ir::ParamId> paramOf(DeclId variable) const;
    /// A value as `set` and a default take it: typed, literal, canonical, without params. False after an error.
    bool bind(ModuleId module, const ast::Value& value, Span where, ir::ParamType type,
              std::optional<std::string>& path, std::optional<std::vector<ir::PortRange>>& ports);

private:
    enum class State : std::uint8_t { kUnseen, kOpen, kDone };

    void declareParam(DeclId id);
    void evaluateDefault(DeclId id);
    const Values& valueOf(DeclId id);
    Values evaluate(ModuleId module, const ast::Value& value, std::size_t depth);
    Values evaluateList(ModuleId module, const ast::List& list, std::size_t depth);
    Values evaluatePattern(ModuleId module, const ast::Pattern& pattern);
    Values evaluatePorts(const ast::Ports& ports);
    Values use(ModuleId module, std::string_view name, Span where);
    bool appendVariable(ModuleId module, const ast::PatternPiece& piece, Text& text, std::size_t& depth);
    bool wellFormed(const Values& values);
    bool spend(const Values& values, Span where);
    void reportCycle(DeclId id, Span where);
    bool bindPath(const Values& values, Span where, std::optional<std::string>& path);
    bool bindPorts(const Values& values, Span where, ir::ParamType type,
                   std::optional<std::vector<ir::PortRange>>& ports);
    [[nodiscard]] std::string nameOf(DeclId id) const;

    const Declarations& declarations_;
    Context& context_;
    std::vector<Values> values_;                       ///< by DeclId
    std::vector<State> states_;                        ///< by DeclId
    std::vector<DeclId> open_;                         ///< being evaluated, outermost first
    std::vector<std::optional<ir::ParamId>> param_of_; ///< by DeclId
    std::vector<ir::Param> params_;
    std::size_t spent_values_ = 0;
    std::size_t spent_bytes_ = 0;
    bool exhausted_ = false;
};

} // namespace landlatch::sema
