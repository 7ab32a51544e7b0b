// SPDX-License-Identifier: Apache-2.0
// Decides execs: the userspace face of bpf-templates/match.h. Facts of an exec go in as text and numbers, rulesets by
// index come out.
#pragma once

#include "bpf-templates/match.h"
#include "runtime/base/result.h"
#include "runtime/match/ids.h"
#include "runtime/object/policy.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace landlatch::match {

/// What a task was before: one value a task, copied on fork, moved on by Matcher::after at each exec.
struct Lineage {
    bool image_known = false;     ///< `image_atom` holds
    bool ancestors_known = false; ///< `ancestors` is complete; else it is what is known at least
    std::uint32_t image_atom = 0; ///< of the image the task runs now: `parent exec` of its next exec
    std::uint64_t ancestors = 0;  ///< conditions met by any image so far, the present one among them
};

/// The script of an exec (language point 21).
struct Script {
    enum class Kind : std::uint8_t { kNone, kPath, kUnreadable };
    Kind kind = Kind::kNone;
    std::string_view path; ///< kPath
};

/// One exec as a backend saw it. Paths as in language point 20, in the view of the task's root, any " (deleted)" taken
/// off. An unset fact couldn't be read: its conditions are unknown (point 26). So is one that isn't a path of the
/// universe (relative, with "//", "." or "..", too long).
struct ExecFacts {
    std::optional<std::string_view> exec;
    Script script;
    Lineage lineage;                              ///< of the task that calls execve
    std::optional<std::string_view> cgroup;       ///< "/" or "/a/b", of the cgroup2 hierarchy
    std::optional<std::uint32_t> euid;            ///< the new program will have
    std::optional<std::uint32_t> ruid;            ///< of the caller
    std::optional<std::span<const gid_t>> groups; ///< effective (after the exec) and supplementary
    std::optional<bool> setuid;                   ///< changes euid or egid or gains file capabilities
    std::optional<bool> unlinked;                 ///< deleted or memfd image
};

/// A decision in one view.
struct View {
    ll_kind kind = LL_REFUSE;
    std::optional<std::uint32_t> rule;   ///< of Policy::rules: the deciding one, else the first `always` that applies
    std::vector<std::uint32_t> rulesets; ///< to be put on the program, those of `always` rules too; sorted, distinct.
                                         ///< May be non-empty for LL_NONE and LL_PASS; empty for LL_DENY, LL_REFUSE
    bool nnp = false;
    bool operator==(const View&) const = default;
    /// Whether an exec comes to the same by both, whichever rule says so.
    [[nodiscard]] bool doesAs(const View& other) const {
        return kind == other.kind && rulesets == other.rulesets && nnp == other.nnp;
    }
};

struct Decision {
    View enforced; ///< without `audit` rules
    View audited;  ///< as if no rule were marked `audit`: to be reported where it differs
    ll_decision raw{};
};

/// Immutable after create; cheap to copy around by reference, safe to use from several threads.
class Matcher {
public:
    /// Checks the tables (validate.h) and that `ids` fits the policy's lists.
    static Result<Matcher> create(const object::Policy& policy, const IdResolution& ids);

    /// The lineage of a task of which nothing before `image` is known to matter: the first of a tree.
    [[nodiscard]] Lineage begin(std::optional<std::string_view> image) const;
    /// The lineage of the same task once it runs `image`.
    [[nodiscard]] Lineage after(const Lineage& before, std::optional<std::string_view> image) const;

    /// Whether a Lineage of `other` is one here: both ask the same of callers and ancestors. May be false where they
    /// do.
    [[nodiscard]] bool sharesLineage(const Matcher& other) const;

    /// Reduces the facts to atoms, decides, and names the rulesets.
    [[nodiscard]] Decision decide(const ExecFacts& exec) const;

    /// Facts that some condition reads: 1 << LL_DIM_x and LL_UNKNOWN_ bits. The others may be left unset.
    [[nodiscard]] std::uint32_t used() const { return tables_[LL_W_USED]; }

    /// The facts as match.h takes them; decide() uses it, and the BPF gate is tested against it.
    [[nodiscard]] ll_facts reduce(const ExecFacts& exec) const;

private:
    struct IdAtom {
        std::uint32_t id;
        std::uint32_t value;
    };
    Matcher() = default;
    [[nodiscard]] View view(std::uint32_t kind, std::uint32_t rule, std::uint32_t effect, std::uint32_t nnp,
                            std::uint64_t always) const;
    [[nodiscard]] std::array<std::span<const std::uint32_t>, 5> lineageTables() const;
    [[nodiscard]] std::uint32_t pathAtom(std::uint32_t dfa, const std::optional<std::string_view>& path) const;

    std::vector<std::uint32_t> tables_;
    std::vector<object::Effect> effects_;
    std::vector<std::uint32_t> always_rulesets_;
    std::vector<IdAtom> users_;  ///< sorted by id; value is the atom
    std::vector<IdAtom> groups_; ///< sorted by id; value is the bit
};

} // namespace landlatch::match
