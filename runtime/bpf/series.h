// SPDX-License-Identifier: Apache-2.0
// The exec-time series: which of its forms the running kernel has, as its BTF says, and the maps that all gates of the
// kernel backends share.
#pragma once

#include "bpf-templates/supervise.h"
#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/bpf/hold.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace landlatch::bpf {

struct Series {
    std::string object_lacks;   ///< what of the backend kernel-object isn't there; empty: all is
    std::string map_lacks;      ///< the same of kernel-map
    std::uint32_t map_type = 0; ///< BPF_MAP_TYPE_LANDLOCK_RULESET; its number is the kernel's own business
};
Result<Series> findSeries();

/// ll_control and ll_events of the kernel backends: pinned, since nobody holds them open between two calls of llload.
class SeriesMaps {
public:
    /// What this version has pinned below `root`, or new ones, pinned there.
    static Result<SeriesMaps> open(const std::string& root);
    /// What is pinned; ENOENT where nothing is.
    static Result<SeriesMaps> find(const std::string& root);
    /// Removes the pins of every version: for when no gate is left.
    static Result<void> remove(const std::string& root);
    /// Whether these are what is pinned there now.
    [[nodiscard]] bool arePinned(const std::string& root) const;
    SeriesMaps(SeriesMaps&&) noexcept;
    SeriesMaps& operator=(SeriesMaps&&) noexcept;
    ~SeriesMaps();

    /// The memory shared with the gates.
    [[nodiscard]] volatile ll_control& control();
    [[nodiscard]] SharedMaps maps() const; ///< without marks and holds

    /// Readable when a gate has something to tell.
    [[nodiscard]] int eventFd() const;
    /// Calls `told` for each event (bytes of a struct ll_event), `at_most` so many, and takes them out of the ring. One
    /// reader at a time.
    void consumeEvents(const std::function<void(std::span<const std::byte>)>& told, int at_most);

private:
    struct State;
    explicit SeriesMaps(std::unique_ptr<State> state);
    Result<void> connect();
    std::unique_ptr<State> state_;
};

} // namespace landlatch::bpf
