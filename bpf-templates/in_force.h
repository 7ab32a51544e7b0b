/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Which rulesets a task has in force, for the gates that apply by themselves (series.h includes this).
 *
 *   ll_inherit  task_alloc  a child has its parent's rulesets
 *   ll_leave    task_free   forgets the task
 *
 * They are a set in a preallocated hash keyed by the task's address, with one half for the present and one for the exec
 * in progress, as lineages are (lineage.h). A ruleset in the set isn't applied again. Where the map has no room a ruleset
 * is applied once more at the next exec: never once less.
 */
#ifndef LANDLATCH_IN_FORCE_H
#define LANDLATCH_IN_FORCE_H

struct ll_in_force_state {
	__u64 exec_id; /* as self_exec_id */
	struct ll_rulesets rulesets;
};

struct ll_in_force {
	struct ll_in_force_state half[2];
	/* The decision of the exec in progress, for its report. */
	__u64 pending; /* its exec_id; 0: none */
	struct ll_decision decision;
	__u32 also;
	__u32 staged;
	struct ll_rulesets added;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LL_TASKS);
	__type(key, __u64);
	__type(value, struct ll_in_force);
} ll_in_force SEC(".maps");

static const struct ll_in_force ll_blank_in_force = {};

static __always_inline bool ll_is_empty(const struct ll_rulesets *set)
{
	return !(set->word[0] | set->word[1] | set->word[2] | set->word[3]);
}

/* The lowest of a set, taken out of it; LL_MAX_RULESETS when it is empty. */
static __always_inline __u32 ll_take_ruleset(struct ll_rulesets *set)
{
	__u32 i;

	for (i = 0; i < LL_RULESET_WORDS; i++) {
		__u64 word = set->word[i];

		if (word) {
			set->word[i] = word & (word - 1);
			return i * 64 + __builtin_ctzll(word);
		}
	}
	return LL_MAX_RULESETS;
}

static __always_inline struct ll_in_force *ll_get_in_force(void)
{
	__u64 key = (__u64)bpf_get_current_task_btf();
	struct ll_in_force *entry = bpf_map_lookup_elem(&ll_in_force, &key);

	if (entry)
		return entry;
	bpf_map_update_elem(&ll_in_force, &key, &ll_blank_in_force, BPF_NOEXIST);
	return bpf_map_lookup_elem(&ll_in_force, &key);
}

/*
 * The half of the exec in progress, as if it applied nothing: what is in force now stays. Called at every exec, matched or
 * not. What an exec that failed left in it would else pass for being in force once another succeeds.
 */
static __always_inline struct ll_in_force_state *ll_carry_in_force(struct ll_in_force *entry)
{
	__u64 exec_id = bpf_get_current_task_btf()->self_exec_id;
	struct ll_in_force_state *now = &entry->half[0], *next = &entry->half[1];

	if (next->exec_id == exec_id && now->exec_id != exec_id) {
		now = &entry->half[1];
		next = &entry->half[0];
	} else if (now->exec_id != exec_id) {
		__builtin_memset(now, 0, sizeof(*now));
		now->exec_id = exec_id;
	}
	*next = *now;
	next->exec_id = exec_id + 1;
	entry->pending = 0;
	return next;
}

static __always_inline void ll_forget_exec(void)
{
	__u64 key = (__u64)bpf_get_current_task_btf();
	struct ll_in_force *entry = bpf_map_lookup_elem(&ll_in_force, &key);

	if (entry)
		ll_carry_in_force(entry);
}

/*
 * Leaves in buffer->wanted what isn't in force yet, and prepares the task's entry for the exec's success. no_new_privs
 * comes with a ruleset only: where it is wanted and everything is in force already, one of them is applied again.
 */
static __always_inline void ll_skip_in_force(struct ll_buffer *buffer, struct ll_in_force *entry, bool nnp)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct ll_rulesets wanted = buffer->wanted;
	struct ll_in_force_state *next;
	__u32 i;

	if (!entry) { /* no room: the application can't be told of when it is one */
		ll_count(LL_COUNT_APPLIED);
		ll_lose_event();
		return;
	}
	next = ll_carry_in_force(entry);
	for (i = 0; i < LL_RULESET_WORDS; i++) {
		buffer->wanted.word[i] = wanted.word[i] & ~next->rulesets.word[i];
		next->rulesets.word[i] |= wanted.word[i];
	}
	if (nnp && ll_is_empty(&buffer->wanted) && !(task->atomic_flags & PFA_NO_NEW_PRIVS)) {
		__u32 first = ll_take_ruleset(&wanted);

		if (first < LL_MAX_RULESETS)
			buffer->wanted.word[first / 64] = 1ull << (first % 64);
	}
	entry->pending = next->exec_id;
	entry->decision = buffer->event.decision;
	entry->also = buffer->event.also;
	entry->staged = buffer->event.staged;
	entry->added = buffer->wanted;
}

SEC("lsm/task_alloc")
int BPF_PROG(ll_inherit, struct task_struct *task, unsigned long clone_flags, int ret)
{
	__u64 key = (__u64)task, parent = (__u64)bpf_get_current_task_btf();
	struct ll_in_force *inherited = bpf_map_lookup_elem(&ll_in_force, &parent);
	struct ll_in_force *entry = bpf_map_lookup_elem(&ll_in_force, &key);

	/* An entry may be an earlier task's of this address. */
	if (entry)
		__builtin_memset(entry, 0, sizeof(*entry));
	if (inherited)
		bpf_map_update_elem(&ll_in_force, &key, inherited, BPF_ANY);
	return ret;
}

SEC("lsm/task_free")
int BPF_PROG(ll_leave, struct task_struct *task)
{
	__u64 key = (__u64)task;

	bpf_map_delete_elem(&ll_in_force, &key);
	return 0;
}

#endif /* LANDLATCH_IN_FORCE_H */
