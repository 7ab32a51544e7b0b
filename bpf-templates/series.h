/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Gates that apply by themselves, on kernels with the exec-time series: backends kernel-map and kernel-object. Include
 * at the end of gate.bpf.c. Facts and decision are the gate's own; only what follows a decision differs.
 *
 *   ll_map_gate     bprm_creds_from_file   restricts the exec with rulesets of ll_ruleset_map (kernel-map)
 *   ll_object_gate  bprm_creds_from_file   the same with a policy object of ll_objects (kernel-object)
 *   ll_committed    bprm_committed_creds   counts and reports what is now in force: a failed exec is not told of
 *   ll_store        (syscall)              the loader's: turns a ruleset fd into a policy object
 *
 * and those of in_force.h, which know what a task has in force.
 *
 * The loader loads those that its backend needs and leaves out the rest, so a kernel without the series sees none.
 */
#ifndef LANDLATCH_SERIES_H
#define LANDLATCH_SERIES_H

#define LL_RESTRICT_NNP (1u << 4) /* LANDLOCK_RESTRICT_SELF_NO_NEW_PRIVS */
#define LL_LSM_LANDLOCK 110
#define LL_LANDLOCK_RULESET 1

/* Opaque. Not a declaration only: libbpf compares the kinds of types. */
struct bpf_landlock_ruleset {
	int opaque;
};

extern int bpf_landlock_restrict_binprm(struct linux_binprm *bprm, const struct bpf_landlock_ruleset *ruleset,
					__u32 flags) __ksym __weak;
extern void bpf_landlock_put_ruleset(const struct bpf_landlock_ruleset *ruleset) __ksym __weak;
extern struct lsm_policy_object *bpf_lsm_policy_from_fd(int fd, __u32 flags) __ksym __weak;
extern struct lsm_policy_object *bpf_lsm_policy_acquire(struct lsm_policy_object *object) __ksym __weak;
extern int bpf_lsm_policy_apply_bprm(struct lsm_policy_object *object, struct linux_binprm *bprm, __u32 flags) __ksym
	__weak;
extern void bpf_lsm_policy_release(struct lsm_policy_object *object) __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym __weak;
extern void bpf_rcu_read_unlock(void) __ksym __weak;

/* By index of a ruleset. The loader gives it the type that BPF_MAP_TYPE_LANDLOCK_RULESET has here, and its size. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} ll_ruleset_map SEC(".maps");

struct ll_slot {
	struct lsm_policy_object __attribute__((btf_type_tag("kptr"))) *object;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ll_slot);
} ll_objects SEC(".maps");

/* LANDLOCK_RESTRICT_SELF_* of each ruleset, but for nnp. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} ll_flags SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ll_rulesets);
} ll_effects SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct ll_rulesets);
} ll_always SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LL_COUNT_RULES);
	__type(key, __u32);
	__type(value, __u64);
} ll_counts SEC(".maps");

static __always_inline void ll_count(__u32 index)
{
	__u64 *count = bpf_map_lookup_elem(&ll_counts, &index);

	if (count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline void ll_lose_event(void)
{
	struct ll_control *control = ll_get_control();

	if (control)
		__sync_fetch_and_add(&control->lost_events, 1);
}

#include "in_force.h"

static __always_inline void ll_count_hit(__u32 rule)
{
	if (rule != LL_NOTHING)
		ll_count(LL_COUNT_RULES + rule);
}

/* False for what isn't there or is empty: whatever is applied has a ruleset at least. */
static __always_inline bool ll_add_rulesets(struct ll_rulesets *to, const struct ll_rulesets *set)
{
	__u32 i;

	if (!set || ll_is_empty(set))
		return false;
	for (i = 0; i < LL_RULESET_WORDS; i++)
		to->word[i] |= set->word[i];
	return true;
}

struct ll_always_scan {
	struct ll_buffer *buffer;
	__u64 bad;
};

/* The rulesets of always rule i, if the decision has it. */
static long ll_want_always(__u32 i, struct ll_always_scan *scan)
{
	struct ll_buffer *to = scan->buffer;

	if (to && (to->event.decision.always >> (i & 63) & 1) &&
	    !ll_add_rulesets(&to->wanted, bpf_map_lookup_elem(&ll_always, &i)))
		scan->bad = 1;
	return 0;
}

/* buffer->wanted: all that the decision asks for. False where something of it is not there. */
static __always_inline bool ll_want(struct ll_buffer *buffer)
{
	const struct ll_decision *decision = &buffer->event.decision;
	__u32 effect = decision->effect, also = buffer->event.also - 1;
	struct ll_always_scan scan = { .buffer = buffer };

	__builtin_memset(&buffer->wanted, 0, sizeof(buffer->wanted));
	if (decision->kind == LL_APPLY && !ll_add_rulesets(&buffer->wanted, bpf_map_lookup_elem(&ll_effects, &effect)))
		return false;
	if (buffer->event.also && !ll_add_rulesets(&buffer->wanted, bpf_map_lookup_elem(&ll_effects, &also)))
		return false;
	if (decision->always)
		bpf_loop(64, ll_want_always, &scan, 0);
	return !scan.bad;
}

