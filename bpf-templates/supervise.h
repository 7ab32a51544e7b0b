/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the gate programs, the hold programs and the supervisor share: plain structs of the maps under
 * /sys/fs/bpf/landlatch. The protocol is described in supervise.bpf.c.
 */
#ifndef LANDLATCH_SUPERVISE_H
#define LANDLATCH_SUPERVISE_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define LL_CONTROL_VERSION 5 /* of everything in this file and of struct ll_event; a supervisor takes over pinned maps of its own version only */
#define LL_MAX_POLICIES 8    /* installed at once */
#define LL_SELFTEST_SLOT 7   /* never a policy's: the layer of the supervisor's own trial, which denies read_dir */
#define LL_SELFTEST_GENERATION 0xffffffffu
#define LL_MAX_MARKS 16384   /* tasks between their gate and the end of their hold */
#define LL_MAX_LAYERS 16     /* Landlock's own limit */
#define LL_SHARES 64         /* users are counted by a hash of their ids */
#define LL_HOLD_EVENTS 1024  /* upper bound of ll_control.max_held */
#define LL_HOLD_RING 65536   /* bytes: more than LL_HOLD_EVENTS events */
#define LL_HOLD_ROOM 16384   /* of them free, or no exec is marked: for those marked and not yet in their hold */

enum ll_mark_state {
	LL_MARK_NONE = 0,
	LL_MARK_PENDING = 1, /* a gate decided; the exec has not reached its hold */
	LL_MARK_HELD = 2,    /* in the hold: the supervisor was told and is waited for */
	LL_MARK_SEIZED = 3,  /* our supervisor traces the task; its exec stop comes next */
	LL_MARK_FAILED = 4,  /* killed by the hold or the backstop */
};

/* What one policy decided for the exec (see struct ll_decision in match.h). */
struct ll_layer {
	__u32 generation; /* every load has another; 0: this policy has nothing to apply */
	__u32 kind;       /* enum ll_kind */
	__u32 rule;
	__u32 effect;
	__u64 always;
	__u32 nnp;
	__u32 also; /* 1 + another effect whose rulesets are applied too; 0: none */
};

/* Value of the map ll_marks; the key is the task's address. */
struct ll_mark {
	__u64 exec_id; /* self_exec_id that the task has once this exec is past its point of no return */
	__u64 cookie;  /* random; ties the supervisor's steps to this very exec */
	__u32 state;   /* enum ll_mark_state */
	__u32 reserved;
	struct ll_layer layer[LL_MAX_POLICIES]; /* by slot */
};

/* Why a gate or the hold refused an exec that a rule had matched. 0: it didn't. */
enum ll_refusal {
	LL_REFUSED_NOT = 0,
	LL_REFUSED_DEAD = 1,       /* no supervisor */
	LL_REFUSED_HUNG = 2,       /* its heartbeat is old */
	LL_REFUSED_TRACED = 3,     /* somebody traces the task */
	LL_REFUSED_INIT = 4,       /* pid 1 can't be held: to kill it is to panic */
	LL_REFUSED_BUSY = 5,       /* as many held as may be */
	LL_REFUSED_PRIVILEGE = 6,  /* without nnp, and old or new credentials lack CAP_SYS_ADMIN */
	LL_REFUSED_MEMORY = 7,     /* no room for the mark */
	LL_REFUSED_ROOM = 8,       /* the supervisor is behind with the holds it was told of */
	/* Of gates that apply by themselves (series.h): */
	LL_REFUSED_LAYERS = 9,     /* the task has its 16 layers */
	LL_REFUSED_EMPTY = 10,     /* no ruleset where one should be */
	LL_REFUSED_STACKING = 11,  /* more than one ruleset, on the interface that takes one an exec */
	LL_REFUSED_KERNEL = 12,    /* the kernel refused otherwise */
	/* From here on past the point of no return: killed. */
	LL_KILLED_TIMEOUT = 16,    /* the hold's time was over */
	LL_KILLED_ROOM = 17,       /* the supervisor could not be told */
	LL_KILLED_DEAD = 18,       /* the supervisor died */
	LL_KILLED_BACKSTOP = 19,   /* reached its exec stop without having been held, or not traced any more */
};

/* In ring buffer ll_holds: one task is waiting. */
struct ll_hold_event {
	__u64 key;
	__u64 cookie;
	__u32 pid; /* thread id in the initial pid namespace */
	__u32 tgid;
	__u64 time; /* CLOCK_MONOTONIC, ns */
	__u32 share; /* ll_share_of its user */
	__u32 reserved;
};

/* Rulesets that a task has in force, by load: value of the map ll_applied, the key is the task's address. */
struct ll_applied_ruleset {
	__u32 generation;
	__u32 ruleset; /* index in that policy */
};

struct ll_applied {
	__u32 count;
	__u32 reserved;
	struct ll_applied_ruleset ruleset[LL_MAX_LAYERS];
};

/* Value of the one-element map ll_control. Written by the supervisor, but for `spinning`, `held_by` and the counters. */
struct ll_control {
	/* What stands before hold_limit never moves: one version tells by it whether another's supervisor lives. */
	__u32 version; /* LL_CONTROL_VERSION */
	__u32 next_generation;
	__u32 supervisor_tgid; /* 0: none */
	__u32 alive;
	__u64 heartbeat;       /* CLOCK_MONOTONIC ns of its last turn; gates refuse matched execs when it is old */
	__u64 heartbeat_limit; /* ns */
	__u64 hold_limit;      /* ns that one exec may be held */
	__u32 max_held;
	__u32 spinning;        /* tasks in the hold now */
	__u64 holds;           /* counters since load */
	__u64 hold_timeouts;
	__u64 backstop_kills;
	__u64 refused_traces;
	__u64 lost_events; /* of gates, for want of room in ll_events */
	__u64 lost_holds;  /* programs killed for want of room in ll_holds */
	__u64 lost_execs;  /* execs refused for want of a buffer for their facts, matched or not */
	__u32 seized;      /* tasks that the supervisor is busy with now */
	__u32 reserved;
	__u32 held_by[LL_SHARES];   /* `spinning` and `seized`, by user */
	__u32 seized_by[LL_SHARES];
};

static inline __u32 ll_share_of(__u32 uid)
{
	return (uid * 2654435761u) >> 26;
}

#endif /* LANDLATCH_SUPERVISE_H */
