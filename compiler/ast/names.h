// SPDX-License-Identifier: Apache-2.0
// Which names one file declares and where it uses names, unresolved, in source order. For lints and editors.
#pragma once

#include "compiler/ast/ast.h"

#include <cstdint>
#include <string>
#include <vector>

namespace landlatch::ast {

enum class NameKind : std::uint8_t {
    kNamespace, ///< import, `use rules`
    kLet,
    kParam,
    kRuleset,
    kRule,
    kTest,
};

struct Declared {
    NameKind kind{};
    std::string name;
    Span name_span;
    Span span; ///< the statement
};

/// A place where a name stands for something declared elsewhere.
struct NameUse {
    NameKind kind{};   ///< kLet for every variable, be it a param
    std::string name;  ///< as written: "web", "ns.web"
    Span span;         ///< of the name alone: without `$`, `${`, `}` and quotes
    bool sets = false; ///< `set NAME = …` in a test, which reads nothing
};

/// An import declares the last component of its path, or what stands behind `as`.
[[nodiscard]] std::vector<Declared> declaredNames(const File& file);
[[nodiscard]] std::vector<NameUse> nameUses(const File& file);

} // namespace landlatch::ast
