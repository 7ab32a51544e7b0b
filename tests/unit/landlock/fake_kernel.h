// SPDX-License-Identifier: Apache-2.0
// A Landlock that answers as told and writes down what it was asked.
#pragma once

#include "runtime/landlock/kernel.h"

#include <fcntl.h>
#include <map>
#include <vector>

namespace landlatch::landlock {

class FakeKernel final : public Kernel {
public:
    struct Rule {
        std::uint64_t access = 0;
        std::uint64_t port = 0; ///< of port rules
        std::uint32_t flags = 0;
    };

    int abi = 7;
    std::map<Call, int> fail; ///< errno a call fails with
    int fail_after = 0;       ///< rules that are added before addPath and addPort fail

    uapi::RulesetAttr attr;
    std::size_t size = 0;
    std::vector<Rule> path_rules;
    std::vector<Rule> port_rules;
    int created = 0;

    int createRuleset(const uapi::RulesetAttr& wanted, std::size_t bytes) override {
        if (fail.contains(Call::kCreate)) {
            return -fail[Call::kCreate];
        }
        attr = wanted;
        size = bytes;
        ++created;
        return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    int query(std::uint32_t flag) override {
        if (fail.contains(Call::kQuery)) {
            return -fail[Call::kQuery];
        }
        return flag == uapi::kCreateVersion ? abi : 0;
    }
    int addPath(int, const uapi::PathBeneathAttr& rule, std::uint32_t flags) override {
        if (fail.contains(Call::kAddPath) && static_cast<int>(path_rules.size()) >= fail_after) {
            return -fail[Call::kAddPath];
        }
        path_rules.push_back({rule.allowed_access, 0, flags});
        return 0;
    }
    int addPort(int, const uapi::NetPortAttr& rule, std::uint32_t flags) override {
        if (fail.contains(Call::kAddPort) && static_cast<int>(port_rules.size()) >= fail_after) {
            return -fail[Call::kAddPort];
        }
        port_rules.push_back({rule.allowed_access, rule.port, flags});
        return 0;
    }
    int restrictSelf(int, std::uint32_t) override {
        return fail.contains(Call::kRestrict) ? -fail[Call::kRestrict] : 0;
    }
};

} // namespace landlatch::landlock
