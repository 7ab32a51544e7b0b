/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The matcher: which rule decides an exec. One source for the BPF gate and for userspace, so that every
 * backend decides alike. C that both clang -target bpf and a C++ compiler take; static inline only.
 *
 * All of a policy's tables are one array of 32-bit words, little-endian in the object file, section
 * .rodata.landlatch; enum ll_word below has its layout. Every read is bounds-checked against its length and every
 * loop is bounded, in userspace as in BPF, so a hostile table can give a wrong answer but never a wild read or an
 * endless loop. Damage that is noticed gives LL_REFUSE.
 *
 * The idea. Each fact of an exec (image path, script path, caller's path, cgroup path, user ids) is first
 * reduced to an *atom*: the set of the policy's conditions on this fact that hold. Paths get there through one
 * minimised DFA per dimension, so the cost grows with the path and not with the number of rules. A rule is a
 * union of *boxes*; a box is a conjunction of tests on atoms. Each box hangs under one of its positive sets (its
 * trigger, the rarest), so only boxes whose trigger holds are looked at. Boxes are in the order of their ranks, and
 * the first that matches is the decision (see compiler/match/README.md for why that is exact).
 *
 * A fact that could not be read is *unknown*: the decision is then taken for every value the fact could have, and
 * stands only if all agree; else the exec is refused. That is done twice: once by looking at all boxes with
 * three-valued logic, which settles nearly everything, then, where boxes together might still agree, by trying up to
 * LL_MAX_COMPLETIONS combinations of values one by one.
 *
 * In BPF the includer defines LL_TABLE and LL_TABLE_LEN (the constant array and its length in words) before this
 * file, and passes 0 for every `t` and `len`: the verifier then sees constant bounds.
 */
#ifndef LANDLATCH_MATCH_H
#define LANDLATCH_MATCH_H

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
#define LL_CALLBACK static __attribute__((unused))
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
 * patterns"; atoms of a dimension without conditions are not looked at. Atom 0 of a user dimension is any user that
 * the policy doesn't name. `ancestors` has a bit for each `ancestor exec`
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


#define LL_NOTHING 0xffffffffu /* rule, effect: none */
#define LL_MAX_PATH 4095u
#define LL_MAX_COMPLETIONS 4096u
#define LL_MAX_STEPS (1u << 22) /* of one exec's scans */

/* --- layout of the tables --- */

#define LL_MAGIC 0x314d4c4cu /* "LLM1" */

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
	LL_W_DFA = 16,      /* LL_DFAS times LL_A_WORDS */
	LL_W_DIM = 48,      /* LL_DIMS times LL_D_WORDS */
	LL_W_HEADER = 120,
};

/*
 * An automaton. State 0 is dead. A step from state s on a byte of class c: cell base(s) + c if its `check` is s, else
 * the default of s. `rows_n` 0: no condition reads it.
 */
enum ll_dfa_index {
	LL_A_CLASSES = 0, /* offset: class of each byte, four a word, low byte first */
	LL_A_ROWS = 1,    /* offset; {base, default, atom} a state; atom 0: the path isn't one */
	LL_A_ROWS_N = 2,
	LL_A_CELLS = 3,   /* offset; {check, next} */
	LL_A_CELLS_N = 4,
	LL_A_START = 5,
	LL_A_WORDS = 8,
};

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
	LL_B_FLAGS = 2,    /* LL_BOX_ bits */
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

