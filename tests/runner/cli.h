// SPDX-License-Identifier: Apache-2.0
// Command line tests: a folder with `run`, `in/`, `out`, `err`, `exit`. tests/cli/README.md describes the form.
#pragma once

#include <filesystem>

namespace landlatch::testing {

/// Runs one folder. With `update`, rewrites its expectations instead of comparing. False (and a message) on a
/// difference.
bool cliTest(const std::filesystem::path& folder, const std::filesystem::path& bin, bool update);

} // namespace landlatch::testing
