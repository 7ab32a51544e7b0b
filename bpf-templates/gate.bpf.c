// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The gate: sees every exec, gathers the facts that the policy asks for, decides, and either lets the exec go, refuses
 * it, or marks the task for the hold (mark.h), where the supervisor applies the rulesets.
 *
 * This file is a template: objects are made of it for each set of facts that policies ask for (LL_USED), without the
 * programs and maps that nobody needs for it. llc puts a policy's tables and sections into one of them (policy.h).
 *
 *   ll_note  bprm_creds_for_exec    the file that execve named, to tell a script from its interpreter
 *   ll_gate  bprm_creds_from_file   facts, decision, outcome: before the point of no return, so that refusing is clean
 *   ll_fork  task_alloc             the child gets its parent's lineage
 *   ll_free  task_free              forgets the task
 *   ll_match (syscall)              the same decision from given facts, for tests and explanations
 *
 * series.h has those of the kernel backends, which put the rulesets on the exec by themselves. ll_gate is the one of
 * `supervise`.
 */
#include "kernel.h"

#include "policy.h"
#include "gate.h"

const volatile struct ll_settings ll_settings = {};

#include "facts.h"
#include "lineage.h"
#include "mark.h"
#include "staged.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, LL_EVENT_RING);
} ll_events SEC(".maps"); /* the hold object's, as ll_marks and ll_control (mark.h) */

/* What ll_note saw. In place for as long as the task lives: each execve overwrites it first. */
struct ll_note {
	__u64 inode;
	__u32 device;
	__u32 atom; /* of its path, in the script automaton; 0: unknown */
	__u32 staged; /* the path may have been staged */
	__u32 reserved;
	__u16 part[LL_PARTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LL_TASKS);
	__type(key, __u64);
	__type(value, struct ll_note);
} ll_notes SEC(".maps");

static const struct ll_note ll_blank_note = {};

SEC("lsm.s/bprm_creds_for_exec")
int BPF_PROG(ll_note, struct linux_binprm *bprm, int ret)
{
	__u64 key = (__u64)bpf_get_current_task_btf();
	struct ll_note *note = bpf_map_lookup_elem(&ll_notes, &key);
	struct ll_buffer *buffer;

	if (ret)
		return ret;
	if (!note) {
		bpf_map_update_elem(&ll_notes, &key, &ll_blank_note, BPF_ANY);
		note = bpf_map_lookup_elem(&ll_notes, &key);
		if (!note)
			return 0; /* the gate takes the script for unknown */
	}
	note->atom = 0;
	note->staged = ll_is_staged(bprm->file);
	note->inode = BPF_CORE_READ(bprm, file, f_inode, i_ino);
	note->device = BPF_CORE_READ(bprm, file, f_inode, i_sb, s_dev);
	buffer = ll_claim_buffer();
	if (buffer) {
		__u32 n = ll_read_path(bprm->file, buffer->text, ll_is_unlinked(bprm->file));

		note->atom = ll_dfa_walk(0, 0, LL_DFA_SCRIPT, buffer->text, n);
		if (!ll_parts_walk(0, 0, LL_DIM_SCRIPT, buffer->text, n, note->part))
			note->atom = 0;
		ll_release_buffer(buffer);
	}
	return 0;
}

/* The script's atom, and whether an interpreter runs in the place of the file named. */
static __always_inline bool ll_read_script(struct linux_binprm *bprm, struct ll_buffer *buffer)
{
	struct ll_facts *facts = &buffer->facts;
	__u64 key = (__u64)bpf_get_current_task_btf();
	struct ll_note *note = bpf_map_lookup_elem(&ll_notes, &key);

	if (!note) {
		facts->unknown |= 1u << LL_DIM_SCRIPT;
		return true;
	}
	if (note->inode == BPF_CORE_READ(bprm, file, f_inode, i_ino) &&
	    note->device == BPF_CORE_READ(bprm, file, f_inode, i_sb, s_dev)) {
		facts->atom[LL_DIM_SCRIPT] = 0;
		return false;
	}
	facts->atom[LL_DIM_SCRIPT] = note->atom;
	if (LL_READS(LL_USED_PARTS)) {
		__u32 part;

		LL_UNROLL for (part = 0; part < LL_PARTS; part++)
			facts->part[part] |= note->part[part]; /* of each, one of both is 0: another fact's */
	}
	if (note->staged)
		buffer->staged |= 1u << LL_DIM_SCRIPT;
	if (note->atom == 0)
		facts->unknown |= 1u << LL_DIM_SCRIPT;
	return true;
}

