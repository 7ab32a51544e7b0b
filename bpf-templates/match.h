/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The matcher: which rule decides an exec. One source for the BPF gate and for userspace, so that every
 * backend decides alike. C that both clang -target bpf and a C++ compiler take; static inline only.
 *
 * All of a policy's tables are one array of 32-bit words (`struct ll_tables`), little-endian in the object
 * file, section .rodata.landlatch. Every read is bounds-checked against its length, in userspace as in BPF, so a
 * hostile table can give a wrong answer but never a wild read or an endless loop.
 *
 * The idea. Each fact of an exec (image path, script path, caller's path, cgroup path, user ids) is first
 * reduced to an *atom*: the set of the policy's conditions on this fact that hold. Paths get there through one
 * minimised DFA per dimension, so the cost grows with the path and not with the number of rules. A rule is a
 * union of *boxes*; a box is a conjunction of tests on atoms. Each box hangs under one of its positive sets (its
 * trigger, the rarest), so only boxes whose trigger holds are looked at. Boxes have static ranks such that
 * the lowest rank among the matching ones is the decision (see compiler/match/README.md for why that is exact).
 *
 * A fact that could not be read is *unknown*: the decision is then taken for every value the fact could have, and
 * stands only if all agree; else the exec is refused.
 */
#ifndef LANDLATCH_MATCH_H
#define LANDLATCH_MATCH_H

#ifdef __bpf__
/* __u32, __u64, bpf_loop come from the template's own includes */
#else
#include <linux/types.h>
#endif

/* Facts reduced to atoms by ll_dfa_walk / ll_id_atom. */
enum ll_dim {
	LL_DIM_EXEC = 0,   /* image path */
	LL_DIM_SCRIPT = 1, /* script path; atom 0 is "no script" */
	LL_DIM_PARENT = 2, /* caller's image path; shares the lineage DFA */
	LL_DIM_CGROUP = 3,
	LL_DIM_USER = 4,   /* effective uid after the exec */
	LL_DIM_REAL_USER = 5,
	LL_DIMS = 6,
};

/* Automata. */
enum ll_dfa {
	LL_DFA_EXEC = 0,
	LL_DFA_SCRIPT = 1,
	LL_DFA_LINEAGE = 2, /* patterns of `parent exec` and `ancestor exec` together */
	LL_DFA_CGROUP = 3,
	LL_DFAS = 4,
};

/* ll_facts.flags */
#define LL_FLAG_SETUID (1u << 0)
#define LL_FLAG_UNLINKED (1u << 1)

/* ll_facts.unknown: one bit a dimension (1 << LL_DIM_x), then: */
#define LL_UNKNOWN_ANCESTORS (1u << 8)
#define LL_UNKNOWN_GROUPS (1u << 9)
#define LL_UNKNOWN_SETUID (1u << 10)
#define LL_UNKNOWN_UNLINKED (1u << 11)

/*
 * One exec, reduced. Atom 0 of a path dimension is "absent" (only `script` can be); atom 1 is "none of the policy's
 * patterns"; atoms of a dimension without conditions are not looked at. `ancestors` has a bit for each `ancestor exec`
 * condition that some image of the lineage meets, the caller's among them; `groups` a bit for each group named by the
 * policy that is the task's effective or supplementary one.
 */
struct ll_facts {
	__u32 atom[LL_DIMS];
	__u32 flags;
	__u32 unknown;
	__u64 ancestors;
	__u64 groups;
};

enum ll_kind {
	LL_NONE = 0,   /* no rule matches */
	LL_PASS = 1,   /* decided: nothing */
	LL_APPLY = 2,
	LL_DENY = 3,
	LL_REFUSE = 4, /* a needed fact is unknown, or the tables are damaged: fail closed */
};

/*
 * What was decided. `rule` is the index of the deciding rule in the manifest (~0 for none), `effect` the index of its
 * effect (~0 for none). `always` has a bit for each entry of the manifest's list of always-rulesets to be applied on top
 * (also when kind is LL_NONE or LL_PASS). `nnp` is set when any of the applying rules asks for no_new_privs.
 * The audit_ fields are the same with `audit` rules taken part; equal to the others where no audit rule matters.
 */
struct ll_decision {
	__u32 kind;
	__u32 rule;
	__u32 effect;
	__u32 nnp;
	__u64 always;
	__u32 audit_kind;
	__u32 audit_rule;
	__u32 audit_effect;
	__u32 audit_nnp;
	__u64 audit_always;
};

#endif /* LANDLATCH_MATCH_H */
