// SPDX-License-Identifier: Apache-2.0
// Names of units and slices: the suffix that a pattern leaves out (language point 23).
#pragma once

#include "runtime/glob/glob.h"

#include <string>
#include <string_view>

namespace landlatch::sema {

/// The systemd unit suffix that `name` ends in (".service"), or empty.
std::string_view unitSuffix(std::string_view name);

/// Adds `suffix` to every way through the glob that doesn't end in a unit suffix: "web@*" becomes "web@*.service",
/// "a{,.socket}" becomes "a{.service,.socket}".
void addUnitSuffix(glob::Sequence& sequence, std::string_view suffix);

/// Whether some way through the glob ends in this very suffix.
bool endsIn(const glob::Sequence& sequence, std::string_view suffix);

} // namespace landlatch::sema
