// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Holds a matched program between its point of no return and its first instruction, until the supervisor traces it.
 *
 * 1. The gate of each policy decides in bprm_creds_from_file and marks the task (mark.h). A mark names the exec it is
 *    for (self_exec_id + 1), so one that outlives a failed exec has no effect.
 * 2. ll_hold (mmap_file) sees the mark once the exec is past its point of no return: single-threaded, cred_guard_mutex
 *    free. It tells the supervisor and waits, bounded, until the task is seized by the supervisor with TRACEEXEC and
 *    EXITKILL. It waits by copying from the task's own mapped stack, which sleeps where a kernel without preemption must.
 * 3. ll_backstop (sched_process_exec) is reached by every exec, also of an image without file-backed segments. A task
 *    with a mark that is not seized by then is killed.
 * 4. The exec stop follows; the supervisor applies the rulesets, notes them in ll_applied, deletes the mark, lets go.
 *
 * What an exec needs to be enforced is had before the point of no return, or it is refused with EPERM: the mark, in a
 * preallocated map, and room in the ring of holds. Every failure past the point of no return is SIGKILL, with an event;
 * what is lost for want of room in ll_events is the telling only, and counted. Nobody but the supervisor may trace a marked task.
 *
 * Marks and ll_applied live in preallocated hashes keyed by the task's address, because task storage loses entries
 * under contention on 6.1. A delete may fail for a moment (EBUSY), so nothing relies on one: entries are blanked in
 * place first, when an exec starts and when a task is born at that address.
 */
#include "kernel.h"
#include "gate.h"
#include "mark.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, LL_EVENT_RING);
} ll_events SEC(".maps"); /* of all gates: what they decided, for people */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LL_TASKS);
	__type(key, __u64);
	__type(value, struct ll_applied);
} ll_applied SEC(".maps");

static bool mark_is_for(const struct ll_mark *mark, struct task_struct *task)
{
	return mark->state != LL_MARK_NONE && mark->exec_id == (__u64)task->self_exec_id;
}

/* Whether our supervisor, and it alone, holds the task with all that keeps it from running on without us. */
static bool seized(struct task_struct *task, const struct ll_control *control)
{
	const __u32 wanted = PT_PTRACED | PT_SEIZED | PT_TRACE_EXEC | PT_EXITKILL;

	if (!control->alive || (task->ptrace & wanted) != wanted)
		return false;
	return (__u32)BPF_CORE_READ(task, parent, tgid) == control->supervisor_tgid;
}

enum wait_end { WAIT_TIMEOUT, WAIT_SEIZED, WAIT_DYING, WAIT_DEAD_SUPERVISOR };

struct wait {
	struct ll_control *control;
	__u64 deadline;
	__u64 address;
	enum wait_end end;
};

static long wait_once(__u32 index, struct wait *wait)
{
	struct task_struct *task = bpf_get_current_task_btf();
	char byte;

	if (!wait->control)
		return 1;
	if (seized(task, wait->control)) {
		wait->end = WAIT_SEIZED;
		return 1;
	}
	if (!wait->control->alive) {
		wait->end = WAIT_DEAD_SUPERVISOR;
		return 1;
	}
	if (BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT) {
		wait->end = WAIT_DYING;
		return 1;
	}
	if (bpf_ktime_get_ns() > wait->deadline)
		return 1;
	/* The way to let others run: takes the mmap lock and may reschedule. Its result is of no interest. */
	bpf_copy_from_user_task(&byte, sizeof(byte), (void *)wait->address, task, 0);
	return 0;
}