/*
 * The facts of the exec in progress. Texts stay in the buffer's event. A function of its own, as ll_enforce, so that its
 * part of the stack is free again when the matcher runs.
 */
static __noinline void ll_gather(struct linux_binprm *bprm, struct ll_buffer *buffer)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct ll_facts *facts = &buffer->facts;
	struct ll_event *event = &buffer->event;
	bool unlinked = ll_is_unlinked(bprm->file);
	__u32 n = ll_read_path(bprm->file, event->exec, unlinked);

	__builtin_memset(facts, 0, sizeof(*facts));
	buffer->staged = 0;
	if (LL_READS_PATHS && ll_is_staged(bprm->file))
		buffer->staged = 1u << LL_DIM_EXEC;
	event->exec_bytes = n & LL_MAX_PATH;
	event->named_bytes = 0;
	event->uid = BPF_CORE_READ(bprm, cred, euid.val);
	if (unlinked)
		facts->flags |= LL_FLAG_UNLINKED;
	if (LL_READS_DIM(LL_DIM_EXEC))
		ll_set_path(facts, LL_DIM_EXEC, LL_DFA_EXEC, event->exec, n);
	if (LL_READS_DIM(LL_DIM_SCRIPT) && ll_read_script(bprm, buffer)) {
		long length = bpf_probe_read_kernel_str(event->named, sizeof(event->named), BPF_CORE_READ(bprm, filename));

		event->named_bytes = length > 0 ? length - 1 : 0;
	}
	if (LL_READS_DIM(LL_DIM_CGROUP))
		ll_set_path(facts, LL_DIM_CGROUP, LL_DFA_CGROUP, buffer->text, ll_read_cgroup(buffer));
	if (LL_READS_DIM(LL_DIM_USER))
		facts->atom[LL_DIM_USER] = ll_user_atom(event->uid);
	if (LL_READS_DIM(LL_DIM_REAL_USER))
		facts->atom[LL_DIM_REAL_USER] = ll_user_atom(BPF_CORE_READ(bprm, cred, uid.val));
	if (LL_READS(LL_UNKNOWN_GROUPS))
		ll_read_groups(facts, bprm->cred);
	if (LL_READS(LL_UNKNOWN_SETUID) && ll_is_setuid(task->cred, bprm->cred))
		facts->flags |= LL_FLAG_SETUID;
	if (LL_READS_LINEAGE) {
		struct ll_lineage_state now = ll_get_lineage(task);

		facts->atom[LL_DIM_PARENT] = now.image_atom;
		facts->ancestors = now.ancestors;
		buffer->trusted_ancestors = now.trusted;
		if (now.known & LL_LINEAGE_STAGED)
			buffer->staged |= 1u << LL_DIM_PARENT;
		if (now.trusted != now.ancestors)
			buffer->staged |= LL_UNKNOWN_ANCESTORS;
		if (!(now.known & LL_LINEAGE_IMAGE))
			facts->unknown |= 1u << LL_DIM_PARENT;
		if (!(now.known & LL_LINEAGE_ANCESTORS))
			facts->unknown |= LL_UNKNOWN_ANCESTORS;
		ll_set_next_lineage(task, &now, ll_dfa_walk(0, 0, LL_DFA_LINEAGE, event->exec, n),
				    buffer->staged & (1u << LL_DIM_EXEC));
	}
}

/* Decides on the facts in the buffer; where paths may be staged, see staged.h. */
static __always_inline void ll_decide_buffer(struct ll_buffer *buffer)
{
	buffer->event.staged = 0;
	buffer->event.also = 0;
	ll_decide(0, 0, &buffer->facts, &buffer->event.decision);
	if (!LL_READS_PATHS || !buffer->staged)
		return;
	ll_take_nobodys(buffer);
	ll_decide(0, 0, &buffer->facts, &buffer->elsewhere);
	ll_narrow(buffer);
}

static __always_inline bool ll_is_of_interest(const struct ll_decision *decision)
{
	return decision->kind != LL_NONE || decision->always || decision->audit_kind != LL_NONE || decision->audit_always;
}

