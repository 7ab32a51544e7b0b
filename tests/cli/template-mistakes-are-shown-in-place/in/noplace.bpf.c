// SPDX-License-Identifier: GPL-2.0-only OR MIT
char LICENSE[] __attribute__((section("license"), used)) = "GPL";

__attribute__((section("lsm.s/bprm_creds_from_file"))) int ll_gate(void *context)
{
	return 0;
}
