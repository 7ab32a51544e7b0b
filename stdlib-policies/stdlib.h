// SPDX-License-Identifier: Apache-2.0
// The toolchain's own library of policies, std/*.ll, as this build embeds it.
#pragma once

#include <span>
#include <string_view>

namespace landlatch::stdlib {

struct File {
    std::string_view path; ///< "std/base.ll"
    std::string_view text;
};

/// All files, sorted by path.
[[nodiscard]] std::span<const File> files();

} // namespace landlatch::stdlib
