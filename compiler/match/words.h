// SPDX-License-Identifier: Apache-2.0
// Lists of words as keys of hash tables.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <unordered_map>
#include <vector>

namespace landlatch::match {

using WordsView = std::span<const std::uint32_t>;

/// Takes `value` into `hash`. The same on every machine.
inline std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0xff51afd7ed558ccdULL;
    return hash ^ hash >> 32;
}

inline std::uint64_t hashOf(WordsView words, std::uint64_t seed = 1) {
    return std::accumulate(words.begin(), words.end(), seed, mix);
}

struct WordsHash {
    std::size_t operator()(WordsView words) const { return hashOf(words); }
};

struct WordsEqual {
    bool operator()(WordsView a, WordsView b) const { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }
};

/// Numbers of lists.
using WordsNumbers = std::unordered_map<std::vector<std::uint32_t>, std::uint32_t, WordsHash>;

} // namespace landlatch::match
