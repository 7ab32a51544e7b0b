// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/context.h"

#include <algorithm>

namespace landlatch::sema {

diag::Diagnostic& Context::report(diag::Id id, Span primary, std::vector<std::string> args) {
    std::size_t& count = diag::info(id).severity == diag::Severity::kError ? errors_ : warnings_;
    if (count == kMaxReports) {
        forgotten_ = {};
        return forgotten_;
    }
    ++count;
    return sink_.report(id, primary, std::move(args));
}

bool Context::spendNodes(std::size_t nodes, Span where) {
    if (nodes_ <= kMaxPatternNodes && nodes_ + nodes > kMaxPatternNodes) {
        report(diag::Id::kTooManyPatterns, where, {std::to_string(kMaxPatternNodes)});
    }
    nodes_ += nodes;
    return nodes_ <= kMaxPatternNodes;
}

std::string Context::nearest(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t kMaxWord = 128;
    if (!suggesting() || word.size() < 2 || word.size() > kMaxWord) {
        return {};
    }
    ++suggestions_;
    std::vector<std::string> near;
    for (const std::string& candidate : candidates) {
        const std::size_t shorter = std::min(candidate.size(), word.size());
        const std::size_t longer = std::max(candidate.size(), word.size());
        if (longer - shorter <= word.size() / 3 + 1 && candidate != word) {
            near.push_back(candidate);
        }
    }
    return diag::nearest(word, near);
}

void Context::suggest(diag::Diagnostic& diagnostic, Span where, std::string_view word,
                      const std::vector<std::string>& candidates) {
    const std::string best = nearest(word, candidates);
    if (!best.empty()) {
        diagnostic.help("did you mean `" + best + "`?");
        diagnostic.fix(where, best, "write `" + best + "`");
    }
}

} // namespace landlatch::sema
