// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that the verifier of the series' kernel must accept (ok_…) or refuse (bad_…). series.c loads each alone and
 * holds the verifier's words against what it expects; execs.c attaches the gates at the end.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "series.h"

#define EPERM 1
#define ENOENT 2

char LICENSE[] SEC("license") = "GPL";

/* libbpf compares kinds of types: a declaration is not a struct to it. */
struct linux_binprm {
	int opaque;
};
struct bpf_landlock_ruleset {
	int opaque;
};
struct lsm_policy_object {
	__u32 lsmid;
	__u32 type;
} __attribute__((preserve_access_index));

extern int bpf_landlock_restrict_binprm(struct linux_binprm *bprm, const struct bpf_landlock_ruleset *ruleset,
					__u32 flags) __ksym __weak;
extern void bpf_landlock_put_ruleset(const struct bpf_landlock_ruleset *ruleset) __ksym __weak;
extern struct lsm_policy_object *bpf_lsm_policy_from_fd(int fd, __u32 flags) __ksym __weak;
extern struct lsm_policy_object *bpf_lsm_policy_acquire(struct lsm_policy_object *o) __ksym __weak;
extern int bpf_lsm_policy_apply_bprm(struct lsm_policy_object *o, struct linux_binprm *bprm, __u32 flags) __ksym __weak;
extern void bpf_lsm_policy_release(struct lsm_policy_object *o) __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

/* The loader sets the type: its number is the kernel's own business. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} rulesets SEC(".maps");

struct slot {
	struct lsm_policy_object __kptr *object;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct slot);
} objects SEC(".maps");

#define LOOKUP()                                                               \
	({                                                                     \
		__u32 zero = 0;                                                \
		(struct bpf_landlock_ruleset *)bpf_map_lookup_elem(&rulesets, &zero); \
	})

/* --- the map interface --- */

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ok_restrict, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		bpf_landlock_restrict_binprm(bprm, ruleset, 16);
		bpf_landlock_put_ruleset(ruleset);
	}
	return 0;
}

SEC("lsm.s/bprm_creds_for_exec")
int BPF_PROG(ok_restrict_early, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		bpf_landlock_restrict_binprm(bprm, ruleset, 16);
		bpf_landlock_put_ruleset(ruleset);
	}
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ok_delete, struct linux_binprm *bprm)
{
	__u32 zero = 0;

	bpf_map_delete_elem(&rulesets, &zero);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_no_put, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset)
		bpf_landlock_restrict_binprm(bprm, ruleset, 16);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_put_twice, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		bpf_landlock_put_ruleset(ruleset);
		bpf_landlock_put_ruleset(ruleset);
	}
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_use_after_put, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		bpf_landlock_put_ruleset(ruleset);
		bpf_landlock_restrict_binprm(bprm, ruleset, 16);
	}
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_no_null_check, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	bpf_landlock_restrict_binprm(bprm, ruleset, 16);
	bpf_landlock_put_ruleset(ruleset);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_read_ruleset, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();
	int word = 0;

	if (ruleset) {
		word = *(volatile int *)ruleset;
		bpf_landlock_put_ruleset(ruleset);
	}
	return word > 0 ? -1 : 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_write_ruleset, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		*(volatile int *)ruleset = 1;
		bpf_landlock_put_ruleset(ruleset);
	}
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_made_up_ruleset, struct linux_binprm *bprm)
{
	bpf_landlock_restrict_binprm(bprm, (struct bpf_landlock_ruleset *)bprm, 16);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_update_from_bpf, struct linux_binprm *bprm)
{
	__u32 zero = 0, fd = 3;

	bpf_map_update_elem(&rulesets, &zero, &fd, 0);
	return 0;
}

SEC("lsm.s/file_open")
int BPF_PROG(bad_wrong_hook, struct file *file)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset)
		bpf_landlock_put_ruleset(ruleset);
	return 0;
}

