// SPDX-License-Identifier: Apache-2.0
// A coroutine that gives one value: how the steps for one held task are written as a sequence, although the supervisor
// waits for nothing. Lazy (runs when awaited or started), destroyed with its owner wherever it stands.
#pragma once

#include <coroutine>
#include <cstdlib>
#include <optional>
#include <utility>

namespace landlatch::supervise {

template <typename T> class [[nodiscard]] Task {
public:
    struct promise_type {
        std::optional<T> value;
        std::coroutine_handle<> continuation = std::noop_coroutine();

        Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        struct Final {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
                return self.promise().continuation;
            }
            void await_resume() noexcept {}
        };
        Final final_suspend() noexcept { return {}; }
        template <typename U> void return_value(U&& result) { value.emplace(std::forward<U>(result)); }
        void unhandled_exception() noexcept { std::abort(); }
    };

    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            destroy();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() { destroy(); }

    /// Runs up to the first wait; for the outermost coroutine, which nobody awaits.
    void start() { handle_.resume(); }
    [[nodiscard]] bool done() const { return handle_.done(); }
    /// The value, once done.
    [[nodiscard]] T& value() { return *handle_.promise().value; }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> continuation) noexcept {
        handle_.promise().continuation = continuation;
        return handle_;
    }
    T await_resume() { return std::move(*handle_.promise().value); }

private:
    explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    void destroy() {
        if (handle_) {
            handle_.destroy();
        }
    }
    std::coroutine_handle<promise_type> handle_;
};

/// Something one coroutine waits for and somebody else brings.
template <typename T> class Mailbox {
public:
    Mailbox() = default;
    Mailbox(const Mailbox&) = delete; // awaited where it is, never as a copy
    Mailbox& operator=(const Mailbox&) = delete;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
    T await_resume() { return std::move(*value_); }

    [[nodiscard]] bool awaited() const { return waiting_ != nullptr; }
    /// Hands `value` over and runs the waiting coroutine up to its next wait. Only when awaited.
    void bring(T value) {
        value_.emplace(std::move(value));
        std::exchange(waiting_, nullptr).resume();
    }

private:
    std::coroutine_handle<> waiting_;
    std::optional<T> value_;
};

} // namespace landlatch::supervise
