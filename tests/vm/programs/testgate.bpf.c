// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A gate for attacks on the hold: marks every exec of an image whose path begins with /tmp/victim, for the supervisor's
 * own trial ruleset (no read_dir anywhere). Needs no policy and no compiler.
 */
#include "kernel.h"
#include "mark.h"
#include "match.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(gate, struct linux_binprm* bprm, struct file* file, int ret) {
    struct ll_layer layer = {.generation = LL_SELFTEST_GENERATION, .kind = LL_APPLY, .nnp = 1};
    char path[64] = {};

    if (ret)
        return ret;
    bpf_d_path(&bprm->file->f_path, path, sizeof(path));
    if (bpf_strncmp(path, 11, "/tmp/victim") != 0)
        return 0;
    return ll_mark_exec(bprm, LL_SELFTEST_SLOT, &layer) ? -EPERM : 0;
}
