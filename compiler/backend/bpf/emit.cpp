// SPDX-License-Identifier: Apache-2.0
#include "compiler/backend/bpf/emit.h"

#include "compiler/backend/bpf/fact_sets.h"
#include "compiler/backend/bpf/gates.h"
#include "compiler/backend/bpf/link.h"
#include "runtime/object/seal.h"

namespace landlatch::backend_bpf {

Result<std::string> emitObject(const Parts& parts, std::uint32_t used_facts) {
    return emitObject(parts, gateObject(gateArchive(), setOf(used_facts)));
}

Result<std::string> emitObject(const Parts& parts, std::string_view gate) {
    if (parts.tables.empty() || parts.tables.size_bytes() > kMaxTableBytes) {
        return Error{EFBIG, "match tables of " + std::to_string(parts.tables.size_bytes()) +
                                " bytes; it has to be 4 to " + std::to_string(kMaxTableBytes)};
    }
    Result<std::string> linked = link(gate, parts);
    if (!linked) {
        return linked;
    }
    return object::seal(*std::move(linked));
}

} // namespace landlatch::backend_bpf