SEC("lsm/bprm_creds_from_file")
int BPF_PROG(bad_not_sleepable, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		bpf_landlock_restrict_binprm(bprm, ruleset, 16);
		bpf_landlock_put_ruleset(ruleset);
	}
	return 0;
}

SEC("lsm_cgroup/bprm_creds_from_file")
int BPF_PROG(bad_cgroup_lsm, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		bpf_landlock_restrict_binprm(bprm, ruleset, 16);
		bpf_landlock_put_ruleset(ruleset);
	}
	return 1;
}

SEC("fentry.s/bpf_lsm_bprm_creds_from_file")
int BPF_PROG(bad_tracing, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset)
		bpf_landlock_put_ruleset(ruleset);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(bad_tracepoint, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	bpf_landlock_restrict_binprm(bprm, (struct bpf_landlock_ruleset *)bprm, 16);
	return 0;
}

SEC("syscall")
int bad_syscall_map(void *context)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	return ruleset ? 1 : 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} programs SEC(".maps");

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_tail_call, struct linux_binprm *bprm)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset) {
		bpf_landlock_restrict_binprm(bprm, ruleset, 16);
		bpf_landlock_put_ruleset(ruleset);
	}
	bpf_tail_call(ctx, &programs, 0);
	return 0;
}

static long see_ruleset(void *map, __u32 *key, void *value, void *context)
{
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_for_each, struct linux_binprm *bprm)
{
	bpf_for_each_map_elem(&rulesets, see_ruleset, 0, 0);
	return 0;
}

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
};

/* Loads; what is refused is to attach it to the map, which LSM programs alone can use: so it only names no map here. */
SEC("iter/bpf_map_elem")
int bad_iterator(struct bpf_iter__bpf_map_elem *context)
{
	return 0;
}

/* --- the object interface --- */

struct store_context {
	int fd;
	__u32 slot;
};

SEC("syscall")
int ok_store(struct store_context *context)
{
	__u32 key = context->slot;
	struct slot *slot = bpf_map_lookup_elem(&objects, &key);
	struct lsm_policy_object *object;

	if (!slot)
		return 1;
	object = bpf_lsm_policy_from_fd(context->fd, 0);
	if (!object)
		return 2;
	object = bpf_kptr_xchg(&slot->object, object);
	if (object)
		bpf_lsm_policy_release(object);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ok_apply, struct linux_binprm *bprm)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&objects, &zero);
	struct lsm_policy_object *object;
	int error = -1;

	if (!slot)
		return -1;
	bpf_rcu_read_lock();
	object = slot->object;
	if (object)
		object = bpf_lsm_policy_acquire(object);
	bpf_rcu_read_unlock();
	if (object) {
		if (object->lsmid == 110 && object->type == 1)
			error = bpf_lsm_policy_apply_bprm(object, bprm, 16);
		bpf_lsm_policy_release(object);
	}
	return error ? -1 : 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_apply_without_reference, struct linux_binprm *bprm)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&objects, &zero);

	if (slot && slot->object)
		bpf_lsm_policy_apply_bprm(slot->object, bprm, 16);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_object_leak, struct linux_binprm *bprm)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&objects, &zero);
	struct lsm_policy_object *object;

	if (!slot)
		return 0;
	bpf_rcu_read_lock();
	object = slot->object;
	if (object)
		object = bpf_lsm_policy_acquire(object);
	bpf_rcu_read_unlock();
	if (object)
		bpf_lsm_policy_apply_bprm(object, bprm, 16);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_from_fd_in_lsm, struct linux_binprm *bprm)
{
	struct lsm_policy_object *object = bpf_lsm_policy_from_fd(3, 0);

	if (object)
		bpf_lsm_policy_release(object);
	return 0;
}

SEC("syscall")
int bad_from_fd_leak(void *context)
{
	return bpf_lsm_policy_from_fd(3, 0) ? 1 : 0;
}

