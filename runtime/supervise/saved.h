// SPDX-License-Identifier: Apache-2.0
// What of a policy is in kRunFolder/NAME, for a supervisor started later: its object, how it was asked for, and what
// ran before it did. Root's alone; read all the same as text that may be damaged.
#pragma once

#include "runtime/base/result.h"
#include "runtime/base/unique_fd.h"
#include "runtime/supervise/policies.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace landlatch::supervise {

struct Saved {
    std::string object;   ///< bytes of the policy object
    nlohmann::json state; ///< with numbers `hold` (LL_CONTROL_VERSION), `slot` and `generation`, and `request`
};

[[nodiscard]] std::string folderOf(const std::string& name);
/// Names of the policies that have one.
[[nodiscard]] std::vector<std::string> savedFolders();

/// A policy's folder, held open: whatever comes into its place meanwhile isn't it.
class SavedFolder {
public:
    explicit SavedFolder(const std::string& name);
    /// Whether a policy was saved there.
    [[nodiscard]] bool exists() const;
    /// Whether it is gone then.
    [[nodiscard]] bool remove() const;

private:
    std::string path_;
    UniqueFd fd_;
};

void removeFolder(const std::string& folder);

/// Makes `folder` anew.
Result<void> save(const Policy& policy, const std::string& object, const std::string& folder);
/// EIO where anything is missing or not of its form.
Result<Saved> readSaved(const std::string& name);

/// Keeps what ran before the policy did. What fails is only missed by `show`.
Result<void> saveRunning(const std::string& name, const std::vector<Running>& running);
/// Nothing where it can't be read.
[[nodiscard]] std::vector<Running> readRunning(const std::string& name);

} // namespace landlatch::supervise