/* What happened to a program that was killed, to people: as an event of the first policy that had a rule for it. */
static __noinline void tell_end(const struct ll_mark *mark, enum ll_refusal why)
{
	struct ll_event *event = bpf_ringbuf_reserve(&ll_events, LL_SHORT_EVENT, 0);
	__u64 id = bpf_get_current_pid_tgid();
	struct ll_control *control;
	__u32 slot;

	if (!event) {
		control = ll_get_control();
		if (control)
			__sync_fetch_and_add(&control->lost_events, 1);
		return;
	}
	__builtin_memset(event, 0, LL_SHORT_EVENT);
	for (slot = 0; slot < LL_MAX_POLICIES; slot++) {
		if (mark->layer[slot].generation) {
			event->slot = slot;
			event->generation = mark->layer[slot].generation;
			event->decision.rule = mark->layer[slot].rule;
			event->decision.effect = mark->layer[slot].effect;
			break;
		}
	}
	event->size = LL_SHORT_EVENT;
	event->decision.kind = LL_APPLY;
	event->refused = 1;
	event->refusal = why;
	event->time = bpf_ktime_get_ns();
	event->pid = (__u32)id;
	event->tgid = id >> 32;
	event->uid = (__u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(event->exec, 16);
	event->exec_bytes = 15;
	bpf_ringbuf_submit(event, 0);
}

static bool tell(struct ll_mark *mark, __u64 key, __u32 share)
{
	struct ll_hold_event *event = bpf_ringbuf_reserve(&ll_holds, sizeof(*event), 0);
	__u64 id = bpf_get_current_pid_tgid();

	if (!event)
		return false;
	event->key = key;
	event->cookie = mark->cookie;
	event->pid = (__u32)id;
	event->tgid = id >> 32;
	event->time = bpf_ktime_get_ns();
	event->share = share;
	event->reserved = 0;
	bpf_ringbuf_submit(event, BPF_RB_FORCE_WAKEUP);
	return true;
}

SEC("lsm.s/mmap_file")
int BPF_PROG(ll_hold, struct file *file, unsigned long reqprot, unsigned long prot, unsigned long flags, int ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 key = (__u64)task;
	struct ll_mark *mark = bpf_map_lookup_elem(&ll_marks, &key);
	__u32 share = ll_share_of((__u32)bpf_get_current_uid_gid()) & (LL_SHARES - 1);
	struct wait wait = {};

	if (!mark || mark->state != LL_MARK_PENDING || !mark_is_for(mark, task))
		return ret;
	wait.control = ll_get_control();
	if (!wait.control)
		return ret;
	__sync_fetch_and_add(&wait.control->holds, 1);
	mark->state = LL_MARK_HELD;
	if (!tell(mark, key, share)) {
		__sync_fetch_and_add(&wait.control->lost_holds, 1);
		mark->state = LL_MARK_FAILED;
		tell_end(mark, LL_KILLED_ROOM);
		bpf_send_signal(SIGKILL);
		return ret;
	}
	__sync_fetch_and_add(&wait.control->spinning, 1);
	__sync_fetch_and_add(&wait.control->held_by[share], 1);
	wait.address = BPF_CORE_READ(task, mm, arg_start);
	wait.deadline = bpf_ktime_get_ns() + wait.control->hold_limit;
	bpf_loop(1 << 23, wait_once, &wait, 0);
	__sync_fetch_and_add(&wait.control->held_by[share], -1);
	__sync_fetch_and_add(&wait.control->spinning, -1);
	if (wait.end == WAIT_SEIZED) {
		mark->state = LL_MARK_SEIZED;
		return ret;
	}
	mark->state = LL_MARK_FAILED;
	if (wait.end == WAIT_TIMEOUT)
		__sync_fetch_and_add(&wait.control->hold_timeouts, 1);
	if (wait.end != WAIT_DYING)
		tell_end(mark, wait.end == WAIT_TIMEOUT ? LL_KILLED_TIMEOUT : LL_KILLED_DEAD);
	bpf_send_signal(SIGKILL);
	return ret;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(ll_backstop, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	__u64 key = (__u64)task;
	struct ll_mark *mark = bpf_map_lookup_elem(&ll_marks, &key);
	struct ll_control *control = ll_get_control();

	if (!mark || !mark_is_for(mark, task))
		return 0;
	if (control && mark->state == LL_MARK_SEIZED && seized(task, control))
		return 0;
	if (control && mark->state != LL_MARK_FAILED) {
		__sync_fetch_and_add(&control->backstop_kills, 1);
		tell_end(mark, LL_KILLED_BACKSTOP);
	}
	mark->state = LL_MARK_FAILED;
	bpf_send_signal(SIGKILL);
	return 0;
}

/* A mark is for one attempt: the next one starts without. */
SEC("lsm/bprm_creds_for_exec")
int BPF_PROG(ll_forget, struct linux_binprm *bprm, int ret)
{
	ll_unmark_exec();
	return ret;
}

SEC("lsm/task_alloc")
int BPF_PROG(ll_task_alloc, struct task_struct *task, unsigned long clone_flags, int ret)
{
	__u64 key = (__u64)task, parent = (__u64)bpf_get_current_task_btf();
	struct ll_applied *inherited = bpf_map_lookup_elem(&ll_applied, &parent);
	struct ll_applied *applied = bpf_map_lookup_elem(&ll_applied, &key);
	struct ll_mark *mark = bpf_map_lookup_elem(&ll_marks, &key);

	if (mark)
		mark->state = LL_MARK_NONE;
	if (applied)
		applied->count = 0;
	/* Where this fails the child's next matching exec gets the rulesets once more. */
	if (inherited && inherited->count)
		bpf_map_update_elem(&ll_applied, &key, inherited, BPF_ANY);
	return ret;
}

SEC("lsm/task_free")
int BPF_PROG(ll_task_free, struct task_struct *task)
{
	__u64 key = (__u64)task;

	if (bpf_map_lookup_elem(&ll_marks, &key))
		bpf_map_delete_elem(&ll_marks, &key);
	if (bpf_map_lookup_elem(&ll_applied, &key))
		bpf_map_delete_elem(&ll_applied, &key);
	return 0;
}

/* From its mark to the end of the injection a task is the supervisor's alone: no other tracer, no fd or memory thief. */
SEC("lsm/ptrace_access_check")
int BPF_PROG(ll_guard, struct task_struct *child, unsigned int mode, int ret)
{
	__u64 key = (__u64)child;
	struct ll_control *control;
	struct ll_mark *mark;

	if (ret || !(mode & PTRACE_MODE_ATTACH))
		return ret;
	mark = bpf_map_lookup_elem(&ll_marks, &key);
	if (!mark || !mark_is_for(mark, child))
		return ret;
	control = ll_get_control();
	if (control && control->alive && (bpf_get_current_pid_tgid() >> 32) == control->supervisor_tgid)
		return ret;
	if (control)
		__sync_fetch_and_add(&control->refused_traces, 1);
	return -EPERM;
}

/* A dead supervisor is known at once: matched execs are refused from then on. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(ll_supervisor_exit, struct task_struct *task)
{
	struct ll_control *control = ll_get_control();

	if (control && (__u32)task->pid == control->supervisor_tgid)
		control->alive = 0;
	return 0;
}

/* Attached during the supervisor's self-test only: marks the execs of its own grandchildren. */
SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ll_selftest, struct linux_binprm *bprm, struct file *file, int ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct ll_layer layer = {.generation = LL_SELFTEST_GENERATION, .kind = LL_APPLY, .nnp = 1};
	struct ll_control *control = ll_get_control();

	if (ret || !control || (__u32)BPF_CORE_READ(task, real_parent, real_parent, tgid) != control->supervisor_tgid)
		return ret;
	return ll_mark_exec(bprm, LL_SELFTEST_SLOT, &layer) ? -EPERM : 0;
}
