// SPDX-License-Identifier: Apache-2.0
#include "compiler/sema/context.h"

#include <algorithm>

namespace landlatch::sema {

std::string Context::nearest(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t kMaxWord = 128;
    if (!suggesting() || word.size() > kMaxWord) {
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
