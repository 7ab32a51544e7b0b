// SPDX-License-Identifier: Apache-2.0
// `except` as far as text can tell (language point 14): whether an excepted path lies below its grant, and whether
// another grant gives back what was excepted. What only the disk knows (links, hard links, params) the loader checks
// again, by inode.
#pragma once

#include "compiler/ir/policy.h"
#include "runtime/glob/glob.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landlatch::sema {

/// One component of a path or glob.
struct Step {
    std::string text;
    glob::Sequence glob; ///< empty when literal
    bool literal = true; ///< `text` is then the component itself
};

/// A path or glob cut at its `/`s.
struct Steps {
    std::optional<ir::ParamId> root; ///< starts with this param's value, unknown until load
    std::vector<Step> steps;
    std::size_t bytes = 0; ///< of the text of `steps`
    bool open = false;     ///< goes on in a way that can't be cut (`**`, a `/` in braces)
};

/// `is_glob`: the template's text is glob text, not a literal path.
Steps cut(const ir::PathTemplate& path, bool is_glob);

/// About how many byte comparisons it takes to compare the two, at most.
std::size_t comparisonCost(const Steps& a, const Steps& b);

/// What text says about two patterns.
enum class Answer : std::uint8_t { kNo, kMaybe, kYes };

/// Whether a path that `above` matches is `below`'s, or a directory over it.
Answer atOrAbove(const Steps& above, const Steps& below);

/// Whether everything that `inner` matches is at or below something that `outer` matches, for certain.
bool includes(const Steps& outer, const Steps& inner);

} // namespace landlatch::sema
