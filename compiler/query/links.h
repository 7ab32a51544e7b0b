// SPDX-License-Identifier: Apache-2.0
// The symbolic links of the textual model (language point 33): only those that a test declares.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace landlatch::query {

class Links {
public:
    /// `link` canonical; `target` absolute, or relative to the link's directory, `..` and `.` allowed.
    void add(const std::string& link, const std::string& target);

    [[nodiscard]] bool empty() const { return links_.empty(); }
    /// Pairs of a link and its absolute target.
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return links_; }
    /// Whether there is a link at `path`, which may itself lead through others.
    [[nodiscard]] bool isLink(const std::string& path) const;

    /// Where `path` leads, every link followed, the final one too. Links that go in circles are left where the
    /// fortieth was followed, as the kernel does.
    [[nodiscard]] std::string resolve(const std::string& path) const;

    /// All names that lead to `path` (resolved, itself among them), at most kMaxNames.
    [[nodiscard]] std::vector<std::string> namesOf(const std::string& path) const;

    static constexpr std::size_t kMaxNames = 256;

private:
    std::vector<std::pair<std::string, std::string>> links_; ///< link, absolute target without `.` and `..`
};

/// `path` and all directories above it, "/" first.
[[nodiscard]] std::vector<std::string> waysTo(const std::string& path);
/// Whether `path` is `directory` or below it.
[[nodiscard]] bool isAtOrBelow(const std::string& path, const std::string& directory);

} // namespace landlatch::query
