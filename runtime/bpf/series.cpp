// SPDX-License-Identifier: Apache-2.0
#include "runtime/bpf/series.h"

#include "runtime/bpf/library.h"

#include <bpf/btf.h>

namespace landlatch::bpf {

Result<Series> findSeries() {
    const Messages messages;
    btf* const types = ::btf__load_vmlinux_btf();
    if (types == nullptr) {
        return messages.error("the kernel's BTF", errno);
    }
    const auto has = [&](const char* name) { return ::btf__find_by_name_kind(types, name, BTF_KIND_FUNC) > 0; };
    const Series series{has("bpf_lsm_policy_apply_bprm"), has("bpf_landlock_restrict_binprm")};
    ::btf__free(types);
    return series;
}

} // namespace landlatch::bpf
