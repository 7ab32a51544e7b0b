// SPDX-License-Identifier: Apache-2.0
// First fit over a union-find of taken cells.
#include "compiler/match/comb.h"

#include <algorithm>

namespace landlatch::match {

namespace {

constexpr int kMaxTries = 64;

} // namespace

std::uint32_t Comb::nextFree(std::uint32_t cell) {
    while (next_.size() <= cell + 1) {
        next_.push_back(static_cast<std::uint32_t>(next_.size()));
    }
    std::uint32_t root = cell;
    while (next_[root] != root) {
        root = next_[root];
        while (next_.size() <= root + 1) {
            next_.push_back(static_cast<std::uint32_t>(next_.size()));
        }
    }
    while (next_[cell] != root) {
        const std::uint32_t up = next_[cell];
        next_[cell] = root;
        cell = up;
    }
    return root;
}

std::uint32_t Comb::place(std::span<const std::uint32_t> columns) {
    if (columns.empty()) {
        return 0;
    }
    std::uint32_t at = nextFree(columns.front());
    std::uint32_t base = 0;
    for (int tries = 0;; ++tries, at = nextFree(at + 1)) {
        if (tries == kMaxTries) {
            at = std::max(size_, columns.front());
        }
        base = at - columns.front();
        if (std::all_of(columns.begin(), columns.end(),
                        [&](std::uint32_t column) { return nextFree(base + column) == base + column; })) {
            break;
        }
    }
    for (const std::uint32_t column : columns) {
        next_[base + column] = base + column + 1;
    }
    size_ = std::max(size_, base + columns.back() + 1);
    return base;
}

} // namespace landlatch::match