/* Out of bounds: sets *bad and gives some word of the table. */
LL_INLINE __u32 ll_word(ll_table t, __u32 len, __u32 index, __u32 *bad)
{
#ifdef LL_TABLE
	/* No branch that leads to another state: the verifier would follow each one on its own. */
	__u32 length = LL_TABLE_LEN;
	__u64 room = (__u64)length - 1 - index;

	(void)t;
	(void)len;
	LL_BARRIER(room);
	*bad |= (__u32)(room >> 63);
	LL_BARRIER(index);
	if (index >= length)
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

LL_INLINE __u64 ll_word2(ll_table t, __u32 len, __u32 index, __u32 *bad)
{
	__u64 low = ll_word(t, len, index, bad);

	return low | (__u64)ll_word(t, len, index + 1, bad) << 32;
}

LL_INLINE __u32 ll_dim_word(ll_table t, __u32 len, __u32 dim, __u32 index, __u32 *bad)
{
	return ll_word(t, len, LL_W_DIM + dim * LL_D_WORDS + index, bad);
}

/* --- paths to atoms --- */

struct ll_walk {
	ll_table t;
	const unsigned char *bytes;
	__u32 len;
	__u32 n;
	__u32 classes;
	__u32 rows;
	__u32 cells;
	__u32 cells_n;
	__u32 state;
	__u32 bad;
};

LL_CALLBACK long ll_walk_step(__u32 i, void *context)
{
	struct ll_walk *w = (struct ll_walk *)context;
	__u32 byte, class_word, row, cell;

	if (i >= w->n)
		return 1;
	byte = w->bytes[i & LL_MAX_PATH];
	if (byte == 0) {
		w->state = 0;
		return 1;
	}
	class_word = ll_word(w->t, w->len, w->classes + (byte >> 2), &w->bad);
	row = w->rows + 3 * w->state;
	cell = ll_word(w->t, w->len, row, &w->bad) + ((class_word >> (8 * (byte & 3))) & 0xff);
	if (cell < w->cells_n && ll_word(w->t, w->len, w->cells + 2 * cell, &w->bad) == w->state)
		w->state = ll_word(w->t, w->len, w->cells + 2 * cell + 1, &w->bad);
	else
		w->state = ll_word(w->t, w->len, row + 1, &w->bad);
	return w->state == 0 || w->bad;
}

/*
 * The atom of a path of `n` bytes, 0 when it isn't a path of the universe (relative, "//", ".", "..", trailing "/",
 * NUL, empty, longer than LL_MAX_PATH) or the tables are damaged: the caller marks the fact unknown. 1 when no
 * condition reads this automaton. In BPF `bytes` points at LL_MAX_PATH + 1 readable bytes.
 */
LL_INLINE __u32 ll_dfa_walk(ll_table t, __u32 len, __u32 dfa, const char *bytes, __u32 n)
{
	struct ll_walk w = {};
	__u32 base = LL_W_DFA + dfa * LL_A_WORDS;
	__u32 atom;

	if (dfa >= LL_DFAS || n > LL_MAX_PATH)
		return 0;
	w.t = t;
	w.len = len;
	if (ll_word(t, len, base + LL_A_ROWS_N, &w.bad) == 0)
		return w.bad ? 0 : 1;
	w.bytes = (const unsigned char *)bytes;
	w.n = n;
	w.classes = ll_word(t, len, base + LL_A_CLASSES, &w.bad);
	w.rows = ll_word(t, len, base + LL_A_ROWS, &w.bad);
	w.cells = ll_word(t, len, base + LL_A_CELLS, &w.bad);
	w.cells_n = ll_word(t, len, base + LL_A_CELLS_N, &w.bad);
	w.state = ll_word(t, len, base + LL_A_START, &w.bad);
	LL_LOOP(n, ll_walk_step, &w);
	atom = ll_word(t, len, w.rows + 3 * w.state + 2, &w.bad);
	return w.bad ? 0 : atom;
}

/* Which ancestor conditions an image meets, by its lineage atom. */
LL_INLINE __u64 ll_lineage_mask(ll_table t, __u32 len, __u32 atom)
{
	__u32 bad = 0;
	__u64 mask;

	if (atom >= ll_dim_word(t, len, LL_DIM_PARENT, LL_D_ATOMS, &bad))
		return 0;
	mask = ll_word2(t, len, ll_word(t, len, LL_W_LINEAGE, &bad) + 2 * atom, &bad);
	return bad ? 0 : mask;
}

/* --- boxes --- */

enum ll_truth {
	LL_NO = 0,
	LL_YES = 1,
	LL_MAYBE = 2,
};

/* Tests on bits: all of `required` set, none of `forbidden`. Unknown: `bits` are those set at least. */
LL_INLINE __u32 ll_test_bits(__u64 bits, __u64 required, __u64 forbidden, __u32 unknown)
{
	__u64 missing = required & ~bits;

	if (forbidden & bits)
		return LL_NO;
	if (unknown)
		return missing | forbidden ? LL_MAYBE : LL_YES;
	return missing ? LL_NO : LL_YES;
}

LL_INLINE __u32 ll_test_set(ll_table t, __u32 len, __u32 dim, __u32 atom, __u32 test, __u32 *bad)
{
	__u32 in = 0;
	__u32 cell;

	if (atom >= ll_dim_word(t, len, dim, LL_D_ATOMS, bad)) {
		*bad = 1;
		return LL_NO;
	}
	cell = ll_word(t, len, ll_dim_word(t, len, dim, LL_D_BASE, bad) + atom, bad) + (test & ~LL_SET_NOT) - 1;
	if (cell < ll_dim_word(t, len, dim, LL_D_COMB_N, bad))
		in = ll_word(t, len, ll_dim_word(t, len, dim, LL_D_COMB, bad) + cell, bad) == atom;
	return in != (test >> 31);
}

/* Whether the box whose first word is `at` matches; LL_MAYBE when that hangs on an unknown fact. */
LL_SUBPROG __u32 ll_test_box(ll_table t, __u32 len, __u32 at, const struct ll_facts *f, __u32 *damaged);
LL_SUBPROG __u32 ll_test_box(ll_table t, __u32 len, __u32 at, const struct ll_facts *f, __u32 *damaged)
{
	__u32 flag = 0;
	__u32 *bad = &flag;
	__u32 required = ll_word(t, len, at + LL_B_REQUIRED, bad);
	__u32 result = LL_YES;
	__u32 truth, dim;

	LL_USE(t);
	LL_USE(len);
	if (!f || !damaged)
		return LL_NO;

	LL_UNROLL for (dim = 0; dim < LL_DIMS; dim++) {
		__u32 test;

		if (!LL_READS(1u << dim))
			continue;
		test = ll_word(t, len, at + LL_B_SETS + dim, bad);
		if (test == 0)
			continue;
		if (f->unknown & (1u << dim))
			result = LL_MAYBE;
		else if (ll_test_set(t, len, dim, f->atom[dim], test, bad) == LL_NO)
			result = LL_NO;
		if (result == LL_NO || *bad)
			break;
	}
	*damaged |= *bad;
	if (result == LL_NO)
		return LL_NO;
	/* flags and their unknown bits have the same order, so one test does for both */
	truth = ll_test_bits(f->flags & ~(f->unknown >> 10), required & 0xffff & ~(f->unknown >> 10),
			     (required >> 16) & ~(f->unknown >> 10), 0);
	if (truth == LL_NO)
		return LL_NO;
	if ((required | required >> 16) & (f->unknown >> 10) & 3)
		result = LL_MAYBE;
	if (LL_READS(LL_UNKNOWN_ANCESTORS)) {
		truth = ll_test_bits(f->ancestors, ll_word2(t, len, at + LL_B_ANC_REQ, bad),
				     ll_word2(t, len, at + LL_B_ANC_FORB, bad), f->unknown & LL_UNKNOWN_ANCESTORS);
		if (truth == LL_NO)
			return LL_NO;
		if (truth == LL_MAYBE)
			result = LL_MAYBE;
	}
	if (!LL_READS(LL_UNKNOWN_GROUPS))
		return result;
	truth = ll_test_bits(f->groups, ll_word2(t, len, at + LL_B_GRP_REQ, bad),
			     ll_word2(t, len, at + LL_B_GRP_FORB, bad), f->unknown & LL_UNKNOWN_GROUPS);
	if (truth == LL_NO)
		return LL_NO;
	return truth == LL_MAYBE ? truth : result;
}

/* --- the scan over the boxes of one exec --- */

/* What one view has seen so far. Box numbers, LL_NOTHING for none. */
struct ll_seen {
	__u32 best;  /* first competing box that matches */
	__u32 maybe; /* a competing box before `best` that may match */
	__u32 deny;  /* a matching `always deny` */
	__u32 flags; /* LL_SEEN_ */
	__u64 always;
	__u64 maybe_always;
};

#define LL_SEEN_NNP 1u
#define LL_SEEN_MAYBE_NNP 2u
#define LL_SEEN_OPEN 4u /* unknown facts could change the decision */

struct ll_scan {
	struct ll_facts f;
#ifndef LL_TABLE
	ll_table t;
	__u32 len;
#endif
	__u32 bad;
	__u32 boxes;
	__u32 main_n;
	__u32 dim;       /* next dimension; LL_DIMS: the free boxes; above: done */
	__u32 set_at;    /* next entry of the present atom's sets */
	__u32 set_end;
	__u32 box_at;    /* next entry of the present set's boxes */
	__u32 box_end;
	__u32 boxes_of;
	__u32 boxes_list;
	__u32 steps;
	__u32 done;
	struct ll_seen seen[2]; /* enforced, audited */
};

LL_INLINE __u32 ll_effect_word(ll_table t, __u32 len, __u32 effect, __u32 index, __u32 *bad)
{
	return ll_word(t, len, ll_word(t, len, LL_W_EFFECTS, bad) + effect * LL_E_WORDS + index, bad);
}

LL_INLINE __u32 ll_box_effect(struct ll_scan *s, __u32 box)
{
	return ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->boxes + box * LL_B_WORDS + LL_B_EFFECT, &s->bad);
}

