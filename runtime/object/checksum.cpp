// SPDX-License-Identifier: Apache-2.0
#include "runtime/object/checksum.h"

#include <array>
#include <cstring>

namespace landlatch::object {

namespace {

/// Eight tables, so that eight bytes are taken a step ("slicing by 8").
constexpr std::array<std::array<std::uint32_t, 256>, 8> makeCrcTables() {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
        }
        tables[0][i] = crc;
    }
    for (std::size_t t = 1; t < 8; ++t) {
        for (std::size_t i = 0; i < 256; ++i) {
            tables[t][i] = (tables[t - 1][i] >> 8U) ^ tables[0][tables[t - 1][i] & 0xFFU];
        }
    }
    return tables;
}
constexpr auto kCrcTables = makeCrcTables();

#ifdef __x86_64__
[[gnu::target("sse4.2")]] std::uint32_t crc32cByInstruction(std::span<const std::byte> bytes) {
    std::uint64_t crc = ~0U;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + i, sizeof(word));
        crc = __builtin_ia32_crc32di(crc, word);
    }
    auto rest = static_cast<std::uint32_t>(crc);
    for (; i < bytes.size(); ++i) {
        rest = __builtin_ia32_crc32qi(rest, std::to_integer<std::uint8_t>(bytes[i]));
    }
    return ~rest;
}
#endif

} // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes) {
#ifdef __x86_64__
    if (__builtin_cpu_supports("sse4.2") != 0) {
        return crc32cByInstruction(bytes);
    }
#endif
    return crc32cByTables(bytes);
}

std::uint32_t crc32cByTables(std::span<const std::byte> bytes) {
    const auto& t = kCrcTables;
    std::uint32_t crc = ~0U;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        std::array<std::uint32_t, 8> b{};
        for (std::size_t k = 0; k < 8; ++k) {
            b[k] = std::to_integer<std::uint32_t>(bytes[i + k]);
        }
        crc = t[7][(crc ^ b[0]) & 0xFFU] ^ t[6][((crc >> 8U) ^ b[1]) & 0xFFU] ^ t[5][((crc >> 16U) ^ b[2]) & 0xFFU] ^
              t[4][((crc >> 24U) ^ b[3]) & 0xFFU] ^ t[3][b[4]] ^ t[2][b[5]] ^ t[1][b[6]] ^ t[0][b[7]];
    }
    for (; i < bytes.size(); ++i) {
        crc = (crc >> 8U) ^ t[0][(crc ^ std::to_integer<std::uint32_t>(bytes[i])) & 0xFFU];
    }
    return ~crc;
}

} // namespace landlatch::object
