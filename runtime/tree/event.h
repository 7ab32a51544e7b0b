// SPDX-License-Identifier: Apache-2.0
// What the tracer tells: one event for each exec of the tree, and notes about itself. How it is shown is run/'s matter.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace landlatch::tree {

enum class Outcome : std::uint8_t {
    kNone,    ///< no rule matches; left alone
    kPass,    ///< a rule says pass
    kApplied, ///< rulesets (or no_new_privs) put on the program
    kKept,    ///< all it asks for is in force already, inherited
    kDenied,  ///< a rule says deny: the program was killed before its first instruction
    kRefused, ///< a fact that matters is unknown, or applying failed: killed likewise
};

/// One exec. Paths are as the kernel shows them and may hold any byte but NUL: escape before showing.
struct Event {
    Outcome outcome = Outcome::kNone;
    bool audit = false; ///< --audit: what would have been done; nothing was
    pid_t pid = 0;
    std::string exec;   ///< image; empty where it can't be read
    std::string script; ///< empty: none
    bool script_read = false;
    std::string parent; ///< image of the caller
    std::string rule;   ///< name; may be empty
    std::string rule_file;
    std::uint32_t rule_line = 0;             ///< 0: no rule decided
    std::vector<std::string> rulesets;       ///< put on now
    std::vector<std::string> inherited;      ///< asked for and in force already
    std::vector<std::string> not_restricted; ///< rights this kernel can't restrict, of the rulesets put on now
    bool nnp = false;
    std::string reason;  ///< kDenied: the policy's words; kRefused: what was wrong
    std::string audited; ///< what `audit` rules would change, in words; empty for nothing
};

class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void decided(const Event& event) = 0;
    /// Something a user should know that is no decision ("a program could not be traced …").
    virtual void note(const std::string& text) = 0;
    /// Whether execs that nothing happens to are wanted too: reading all their facts costs time.
    [[nodiscard]] virtual bool wantsAll() const = 0;
};

} // namespace landlatch::tree
