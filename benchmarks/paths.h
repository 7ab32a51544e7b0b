// SPDX-License-Identifier: Apache-2.0
// The exec that both matchers, the one in userspace and the one in the kernel, are measured with.
#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace landlatch::benchmarks {

/// Bytes of the path; the last is the longest path there is.
inline constexpr std::array<std::size_t, 4> kLengths = {16, 64, 256, 4095};
/// How a path begins that the first rule of inputs.py's few_rulesets matches, and one that none does.
inline constexpr const char* kMatching = "/opt/app0/bin/x";
inline constexpr const char* kUnmatched = "/usr/lib/a/b";
inline constexpr const char* kCgroup = "/system.slice/app7.service";

inline std::string pathOf(const char* beginning, std::size_t bytes) {
    std::string path = beginning;
    path.resize(bytes, 'x');
    return path;
}

} // namespace landlatch::benchmarks
