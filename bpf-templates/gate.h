/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a policy's gate programs (gate.bpf.c) share with the loader: its settings, its events, and the context of the
 * matcher's test program. Plain structs.
 */
#ifndef LANDLATCH_GATE_H
#define LANDLATCH_GATE_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#include "match.h"

#define LL_PATH_ROOM 4096       /* a path of LL_MAX_PATH bytes and its NUL */
#define LL_BUFFERS 64           /* execs whose facts are gathered at one moment: running or preempted, never blocked */
#define LL_ROOT_BUFFERS 8       /* of them, root's alone */
#define LL_MAX_TEST_GROUPS 32   /* of one ll_match_context */
#define LL_EVENT_RING (1 << 20) /* bytes: some 250 events */
#define LL_RULESET_WORDS 4      /* of 64 rulesets each: as many as a policy may have on a kernel backend */
#define LL_MAX_RULESETS (64 * LL_RULESET_WORDS)

/*
 * Constants of the loaded gate, section .rodata: the loader fills them in before it loads.
 * `audit`: decide and report, refuse nothing. `slot` and `generation`: see supervise.h. `root`: the dentry of pid 1's
 * root; 0 takes every root for it.
 */
struct ll_settings {
	__u32 audit;
	__u32 slot;
	__u32 generation;
	__u32 reserved;
	__u64 root;
};

/*
 * One decision that a rule took part in, in ring buffer ll_events. `size` bytes in all: what follows `script` may be cut
 * off. Paths end with NUL. `named` is the file that execve was given, as text; it is absent (length 0) unless an
 * interpreter runs in its place.
 */
struct ll_event {
	__u32 size;
	__u32 refusal; /* enum ll_refusal; 0 with `refused`: the decision itself refuses */
	__u32 refused; /* the exec fails with EPERM */
	__u32 unknown; /* facts that could not be read: ll_facts.unknown */
	__u64 time;    /* CLOCK_MONOTONIC, ns */
	__u32 pid;     /* thread id */
	__u32 tgid;
	__u32 uid; /* effective, after the exec */
	__u32 slot;
	__u32 generation;
	__u32 exec_bytes; /* lengths without NUL */
	__u32 named_bytes;
	__u32 staged; /* its paths were not trusted: `decision` is the narrower of two, or that of both (`also`) */
	__u32 also;   /* 1 + another effect whose rulesets are applied too; 0: none */
	__u32 applied; /* told by a gate that applies by itself, once the exec is done: `rulesets` are in force */
	struct ll_decision decision;
	__u64 rulesets[LL_RULESET_WORDS]; /* with `applied`: bit by index, those this exec has added */
	char exec[LL_PATH_ROOM];
	char named[LL_PATH_ROOM];
};

/* The least of an ll_event: of a program that was killed, with its name (comm) for the path. */
#define LL_SHORT_EVENT (__builtin_offsetof(struct ll_event, exec) + 16)

/*
 * Context of the program ll_match, which decides one exec from given facts: the BPF matcher natively, without an
 * exec. A length above LL_MAX_PATH says that the fact is unknown; `script_bytes` 0: no script.
 */
struct ll_match_context {
	__u32 exec_bytes;
	__u32 script_bytes;
	__u32 cgroup_bytes;
	__u32 group_count; /* above LL_MAX_TEST_GROUPS: unknown */
	__u32 euid;
	__u32 ruid;
	__u32 flags;            /* LL_FLAG_ */
	__u32 unknown;          /* LL_UNKNOWN_ bits and 1 << LL_DIM_x, added to what the lengths say */
	__u32 image_atom;       /* the caller's, from an earlier context's `next_image_atom` */
	__u32 next_image_atom;  /* out: of `exec`, in the lineage automaton */
	__u32 again;            /* how often the same is decided once more, so that its time can be told from the program's */
	__u32 reserved;
	__u64 ancestors;        /* of the caller, itself among them */
	__u64 next_ancestors;   /* out: of the new program */
	struct ll_facts facts;  /* out: what was decided on */
	struct ll_decision decision; /* out */
	__u32 groups[LL_MAX_TEST_GROUPS];
	char exec[LL_PATH_ROOM];
	char script[LL_PATH_ROOM];
	char cgroup[LL_PATH_ROOM];
};

/* Rulesets as a set of indices: value of ll_effects (by effect) and ll_always (by bit of ll_decision.always). */
struct ll_rulesets {
	__u64 word[LL_RULESET_WORDS];
};

/* Indices of the array ll_counts. */
enum ll_count {
	LL_COUNT_APPLIED = 0,
	LL_COUNT_DENIED = 1,
	LL_COUNT_REFUSED = 2,
	LL_COUNT_AUDITED = 3,
	LL_COUNT_RULES = 4, /* and on: the hits of each rule */
};

/* Context of the program ll_store: ruleset `fd` of the calling process becomes that of index `ruleset`. */
struct ll_store_context {
	__s32 fd;
	__u32 ruleset;
};

#endif /* LANDLATCH_GATE_H */
