// SPDX-License-Identifier: Apache-2.0
// First fit over a union-find of taken cells.
#include "compiler/match/comb.h"

#include <algorithm>

namespace landlatch::match {

namespace {

constexpr int kMaxTries = 16;

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
    const auto fits = [&](std::uint32_t at) {
        const std::uint32_t base = at - columns.front();
        return std::all_of(columns.begin(), columns.end(),
                           [&](std::uint32_t column) { return nextFree(base + column) == base + column; });
    };
    // Holes at the bottom first, then among the cells taken last, which have more of them; then above all.
    std::uint32_t at = nextFree(columns.front());
    bool found = false;
    for (int tries = 0; tries < kMaxTries && !found; ++tries) {
        found = fits(at);
        at = found ? at : nextFree(at + 1);
    }
    if (!found) {
        at = nextFree(std::max(recent_, columns.front()));
        for (int tries = 0; tries < kMaxTries && !found; ++tries) {
            found = fits(at);
            at = found ? at : nextFree(at + 1);
        }
        recent_ = at; // what lies below was too crowded
    }
    while (!found) {
        found = fits(at);
        at = found ? at : nextFree(at + 1);
    }
    const std::uint32_t base = at - columns.front();
    for (const std::uint32_t column : columns) {
        next_[base + column] = base + column + 1;
    }
    size_ = std::max(size_, base + columns.back() + 1);
    return base;
}

} // namespace landlatch::match
