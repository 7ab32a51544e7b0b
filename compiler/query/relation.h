// SPDX-License-Identifier: Apache-2.0
// How wide one thing is beside another (language point 35).
#pragma once

#include <cstdint>
#include <string_view>

namespace landlatch::query {

/// Of the new beside the old. kMixed: narrower in one way, wider in another.
enum class Relation : std::uint8_t { kSame, kNarrower, kWider, kMixed };

/// Both at once.
constexpr Relation operator+(Relation a, Relation b) {
    if (a == Relation::kSame || a == b) {
        return b;
    }
    return b == Relation::kSame ? a : Relation::kMixed;
}
constexpr Relation& operator+=(Relation& a, Relation b) { return a = a + b; }

/// Of masks, or any two things of which one gains and loses.
constexpr Relation relationOf(bool gains, bool loses) {
    return gains ? (loses ? Relation::kMixed : Relation::kWider) : loses ? Relation::kNarrower : Relation::kSame;
}

constexpr std::string_view relationWord(Relation relation) {
    switch (relation) {
    case Relation::kSame:
        return "same";
    case Relation::kNarrower:
        return "narrower";
    case Relation::kWider:
        return "wider";
    case Relation::kMixed:
        return "mixed";
    }
    return "";
}

} // namespace landlatch::query
