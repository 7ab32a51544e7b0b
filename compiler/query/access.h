// SPDX-License-Identifier: Apache-2.0
// What a ruleset allows, on the textual model of language point 33: paths exist, no symbolic link but those declared,
// params at given values or open. One evaluator for test, explain and diff; the kernel is asked elsewhere.
#pragma once

#include "compiler/query/links.h"
#include "runtime/base/result.h"
#include "runtime/landlock/abi.h"
#include "runtime/landlock/pattern.h"
#include "runtime/object/policy.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace landlatch::query {

/// Unset: the param is open.
using ParamValue = std::optional<std::variant<std::string, std::vector<object::PortRange>>>;

/// The params' defaults, then `sets` ("name=value", as llload takes them). An error names what is wrong.
Result<std::vector<ParamValue>> paramValues(const object::Policy& policy, std::span<const std::string> sets);

/// What a question is asked of.
struct Model {
    std::vector<ParamValue> params; ///< by param
    Links links;
    std::set<std::string> directories; ///< paths known to be directories, resolved
};

enum class Truth : std::uint8_t { kNo, kYes, kMaybe };

/// Why one right is allowed or not.
enum class Why : std::uint8_t {
    kGranted,    ///< by `path` or `port`
    kDenied,     ///< handled, and nothing grants it
    kSplit,      ///< denied: `path` covers it, but the directory is split for an exception
    kExcepted,   ///< denied: `path` covers it but for its `except`
    kLeft,       ///< allowed: the ruleset gives it up by `leave`
    kVocabulary, ///< allowed: unknown to the ruleset's vocabulary
    kKernel,     ///< allowed: unknown to the kernel asked about (refer: denied there)
    kOpenParam,  ///< maybe: depends on `param`
};

struct Verdict {
    Truth allowed = Truth::kNo;
    Why why = Why::kDenied;
    const object::PathGrant* path = nullptr;
    const object::PortGrant* port = nullptr;
    std::uint32_t param = 0;
};

/// One right at one place.
struct Question {
    abi::Category category = abi::Category::kFs; ///< tcp and udp share their bits
    std::uint8_t bit = 0;
    std::string path;       ///< kFs, canonical
    std::uint16_t port = 0; ///< kTcp, kUdp
};

class Evaluator {
public:
    Evaluator(const object::Policy& policy, Model model) : policy_(policy), model_(std::move(model)) {}

    /// Whether ruleset `ruleset` allows it on a kernel of ABI `kernel`.
    [[nodiscard]] Verdict judge(std::uint32_t ruleset, const Question& question, std::uint32_t kernel) const;

    /// Whether some ruleset of `rulesets` names the path after `file`: then it is no directory.
    [[nodiscard]] bool isFile(std::span<const std::uint32_t> rulesets, const std::string& path) const;

    [[nodiscard]] const Model& model() const { return model_; }
    [[nodiscard]] const object::Policy& policy() const { return policy_; }

private:
    enum class Cover : std::uint8_t { kNone, kAll, kSplit, kExcepted, kOpen };
    /// A path without links on it, and all that leads to it.
    struct Place {
        std::string path;
        std::vector<std::string> names;
    };
    [[nodiscard]] Verdict path(const object::Ruleset& ruleset, const Question& question) const;
    [[nodiscard]] Verdict port(const object::Ruleset& ruleset, const Question& question) const;
    /// `of_file`: the place is asked about as a file.
    [[nodiscard]] Cover covers(const object::PathGrant& grant, const Place& place, bool of_file,
                               std::uint32_t& open) const;
    [[nodiscard]] bool matchesRoot(const object::PathGrant& grant, const std::string& text, const Place& place) const;
    [[nodiscard]] bool matchesPlace(const std::vector<landlock::Pattern>& globs, const Place& place, bool follow) const;
    [[nodiscard]] static bool isInTheWay(const std::vector<landlock::Pattern>& globs, const Place& place);
    [[nodiscard]] bool isSplit(const landlock::Pattern& pattern, const Place& place) const;
    [[nodiscard]] std::optional<std::string> filled(const object::PathTemplate& path, bool glob,
                                                    std::uint32_t& open) const;
    [[nodiscard]] const std::vector<landlock::Pattern>& patterns(const std::string& text) const;

    const object::Policy& policy_;
    Model model_;
    mutable std::map<std::string, std::vector<landlock::Pattern>> patterns_; ///< parsed once
};

/// A template as a policy writes it: "${state}/run".
[[nodiscard]] std::string templateText(const object::Policy& policy, const object::PathTemplate& path);
/// A grant as a policy writes it: "allow read_file beneath /etc except /etc/shadow".
[[nodiscard]] std::string grantText(const object::Policy& policy, const object::PathGrant& grant);
[[nodiscard]] std::string grantText(const object::Policy& policy, const object::PortGrant& grant);

/// Why ruleset `ruleset` gives this verdict, on a kernel of ABI `kernel`: "web grants it: allow read … (web.ll:12)".
[[nodiscard]] std::string verdictText(const Verdict& verdict, const object::Policy& policy, std::uint32_t ruleset,
                                      std::uint32_t kernel);

/// The name of a right: "read_file", "tcp connect", "signal".
[[nodiscard]] std::string_view rightName(abi::Category category, std::uint8_t bit);
/// "read, write_file": groups where all their rights known to `abi` are there, else names of rights.
[[nodiscard]] std::string rightsText(std::uint64_t fs, std::uint32_t abi);

} // namespace landlatch::query
