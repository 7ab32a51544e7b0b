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
/*
 * 0, of which the verifier doesn't know that it is, as long as it doesn't know `number`. It knows the words of the tables,
 * which are frozen, wherever it knows their index. Of a loop's callback, the verifier of 6.1 looks at the first round
 * alone: where it knows by then what the callback branches by, it removes the other branch.
 */
#define LL_HIDDEN_ZERO(number)                                                 \
	({                                                                     \
		__u32 ll_number = (number), ll_same = ll_number;               \
		LL_BARRIER(ll_number);                                         \
		LL_BARRIER(ll_same);                                           \
		ll_number - ll_same;                                           \
	})
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
#define LL_HIDDEN_ZERO(number) ((void)(number), 0u)
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

#define LL_MAGIC 0x334d4c4cu /* "LLM3" */

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
	LL_W_DIM = 160,     /* LL_ALL_DIMS times LL_D_WORDS */
	LL_W_HEADER = 328,
};

/*
 * An automaton. It reads a path from its first byte on or, with `backward` 1, from its last. Its states are rows, and places in
 * chains. Row 0 is dead. A step from a row on a byte of class c: cell
 * base + c, if its upper 8 bits are c, leads where its lower 24 bits say; else, and where LL_NOTHING is, the row's default. No
 * byte of a path has class 255.
 * Rows with equal cells share them, and no other two have one base.
 *
 * A chain is a row of links {class << 24 | row}. A byte of the link's class leads to the next link, and from the last one to
 * the chain's end; any other byte leads where it leads from the link's row, whose atom the place has too. Chains with equal
 * links share them: a pattern's fixed end costs three words. `rows_n` 0: no condition reads the automaton.
 *
 * Where a step leads: a row, or with LL_TO_CHAIN the first place of a chain.
 */
enum ll_dfa_index {
	LL_A_CLASSES = 0, /* offset: class of each byte, four a word, low byte first */
	LL_A_ROWS = 1,    /* offset; {base, default, atom} a row; atom 0: the path isn't one */
	LL_A_ROWS_N = 2,
	LL_A_CELLS = 3,   /* offset; one word each */
	LL_A_CELLS_N = 4,
	LL_A_START = 5,   /* where it begins, as where a step leads */
	LL_A_CHAINS = 6,  /* offset; {number of its first link, links, where its end leads} a chain */
	LL_A_CHAINS_N = 7,
	LL_A_LINKS = 8,   /* offset; one word each */
	LL_A_LINKS_N = 9,
	LL_A_BACKWARD = 10,
	LL_A_FACT = 11,   /* of a part: the dimension whose path it reads */
	LL_A_WORDS = 12,
};

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
#define LL_TABLE_OF(scan) 0
#define LL_LENGTH_OF(scan) 0
#else
typedef const __u32 *ll_table;
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

#ifdef LL_TABLE
/* `index` below `limit`. No branch that leads to another state: the verifier would follow each one on its own. */
LL_INLINE __u32 ll_clamp(__u32 index, __u32 limit, __u32 *bad)
{
	__u64 room = (__u64)limit - 1 - index;

	LL_BARRIER(room);
	*bad |= (__u32)(room >> 63);
	LL_BARRIER(index);
	if (index >= limit)
		index = 0;
	return index;
}
#endif

/* Out of bounds: sets *bad and gives some word of the table. */
LL_INLINE __u32 ll_word(ll_table t, __u32 len, __u32 index, __u32 *bad)
{
#ifdef LL_TABLE
	(void)t;
	(void)len;
	return LL_TABLE[ll_clamp(index, LL_TABLE_LEN, bad)];
#else
	if (index >= len) {
		*bad = 1;
		return 0;
	}
	return t[index];
#endif
}

/* Two words that follow each other, the second into *next. Out of bounds as ll_word. */
LL_INLINE __u32 ll_word_pair(ll_table t, __u32 len, __u32 index, __u32 *next, __u32 *bad)
{
#ifdef LL_TABLE
	(void)t;
	(void)len;
	index = ll_clamp(index, LL_TABLE_LEN - 1, bad);
	*next = LL_TABLE[index + 1];
	return LL_TABLE[index];
#else
	if ((__u64)index + 1 >= len) {
		*bad = 1;
		*next = 0;
		return 0;
	}
	*next = t[index + 1];
	return t[index];
#endif
}

/* Sets *bad unless `count` words from `offset` on are all inside: what was so checked is read by ll_known_word and _byte. */
LL_INLINE void ll_check_inside(__u32 len, __u32 offset, __u32 count, __u32 *bad)
{
#ifdef LL_TABLE
	len = LL_TABLE_LEN;
#endif
	if (offset > len || count > len - offset)
		*bad = 1;
}

/* A word of which ll_check_inside has found that it is. The verifier has not seen it. */
LL_INLINE __u32 ll_known_word(ll_table t, __u32 index)
{
#ifdef LL_TABLE
	__u32 length = LL_TABLE_LEN;

	(void)t;
	LL_BARRIER(index);
	if (index >= length)
		index = 0;
	return LL_TABLE[index];
#else
	return t[index];
#endif
}

/* A byte of such words: `index` is in bytes, low ones first. */
LL_INLINE __u32 ll_known_byte(ll_table t, __u64 index)
{
#ifdef LL_TABLE
	__u64 length = 4 * (__u64)LL_TABLE_LEN;

	(void)t;
	LL_BARRIER(index);
	if (index >= length)
		index = 0;
	return ((const volatile __u8 *)LL_TABLE)[index];
#else
	return ((const __u8 *)t)[index];
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
