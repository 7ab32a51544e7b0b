// SPDX-License-Identifier: Apache-2.0
// A box shown as one exec: the shortest values it allows.
#pragma once

#include "compiler/match/space.h"

#include <cstdint>
#include <string>
#include <vector>

namespace landlatch::match {

/// One exec of a box, as plain values. Facts that the box doesn't restrict are left at their simplest.
struct Witness {
    std::string exec = "/x";
    std::string script; ///< empty: none
    std::string parent = "/x";
    std::vector<std::string> ancestors; ///< beside the caller
    std::string cgroup = "/";
    const ir::IdName* user = nullptr; ///< null: one that the policy doesn't name
    const ir::IdName* real_user = nullptr;
    std::vector<const ir::IdName*> groups;
    bool setuid = false;
    bool unlinked = false;
    std::size_t length = 0; ///< bytes of its paths, and one for each group and flag
};

/// The exec of least length. Where more than six ancestor conditions must be met at once, its ancestors may be more
/// than it takes. `box` is normalised and not empty.
Witness witness(Space& space, const Box& box);

/// The exec as facts of a `test` block: "exec /usr/bin/x under cgroup /a user root".
std::string factsText(Space& space, const Box& box, const Witness& witness);

} // namespace landlatch::match
