// SPDX-License-Identifier: Apache-2.0
// Which strings may stand in an object: what the policy language itself lets in. They end up in paths, on terminals and
// in logs, so what could end a string early or steer a terminal is refused here, once, for every reader behind.
#pragma once

#include <string_view>

namespace landlatch::object {

/// Well-formed UTF-8 (no overlong forms, surrogates or values above U+10FFFF) without NUL, C0 and C1 controls, DEL and
/// bidi controls.
[[nodiscard]] bool isPlainText(std::string_view text);

/// Absolute, without `//`, `.`, `..` or a trailing `/` ("/" itself is canonical).
[[nodiscard]] bool isCanonicalPath(std::string_view path);

} // namespace landlatch::object
