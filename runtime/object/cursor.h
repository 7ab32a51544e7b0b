// SPDX-License-Identifier: Apache-2.0
// Takes records from the front of a section, in order, never past its end. Internal to runtime/object.
#pragma once

#include "runtime/base/result.h"
#include "runtime/object/format.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace landlatch::object {

/// How much memory an object may still ask for. Shared strings and shared ruleset blobs would otherwise let a small
/// file describe a huge policy.
class Budget {
public:
    /// For sections of `bytes` together.
    explicit Budget(std::size_t bytes) : left_(std::max(format::kMaxDecodedBytes, format::kDecodedByByte * bytes)) {}
    /// False once more than that has been taken.
    [[nodiscard]] bool take(std::size_t bytes) {
        if (bytes > left_) {
            return false;
        }
        left_ -= bytes;
        return true;
    }
    [[nodiscard]] std::size_t left() const { return left_; }

private:
    std::size_t left_;
};

class Cursor {
public:
    Cursor(std::span<const std::byte> bytes, std::string_view section) : bytes_(bytes), section_(section) {}

    [[nodiscard]] std::size_t left() const { return bytes_.size(); }

    /// The next `count` records, as a copy (the section need not be aligned).
    template <typename T> Result<std::vector<T>> take(std::uint32_t count, std::string_view what) {
        static_assert(std::is_trivially_copyable_v<T>);
        if (count > bytes_.size() / sizeof(T)) {
            return Error{EINVAL, section_ + ": " + std::string(what) + " run past the end"};
        }
        std::vector<T> records(count);
        if (count != 0) {
            std::memcpy(records.data(), bytes_.data(), count * sizeof(T));
            bytes_ = bytes_.subspan(count * sizeof(T));
        }
        return records;
    }

    template <typename T> Result<T> takeOne(std::string_view what) {
        auto records = take<T>(1, what);
        if (!records) {
            return records.error();
        }
        return records->front();
    }

    /// The next `count` bytes.
    Result<std::string_view> takeText(std::size_t count, std::string_view what) {
        if (count > bytes_.size()) {
            return Error{EINVAL, section_ + ": " + std::string(what) + " run past the end"};
        }
        const std::string_view text(reinterpret_cast<const char*>(bytes_.data()), count);
        bytes_ = bytes_.subspan(count);
        return text;
    }

    /// What is left must be the zero bytes that pad to a multiple of 8.
    Result<void> finish() const {
        if (bytes_.size() >= 8) {
            return Error{EINVAL, section_ + ": bytes behind the last record"};
        }
        for (const std::byte byte : bytes_) {
            if (byte != std::byte{0}) {
                return Error{EINVAL, section_ + ": padding isn't zero"};
            }
        }
        return {};
    }

private:
    std::span<const std::byte> bytes_;
    std::string section_;
};

/// Hands out the elements of an array in order, to records that own a part of it each.
template <typename T> class Sequence {
public:
    explicit Sequence(std::vector<T> elements) : elements_(std::move(elements)) {}

    Result<std::span<const T>> take(std::uint32_t count, std::string_view what) {
        if (count > elements_.size() - next_) {
            return Error{EINVAL, std::string(what) + ": more elements than there are"};
        }
        const std::span<const T> taken = std::span<const T>(elements_).subspan(next_, count);
        next_ += count;
        return taken;
    }

    Result<void> finish(std::string_view what) const {
        if (next_ != elements_.size()) {
            return Error{EINVAL, std::string(what) + ": elements that nothing owns"};
        }
        return {};
    }

private:
    std::vector<T> elements_;
    std::size_t next_ = 0;
};

/// The manifest's string list.
class Strings {
public:
    Strings(std::vector<std::string_view> all, Budget& budget) : all_(std::move(all)), budget_(&budget) {}

    Result<std::string> get(format::StringId id, std::string_view what) const {
        if (id >= all_.size()) {
            return Error{EINVAL, std::string(what) + ": no such string"};
        }
        if (!budget_->take(all_[id].size() + sizeof(std::string))) {
            return Error{EFBIG, "the object asks for too much memory"};
        }
        return std::string(all_[id]);
    }

private:
    std::vector<std::string_view> all_;
    Budget* budget_;
};

} // namespace landlatch::object
