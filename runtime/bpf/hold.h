// SPDX-License-Identifier: Apache-2.0
// The hold programs (bpf-templates/supervise.bpf.c) in the kernel: one set serves all policies. Their links and maps
// are pinned, so they outlive the supervisor, and a restarted one takes them over.
#pragma once

#include "bpf-templates/supervise.h"
#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace landlatch::bpf {

/// The maps that the hold shares with every gate (bpf-templates/mark.h).
struct SharedMaps {
    int marks = -1;
    int control = -1;
    int events = -1;
    int holds = -1;
};

class Hold {
public:
    /// Where the hold of this version is pinned below `root`: others may be there beside it, of policies that another
    /// version has installed.
    static std::string folder(const std::string& root);
    /// Takes over what is pinned below `root`, or loads and attaches it; pins nothing yet. EBUSY while a supervisor, of
    /// whatever version, serves.
    static Result<Hold> open(const std::string& root);
    /// Removes the pins: the programs go with the last Hold and the last gate that use them.
    static Result<void> removePins(const std::string& root);
    /// Removes the pins of all other versions. The gates that are theirs refuse what they match, as before.
    static Result<void> removeOtherPins(const std::string& root);

    Hold(Hold&&) noexcept;
    Hold& operator=(Hold&&) noexcept;
    ~Hold();

    /// Whether this is a taken-over one, which has passed its self-test.
    [[nodiscard]] bool takenOver() const;
    /// Pins links and maps, all or nothing. Nothing to do where taken over.
    Result<void> pin();

    /// Attaches, or detaches, the program that marks the execs of our own grandchildren.
    Result<void> startSelfTest();
    void endSelfTest();

    /// The memory shared with the programs. Fields are read and written with volatile access.
    [[nodiscard]] volatile ll_control& control();
    [[nodiscard]] SharedMaps maps() const;

    [[nodiscard]] std::optional<ll_mark> mark(std::uint64_t key) const;
    void deleteMark(std::uint64_t key);
    [[nodiscard]] ll_applied applied(std::uint64_t key) const;
    Result<void> setApplied(std::uint64_t key, const ll_applied& applied);

    /// Readable when a task waits in the hold; and when a gate has something to tell.
    [[nodiscard]] int holdFd() const;
    [[nodiscard]] int eventFd() const;
    /// Calls `held` for each task that has come to wait since the last call.
    void consumeHolds(const std::function<void(const ll_hold_event&)>& held);
    /// Calls `told` for the events of gates (bytes of a struct ll_event, gate.h), at most so many: a flood of them
    /// keeps no held task waiting.
    void consumeEvents(const std::function<void(std::span<const std::byte>)>& told, int at_most);

private:
    struct State;
    explicit Hold(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace landlatch::bpf
