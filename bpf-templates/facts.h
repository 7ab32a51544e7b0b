/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Facts of an exec, read from the kernel and reduced to atoms. Include after kernel.h and gate.h, with LL_TABLE defined.
 *
 * Each reader is called only where the policy's boxes read its fact (LL_READS, a constant once the policy is known), so
 * what a policy doesn't ask for is neither in its object nor paid for. What can't be read is marked unknown.
 */
#ifndef LANDLATCH_FACTS_H
#define LANDLATCH_FACTS_H

#define LL_READS_DIM(dim) LL_READS(1u << (dim))
#define LL_READS_LINEAGE LL_READS(1u << LL_DIM_PARENT | LL_UNKNOWN_ANCESTORS)
#define LL_READS_PATHS (LL_READS_DIM(LL_DIM_EXEC) || LL_READS_DIM(LL_DIM_SCRIPT) || LL_READS_LINEAGE)

/*
 * Room for the texts of one exec. Sleepable programs can be preempted, so nothing here is per CPU: each exec claims a
 * buffer, works, and gives it back within one hook, in which nothing waits for anybody.
 */
struct ll_buffer {
	__u32 busy;
	__u32 reserved;
	char text[LL_PATH_ROOM];        /* the path at hand */
	char climb[LL_PATH_ROOM + 256]; /* the cgroup path, built from its end */
	char name[256];
	__u32 groups[LL_MAX_TEST_GROUPS];
	struct ll_facts facts; /* not on the stack: the matcher needs most of its 512 bytes */
	struct ll_decision elsewhere; /* of a staged exec: what would be decided if its paths were nobody's */
	__u64 trusted_ancestors; /* those of facts.ancestors that no staged path has given */
	__u32 staged; /* paths that may be staged: 1 << LL_DIM_x */
	__u32 reserved2;
	struct ll_rulesets wanted; /* by the decision, and not in force (series.h) */
	struct ll_event event;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LL_BUFFERS);
	__type(key, __u32);
	__type(value, struct ll_buffer);
} ll_buffers SEC(".maps");

/* uid -> atom and gid -> bit of the ids that the policy names. The loader resolves the names and sets max_entries. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} ll_users SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} ll_groups SEC(".maps");

struct ll_claim {
	__u32 first;
	__u32 count;
	__u32 index;
};

static long ll_claim_step(__u32 i, struct ll_claim *claim)
{
	__u32 index = (claim->first + i) % claim->count;
	struct ll_buffer *buffer = bpf_map_lookup_elem(&ll_buffers, &index);

	if (!buffer || __sync_lock_test_and_set(&buffer->busy, 1))
		return 0;
	claim->index = index;
	return 1;
}

/*
 * A free buffer, or null when all are taken: the caller refuses. Users who make many execs wait for a processor between
 * claim and release leave some to root.
 */
static __always_inline struct ll_buffer *ll_claim_buffer(void)
{
	struct ll_claim claim = {.first = bpf_get_smp_processor_id(), .count = LL_BUFFERS, .index = LL_BUFFERS};

	if ((__u32)bpf_get_current_uid_gid())
		claim.count -= LL_ROOT_BUFFERS;
	bpf_loop(claim.count, ll_claim_step, &claim, 0);
	return bpf_map_lookup_elem(&ll_buffers, &claim.index);
}

static __always_inline void ll_release_buffer(struct ll_buffer *buffer)
{
	__sync_lock_test_and_set(&buffer->busy, 0);
}

/* The atom of `n` bytes of `text` in dimension `dim`, or the dimension marked unknown. */
static __always_inline void ll_set_path(struct ll_facts *facts, __u32 dim, __u32 dfa, const char *text, __u32 n)
{
	__u32 atom = ll_dfa_walk(0, 0, dfa, text, n);

	facts->atom[dim] = atom;
	if (atom == 0 || !ll_parts_walk(0, 0, dim, text, n, facts->part))
		facts->unknown |= 1u << dim;
}

static __always_inline bool ll_is_unlinked(struct file *file)
{
	return BPF_CORE_READ(file, f_path.dentry, d_hash.pprev) == 0;
}

/*
 * Takes the kernel's " (deleted)" off a text of `n` bytes: of unlinked files only, since a name may end so. Returns the
 * new length.
 */
static __always_inline __u32 ll_strip_deleted(const char *text, __u32 n)
{
	static const char suffix[] = " (deleted)";
	const __u32 length = sizeof(suffix) - 1;
	__u32 start = n - length, i;

	if (n <= length || n > LL_MAX_PATH)
		return n;
	for (i = 0; i < length; i++)
		if (text[(start + i) & LL_MAX_PATH] != " (deleted)"[i])
			return n;
	return start;
}

/* The path of `file` into `text`; its length, above LL_MAX_PATH when it can't be told. */
static __always_inline __u32 ll_read_path(struct file *file, char *text, bool unlinked)
{
	long n = bpf_d_path(&file->f_path, text, LL_PATH_ROOM);

	if (n <= 0 || n > LL_PATH_ROOM)
		return LL_MAX_PATH + 1;
	n--; /* NUL */
	return unlinked ? ll_strip_deleted(text, (__u32)n) : (__u32)n;
}

/* Whether the path of `file` may be staged: see ll_is_staged_task; also a file that is not in the task's own mounts. */
static __always_inline bool ll_is_staged(struct file *file)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const void *mnt = BPF_CORE_READ(file, f_path.mnt);
	const struct mount *mount = mnt - bpf_core_field_offset(struct mount, mnt);

	return BPF_CORE_READ(mount, mnt_ns) != BPF_CORE_READ(task, nsproxy, mnt_ns) ||
	       ll_is_staged_task(task, ll_settings.root);
}

