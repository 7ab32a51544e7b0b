// SPDX-License-Identifier: Apache-2.0
// object::Policy -> the bytes of the object's own sections (docs/object-format.md).
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/policy.h"

#include <string>

namespace landlatch::backend_landlock {

/// Section contents, ready to be put into an ELF file under the names of runtime/object/format.h.
struct SectionBytes {
    std::string manifest;
    std::string rulesets;
    std::string tables;
};

/// Deterministic: equal policies give equal bytes. Equal strings and equal contents of rulesets are stored once.
/// What it returns has been read back by the runtime's reader, so whatever the format can't hold (a string that is too
/// long, more than 64 groups) is an error here and not at load. `format_version` of the input is not looked at.
Result<SectionBytes> write(const object::Policy& policy);

} // namespace landlatch::backend_landlock
