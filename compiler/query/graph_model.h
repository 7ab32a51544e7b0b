// SPDX-License-Identifier: Apache-2.0
// The two columns of a policy's picture and the lines between them, apart from how they are drawn.
#pragma once

#include "compiler/ir/policy.h"
#include "compiler/support/source.h"

#include <cstddef>
#include <string>
#include <vector>

namespace landlatch::query {

struct GraphNode {
    std::string title;
    std::vector<std::string> lines;
    bool bad = false; ///< a deny
};

struct GraphEdge {
    std::size_t from = 0; ///< left
    std::size_t to = 0;   ///< right
    bool nnp = false;
    bool always = false;
    bool audit = false;
};

struct GraphModel {
    std::vector<GraphNode> left;  ///< rules, those of one target beside each other
    std::vector<GraphNode> right; ///< rulesets that some rule applies, then deny and pass
    std::vector<GraphEdge> edges;
};

GraphModel graphModel(const ir::Policy& policy, const SourceManager& sources);

/// `text` cut at blanks into lines of at most `width` bytes where that is possible; blanks and line ends become one
/// blank.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

} // namespace landlatch::query