static __always_inline enum ll_refusal ll_refusal_of(int error)
{
	if (!error)
		return LL_REFUSED_NOT;
	return error == -E2BIG    ? LL_REFUSED_LAYERS
	       : error == -ENOENT ? LL_REFUSED_EMPTY
	       : error == -EPERM  ? LL_REFUSED_PRIVILEGE
				  : LL_REFUSED_KERNEL;
}

static __always_inline int ll_apply_by_map(struct linux_binprm *bprm, __u32 index, __u32 flags)
{
	struct bpf_landlock_ruleset *ruleset = (void *)bpf_map_lookup_elem(&ll_ruleset_map, &index);
	int error;

	if (!ruleset)
		return -ENOENT;
	error = bpf_landlock_restrict_binprm(bprm, ruleset, flags);
	bpf_landlock_put_ruleset(ruleset);
	return error;
}

static __always_inline int ll_apply_by_object(struct linux_binprm *bprm, __u32 index, __u32 flags)
{
	struct ll_slot *slot = bpf_map_lookup_elem(&ll_objects, &index);
	struct lsm_policy_object *object;
	int error = -ENOENT;

	if (!slot)
		return -ENOENT;
	bpf_rcu_read_lock();
	object = slot->object;
	if (object)
		object = bpf_lsm_policy_acquire(object);
	bpf_rcu_read_unlock();
	if (!object)
		return -ENOENT;
	if (object->lsmid == LL_LSM_LANDLOCK && object->type == LL_LANDLOCK_RULESET)
		error = bpf_lsm_policy_apply_bprm(object, bprm, flags);
	bpf_lsm_policy_release(object);
	return error;
}

/* Applies all of `wanted`, or as much as the kernel takes: on a refusal the exec fails, and all of it is gone. */
static __always_inline enum ll_refusal ll_apply(struct linux_binprm *bprm, struct ll_rulesets *wanted, bool nnp,
						bool stacks)
{
	enum ll_refusal refusal = LL_REFUSED_NOT;
	__u32 i;

	for (i = 0; i <= LL_MAX_LAYERS && !refusal; i++) {
		__u32 index = ll_take_ruleset(wanted), *flags;

		if (index >= LL_MAX_RULESETS)
			break;
		if (i == LL_MAX_LAYERS || (!stacks && i > 0))
			return i > 0 && !stacks ? LL_REFUSED_STACKING : LL_REFUSED_LAYERS;
		flags = bpf_map_lookup_elem(&ll_flags, &index);
		if (!flags)
			return LL_REFUSED_EMPTY;
		if (stacks)
			refusal = ll_refusal_of(ll_apply_by_map(bprm, index, *flags | (nnp ? LL_RESTRICT_NNP : 0)));
		else
			refusal = ll_refusal_of(ll_apply_by_object(bprm, index, *flags | (nnp ? LL_RESTRICT_NNP : 0)));
	}
	return refusal;
}

/* Counts what doesn't come to an application, and tells of it. */
static __always_inline void ll_tell_decision(struct ll_buffer *buffer)
{
	struct ll_event *event = &buffer->event;
	const struct ll_decision *decision = &event->decision;
	bool differs = ll_audit_differs(decision);
	bool reported = event->refused || ll_settings.audit || differs;
	__u32 rule = differs && !event->refused ? decision->audit_rule : decision->rule; /* behind what is reported */

	if (event->refused)
		ll_count(event->refusal || decision->kind == LL_REFUSE ? LL_COUNT_REFUSED : LL_COUNT_DENIED);
	else if (ll_settings.audit || differs)
		ll_count(LL_COUNT_AUDITED);
	if (reported)
		ll_count_hit(rule);
	if (decision->kind == LL_PASS && !decision->always && !(reported && rule == decision->rule))
		ll_count_hit(decision->rule);
	if (reported)
		ll_report(buffer);
}

/*
 * ll_enforce of these gates: 0, -EPERM, or an enum ll_refusal that is still to be told. Gives the buffer back before the
 * kernel is asked to apply: that allocates and may wait for the memory of the task's own cgroup, and whoever makes many
 * execs wait so must not keep the buffers of all others. Always inlined into one function for each interface, so that
 * its stack isn't the gate's.
 */
