// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Lists all tasks with what BPF maps know them by: the loader gives a new gate the lineage of tasks that already run.
 */
#include "kernel.h"
#include "tasks.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

SEC("iter/task")
int ll_tasks(struct bpf_iter__task *context)
{
	struct seq_file *seq = context->meta->seq;
	struct task_struct *task = context->task;
	struct ll_task one = {};

	if (!task)
		return 0;
	one.key = (__u64)task;
	one.exec_id = task->self_exec_id;
	one.pid = task->pid;
	one.tgid = task->tgid;
	one.root = ll_root_of(task);
	one.staged = ll_is_staged_task(task, 0);
	bpf_seq_write(seq, &one, sizeof(one));
	return 0;
}