/* Layers of an effect that `always` rules can apply too. */
LL_INLINE __u64 ll_effect_always(struct ll_scan *s, __u32 effect)
{
	__u64 low;

	if (effect == LL_NOTHING)
		return 0;
	low = ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), effect, LL_E_ALWAYS, &s->bad);
	return low | (__u64)ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), effect, LL_E_ALWAYS + 1, &s->bad) << 32;
}

LL_INLINE void ll_see_always(struct ll_scan *s, struct ll_seen *v, __u32 box, __u32 flags, __u32 truth)
{
	__u32 at = s->boxes + box * LL_B_WORDS;
	__u32 effect = ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), at + LL_B_EFFECT, &s->bad);
	__u32 kind = ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), effect, LL_E_KIND, &s->bad) & 0xff;
	__u64 bits = ll_word2(LL_TABLE_OF(s), LL_LENGTH_OF(s), at + LL_B_ALWAYS, &s->bad);

	if (kind == LL_DENY) {
		if (truth == LL_MAYBE)
			v->flags |= LL_SEEN_OPEN;
		else if (box < v->deny)
			v->deny = box;
	} else if (truth == LL_MAYBE) {
		v->maybe_always |= bits;
		v->flags |= flags & LL_BOX_NNP ? LL_SEEN_MAYBE_NNP : 0;
	} else {
		v->always |= bits;
		v->flags |= flags & LL_BOX_NNP ? LL_SEEN_NNP : 0;
	}
}