/* What is applied, the supervisor reports when it is done: only differences are told here. */
static __always_inline bool ll_is_told_elsewhere(const struct ll_event *event)
{
	const struct ll_decision *decision = &event->decision;

	return !event->refused && !ll_settings.audit && (decision->kind == LL_APPLY || decision->always) &&
	       !ll_audit_differs(decision);
}

/* Reports the decision. Without room for it the loss is counted, and the exec is as decided: events hold up nobody. */
static __always_inline void ll_report_as(struct ll_buffer *buffer, __u32 applied)
{
	struct ll_event *event = &buffer->event;
	__u64 id = bpf_get_current_pid_tgid();
	__u32 size = __builtin_offsetof(struct ll_event, named);
	struct ll_control *control;

	if (event->named_bytes)
		size = sizeof(*event);
	event->size = size;
	event->unknown = buffer->facts.unknown;
	event->time = bpf_ktime_get_ns();
	event->pid = (__u32)id;
	event->tgid = id >> 32;
	event->slot = ll_settings.slot;
	event->generation = ll_settings.generation;
	event->applied = applied;
	if (bpf_ringbuf_output(&ll_events, event, size, 0) == 0)
		return;
	control = ll_get_control();
	if (control)
		__sync_fetch_and_add(&control->lost_events, 1);
}

static __always_inline void ll_report(struct ll_buffer *buffer)
{
	ll_report_as(buffer, 0);
}

/* Makes the decision good: 0, or -EPERM. Whatever can't be done for a matched exec refuses it. */
static __noinline int ll_enforce(struct linux_binprm *bprm, struct ll_buffer *buffer)
{
	struct ll_event *event = &buffer->event;
	const struct ll_decision *decision = &event->decision;

	event->refusal = LL_REFUSED_NOT;
	event->refused = decision->kind == LL_DENY || decision->kind == LL_REFUSE;
	if (!event->refused && !ll_settings.audit && (decision->kind == LL_APPLY || decision->always)) {
		struct ll_layer layer = {
			.kind = decision->kind,
			.generation = ll_settings.generation,
			.rule = decision->rule,
			.effect = decision->effect,
			.always = decision->always,
			.nnp = decision->nnp,
			.also = event->also,
		};

		event->refusal = ll_mark_exec(bprm, ll_settings.slot, &layer);
		event->refused = event->refusal != LL_REFUSED_NOT;
	}
	if (ll_settings.audit)
		event->refused = 0;
	if (!ll_is_told_elsewhere(event))
		ll_report(buffer);
	return event->refused ? -EPERM : 0;
}

/* Without a buffer there are no facts, and whether a rule matches is unknown. */
static __always_inline int ll_refuse_unjudged(void)
{
	struct ll_control *control = ll_get_control();

	if (control)
		__sync_fetch_and_add(&control->lost_execs, 1);
	return ll_settings.audit ? 0 : -EPERM;
}

/* Facts and decision of the exec, in a buffer that the caller gives back. NULL: no buffer is free. */
static __always_inline struct ll_buffer *ll_judge(struct linux_binprm *bprm)
{
	struct ll_buffer *buffer = ll_claim_buffer();

	if (!buffer)
		return NULL;
	ll_gather(bprm, buffer);
	ll_decide_buffer(buffer);
	return buffer;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ll_gate, struct linux_binprm *bprm, struct file *file, int ret)
{
	struct ll_buffer *buffer;
	int result = 0;

	if (ret)
		return ret;
	buffer = ll_judge(bprm);
	if (!buffer) {
		result = ll_refuse_unjudged();
	} else {
		if (ll_is_of_interest(&buffer->event.decision))
			result = ll_enforce(bprm, buffer);
		ll_release_buffer(buffer);
	}
	if (result)
		ll_unmark_exec();
	return result;
}

