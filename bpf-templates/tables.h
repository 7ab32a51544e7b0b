/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The words of a policy's match tables, and how they are read: the lowest part of the matcher (match.h). Also the facts of an
 * exec as they are matched, and the decision.
 */
#ifndef LANDLATCH_TABLES_H
#define LANDLATCH_TABLES_H

#ifdef __bpf__
/* __u32, __u64, bpf_loop come from the template's own includes */
#define LL_LOOP(count, callback, context) bpf_loop((count), (callback), (context), 0)
/* Keeps the compiler from checking one copy of an index and using another, which the verifier can't follow. */
#define LL_BARRIER(value) asm volatile("" : "+r"(value))
/* Else callers leave unused arguments unset, which the verifier refuses for global functions. */
#define LL_USE(value) asm volatile("" : : "r"(value))
#else
#include <linux/types.h>
#define LL_LOOP(count, callback, context)                                      \
	do {                                                                   \
		__u32 ll_loop_n = (count);                                     \
		for (__u32 ll_loop_i = 0; ll_loop_i < ll_loop_n; ll_loop_i++)  \
			if (callback(ll_loop_i, (context)))                    \
				break;                                         \
	} while (0)
#define LL_BARRIER(value) ((void)(value))
#define LL_USE(value) ((void)(value))
#endif

#ifdef __clang__
#define LL_UNROLL _Pragma("clang loop unroll(full)")
#else
#define LL_UNROLL
#endif
#define LL_INLINE static inline __attribute__((always_inline, unused))
#ifdef __bpf__
#define LL_CALLBACK static __attribute__((unused))
#else
#define LL_CALLBACK LL_INLINE /* so that a loop's context can be in registers */
#endif
/*
 * A function of its own. In BPF a global one, which the verifier checks once for all its callers; its pointers then
 * point at plain memory and may be NULL.
 */
#ifdef __bpf__
#define LL_SUBPROG __attribute__((noinline))
#else
#define LL_SUBPROG static inline __attribute__((unused))
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

/*
 * A fact's patterns may be more than one automaton can hold. Then some of them are in parts: further automata over the same path,
 * each with a dimension of its own. Part p is automaton LL_DFAS + p and dimension LL_DIMS + p.
 */
#define LL_PARTS 8u
#define LL_ALL_DIMS (LL_DIMS + LL_PARTS)

/* Automata. */
enum ll_dfa {
	LL_DFA_EXEC = 0,
	LL_DFA_SCRIPT = 1,
	LL_DFA_LINEAGE = 2, /* patterns of `parent exec` and `ancestor exec` together */
	LL_DFA_CGROUP = 3,
	LL_DFAS = 4,
};
#define LL_ALL_DFAS (LL_DFAS + LL_PARTS)

/* ll_facts.flags */
#define LL_FLAG_SETUID (1u << 0)
#define LL_FLAG_UNLINKED (1u << 1)

/* ll_facts.unknown: one bit a dimension (1 << LL_DIM_x), then: */
#define LL_UNKNOWN_ANCESTORS (1u << 8)
#define LL_UNKNOWN_GROUPS (1u << 9)
#define LL_UNKNOWN_SETUID (1u << 10)
#define LL_UNKNOWN_UNLINKED (1u << 11)
/* Of LL_W_USED alone: some fact has parts. */
#define LL_USED_PARTS (1u << 12)

/*
 * One exec, reduced. Atom 0 of a path dimension is "absent" (only `script` can be); atom 1 is "none of the policy's
 * patterns"; atoms of a dimension without conditions are not looked at. Atom 0 of a user dimension is any user that
 * the policy doesn't name. `ancestors` has a bit for each `ancestor exec`
 * condition that some image of the lineage meets, the caller's among them; `groups` a bit for each group named by the
 * policy that is the task's effective or supplementary one. `part` has the atoms of the parts, which are unknown with their fact.
 */
struct ll_facts {
	__u32 atom[LL_DIMS];
	__u16 part[LL_PARTS];
	__u32 flags;
	__u32 unknown;
	__u64 ancestors;
	__u64 groups;
};

enum ll_kind {
	LL_NONE = 0,   /* no rule decides */
	LL_PASS = 1,   /* decided: nothing */
	LL_APPLY = 2,
	LL_DENY = 3,
	LL_REFUSE = 4, /* a needed fact is unknown, or the tables are damaged: fail closed */
};

/*
 * What was decided. `rule` is the index of the deciding rule in the manifest; where none decides, of the first `always`
 * rule that applies; ~0 for none. `effect` is the index of the deciding rule's effect (~0 for none). `always` has a bit
 * for each entry of the manifest's list of always-rulesets to be applied on top (also when kind is LL_NONE or LL_PASS).
 * `nnp` is set when any of the applying rules asks for no_new_privs.
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

/* Whether `audit` rules would change what is done, whichever rule says so. */
LL_INLINE int ll_audit_differs(const struct ll_decision *decision)
{
	return decision->audit_kind != decision->kind || decision->audit_effect != decision->effect ||
	       decision->audit_always != decision->always || decision->audit_nnp != decision->nnp;
}

