/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * How a gate asks for the hold of an exec that a rule applies rulesets to. Include after kernel.h, call from
 * lsm.s/bprm_creds_from_file. The maps are the hold object's: the loader gives them to each gate.
 */
#ifndef LANDLATCH_MARK_H
#define LANDLATCH_MARK_H

#include "supervise.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH); /* preallocated: a lookup never misses for want of memory or under contention */
	__uint(max_entries, LL_MAX_MARKS);
	__type(key, __u64);
	__type(value, struct ll_mark);
} ll_marks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct ll_control);
} ll_control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, LL_HOLD_RING);
} ll_holds SEC(".maps"); /* written by the hold only; a gate looks whether it has room */

static const struct ll_mark ll_blank_mark = {};

static __always_inline struct ll_control *ll_get_control(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&ll_control, &zero);
}

static __always_inline bool ll_may_administer(const struct cred *cred)
{
	return LL_READ_CAPS(cred, cap_effective) & (1ull << CAP_SYS_ADMIN);
}

/* A rule without nnp asks for privilege of the old and of the new credentials, whatever applies its rulesets. */
static __always_inline bool ll_lacks_privilege(struct linux_binprm *bprm, bool nnp)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return !nnp && !(task->atomic_flags & PFA_NO_NEW_PRIVS) &&
	       !(ll_may_administer(task->cred) && ll_may_administer(bprm->cred));
}

/*
 * Whether there is no place in the hold, or too much for the supervisor to do. One user gets three quarters of what there
 * is, all but root seven eighths: whoever starts matched programs by the hundred, or throttles those that are held, keeps
 * neither root nor others from theirs. (Whoever has several user ids counts as several.)
 */
static __always_inline bool ll_is_crowded(const struct ll_control *control)
{
	__u32 uid = (__u32)bpf_get_current_uid_gid(), share = ll_share_of(uid) & (LL_SHARES - 1);
	__u32 most = control->max_held, busy = 4 * most;

	if (control->spinning >= most || control->seized >= busy)
		return true;
	return uid && (control->spinning >= most - most / 8 || control->held_by[share] >= (3 * most + 3) / 4 ||
		       control->seized >= busy - busy / 8 || control->seized_by[share] >= (3 * busy + 3) / 4);
}

/* What can be known to go wrong is refused here, before the point of no return, where execve returns EPERM. */
static __always_inline enum ll_refusal ll_may_hold(struct linux_binprm *bprm, bool nnp)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct ll_control *control = ll_get_control();

	if (!control || !control->alive)
		return LL_REFUSED_DEAD;
	if (bpf_ktime_get_ns() > control->heartbeat + control->heartbeat_limit)
		return LL_REFUSED_HUNG;
	if (task->tgid == 1)
		return LL_REFUSED_INIT;
	if (task->ptrace & PT_PTRACED)
		return LL_REFUSED_TRACED;
	if (ll_is_crowded(control))
		return LL_REFUSED_BUSY;
	if (bpf_ringbuf_query(&ll_holds, BPF_RB_AVAIL_DATA) > LL_HOLD_RING - LL_HOLD_ROOM)
		return LL_REFUSED_ROOM;
	if (ll_lacks_privilege(bprm, nnp))
		return LL_REFUSED_PRIVILEGE;
	return LL_REFUSED_NOT;
}

static __always_inline struct ll_mark *ll_get_mark(struct task_struct *task)
{
	__u64 key = (__u64)task;
	struct ll_mark *mark = bpf_map_lookup_elem(&ll_marks, &key);

	if (mark)
		return mark;
	if (bpf_map_update_elem(&ll_marks, &key, &ll_blank_mark, BPF_ANY) &&
	    bpf_map_update_elem(&ll_marks, &key, &ll_blank_mark, BPF_ANY)) /* once more: EBUSY is of the moment */
		return 0;
	return bpf_map_lookup_elem(&ll_marks, &key);
}

/*
 * Marks the current exec: its hold will wait for the supervisor, which applies `layer` of the policy in `slot`. While
 * a policy is being replaced both its gates run, in either order: the younger load's layer stays. On a refusal the
 * caller returns -EPERM.
 */
static __always_inline enum ll_refusal ll_mark_exec(struct linux_binprm *bprm, __u32 slot, const struct ll_layer *layer)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 exec_id = (__u64)task->self_exec_id + 1;
	enum ll_refusal refusal = ll_may_hold(bprm, layer->nnp);
	struct ll_mark *mark;

	if (refusal)
		return refusal;
	mark = ll_get_mark(task);
	if (!mark)
		return LL_REFUSED_MEMORY;
	if (mark->state != LL_MARK_PENDING || mark->exec_id != exec_id) {
		__builtin_memset(mark, 0, sizeof(*mark));
		mark->exec_id = exec_id;
		mark->cookie = ((__u64)bpf_get_prandom_u32() << 32) | bpf_get_prandom_u32();
	}
	slot &= LL_MAX_POLICIES - 1;
	if (mark->layer[slot].generation < layer->generation)
		mark->layer[slot] = *layer;
	mark->state = LL_MARK_PENDING;
	return LL_REFUSED_NOT;
}

/* The exec is refused, by whatever gate: what an earlier one has marked it for will not come. */
static __always_inline void ll_unmark_exec(void)
{
	__u64 key = (__u64)bpf_get_current_task_btf();
	struct ll_mark *mark = bpf_map_lookup_elem(&ll_marks, &key);

	if (mark) {
		mark->state = LL_MARK_NONE;
		bpf_map_delete_elem(&ll_marks, &key);
	}
}

#endif /* LANDLATCH_MARK_H */
