// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A gate of one's own: all that the built-in gate does, and beside it a rule that the language has no word for. No
 * program is run from a file that everyone may write, whatever the policy says.
 *
 *     llc policy.ll --template examples/gates/no-world-writable.bpf.c -o policy.o
 *
 * A template includes gate.bpf.c, or at least policy.h, which has the places for the policy's tables and sections. Its
 * programs are for the hooks of the built-in ones; llload attaches no others. With --audit llload refuses nothing, and
 * a template has to keep to that (ll_settings.audit).
 */
#include "gate.bpf.c"

#define WORLD_WRITABLE 0002

SEC("lsm.s/bprm_creds_for_exec")
int BPF_PROG(refuse_writable, struct linux_binprm* bprm, int ret) {
    if (ret || ll_settings.audit)
        return ret;
    return BPF_CORE_READ(bprm, file, f_inode, i_mode) & WORLD_WRITABLE ? -EPERM : 0;
}