#define LL_NOTHING 0xffffffffu /* rule, effect: none */
#define LL_MAX_PATH 4095u
#define LL_MAX_COMPLETIONS 4096u
#define LL_MAX_STEPS (1u << 22) /* of one exec's scans */

/* --- layout of the tables --- */

#define LL_MAGIC 0x344d4c4cu /* "LLM4" */

/* Word indices. Offsets are word indices too. */
enum ll_word_index {
	LL_W_MAGIC = 0,
	LL_W_LENGTH = 1,  /* words in all */
	LL_W_USED = 2,    /* facts that any box reads: 1 << LL_DIM_x and the LL_UNKNOWN_ bits */
	LL_W_BOXES = 3,   /* offset of the boxes, LL_B_WORDS each: competing ones by rank, then those of `always` */
	LL_W_MAIN = 4,    /* number of competing boxes */
	LL_W_ALL = 5,     /* number of boxes */
	LL_W_FREE = 6,    /* offset of the list of boxes without a trigger */
	LL_W_FREE_N = 7,
	LL_W_EFFECTS = 8, /* offset; LL_E_WORDS each */
	LL_W_EFFECTS_N = 9,
	LL_W_LINEAGE = 10,  /* offset of the ancestor bits by lineage atom, two words each, low first */
	LL_W_MASKS = 11,    /* offset of every possible value of ll_facts.ancestors, two words each */
	LL_W_MASKS_N = 12,  /* LL_NOTHING: too many to list */
	LL_W_GROUPS = 13,   /* number of group bits in use */
	LL_W_PARTED = 14,   /* facts that have parts: 1 << LL_DIM_x */
	LL_W_MORE = 15,     /* offset of what boxes ask of parts: LL_PARTS words each, as those of LL_B_SETS */
	LL_W_DFA = 16,      /* LL_ALL_DFAS times LL_A_WORDS */
	LL_W_DIM = 136,     /* LL_ALL_DIMS times LL_D_WORDS */
	LL_W_HEADER = 304,
};

/*
 * An automaton. It reads a path from its first byte on or, with `backward` 1, from its last. Its states are rows, and places in
 * chains. All rows lie over each other in one array of cells, each with its first word where its number says, and row 0 is
 * dead. A step from a row on a byte of class c: the row's word LL_R_CELLS + c, if its upper 8 bits are c, leads where its lower 24
 * bits say; else it leads where the row's first word says. No byte of a path has class 255, and words that are no row's cell
 * have it: a row's first two words, and LL_NOTHING.
 *
 * A chain is a row of links {class << 24 | row}. A byte of the link's class leads to the next link, and from the last one to
 * the chain's end; any other byte leads where it leads from the link's row, whose atom the place has too. Chains with equal
 * links share them: a pattern's fixed end costs three words. `cells_n` 0: no condition reads the automaton.
 *
 * Where a step leads: a row, or with LL_TO_CHAIN the first place of a chain.
 */
enum ll_dfa_index {
	LL_A_CLASSES = 0, /* offset: class of each byte, four a word, low byte first */
	LL_A_CELLS = 1,   /* offset */
	LL_A_CELLS_N = 2,
	LL_A_START = 3,   /* where it begins, as where a step leads */
	LL_A_CHAINS = 4,  /* offset; {number of its first link, links, where its end leads} a chain */
	LL_A_CHAINS_N = 5,
	LL_A_LINKS = 6,   /* offset; one word each */
	LL_A_LINKS_N = 7,
	LL_A_BACKWARD = 8,
	LL_A_FACT = 9,    /* of a part: the dimension whose path it reads */
	LL_A_WORDS = 10,
};

enum ll_row_index {
	LL_R_OTHERWISE = 0, /* LL_R_MARK | where it leads when no cell does */
	LL_R_ATOM = 1,      /* LL_R_MARK | its atom; 0: the path isn't one */
	LL_R_CELLS = 2,
};
/* With a cell for each class that there may be. So many words follow the tables' last part, too. */
#define LL_R_WORDS 258u
#define LL_R_MARK 0xff000000u

#define LL_TO_CHAIN 0x800000u
#define LL_TO_MASK 0xffffffu

/* A dimension. Sets are numbered from 0; atom a is in set s if comb cell base(a) + s holds a. */
enum ll_dim_index {
	LL_D_FIRST = 0,     /* the first atom that can occur */
	LL_D_ATOMS = 1,     /* one above the last; 0: no condition reads this dimension */
	LL_D_SETS_OF = 2,   /* offset: by atom, begin of its sets in LL_D_SETS (atoms + 1 entries) */
	LL_D_SETS = 3,      /* offset of lists of triggering sets */
	LL_D_SETS_N = 4,
	LL_D_BASE = 5,      /* offset: comb base by atom */
	LL_D_COMB = 6,      /* offset of the comb */
	LL_D_COMB_N = 7,
	LL_D_BOXES_OF = 8,  /* offset: by set, begin of its boxes in LL_D_BOXES (sets + 1 entries) */
	LL_D_BOXES = 9,     /* offset of lists of box numbers */
	LL_D_BOXES_N = 10,
	LL_D_SET_COUNT = 11,
	LL_D_WORDS = 12,
};

