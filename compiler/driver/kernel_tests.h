// SPDX-License-Identifier: Apache-2.0
// `llc test --kernel`: what tests expect of accesses, tried on the Landlock of this machine.
#pragma once

#include "compiler/query/test_report.h"
#include "runtime/base/result.h"
#include "runtime/trial/trial.h"

#include <string>
#include <vector>

namespace landlatch::driver {

/// Tries all access expectations of `runs` and compares them with the textual model at the running kernel's ABI. An
/// Error where that has no Landlock or is below a policy's floor.
Result<query::KernelSummary> tryOnKernel(const std::vector<query::PolicyRun>& runs,
                                         const std::vector<std::string>& sets, const trial::Options& options);

} // namespace landlatch::driver