/* Competing boxes come in any order when all facts are known (then no truth is LL_MAYBE), else by rank. */
LL_INLINE void ll_see_main(struct ll_scan *s, struct ll_seen *v, __u32 box, __u32 truth)
{
	if (box >= v->best)
		return;
	if (v->maybe != LL_NOTHING &&
	    ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), ll_box_effect(s, v->maybe), LL_E_SAME, &s->bad) !=
		    ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), ll_box_effect(s, box), LL_E_SAME, &s->bad))
		v->flags |= LL_SEEN_OPEN;
	if (truth == LL_YES)
		v->best = box;
	else
		v->maybe = box;
}

/* Takes a box that matches, or may, into one view (0 enforced, 1 audited). */
LL_SUBPROG int ll_see_in(struct ll_scan *s, __u32 view, __u32 box, __u32 flags, __u32 truth);
LL_SUBPROG int ll_see_in(struct ll_scan *s, __u32 view, __u32 box, __u32 flags, __u32 truth)
{
	struct ll_seen *v;

	if (!s)
		return 0;
	v = view ? &s->seen[1] : &s->seen[0];
	if (flags & LL_BOX_ALWAYS)
		ll_see_always(s, v, box, flags, truth);
	else
		ll_see_main(s, v, box, truth);
	return 0;
}

LL_SUBPROG int ll_see(struct ll_scan *s, __u32 box);
LL_SUBPROG int ll_see(struct ll_scan *s, __u32 box)
{
	__u32 truth, flags, at;

	if (!s)
		return 0;
	at = s->boxes + box * LL_B_WORDS;
	if (box < s->main_n && box >= s->seen[0].best && box >= s->seen[1].best)
		return 0;
	truth = ll_test_box(LL_TABLE_OF(s), LL_LENGTH_OF(s), at, &s->f, &s->bad);
	if (truth == LL_NO)
		return 0;
	flags = ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), at + LL_B_FLAGS, &s->bad);
	if (flags & LL_BOX_ENFORCED)
		ll_see_in(s, 0, box, flags, truth);
	if (flags & LL_BOX_AUDITED)
		ll_see_in(s, 1, box, flags, truth);
	return 0;
}