/* --- the cgroup's path --- */

struct ll_climb {
	struct ll_buffer *buffer;
	struct kernfs_node *node;
	__u32 at; /* begin of what is built so far; it ends at LL_MAX_PATH */
	__u32 done;
};

static __always_inline struct kernfs_node *ll_kernfs_parent(struct kernfs_node *node)
{
	struct kernfs_node___old *old = (void *)node;

	if (bpf_core_field_exists(old->parent))
		return BPF_CORE_READ(old, parent);
	return BPF_CORE_READ(node, __parent);
}

/* Puts "/name" before what is there and goes up. Gives up, not done, on anything odd. */
static long ll_climb_step(__u32 i, struct ll_climb *climb)
{
	struct ll_buffer *buffer = climb->buffer;
	struct kernfs_node *node = climb->node;
	struct kernfs_node *parent = ll_kernfs_parent(node);
	__u32 at = climb->at;
	long n;

	if (!buffer)
		return 1;
	if (!parent) {
		climb->done = 1;
		return 1;
	}
	n = bpf_probe_read_kernel_str(buffer->name, sizeof(buffer->name), BPF_CORE_READ(node, name));
	if (n < 2 || n > (long)sizeof(buffer->name) || n > at)
		return 1;
	at = (at - n) & LL_MAX_PATH; /* n counts the NUL: room for the slash */
	buffer->climb[at] = '/';
	bpf_probe_read_kernel(&buffer->climb[at + 1], (n - 1) & 255, buffer->name);
	climb->at = at;
	climb->node = parent;
	return 0;
}

/* The unified hierarchy's path of the current task, into buffer->text; its length, above LL_MAX_PATH when unreadable. */
static __always_inline __u32 ll_read_cgroup(struct ll_buffer *buffer)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
	struct ll_climb climb = {.buffer = buffer, .node = node, .at = LL_MAX_PATH};
	__u32 n;

	bpf_loop(LL_PATH_ROOM / 2, ll_climb_step, &climb, 0);
	/* Moved meanwhile: the nodes may have been freed under our eyes. */
	if (!climb.done || BPF_CORE_READ(task, cgroups, dfl_cgrp, kn) != node)
		return LL_MAX_PATH + 1;
	n = LL_MAX_PATH - climb.at;
	if (n == 0) {
		buffer->text[0] = '/';
		return 1;
	}
	n &= LL_MAX_PATH;
	bpf_probe_read_kernel(buffer->text, n, &buffer->climb[climb.at & LL_MAX_PATH]);
	return n;
}

/* --- ids --- */

static __always_inline __u32 ll_user_atom(__u32 uid)
{
	__u32 *atom = bpf_map_lookup_elem(&ll_users, &uid);

	return atom ? *atom : 0;
}

static __always_inline __u64 ll_group_bit(__u32 gid)
{
	__u32 *bit = bpf_map_lookup_elem(&ll_groups, &gid);

	return bit ? 1ull << (*bit & 63) : 0;
}

struct ll_group_scan {
	const __u32 *gids; /* in kernel memory, not dereferenced */
	__u64 bits;
	__u32 bad;
};

static long ll_group_step(__u32 i, struct ll_group_scan *scan)
{
	__u32 gid;

	if (bpf_probe_read_kernel(&gid, sizeof(gid), scan->gids + i)) {
		scan->bad = 1;
		return 1;
	}
	scan->bits |= ll_group_bit(gid);
	return 0;
}

/* Bits of `count` group ids at a kernel address. */
static __always_inline void ll_set_groups(struct ll_facts *facts, const void *gids, __u32 count)
{
	struct ll_group_scan scan = {.gids = gids};

	bpf_loop(count, ll_group_step, &scan, 0);
	facts->groups |= scan.bits;
	if (scan.bad)
		facts->unknown |= LL_UNKNOWN_GROUPS;
}

#define LL_NGROUPS_MAX 65536 /* of the kernel */

static __always_inline void ll_read_groups(struct ll_facts *facts, const struct cred *cred)
{
	struct group_info *info = BPF_CORE_READ(cred, group_info);
	__u32 count = BPF_CORE_READ(info, ngroups);

	facts->groups = ll_group_bit(BPF_CORE_READ(cred, egid.val));
	if (!info || count > LL_NGROUPS_MAX)
		facts->unknown |= LL_UNKNOWN_GROUPS;
	else
		ll_set_groups(facts, &info->gid, count);
}

/*
 * Whether the exec changes the effective ids or gains file capabilities. What root gains by being root is none, unless
 * root is nobody special (SECBIT_NOROOT): then it is gained from the file.
 */
static __always_inline bool ll_is_setuid(const struct cred *before, const struct cred *after)
{
	__u32 euid = BPF_CORE_READ(after, euid.val);

	if (euid != BPF_CORE_READ(before, euid.val) || BPF_CORE_READ(after, egid.val) != BPF_CORE_READ(before, egid.val))
		return true;
	if ((euid == 0 || BPF_CORE_READ(after, uid.val) == 0) && !(BPF_CORE_READ(before, securebits) & SECBIT_NOROOT))
		return false;
	return LL_READ_CAPS(after, cap_permitted) & ~LL_READ_CAPS(before, cap_permitted);
}

#endif /* LANDLATCH_FACTS_H */
