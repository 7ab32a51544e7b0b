// SPDX-License-Identifier: Apache-2.0
// The gate programs of one policy object in the kernel. Once attached and pinned they need no process: what takes them
// out of force is the removal of their pins.
#pragma once

#include "bpf-templates/gate.h"
#include "runtime/base/result.h"
#include "runtime/bpf/hold.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace landlatch::bpf {

/// What puts the rulesets on a matched program: a supervisor, or the gate itself by one of the exec-time series' two
/// interfaces.
enum class Backend : unsigned char { kSupervise, kKernelMap, kKernelObject };

/// What a gate that applies by itself has to know of its policy.
struct KernelTables {
    std::uint32_t map_type = 0;       ///< BPF_MAP_TYPE_LANDLOCK_RULESET on this kernel (kKernelMap)
    std::uint32_t rules = 0;          ///< hits are counted for so many
    std::vector<ll_rulesets> effects; ///< by effect
    std::vector<ll_rulesets> always;  ///< by bit of ll_decision.always; at most 64
    std::vector<std::uint32_t> flags; ///< of landlock_restrict_self, by ruleset; at most LL_MAX_RULESETS
};

struct GateOptions {
    SharedMaps maps;
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;
    bool audit = false;
    std::uint64_t root = 0; ///< the dentry of pid 1's root: in others paths may be staged
    std::vector<std::pair<std::uint32_t, std::uint32_t>> users;  ///< uid, atom
    std::vector<std::pair<std::uint32_t, std::uint32_t>> groups; ///< gid, bit
    Backend backend = Backend::kSupervise;
    KernelTables tables; ///< unless kSupervise
};

struct GateProgram {
    std::string name;
    std::uint32_t instructions = 0; ///< as translated by the kernel
    std::uint32_t machine_bytes = 0;
    std::uint32_t verified = 0; ///< instructions the verifier looked at; 0 where the kernel doesn't say
};

class Gate {
public:
    /// Loads an object's programs into the kernel; nothing is attached. Only programs and hooks that a gate may have
    /// are taken: an object with any other is refused. The verifier's last words are in the error.
    static Result<Gate> load(std::span<const std::byte> object, const GateOptions& options);
    Gate(Gate&&) noexcept;
    Gate& operator=(Gate&&) noexcept;
    ~Gate();

    /// Backends of the kernel: `fd` becomes ruleset `index` for every exec from now on. The kernel keeps the ruleset;
    /// whoever has a writable fd of it could still add to it, so the caller closes all there are.
    Result<void> putRuleset(std::uint32_t index, int fd);

    /// Attaches what keeps state along fork and exec, and then what decides. On an error nothing is attached.
    Result<void> attachState() { return attachOrders(0, 2); }
    Result<void> attachDecision() { return attachOrders(3, 3); } // kDecides of programs.h

    /// Whether the policy asks for lineages.
    [[nodiscard]] bool keepsLineage() const;
    /// What a task was before, for one that already ran: unless the gate knows by itself.
    struct TaskLineage {
        std::uint64_t key = 0, exec_id = 0, ancestors = 0, trusted = 0;
        std::uint32_t image_atom = 0;
        bool image_known = false, ancestors_known = false, staged = false;
    };
    Result<void> seedLineage(const TaskLineage& task);
    /// Pins all links in `folder`, which it makes.
    Result<void> pin(const std::string& folder);

    [[nodiscard]] std::vector<GateProgram> programs() const;
    /// Bytes of all maps of its own, as the kernel counts keys and values.
    [[nodiscard]] std::uint64_t mapBytes() const;

private:
    struct State;
    explicit Gate(std::unique_ptr<State> state);
    Result<void> attachOrders(int first, int last);
    std::unique_ptr<State> state_;
};

/// What a pinned gate of this version knows of tasks that run.
class PinnedLineages {
public:
    static Result<PinnedLineages> open(const std::string& folder);
    /// Nothing where it doesn't know the task's lineage whole.
    [[nodiscard]] std::optional<Gate::TaskLineage> of(std::uint64_t key, std::uint64_t exec_id) const;

private:
    explicit PinnedLineages(UniqueFd map) : map_(std::move(map)) {}
    UniqueFd map_;
};

/// The counters (enum ll_count of gate.h) of a pinned gate that applies by itself. ENOENT where there is none.
Result<std::vector<std::uint64_t>> readCounts(const std::string& folder);

/// Behind the name of a folder of pins while it is being filled.
inline constexpr char kUnfinishedPins = '%';
/// Makes a pinned gate of a kernel backend take no ruleset for being in force: what is, it applies once more.
Result<void> forgetInForce(const std::string& folder);
/// Takes pinned links out of force, and waits until the kernel has detached their programs (at most two seconds).
Result<void> removeGate(const std::string& folder);
/// Renames a folder of pins.
Result<void> moveGate(const std::string& from, const std::string& to);

} // namespace landlatch::bpf