SEC("lsm.s/file_open")
int BPF_PROG(bad_acquire_wrong_hook, struct file *file)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&objects, &zero);
	struct lsm_policy_object *object;

	if (!slot)
		return 0;
	bpf_rcu_read_lock();
	object = slot->object;
	if (object)
		object = bpf_lsm_policy_acquire(object);
	bpf_rcu_read_unlock();
	if (object)
		bpf_lsm_policy_release(object);
	return 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(bad_acquire_without_rcu, struct linux_binprm *bprm)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&objects, &zero);
	struct lsm_policy_object *object;

	if (!slot || !slot->object)
		return 0;
	object = bpf_lsm_policy_acquire(slot->object);
	if (object)
		bpf_lsm_policy_release(object);
	return 0;
}

SEC("syscall")
int bad_object_write(struct store_context *context)
{
	struct lsm_policy_object *object = bpf_lsm_policy_from_fd(context->fd, 0);

	if (object) {
		object->type = 2;
		bpf_lsm_policy_release(object);
	}
	return 0;
}

/* --- extensions --- */

__noinline int extensible(int x)
{
	volatile int same = x;

	return same;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ok_extensible, struct linux_binprm *bprm)
{
	return extensible(0) ? -EPERM : 0;
}

SEC("freplace/extensible")
int bad_extension_map(int x)
{
	struct bpf_landlock_ruleset *ruleset = LOOKUP();

	if (ruleset)
		bpf_landlock_put_ruleset(ruleset);
	return 0;
}

SEC("freplace/extensible")
int bad_extension_object(int x)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&objects, &zero);
	struct lsm_policy_object *object = 0;

	if (slot)
		object = bpf_kptr_xchg(&slot->object, object);
	if (object)
		bpf_lsm_policy_release(object);
	return 0;
}

/* --- gates of the tests of execs --- */

volatile struct gate_config config SEC(".data.gate") = {};

static __always_inline int by_map(struct linux_binprm *bprm)
{
	int error = 0;
	__u32 i;

	config.calls++;
	for (i = 0; i < 32 && i < config.times && !error; i++) {
		__u32 key = config.slot[i > 0];
		struct bpf_landlock_ruleset *ruleset = (void *)bpf_map_lookup_elem(&rulesets, &key);

		if (!ruleset) {
			error = -ENOENT;
			break;
		}
		error = bpf_landlock_restrict_binprm(bprm, ruleset, config.flags);
		bpf_landlock_put_ruleset(ruleset);
	}
	config.error = error;
	return error && config.fail_closed ? -EPERM : 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ok_gate, struct linux_binprm *bprm)
{
	return by_map(bprm);
}

SEC("lsm.s/bprm_creds_for_exec")
int BPF_PROG(ok_gate_early, struct linux_binprm *bprm)
{
	return by_map(bprm);
}

static __always_inline int by_object(struct linux_binprm *bprm)
{
	int error = 0;
	__u32 i;

	config.calls++;
	for (i = 0; i < 32 && i < config.times && !error; i++) {
		__u32 key = config.slot[i > 0];
		struct slot *slot = bpf_map_lookup_elem(&objects, &key);
		struct lsm_policy_object *object;

		if (!slot)
			return -EPERM;
		bpf_rcu_read_lock();
		object = slot->object;
		if (object)
			object = bpf_lsm_policy_acquire(object);
		bpf_rcu_read_unlock();
		if (!object) {
			error = -ENOENT;
			break;
		}
		error = bpf_lsm_policy_apply_bprm(object, bprm, config.flags);
		bpf_lsm_policy_release(object);
	}
	config.error = error;
	return error && config.fail_closed ? -EPERM : 0;
}

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(ok_object_gate, struct linux_binprm *bprm)
{
	return by_object(bprm);
}

SEC("lsm.s/bprm_creds_for_exec")
int BPF_PROG(ok_object_gate_early, struct linux_binprm *bprm)
{
	return by_object(bprm);
}
