/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What each task ran before: `parent exec` and `ancestor exec`. Kept along fork and exec, never reparented.
 *
 * An exec that is decided may still fail, so its outcome is kept beside the present state, under the self_exec_id that
 * the task has once the exec is past its point of no return. Reading picks the half whose number fits; nothing has to
 * be committed. A task without an entry, or with none that fits, has an unknown lineage.
 *
 * A preallocated hash keyed by the task's address: task storage loses entries under contention on 6.1.
 */
#ifndef LANDLATCH_LINEAGE_H
#define LANDLATCH_LINEAGE_H

#define LL_LINEAGE_IMAGE 1u     /* image_atom is known */
#define LL_LINEAGE_ANCESTORS 2u /* ancestors is complete; else it is what is known at least */
#define LL_LINEAGE_STAGED 4u    /* the image's path may have been staged */

struct ll_lineage_state {
	__u64 exec_id;
	__u64 ancestors;
	__u64 trusted; /* those of them that no staged path has given */
	__u32 image_atom;
	__u32 known;
};

struct ll_lineage {
	struct ll_lineage_state half[2];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LL_TASKS);
	__type(key, __u64);
	__type(value, struct ll_lineage);
} ll_lineages SEC(".maps");

static const struct ll_lineage ll_blank_lineage = {};

/* The state of `task`, all unknown where none fits. */
static __always_inline struct ll_lineage_state ll_get_lineage(struct task_struct *task)
{
	__u64 key = (__u64)task, exec_id = task->self_exec_id;
	struct ll_lineage *lineage = bpf_map_lookup_elem(&ll_lineages, &key);
	struct ll_lineage_state unknown = {};

	if (!lineage)
		return unknown;
	if (lineage->half[0].exec_id == exec_id)
		return lineage->half[0];
	if (lineage->half[1].exec_id == exec_id)
		return lineage->half[1];
	return unknown;
}

/* Notes what `task` is once its exec in progress succeeds. Where that fails, its lineage becomes unknown. */
static __always_inline void ll_set_next_lineage(struct task_struct *task, const struct ll_lineage_state *now,
						__u32 image_atom, bool staged)
{
	__u64 key = (__u64)task;
	struct ll_lineage *lineage = bpf_map_lookup_elem(&ll_lineages, &key);
	struct ll_lineage_state next = {
		.exec_id = task->self_exec_id + 1,
		.ancestors = now->ancestors | ll_lineage_mask(0, 0, image_atom),
		.trusted = now->trusted | (staged ? 0 : ll_lineage_mask(0, 0, image_atom)),
		.image_atom = image_atom,
		.known = now->known & LL_LINEAGE_ANCESTORS,
	};

	if (image_atom)
		next.known |= LL_LINEAGE_IMAGE | (staged ? LL_LINEAGE_STAGED : 0);
	else
		next.known = 0;
	if (!lineage) {
		bpf_map_update_elem(&ll_lineages, &key, &ll_blank_lineage, BPF_ANY);
		lineage = bpf_map_lookup_elem(&ll_lineages, &key);
		if (!lineage)
			return;
	}
	if (lineage->half[0].exec_id == task->self_exec_id)
		lineage->half[1] = next;
	else
		lineage->half[0] = next;
}

#endif /* LANDLATCH_LINEAGE_H */
