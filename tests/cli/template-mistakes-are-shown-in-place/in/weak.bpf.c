// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "gate.bpf.c"

SEC("lsm.s/bprm_creds_for_exec")
int BPF_PROG(mine, struct linux_binprm *bprm, int ret)
{
	int unused = 1;

	return ret;
}
