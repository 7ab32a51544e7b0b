// SPDX-License-Identifier: Apache-2.0
// A glob as a list of path components, to be compared with directories one level at a time.
#pragma once

#include "runtime/base/result.h"
#include "runtime/glob/glob.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace landlatch::landlock {

/// One component: a literal name, or a glob over one name.
struct Component {
    glob::Sequence glob;
    std::optional<std::string> literal;
    bool deep = false; ///< has `**`, and so may cross '/'

    [[nodiscard]] bool matches(std::string_view name) const {
        return literal ? *literal == name : glob::matches(glob, name);
    }
};

/// Alternatives expanded: each has no braces.
struct Pattern {
    std::vector<Component> components;
    std::string text; ///< for messages
};

/// The patterns a glob with braces stands for that are absolute paths other than "/" without empty, "." and ".."
/// components. Fails when `text` is no glob, when one is something else, or above kMaxPatterns.
Result<std::vector<Pattern>> parsePatterns(const std::string& text);

inline constexpr std::size_t kMaxPatterns = 1024;

/// The glob of components `from` and on, for matching a relative path.
[[nodiscard]] glob::Sequence tail(const Pattern& pattern, std::size_t from);

} // namespace landlatch::landlock
