// SPDX-License-Identifier: Apache-2.0
// The kernel backends, kernel-map and kernel-object: policies that need no process once they are in force. What
// supervise's manager is for its own policies, these functions are for the kernel's, each a whole by itself: a lock
// file keeps two calls of llload apart, and everything that has to last is pinned or saved.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/bpf/gate.h"
#include "runtime/bpf/series.h"
#include "runtime/object/policy.h"
#include "runtime/supervise/journal.h"
#include "runtime/supervise/policies.h"

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace landlatch::series {

/// Why this backend can't serve the policy; empty: it can.
[[nodiscard]] std::string unfit(const object::Policy& policy, bpf::Backend backend);
/// Why a policy of this name can't be installed with this backend beside those in force; empty: it can. On
/// kernel-object a second application in one exec replaces the first, so a policy there is alone among the kernel's.
[[nodiscard]] std::string conflict(const std::string& name, bpf::Backend backend);

struct Request {
    std::string name;
    std::string object;  ///< its bytes
    nlohmann::json body; ///< as supervise's install request: set, allow_root, audit, replace, path
    bpf::Backend backend = bpf::Backend::kKernelMap;
    std::uint32_t map_type = 0; ///< of kernel-map
};
/// In force when it returns, with the answer that llload prints. On an error everything is as before, unless the last
/// step of a replacement failed: then the new policy is in force, and the next call finishes it.
Result<nlohmann::json> install(const Request& request);
/// ENOENT where no kernel backend has a policy of this name.
Result<void> unload(const std::string& name);

/// Whether a kernel backend has a policy of this name.
[[nodiscard]] bool isInstalled(const std::string& name);
/// The descriptions of all, by name (supervise/describe.h).
[[nodiscard]] nlohmann::json list();
Result<nlohmann::json> show(const std::string& name);

/// What the gates have told, each event once, to whoever reads first: the ring keeps some 250 that nobody has read.
class Events {
public:
    using Listener = supervise::Journal::Listener; ///< gets a line of JSON
    /// ENOENT where nothing is installed, EBUSY where another process reads them.
    static Result<std::unique_ptr<Events>> open(Listener listener);

    [[nodiscard]] int fd() const { return maps_.eventFd(); }
    /// Whether no gate writes here any more: all policies have been unloaded.
    [[nodiscard]] bool over() const;
    /// Takes what there is now.
    void consume();

private:
    Events(bpf::SeriesMaps maps, Listener listener);
    void know(std::uint32_t generation);

    bpf::SeriesMaps maps_;
    supervise::Journal journal_;
    supervise::Policies policies_{journal_};
    std::set<std::uint32_t> gone_; ///< generations that were looked for in vain
    UniqueFd reader_;
    std::uint64_t lost_ = 0;
};

} // namespace landlatch::series
