// SPDX-License-Identifier: Apache-2.0
#include "compiler/backend/bpf/gates.h"

#include "compiler/backend/bpf/fact_sets.h"

#include <cstdint>
#include <cstring>

extern "C" {
extern const char kLandlatchGates[];
extern const char kLandlatchGatesEnd[];
}

namespace landlatch::backend_bpf {

std::string_view gateArchive() {
    return {kLandlatchGates, static_cast<std::size_t>(kLandlatchGatesEnd - kLandlatchGates)};
}

std::string_view gateObject(std::string_view archive, std::size_t set) {
    std::uint32_t range[2];
    std::memcpy(range, archive.data() + set * sizeof(std::uint32_t), sizeof range);
    return archive.substr(range[0], range[1] - range[0]);
}

} // namespace landlatch::backend_bpf