/* The sets of the next dimension's atom, then the free boxes. Returns 1 when there is nothing more. */
LL_SUBPROG int ll_next_dim(struct ll_scan *s);
LL_SUBPROG int ll_next_dim(struct ll_scan *s)
{
	ll_table t;
	__u32 len, dim, at, atom, lists;

	if (!s)
		return 1;
	t = LL_TABLE_OF(s);
	len = LL_LENGTH_OF(s);
	dim = s->dim++;
	if (dim == LL_DIMS) {
		s->box_at = ll_word(t, len, LL_W_FREE, &s->bad);
		s->box_end = s->box_at + ll_word(t, len, LL_W_FREE_N, &s->bad);
		return 0;
	}
	LL_BARRIER(dim);
	if (dim >= LL_DIMS) {
		s->done = 1;
		return 1;
	}
	if (ll_dim_word(t, len, dim, LL_D_ATOMS, &s->bad) == 0)
		return 0;
	atom = s->f.atom[dim];
	if (atom >= ll_dim_word(t, len, dim, LL_D_ATOMS, &s->bad)) {
		s->bad = 1;
		return 1;
	}
	at = ll_dim_word(t, len, dim, LL_D_SETS_OF, &s->bad) + atom;
	lists = ll_dim_word(t, len, dim, LL_D_SETS, &s->bad);
	s->set_at = lists + ll_word(t, len, at, &s->bad);
	s->set_end = lists + ll_word(t, len, at + 1, &s->bad);
	s->boxes_of = ll_dim_word(t, len, dim, LL_D_BOXES_OF, &s->bad);
	s->boxes_list = ll_dim_word(t, len, dim, LL_D_BOXES, &s->bad);
	return 0;
}

/* One step of: for each dimension, for each set of its atom, for each box of the set; then the free boxes. */
LL_SUBPROG int ll_scan_next(struct ll_scan *s);
LL_SUBPROG int ll_scan_next(struct ll_scan *s)
{
	__u32 set;

	if (!s || s->bad)
		return 1;
	s->steps++;
	if (s->box_at < s->box_end) {
		ll_see(s, ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->box_at++, &s->bad));
		return 0;
	}
	if (s->set_at < s->set_end) {
		set = ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->set_at++, &s->bad);
		s->box_at = s->boxes_list + ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->boxes_of + set, &s->bad);
		s->box_end = s->boxes_list + ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->boxes_of + set + 1, &s->bad);
		return 0;
	}
	return ll_next_dim(s);
}

LL_CALLBACK long ll_scan_step(__u32 i, void *context)
{
	int stop = ll_scan_next((struct ll_scan *)context);

	(void)i;
	LL_BARRIER(stop); /* the verifier doesn't know what the compiler knows of a subprogram's values */
	return stop != 0;
}

/* One step over all boxes by rank, for execs with unknown facts. */
LL_CALLBACK long ll_all_step(__u32 i, void *context)
{
	ll_see((struct ll_scan *)context, i);
	return 0;
}

/* Sets up all but the facts. */
LL_SUBPROG int ll_scan_begin(ll_table t, __u32 len, struct ll_scan *s);
LL_SUBPROG int ll_scan_begin(ll_table t, __u32 len, struct ll_scan *s)
{
	__u32 view;

	LL_USE(t);
	LL_USE(len);
	if (!s)
		return 0;
#ifndef LL_TABLE
	s->t = t;
	s->len = len;
#endif
	s->bad = 0;
	s->boxes = ll_word(t, len, LL_W_BOXES, &s->bad);
	s->main_n = ll_word(t, len, LL_W_MAIN, &s->bad);
	s->dim = s->set_at = s->set_end = s->box_at = s->box_end = s->boxes_of = s->boxes_list = 0;
	s->steps = s->done = 0;
	LL_UNROLL for (view = 0; view < 2; view++) {
		struct ll_seen *v = &s->seen[view];

		v->best = v->maybe = v->deny = LL_NOTHING;
		v->flags = 0;
		v->always = v->maybe_always = 0;
	}
	return 0;
}