static __always_inline int ll_enforce_here(struct linux_binprm *bprm, struct ll_buffer *buffer, bool stacks)
{
	struct ll_event *event = &buffer->event;
	const struct ll_decision *decision = &event->decision;
	bool applies = decision->kind == LL_APPLY || (decision->always && decision->kind != LL_DENY);
	bool nnp = decision->nnp, refused = decision->kind == LL_DENY || decision->kind == LL_REFUSE;
	enum ll_refusal refusal = LL_REFUSED_NOT;
	struct ll_rulesets wanted = {};

	if (ll_settings.audit)
		applies = refused = false;
	if (applies && !refused) {
		if (ll_lacks_privilege(bprm, nnp))
			refusal = LL_REFUSED_PRIVILEGE;
		else if (!ll_want(buffer))
			refusal = LL_REFUSED_EMPTY;
		else
			ll_skip_in_force(buffer, ll_get_in_force(), nnp);
		wanted = buffer->wanted;
	}
	event->refusal = LL_REFUSED_NOT;
	event->refused = refused;
	if (!refusal)
		ll_tell_decision(buffer);
	ll_release_buffer(buffer);
	if (refused)
		return -EPERM;
	return applies && !refusal ? ll_apply(bprm, &wanted, nnp, stacks) : refusal;
}

static __noinline int ll_enforce_by_map(struct linux_binprm *bprm, struct ll_buffer *buffer)
{
	return ll_enforce_here(bprm, buffer, true);
}

static __noinline int ll_enforce_by_object(struct linux_binprm *bprm, struct ll_buffer *buffer)
{
	return ll_enforce_here(bprm, buffer, false);
}

/* An exec that the kernel, or what is missing, has refused: judged again, for its event. */
static __always_inline void ll_tell_refusal(struct linux_binprm *bprm, enum ll_refusal refusal)
{
	struct ll_buffer *buffer = ll_judge(bprm);

	if (!buffer) {
		ll_count(LL_COUNT_REFUSED);
		ll_lose_event();
		return;
	}
	buffer->event.refusal = refusal;
	buffer->event.refused = 1;
	ll_tell_decision(buffer);
	ll_release_buffer(buffer);
}

static __always_inline int ll_run_gate(struct linux_binprm *bprm, int ret,
				       int (*enforce)(struct linux_binprm *bprm, struct ll_buffer *buffer))
{
	struct ll_buffer *buffer;
	int refusal;

	ll_forget_exec();
	if (ret)
		return ret;
	buffer = ll_judge(bprm);
	if (!buffer)
		return ll_refuse_unjudged();
	if (!ll_is_of_interest(&buffer->event.decision)) {
		ll_release_buffer(buffer);
		return 0;
	}
	refusal = enforce(bprm, buffer);
	if (!refusal)
		return 0;
	ll_forget_exec();
	if (refusal > 0)
		ll_tell_refusal(bprm, refusal);
	return -EPERM;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ll_map_gate, struct linux_binprm *bprm, struct file *file, int ret)
{
	return ll_run_gate(bprm, ret, ll_enforce_by_map);
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ll_object_gate, struct linux_binprm *bprm, struct file *file, int ret)
{
	return ll_run_gate(bprm, ret, ll_enforce_by_object);
}

SEC("lsm.s/bprm_committed_creds")
int BPF_PROG(ll_committed, struct linux_binprm *bprm)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 key = (__u64)task;
	struct ll_in_force *entry = bpf_map_lookup_elem(&ll_in_force, &key);
	struct ll_buffer *buffer;
	struct ll_event *event;

	if (!entry || entry->pending == 0 || entry->pending != (__u64)task->self_exec_id)
		return 0;
	entry->pending = 0;
	ll_count(LL_COUNT_APPLIED);
	ll_count_hit(entry->decision.rule);
	buffer = ll_claim_buffer();
	if (!buffer) {
		ll_lose_event();
		return 0;
	}
	event = &buffer->event;
	event->exec_bytes = ll_read_path(bprm->file, event->exec, ll_is_unlinked(bprm->file)) & LL_MAX_PATH;
	event->named_bytes = 0;
	event->uid = BPF_CORE_READ(task, cred, euid.val);
	event->refusal = LL_REFUSED_NOT;
	event->refused = 0;
	event->decision = entry->decision;
	event->also = entry->also;
	event->staged = entry->staged;
	__builtin_memcpy(event->rulesets, &entry->added, sizeof(event->rulesets));
	buffer->facts.unknown = 0;
	ll_report_as(buffer, 1);
	ll_release_buffer(buffer);
	return 0;
}

SEC("syscall")
int ll_store(struct ll_store_context *context)
{
	__u32 index = context->ruleset;
	struct ll_slot *slot = bpf_map_lookup_elem(&ll_objects, &index);
	struct lsm_policy_object *object;

	if (!slot)
		return -ENOENT;
	object = bpf_lsm_policy_from_fd(context->fd, 0);
	if (!object)
		return -EPERM;
	object = bpf_kptr_xchg(&slot->object, object);
	if (object)
		bpf_lsm_policy_release(object);
	return 0;
}

#endif /* LANDLATCH_SERIES_H */
