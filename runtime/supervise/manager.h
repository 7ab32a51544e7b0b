// SPDX-License-Identifier: Apache-2.0
// Installs, replaces, lists and removes policies. What takes time runs in a second thread, in steps; what the event
// loop looks at is changed by the main thread only, between the steps.
#pragma once

#include "runtime/bpf/hold.h"
#include "runtime/supervise/journal.h"
#include "runtime/supervise/loop.h"
#include "runtime/supervise/policies.h"
#include "runtime/supervise/server.h"
#include "runtime/supervise/worker.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace landlatch::supervise {

class Manager {
public:
    Manager(Loop& loop, bpf::Hold& hold, Policies& policies, Journal& journal);

    /// A request of a client; see docs/operator-guide.md for what llload makes of the answers.
    void handle(Message request, const Server::Reply& reply);
    /// Takes over what an earlier supervisor has left: policies whose gates are pinned.
    void restore();
    /// Forgets loads that were replaced a while ago.
    void tick();

    [[nodiscard]] bool isEmpty() const {
        return policies_.all().empty() && lost_.empty() && !worker_.busy() && changes_.empty();
    }
    /// Something was installed once, and nothing is now.
    [[nodiscard]] bool emptied() const { return had_policy_ && isEmpty(); }

private:
    struct Job;
    void change(std::function<void()> what, const Server::Reply& reply);
    void changeNext();
    void step(std::function<void()> work, std::function<void()> then);
    void install(Message& request, const Server::Reply& reply);
    [[nodiscard]] Error whyNotInstall(const std::string& name, bool replace) const;
    void unload(const std::string& name, const Server::Reply& reply);
    void list(const Server::Reply& reply) const;
    void show(const std::string& name, const Server::Reply& reply);
    struct Look;
    void lookNext();
    void startSteps(const std::shared_ptr<Job>& job);
    [[nodiscard]] int freeSlot() const;
    void retire(Policy& policy);
    void found(const std::string& name);
    void removeOtherHolds();

    bpf::Hold& hold_;
    Policies& policies_;
    Journal& journal_;
    Worker worker_;
    Worker looker_; ///< reads /proc for `show`: up to a thousand programs
    std::deque<std::shared_ptr<Look>> looks_;
    std::deque<std::function<void()>> changes_; ///< installations and removals that wait for their turn
    struct Lost {
        std::string why;
        bool other_version = false; ///< it marks in another version's hold, and so takes no slot of ours
    };
    std::map<std::string, Lost> lost_; ///< by name: gates in force that are not ours to serve
    bool had_policy_ = false;
    std::map<std::uint32_t, std::chrono::steady_clock::time_point> retired_; ///< by generation
};

} // namespace landlatch::supervise