SEC("lsm/task_alloc")
int BPF_PROG(ll_fork, struct task_struct *task, unsigned long clone_flags, int ret)
{
	struct ll_lineage_state now = ll_get_lineage(bpf_get_current_task_btf());
	__u64 key = (__u64)task;
	struct ll_lineage *lineage = bpf_map_lookup_elem(&ll_lineages, &key);

	if (!lineage) {
		if (!now.known)
			return ret;
		bpf_map_update_elem(&ll_lineages, &key, &ll_blank_lineage, BPF_ANY);
		lineage = bpf_map_lookup_elem(&ll_lineages, &key);
		if (!lineage)
			return ret;
	}
	/* An entry may be an earlier task's of this address. The child has its parent's self_exec_id. */
	lineage->half[1].exec_id = 0;
	lineage->half[1].known = 0;
	lineage->half[0] = now;
	lineage->half[0].exec_id = task->self_exec_id;
	return ret;
}

SEC("lsm/task_free")
int BPF_PROG(ll_free, struct task_struct *task)
{
	__u64 key = (__u64)task;

	if (LL_READS_LINEAGE)
		bpf_map_delete_elem(&ll_lineages, &key);
	if (LL_READS_DIM(LL_DIM_SCRIPT))
		bpf_map_delete_elem(&ll_notes, &key);
	return 0;
}

static __always_inline void ll_copy_given(char *to, const void *text, __u32 n)
{
	if (n <= LL_MAX_PATH)
		bpf_probe_read_kernel(to, n & LL_MAX_PATH, text);
}

/* Reduces the facts that the context gives; its texts are in the buffer. */
static __noinline void ll_take_given(struct ll_match_context *context, struct ll_buffer *buffer)
{
	struct ll_facts *facts = &buffer->facts;
	__u32 groups = context->group_count;

	__builtin_memset(facts, 0, sizeof(*facts));
	facts->flags = context->flags;
	facts->unknown = context->unknown;
	if (LL_READS_DIM(LL_DIM_EXEC))
		ll_set_path(facts, LL_DIM_EXEC, LL_DFA_EXEC, buffer->event.exec, context->exec_bytes);
	if (LL_READS_DIM(LL_DIM_SCRIPT) && context->script_bytes)
		ll_set_path(facts, LL_DIM_SCRIPT, LL_DFA_SCRIPT, buffer->event.named, context->script_bytes);
	if (LL_READS_DIM(LL_DIM_CGROUP))
		ll_set_path(facts, LL_DIM_CGROUP, LL_DFA_CGROUP, buffer->text, context->cgroup_bytes);
	if (LL_READS_DIM(LL_DIM_USER))
		facts->atom[LL_DIM_USER] = ll_user_atom(context->euid);
	if (LL_READS_DIM(LL_DIM_REAL_USER))
		facts->atom[LL_DIM_REAL_USER] = ll_user_atom(context->ruid);
	if (groups > LL_MAX_TEST_GROUPS) {
		facts->unknown |= LL_UNKNOWN_GROUPS;
	} else if (LL_READS(LL_UNKNOWN_GROUPS)) {
		bpf_probe_read_kernel(buffer->groups, sizeof(buffer->groups), context->groups);
		ll_set_groups(facts, buffer->groups, groups);
	}
	if (LL_READS_LINEAGE) {
		__u32 atom = ll_dfa_walk(0, 0, LL_DFA_LINEAGE, buffer->event.exec, context->exec_bytes);

		facts->atom[LL_DIM_PARENT] = context->image_atom;
		facts->ancestors = context->ancestors;
		context->next_image_atom = atom;
		context->next_ancestors = context->ancestors | ll_lineage_mask(0, 0, atom);
	}
}

struct ll_given {
	struct ll_match_context *context;
	struct ll_buffer *buffer;
};

static long ll_match_step(__u32 i, struct ll_given *given)
{
	ll_take_given(given->context, given->buffer);
	ll_decide(0, 0, &given->buffer->facts, &given->buffer->event.decision);
	return 0;
}

SEC("syscall")
int ll_match(struct ll_match_context *context)
{
	struct ll_buffer *buffer = ll_claim_buffer();
	struct ll_given given = {.context = context, .buffer = buffer};

	if (!buffer)
		return -EPERM;
	ll_copy_given(buffer->event.exec, context->exec, context->exec_bytes);
	ll_copy_given(buffer->event.named, context->script, context->script_bytes);
	ll_copy_given(buffer->text, context->cgroup, context->cgroup_bytes);
	bpf_loop(1 + context->again, ll_match_step, &given, 0);
	context->facts = buffer->facts;
	context->decision = buffer->event.decision;
	ll_release_buffer(buffer);
	return 0;
}

#include "series.h"