/* One half of struct ll_decision. */
struct ll_outcome {
	__u32 kind;
	__u32 rule;
	__u32 effect;
	__u32 nnp;
	__u64 always;
} __attribute__((may_alias));

LL_INLINE void ll_refuse(struct ll_outcome *o)
{
	o->kind = LL_REFUSE;
	o->rule = o->effect = LL_NOTHING;
	o->nnp = 0;
	o->always = 0;
}

/* What one view (0 enforced, 1 audited) comes to when every fact is known. */
LL_SUBPROG int ll_conclude(struct ll_scan *s, __u32 view, struct ll_outcome *o);
LL_SUBPROG int ll_conclude(struct ll_scan *s, __u32 view, struct ll_outcome *o)
{
	const struct ll_seen *v;
	__u32 box, kind = LL_NONE;

	if (!s || !o)
		return 0;
	v = view ? &s->seen[1] : &s->seen[0];
	box = v->deny != LL_NOTHING ? v->deny : v->best;
	o->rule = o->effect = LL_NOTHING;
	if (box != LL_NOTHING) {
		o->rule = ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->boxes + box * LL_B_WORDS + LL_B_RULE, &s->bad);
		o->effect = ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->boxes + box * LL_B_WORDS + LL_B_EFFECT, &s->bad);
		kind = ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), o->effect, LL_E_KIND, &s->bad);
		if ((kind & 0xff) < LL_PASS || (kind & 0xff) > LL_DENY)
			s->bad = 1;
	}
	o->kind = kind & 0xff;
	o->always = o->kind == LL_DENY ? 0 : v->always;
	o->nnp = o->kind != LL_DENY && ((v->flags & LL_SEEN_NNP) || (kind & LL_EFFECT_NNP));
	return 0;
}

/* Whether unknown facts leave the view's decision open. */
LL_SUBPROG int ll_is_open(struct ll_scan *s, __u32 view);
LL_SUBPROG int ll_is_open(struct ll_scan *s, __u32 view)
{
	const struct ll_seen *v;
	__u32 effect, kind = LL_NONE;
	__u64 have;

	if (!s)
		return 1;
	v = view ? &s->seen[1] : &s->seen[0];
	have = v->always;
	if (v->deny != LL_NOTHING)
		return 0;
	if ((v->flags & LL_SEEN_OPEN) || (v->maybe != LL_NOTHING && v->best == LL_NOTHING))
		return 1;
	if (v->best != LL_NOTHING) {
		/* whichever competing box it is, it has the effect of `best` */
		effect = ll_box_effect(s, v->best);
		kind = ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), effect, LL_E_KIND, &s->bad);
		have |= ll_effect_always(s, effect);
	}
	if ((kind & 0xff) == LL_DENY)
		return 0; /* no layers on top of a deny */
	return (v->maybe_always & ~have) != 0 ||
	       ((v->flags & LL_SEEN_MAYBE_NNP) && !(v->flags & LL_SEEN_NNP) && !(kind & LL_EFFECT_NNP));
}

/* --- completions of unknown facts --- */

struct ll_complete {
	struct ll_scan s;  /* its facts are the present completion */
	__u64 ancestors;   /* known at least */
	__u32 bad;
	__u32 unknown;
	__u32 seen;        /* completions that can be */
	__u32 differ;      /* bit a view: not all agree */
	__u32 steps;       /* left for all scans together */
	struct ll_outcome first[2];
};

/* How many values an unknown fact has; `index` in bit order of ll_facts.unknown. */
LL_SUBPROG __u32 ll_value_count(ll_table t, __u32 len, __u32 index, __u32 *bad);
LL_SUBPROG __u32 ll_value_count(ll_table t, __u32 len, __u32 index, __u32 *bad)
{
	__u32 first, atoms, groups;

	LL_USE(t);
	LL_USE(len);
	if (!bad)
		return 0;
	switch (index) {
	case 8:
		return ll_word(t, len, LL_W_MASKS_N, bad);
	case 9:
		groups = ll_word(t, len, LL_W_GROUPS, bad);
		return groups > 12 ? LL_NOTHING : 1u << (groups & 15);
	case 10:
	case 11:
		return 2;
	default:
		if (index >= LL_DIMS)
			return 1;
		first = ll_dim_word(t, len, index, LL_D_FIRST, bad);
		atoms = ll_dim_word(t, len, index, LL_D_ATOMS, bad);
		return atoms > first ? atoms - first : 0;
	}
}

