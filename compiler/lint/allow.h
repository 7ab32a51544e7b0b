// SPDX-License-Identifier: Apache-2.0
// Warnings taken back in the source: `# llc: allow W1501 because …`.
//
// On a line of its own such a comment is about the statement or clause that follows, or about the next line; behind
// something it is about its line, and the statement or clause that begins or ends there. It takes back warnings only,
// names each by its code, and gives a reason.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/sema/modules.h"
#include "compiler/support/source.h"

#include <functional>
#include <vector>

namespace landlatch::lint {

struct Allowed {
    diag::Id id{};
    Span code; ///< in the comment
    Span region;
    std::size_t module = 0; ///< 0: the root file
    bool used = false;
};

/// What the comments of some modules allow.
class Allows {
public:
    /// Reports W1101 and W1102. The modules may go then.
    Allows(const SourceManager& sources, const std::vector<sema::Module>& modules, diag::Sink& sink);

    /// Takes out the warnings that are allowed. Where `could_report` holds for a code, reports W1100 for comments of
    /// the root file that took nothing out; it tells of a run that did not look for it.
    void apply(const std::function<bool(diag::Id)>& could_report, diag::Sink& sink);

private:
    std::vector<Allowed> allowed_;
};

} // namespace landlatch::lint
