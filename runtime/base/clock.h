// SPDX-License-Identifier: Apache-2.0
// Time as BPF's bpf_ktime_get_ns() counts it.
#pragma once

#include <cstdint>
#include <ctime>

namespace landlatch {

/// CLOCK_MONOTONIC in nanoseconds.
[[nodiscard]] inline std::uint64_t monotonic() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

} // namespace landlatch