/* A box: conjunction of tests. Words of two parts have the low one first. */
enum ll_box_index {
	LL_B_RULE = 0,
	LL_B_EFFECT = 1,
	LL_B_FLAGS = 2,    /* LL_BOX_ bits; << LL_BOX_MORE: 1 + the number of its entry in LL_W_MORE, 0 for none */
	LL_B_REQUIRED = 3, /* LL_FLAG_ bits that must be set; << 16: must be clear */
	LL_B_ANC_REQ = 4,
	LL_B_ANC_FORB = 6,
	LL_B_GRP_REQ = 8,
	LL_B_GRP_FORB = 10,
	LL_B_ALWAYS = 12,  /* bits for ll_decision.always */
	LL_B_SETS = 14,    /* one word a dimension: 0 no test, else set + 1, with LL_SET_NOT: not in the set */
	LL_B_WORDS = 20,
};

#define LL_SET_NOT 0x80000000u

#define LL_BOX_ENFORCED 1u /* takes part in the enforced view */
#define LL_BOX_AUDITED 2u  /* takes part in the audited view */
#define LL_BOX_ALWAYS 4u   /* adds its layers, or denies, whatever decides */
#define LL_BOX_NNP 8u      /* of an `always apply … with nnp` */
#define LL_BOX_MORE 8u

/* An effect. */
enum ll_effect_index {
	LL_E_KIND = 0,  /* enum ll_kind, | LL_EFFECT_NNP */
	LL_E_CLASS = 1, /* effects of one class have the same rulesets beside those of LL_E_ALWAYS */
	LL_E_ALWAYS = 2, /* those of its rulesets that have a bit in ll_decision.always; two words, low first */
	LL_E_SAME = 4,   /* effects with the same of these are one decision (the text of a deny doesn't count) */
	LL_E_WORDS = 5,
};
#define LL_EFFECT_NNP 0x100u

/* --- reading --- */

/* The tables as functions pass them on: no pointer in BPF, where LL_TABLE is read and 0 is passed. */
#ifdef LL_TABLE
typedef __u64 ll_table;
typedef const volatile __u32 ll_cell;
typedef const volatile __u8 ll_byte;
#define LL_TABLE_OF(scan) 0
#define LL_LENGTH_OF(scan) 0
#else
typedef const __u32 *ll_table;
typedef const __u32 ll_cell;
typedef const __u8 ll_byte;
#define LL_TABLE_OF(scan) ((scan)->t)
#define LL_LENGTH_OF(scan) ((scan)->len)
#endif

/*
 * Whether any box of the policy asks for one of the facts in `bits` (1 << LL_DIM_x and LL_UNKNOWN_ bits). Where the includer
 * knows (LL_USED, a constant once the policy is), what nobody asks for is not compiled; else it is looked up as ever.
 */
#ifdef LL_USED
#define LL_READS(bits) ((LL_USED & (bits)) != 0)
#else
#define LL_READS(bits) 1
#endif

/* Out of bounds: sets *bad and gives some word of the table. */
LL_INLINE __u32 ll_word(ll_table t, __u32 len, __u32 index, __u32 *bad)
{
#ifdef LL_TABLE
	/* No branch that leads to another state: the verifier would follow each one on its own. */
	__u64 room = (__u64)LL_TABLE_LEN_LESS(1) - index;

	(void)t;
	(void)len;
	LL_BARRIER(room);
	*bad |= (__u32)(room >> 63);
	LL_BARRIER(index);
	if (index >= LL_TABLE_LEN_LESS(0))
		index = 0;
	return LL_TABLE[index];
#else
	if (index >= len) {
		*bad = 1;
		return 0;
	}
	return t[index];
#endif
}

/*
 * The tables from word `at` on, of which the first `count` can be read; NULL where they aren't all inside. In BPF `count` is a
 * constant, and the verifier wants no further check of what is read from there.
 */
LL_INLINE ll_cell *ll_words_at(ll_table t, __u32 len, __u32 at, __u32 count)
{
#ifdef LL_TABLE
	__u64 last = LL_TABLE_LEN_LESS(count), index = at;

	(void)t;
	(void)len;
	LL_BARRIER(index);
	if (index > last)
		return 0;
	LL_BARRIER(index); /* no pointer is made before the check */
	return LL_TABLE + index;
#else
	if (count > len || at > len - count)
		return 0;
	return t + at;
#endif
}

LL_INLINE __u64 ll_word2(ll_table t, __u32 len, __u32 index, __u32 *bad)
{
	__u64 low = ll_word(t, len, index, bad);

	return low | (__u64)ll_word(t, len, index + 1, bad) << 32;
}

LL_INLINE __u32 ll_dim_word(ll_table t, __u32 len, __u32 dim, __u32 index, __u32 *bad)
{
	return ll_word(t, len, LL_W_DIM + dim * LL_D_WORDS + index, bad);
}

#endif /* LANDLATCH_TABLES_H */
