// SPDX-License-Identifier: Apache-2.0
// Which forms of the exec-time series the running kernel has, as its BTF says.
#pragma once

#include "runtime/base/result.h"

namespace landlatch::bpf {

struct Series {
    bool object = false; ///< bpf_lsm_policy_apply_bprm (backend kernel-object)
    bool map = false;    ///< bpf_landlock_restrict_binprm (backend kernel-map)
};
Result<Series> findSeries();

} // namespace landlatch::bpf
