// SPDX-License-Identifier: Apache-2.0
// All tasks of the machine, with the keys that BPF maps know them by.
#pragma once

#include "bpf-templates/tasks.h"
#include "runtime/base/result.h"

#include <vector>

namespace landlatch::bpf {

/// Every thread there is now. Needs no loaded hold.
Result<std::vector<ll_task>> listTasks();

} // namespace landlatch::bpf
