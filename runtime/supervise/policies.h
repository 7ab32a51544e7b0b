// SPDX-License-Identifier: Apache-2.0
// The policies in force: which rulesets a mark comes to, and fresh rulesets from their retained paths.
#pragma once

#include "bpf-templates/gate.h"
#include "runtime/bpf/gate.h"
#include "runtime/landlock/load.h"
#include "runtime/landlock/params.h"
#include "runtime/match/matcher.h"
#include "runtime/object/policy.h"
#include "runtime/supervise/holder.h"
#include "runtime/supervise/journal.h"

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace landlatch::supervise {

/// A program that ran before its policy did (running.h).
struct Running {
    pid_t pid = 0;
    std::uint64_t start_time = 0; ///< as /proc counts it: tells a pid used again
    std::string image;            ///< printable
    bool sure = true;             ///< false: it depends on facts that are gone
};

/// One load of one policy.
struct Policy {
    std::string name;
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;
    bool audit = false;
    bpf::Backend backend = bpf::Backend::kSupervise;
    nlohmann::json request; ///< how it was asked for: params and options, for `show` and a restart
    object::Policy content;
    std::optional<match::Matcher> matcher; ///< while it is being installed
    bool keeps_lineage = false;            ///< of the load that it replaces: what that knows of callers holds for it
    landlock::ParamValues params;
    std::vector<landlock::ResolvedRuleset> rulesets;
    std::uint32_t abi = 0;
    std::vector<std::string> notes;
    nlohmann::json gate; ///< sizes of the programs as loaded
    std::string problem; ///< after a restart: why rulesets can't be made; matched programs are killed with it

    // Changed as events come in.
    struct Counts {
        std::uint64_t applied = 0, denied = 0, refused = 0, killed = 0, audited = 0;
    };
    Counts counts;
    std::vector<std::uint64_t> hits; ///< by rule
    std::vector<Running> running;    ///< when it came into force
    /// From when its gate decides until another load takes over or it is being removed; kept for execs still under way.
    bool in_force = false;
};

class Policies final : public Rulesets {
public:
    explicit Policies(Journal& journal) : journal_(journal) {}

    void add(std::shared_ptr<Policy> policy) { by_generation_[policy->generation] = std::move(policy); }
    void remove(std::uint32_t generation) { by_generation_.erase(generation); }
    [[nodiscard]] std::shared_ptr<Policy> find(const std::string& name) const; ///< in force
    [[nodiscard]] std::shared_ptr<Policy> find(std::uint32_t generation) const;
    [[nodiscard]] std::vector<std::shared_ptr<Policy>> all() const; ///< in force; by name

    Result<Plan> plan(const ll_mark& mark, const ll_applied& applied) override;
    Result<Made> make(const Plan::Item& item, pid_t pid) override;
    Result<FreshRuleset> takeFromTarget(const Plan::Item& item, int pending) override;
    void report(const HoldReport& report) override;
    /// An event of a gate: bytes of a struct ll_event.
    void told(std::span<const std::byte> bytes);

private:
    static std::string classify(const Policy& policy, const ll_event& event, nlohmann::json& json);
    static void addWould(const Policy& policy, const ll_decision& decision, bool enforced_view, nlohmann::json& json);
    Result<void> planLayer(std::uint32_t slot, const ll_layer& layer, const ll_applied& applied, Plan& plan);

    Journal& journal_;
    landlock::SystemKernel kernel_;
    std::map<std::uint32_t, std::shared_ptr<Policy>> by_generation_;
};

/// "rule NAME (FILE:LINE)" as JSON fields of an event; nothing for ~0.
void addRule(nlohmann::json& event, const Policy& policy, std::uint32_t rule);

} // namespace landlatch::supervise
