// SPDX-License-Identifier: Apache-2.0
// Set algebra on sorted lists.
#include "compiler/match/sets.h"

#include "compiler/match/words.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace landlatch::match {

namespace {

using List = std::span<const std::uint32_t>;

bool has(List list, std::uint32_t element) { return std::binary_search(list.begin(), list.end(), element); }

/// Whether two sorted lists have nothing in common. Walks the shorter one.
bool apart(List a, List b) {
    if (a.size() > b.size()) {
        std::swap(a, b);
    }
    auto from = b.begin();
    for (const std::uint32_t element : a) {
        from = std::lower_bound(from, b.end(), element);
        if (from == b.end()) {
            return true;
        }
        if (*from == element) {
            return false;
        }
    }
    return true;
}

bool includes(List outer, List inner) {
    if (inner.size() > outer.size()) {
        return false;
    }
    auto from = outer.begin();
    for (const std::uint32_t element : inner) {
        from = std::lower_bound(from, outer.end(), element);
        if (from == outer.end() || *from != element) {
            return false;
        }
    }
    return true;
}

} // namespace

SetPool::SetPool(std::uint32_t size) : size_(size) {
    store({}, false);
    store({}, true);
    sets_[kEmpty].complement = kAll;
    sets_[kAll].complement = kEmpty;
}

SetId SetPool::store(const std::vector<std::uint32_t>& kept, bool negative) {
    const std::uint64_t hash = hashOf(kept, negative ? 0x51 : 0x15);
    const auto [begin, end] = by_hash_.equal_range(hash);
    for (auto at = begin; at != end; ++at) {
        const Entry& entry = sets_[at->second];
        const List list = this->kept(at->second);
        if (entry.negative == negative && std::equal(list.begin(), list.end(), kept.begin(), kept.end())) {
            return at->second;
        }
    }
    const auto id = static_cast<SetId>(sets_.size());
    sets_.push_back({arena_.size(), static_cast<std::uint32_t>(kept.size()), negative, ~SetId{0}});
    arena_.insert(arena_.end(), kept.begin(), kept.end());
    by_hash_.emplace(hash, id);
    return id;
}

SetId SetPool::intern(const std::vector<std::uint32_t>& elements) {
    if (elements.empty()) {
        return kEmpty;
    }
    if (elements.size() * 2 <= size_) {
        return store(elements, false);
    }
    std::vector<std::uint32_t> lacking;
    std::uint32_t next = 0;
    for (const std::uint32_t element : elements) {
        for (; next < element; ++next) {
            lacking.push_back(next);
        }
        next = element + 1;
    }
    for (; next < size_; ++next) {
        lacking.push_back(next);
    }
    return lacking.empty() ? kAll : store(lacking, true);
}

SetId SetPool::complement(SetId a) {
    if (sets_[a].complement != ~SetId{0}) {
        return sets_[a].complement;
    }
    const List list = kept(a);
    SetId result = 0;
    if (!sets_[a].negative && list.size() * 2 == size_) { // both forms are as short: stay canonical
        std::vector<std::uint32_t> rest;
        for (std::uint32_t element = 0; element < size_; ++element) {
            if (!has(list, element)) {
                rest.push_back(element);
            }
        }
        result = store(rest, false);
    } else {
        result = store(std::vector<std::uint32_t>(list.begin(), list.end()), !sets_[a].negative);
    }
    sets_[a].complement = result;
    sets_[result].complement = a;
    return result;
}

SetId SetPool::intersect(SetId a, SetId b) {
    if (a == b || b == kAll) {
        return a;
    }
    if (a == kAll) {
        return b;
    }
    if (a == kEmpty || b == kEmpty) {
        return kEmpty;
    }
    if (a > b) {
        std::swap(a, b);
    }
    const auto [at, fresh] = intersections_.emplace(static_cast<std::uint64_t>(a) << 32 | b, 0);
    if (!fresh) {
        return at->second;
    }
    const List x = kept(a);
    const List y = kept(b);
    std::vector<std::uint32_t> out;
    SetId result = 0;
    if (sets_[a].negative && sets_[b].negative) {
        std::set_union(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(out));
        if (out.size() * 2 < size_) {
            result = store(out, true);
        } else {
            std::vector<std::uint32_t> rest;
            std::uint32_t next = 0;
            for (std::size_t i = 0; i <= out.size(); ++i) {
                const std::uint32_t stop = i < out.size() ? out[i] : size_;
                for (; next < stop; ++next) {
                    rest.push_back(next);
                }
                ++next;
            }
            result = intern(rest);
        }
    } else {
        if (!sets_[a].negative && !sets_[b].negative) {
            std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(out));
        } else if (sets_[a].negative) {
            std::set_difference(y.begin(), y.end(), x.begin(), x.end(), std::back_inserter(out));
        } else {
            std::set_difference(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(out));
        }
        result = intern(out);
    }
    intersections_[static_cast<std::uint64_t>(a) << 32 | b] = result;
    return result;
}

bool SetPool::disjoint(SetId a, SetId b) const {
    if (a == kEmpty || b == kEmpty) {
        return true;
    }
    const bool na = sets_[a].negative;
    const bool nb = sets_[b].negative;
    if (!na && !nb) {
        return apart(kept(a), kept(b));
    }
    if (na != nb) {
        return na ? includes(kept(a), kept(b)) : includes(kept(b), kept(a));
    }
    return false; // each holds more than half of all
}

bool SetPool::subset(SetId a, SetId b) const {
    if (a == b || a == kEmpty || b == kAll) {
        return true;
    }
    const bool na = sets_[a].negative;
    const bool nb = sets_[b].negative;
    if (!na && !nb) {
        return includes(kept(b), kept(a));
    }
    if (!na && nb) {
        return apart(kept(a), kept(b));
    }
    if (na && nb) {
        return includes(kept(a), kept(b));
    }
    return false; // a holds more than half of all, b at most half
}

bool SetPool::contains(SetId set, std::uint32_t element) const {
    return element < size_ && has(kept(set), element) != sets_[set].negative;
}

std::uint32_t SetPool::count(SetId set) const {
    return sets_[set].negative ? size_ - sets_[set].size : sets_[set].size;
}

List SetPool::kept(SetId set) const { return {arena_.data() + sets_[set].offset, sets_[set].size}; }

std::vector<std::uint32_t> SetPool::elements(SetId set) const {
    const List list = kept(set);
    if (!sets_[set].negative) {
        return {list.begin(), list.end()};
    }
    std::vector<std::uint32_t> all(size_);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<std::uint32_t> result;
    std::set_difference(all.begin(), all.end(), list.begin(), list.end(), std::back_inserter(result));
    return result;
}

} // namespace landlatch::match
