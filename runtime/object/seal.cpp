// SPDX-License-Identifier: Apache-2.0
// The seal of seal.h: 8 bytes of magic, u32 zero, u32 CRC-32C of everything before that checksum.
#include "runtime/object/seal.h"

#include "runtime/object/checksum.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace landlatch::object {
namespace {

struct Seal {
    std::array<char, 8> magic;
    std::uint32_t reserved;
    std::uint32_t checksum;
};
static_assert(sizeof(Seal) == 16);
constexpr std::array<char, 8> kMagic{'L', 'L', 'S', 'E', 'A', 'L', '0', '1'};

} // namespace

std::string seal(std::string file) {
    Seal seal{kMagic, 0, 0};
    file.append(reinterpret_cast<const char*>(&seal), offsetof(Seal, checksum));
    seal.checksum = crc32c(std::as_bytes(std::span(file)));
    return file.append(reinterpret_cast<const char*>(&seal.checksum), sizeof seal.checksum);
}

Result<void> checkSeal(std::span<const std::byte> file) {
    Seal seal{};
    if (file.size() < sizeof seal) {
        return Error{EINVAL, "not a policy object: shorter than its seal"};
    }
    std::memcpy(&seal, file.last(sizeof seal).data(), sizeof seal);
    if (seal.magic != kMagic || seal.reserved != 0) {
        return Error{
            EINVAL,
            "the policy object has no seal at its end: cut off, or changed by another tool; compile the policy again"};
    }
    if (seal.checksum != crc32c(file.first(file.size() - sizeof seal.checksum))) {
        return Error{EINVAL, "the policy object is damaged: its checksum doesn't fit; compile the policy again"};
    }
    return {};
}

} // namespace landlatch::object
