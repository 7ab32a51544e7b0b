// SPDX-License-Identifier: Apache-2.0
// The world went wrong: how every layer reports a failed file, kernel or library call.
// A wrong policy is a diagnostic (compiler/diag); a wrong program is LANDLATCH_CHECK (check.h).
#pragma once

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace landlatch {

/// Why an operation on the world failed. `code` is an errno value, or 0 where none applies.
/// `message` is lower case, has no full stop, and names the thing ("/etc/x: permission denied").
struct Error {
    int code = 0;
    std::string message;

    /// The same error seen from one level up: "CONTEXT: message".
    [[nodiscard]] Error within(std::string_view context) const {
        return Error{code, std::string(context) + ": " + message};
    }
};

/// An Error from `errno` as it is now (or `code`), as "what: strerror".
[[nodiscard]] inline Error errnoError(std::string_view what, int code = errno) {
    return Error{code, std::string(what) + ": " + ::strerror(code)};
}

/// A value or an Error. Never both, never neither.
template <typename T> class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return state_.index() == 0; }
    T& operator*() & { return std::get<0>(state_); }
    const T& operator*() const& { return std::get<0>(state_); }
    T&& operator*() && { return std::get<0>(std::move(state_)); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }
    const Error& error() const { return std::get<1>(state_); }

private:
    std::variant<T, Error> state_;
};

/// Success or an Error.
template <> class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}
    explicit operator bool() const { return !error_.has_value(); }
    const Error& error() const { return *error_; }

private:
    std::optional<Error> error_;
};

} // namespace landlatch
