// SPDX-License-Identifier: Apache-2.0
// Words, names, paths and values as the formatter spells them: bare where that reads back as the same thing, quoted
// otherwise; `$v` where nothing behind it would run into the name, `${v}` otherwise (language points 2 and 6).
#pragma once

#include "compiler/ast/ast.h"

#include <string>
#include <string_view>

namespace landlatch::format {

/// `text` in quotes, with `"` and `\` escaped.
[[nodiscard]] std::string quoted(std::string_view text);

[[nodiscard]] std::string spell(const ast::Word& word);
[[nodiscard]] std::string spell(const ast::Name& name);
/// A category or right behind `leave` or `leaving`, which may be two words: `tcp connect`.
[[nodiscard]] std::string spellGivenUp(const ast::Word& word);
/// What stands behind `import`.
[[nodiscard]] std::string spellImportPath(const ast::Import& import);
/// The target of `given link`.
[[nodiscard]] std::string spellLinkTarget(const ast::Pattern& target);

/// What may stand bare in a pattern's place, beside paths.
enum class Place : std::uint8_t {
    kPath, ///< paths only: rulesets, tests
    kItem, ///< words too: units, users, values of `let`
};
[[nodiscard]] std::string spell(const ast::Pattern& pattern, Place place);
[[nodiscard]] std::string spell(const ast::Ports& ports);
[[nodiscard]] std::string spell(const ast::VariableUse& use);

} // namespace landlatch::format