LL_INLINE void ll_set_value(struct ll_scan *s, __u32 index, __u32 value)
{
	switch (index) {
	case 8:
		s->f.ancestors =
			ll_word2(LL_TABLE_OF(s), LL_LENGTH_OF(s), ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), LL_W_MASKS, &s->bad) + 2 * value, &s->bad);
		break;
	case 9:
		s->f.groups = value;
		break;
	case 10:
	case 11:
		s->f.flags &= ~(1u << (index - 10));
		s->f.flags |= value << (index - 10);
		break;
	default:
		if (index < LL_DIMS)
			s->f.atom[index] = ll_dim_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), index, LL_D_FIRST, &s->bad) + value;
	}
}

/* The number of completions, above LL_MAX_COMPLETIONS when too many. */
LL_INLINE __u32 ll_completions(ll_table t, __u32 len, __u32 unknown, __u32 *bad)
{
	__u64 total = 1;
	__u32 index;

	LL_UNROLL for (index = 0; index < 12; index++) {
		if (LL_READS(1u << index) && (unknown & (1u << index)))
			total *= ll_value_count(t, len, index, bad);
		if (total > LL_MAX_COMPLETIONS)
			total = LL_MAX_COMPLETIONS + 1;
	}
	return (__u32)total;
}

/* The caller is among the ancestors, with all that it meets. Atom 0: nobody asks for the caller, so any that fits. */
LL_INLINE int ll_can_be(struct ll_complete *c)
{
	__u64 caller;

	if (!LL_READS(LL_UNKNOWN_ANCESTORS | 1u << LL_DIM_PARENT) ||
	    !(c->unknown & (LL_UNKNOWN_ANCESTORS | 1u << LL_DIM_PARENT)))
		return 1;
	if (c->ancestors & ~c->s.f.ancestors)
		return 0;
	caller = ll_lineage_mask(LL_TABLE_OF(&c->s), LL_LENGTH_OF(&c->s), c->s.f.atom[LL_DIM_PARENT]);
	return (caller & ~c->s.f.ancestors) == 0;
}

/* Puts completion number `i` in place. 0: it can't be. */
LL_SUBPROG int ll_complete_facts(struct ll_complete *c, __u32 i);
LL_SUBPROG int ll_complete_facts(struct ll_complete *c, __u32 i)
{
	__u32 index;

	if (!c)
		return 0;
	ll_scan_begin(LL_TABLE_OF(&c->s), LL_LENGTH_OF(&c->s), &c->s);
	LL_UNROLL for (index = 0; index < 12; index++) {
		__u32 count = 1;

		if (!LL_READS(1u << index))
			continue;
		if (c->unknown & (1u << index))
			count = ll_value_count(LL_TABLE_OF(&c->s), LL_LENGTH_OF(&c->s), index, &c->bad);
		if (count == 0) {
			c->bad = 1;
			return 0;
		}
		if (c->unknown & (1u << index))
			ll_set_value(&c->s, index, i % count);
		i /= count;
	}
	return ll_can_be(c);
}

/* Compares the scan's outcome with the first completion's. */
LL_SUBPROG int ll_compare(struct ll_complete *c);
LL_SUBPROG int ll_compare(struct ll_complete *c)
{
	struct ll_outcome now = {};
	__u32 view;

	if (!c)
		return 0;
	LL_UNROLL for (view = 0; view < 2; view++) {
		struct ll_outcome *first = &c->first[view];
		struct ll_scan *s = &c->s;

		ll_conclude(s, view, &now);
		if (c->seen == 0) {
			*first = now;
			continue;
		}
		if (now.kind != first->kind || now.nnp != first->nnp ||
		    (now.always | ll_effect_always(s, now.effect)) !=
			    (first->always | ll_effect_always(s, first->effect)))
			c->differ |= 1u << view;
		else if (now.effect != first->effect &&
			 ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), now.effect, LL_E_CLASS, &s->bad) !=
				 ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), first->effect, LL_E_CLASS, &s->bad))
			c->differ |= 1u << view;
	}
	c->seen++;
	c->steps -= c->s.steps;
	c->bad |= c->s.bad | (c->s.done ^ 1);
	return 0;
}

