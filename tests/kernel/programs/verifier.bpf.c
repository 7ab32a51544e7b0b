// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that the verifier of the series' kernel must accept (ok_…) or refuse (bad_…). series.c loads each alone and
 * holds the verifier's words against what it expects.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct linux_binprm;
struct bpf_landlock_ruleset;
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

/* --- the object interface --- */

SEC("syscall")
int ok_store(int *context)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&objects, &zero);
	struct lsm_policy_object *object;

	if (!slot)
		return 1;
	object = bpf_lsm_policy_from_fd(3, 0);
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
