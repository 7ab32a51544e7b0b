/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The kernel types that the gate and hold programs read, field by field: CO-RE finds each in the running kernel's BTF.
 * Hand-written, so that building needs no vmlinux.h. Add here what a program reads; one header for all of them.
 */
#ifndef LANDLATCH_KERNEL_H
#define LANDLATCH_KERNEL_H

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

typedef _Bool bool;
#define true 1
#define false 0

#define EPERM 1
#define ENOENT 2
#define E2BIG 7
#define SIGKILL 9
#define CAP_SYS_ADMIN 21
#define SECBIT_NOROOT 0x1u

/* Entries of a map that has one for each task: the loader raises it to as many as the machine can have. */
#define LL_TASKS 16384

/* task_struct.ptrace */
#define PT_PTRACED 0x1u
#define PT_SEIZED 0x10000u
#define PT_TRACE_EXEC (1u << (3 + 4))
#define PT_EXITKILL (1u << (3 + 20))
/* task_struct.atomic_flags */
#define PFA_NO_NEW_PRIVS 0x1ul
/* signal_struct.flags */
#define SIGNAL_GROUP_EXIT 0x4u
/* lsm/ptrace_access_check */
#define PTRACE_MODE_ATTACH 0x2u

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct mm_struct {
	unsigned long arg_start;
};

/* Two 32-bit words before 6.3, one of 64 bits since: the same bytes on little-endian. Read by LL_READ_CAPS only. */
typedef struct {
	__u64 val;
} kernel_cap_t;

typedef struct {
	unsigned int val;
} kuid_t;

typedef struct {
	unsigned int val;
} kgid_t;

struct group_info {
	int ngroups;
	kgid_t gid[];
};

struct user_namespace {
	int level; /* 0: the initial one */
};

struct cred {
	kuid_t uid;
	kuid_t euid;
	kgid_t egid;
	unsigned int securebits;
	struct user_namespace *user_ns;
	kernel_cap_t cap_permitted;
	kernel_cap_t cap_effective;
	struct group_info *group_info;
};

/* `parent` until 6.14, where it became `__parent`. */
struct kernfs_node___old {
	struct kernfs_node *parent;
};

struct kernfs_node {
	struct kernfs_node *__parent;
	const char *name;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct signal_struct {
	unsigned int flags;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct task_struct {
	int pid;
	int tgid;
	unsigned int ptrace;
	unsigned long atomic_flags;
	struct task_struct *parent;
	struct task_struct *real_parent;
	struct mm_struct *mm;
	struct signal_struct *signal;
	const struct cred *cred;
	struct css_set *cgroups;
	struct nsproxy *nsproxy;
	struct fs_struct *fs;
	__u64 self_exec_id;
};

struct super_block {
	unsigned int s_dev;
};

struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct dentry {
	struct hlist_bl_node d_hash;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mnt_namespace {
	struct user_namespace *user_ns;
};

struct mount {
	struct vfsmount mnt;
	struct mnt_namespace *mnt_ns; /* null or an error pointer: detached, or the kernel's own */
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct fs_struct {
	struct path root;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
};

struct linux_binprm {
	struct file *file;
	struct cred *cred;
	const char *filename;
};

/* Of the exec-time series alone (series.h). */
struct lsm_policy_object {
	__u32 lsmid;
	__u32 type;
};

#pragma clang attribute pop

/* As 64 bits, without naming a field of kernel_cap_t: it has other ones on 6.1. */
#define LL_READ_CAPS(cred, field)                                  \
	({                                                         \
		__u64 ll_caps = 0;                                 \
		bpf_core_read(&ll_caps, sizeof(ll_caps), &(cred)->field); \
		ll_caps;                                           \
	})

/* The dentry of a task's root. */
static __attribute__((unused)) inline __u64 ll_root_of(struct task_struct *task)
{
	return (__u64)BPF_CORE_READ(task, fs, root.dentry);
}

/*
 * Whether paths that `task` goes by may have been put up by somebody without privilege, or by a container's image: it
 * is in another user namespace than the initial one, in a mount namespace of such a one, or in another root than
 * `root`, the dentry of pid 1's.
 */
static __attribute__((unused)) inline bool ll_is_staged_task(struct task_struct *task, __u64 root)
{
	return BPF_CORE_READ(task, cred, user_ns, level) != 0 || BPF_CORE_READ(task, nsproxy, mnt_ns, user_ns, level) != 0 ||
	       (root && ll_root_of(task) != root);
}

#endif /* LANDLATCH_KERNEL_H */
