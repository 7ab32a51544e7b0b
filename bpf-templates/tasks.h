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
};

#endif /* LANDLATCH_TASKS_H */
