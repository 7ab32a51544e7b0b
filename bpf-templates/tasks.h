/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What tasks.bpf.c writes for each task. */
#ifndef LANDLATCH_TASKS_H
#define LANDLATCH_TASKS_H

#ifndef __bpf__
#include <linux/types.h>
#endif

struct ll_task {
	__u64 key; /* the task's address: key of ll_marks, ll_applied, ll_lineages */
	__u64 exec_id;
	__u32 pid; /* thread id in the initial pid namespace */
	__u32 tgid;
	__u64 root;   /* the dentry of its root */
	__u32 staged; /* in a user namespace or such a one's mounts; `root` is for the reader to compare */
	__u32 reserved;
};

#endif /* LANDLATCH_TASKS_H */
