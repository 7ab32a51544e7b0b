// SPDX-License-Identifier: Apache-2.0
// Golden tests: one .ll file holds input, options and expectations. tests/golden/README.md describes the form.
#pragma once

#include <filesystem>

namespace landlatch::testing {

/// Runs one file. With `update`, rewrites its expectations instead of comparing. False (and a message) on a difference.
bool goldenTest(const std::filesystem::path& file, const std::filesystem::path& bin, bool update);

} // namespace landlatch::testing