LL_CALLBACK long ll_complete_step(__u32 i, void *context)
{
	struct ll_complete *c = (struct ll_complete *)context;

	if (ll_complete_facts(c, i)) {
		LL_LOOP(c->steps, ll_scan_step, &c->s);
		ll_compare(c);
	}
	return c->bad != 0 || c->differ == 3;
}

/* Tries every completion of `f`; the views in `open` (bits) get what all agree on, or LL_REFUSE. */
LL_SUBPROG int ll_try_all(ll_table t, __u32 len, const struct ll_facts *f, struct ll_decision *d, __u32 open);
LL_SUBPROG int ll_try_all(ll_table t, __u32 len, const struct ll_facts *f, struct ll_decision *d, __u32 open)
{
	struct ll_outcome *out = (struct ll_outcome *)d;
	struct ll_complete c = {};
	__u32 view, total;

	LL_USE(t);
	LL_USE(len);
	if (!f || !d)
		return 0;
#ifndef LL_TABLE
	c.s.t = t;
	c.s.len = len;
#endif
	c.s.f = *f;
	if (f->unknown & (1u << LL_DIM_PARENT))
		c.s.f.atom[LL_DIM_PARENT] = 0;
	c.ancestors = f->ancestors;
	c.unknown = f->unknown & ll_word(t, len, LL_W_USED, &c.bad);
	c.steps = LL_MAX_STEPS;
	c.s.f.unknown = 0;
	total = ll_completions(t, len, c.unknown, &c.bad);
	if (total <= LL_MAX_COMPLETIONS)
		LL_LOOP(total, ll_complete_step, &c);
	LL_UNROLL for (view = 0; view < 2; view++) {
		if (!(open & (1u << view)))
			continue;
		if (c.bad || total > LL_MAX_COMPLETIONS || c.seen == 0 || (c.differ & (1u << view)))
			ll_refuse(&out[view]);
		else
			out[view] = c.first[view];
	}
	return 0;
}

/* --- the decision --- */

/* Decides by one look at the boxes. Returns the views left open by unknown facts, as bits. */
LL_SUBPROG int ll_scan_once(ll_table t, __u32 len, const struct ll_facts *f, struct ll_decision *d);
LL_SUBPROG int ll_scan_once(ll_table t, __u32 len, const struct ll_facts *f, struct ll_decision *d)
{
	struct ll_outcome *out = (struct ll_outcome *)d;
	struct ll_scan s = {};
	int open = 0;

	LL_USE(t);
	LL_USE(len);
	if (!f || !d)
		return 0;
	ll_scan_begin(t, len, &s);
	s.f = *f;
	s.f.unknown &= ll_word(t, len, LL_W_USED, &s.bad);
	if (ll_word(t, len, LL_W_MAGIC, &s.bad) != LL_MAGIC)
		s.bad = 1;
	if (s.f.unknown) {
		LL_LOOP(ll_word(t, len, LL_W_ALL, &s.bad), ll_all_step, &s);
		open = (ll_is_open(&s, 0) ? 1 : 0) | (ll_is_open(&s, 1) ? 2 : 0);
	} else {
		LL_LOOP(LL_MAX_STEPS, ll_scan_step, &s);
		s.bad |= s.done ^ 1;
	}
	ll_conclude(&s, 0, &out[0]);
	ll_conclude(&s, 1, &out[1]);
	if (!s.bad)
		return open;
	ll_refuse(&out[0]);
	ll_refuse(&out[1]);
	return 0;
}

/*
 * Decides one exec. Total: every input, tables damaged in any way included, gives a decision in bounded time.
 * In BPF `facts` and `decision` are plain memory: stack or map value.
 */
LL_INLINE void ll_decide(ll_table t, __u32 len, const struct ll_facts *facts, struct ll_decision *decision)
{
	int open = ll_scan_once(t, len, facts, decision);
	if (open)
		ll_try_all(t, len, facts, decision, (__u32)open);
}

#endif /* LANDLATCH_MATCH_H */
