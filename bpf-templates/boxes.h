/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Part of the matcher (match.h): whether a box holds, and the scan over the boxes that may hold for an exec. */
#ifndef LANDLATCH_BOXES_H
#define LANDLATCH_BOXES_H

#include "atoms.h"

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

/* Whether an atom passes a box's test of its dimension: LL_YES or LL_NO. */
LL_INLINE __u32 ll_test_set(ll_table t, __u32 len, __u32 dim, __u32 atom, __u32 test, __u32 *bad)
{
	ll_cell *head = ll_words_at(t, len, LL_W_DIM + dim * LL_D_WORDS, LL_D_WORDS);
	ll_cell *base, *cell;
	__u32 column;

	if (!head || atom >= head[LL_D_ATOMS])
		goto damaged;
	base = ll_words_at(t, len, head[LL_D_BASE] + atom, 1);
	if (!base)
		goto damaged;
	column = *base + (test & ~LL_SET_NOT) - 1;
	if (column >= head[LL_D_COMB_N])
		return test >> 31;
	cell = ll_words_at(t, len, head[LL_D_COMB] + column, 1);
	if (cell)
		return (*cell == atom) != (test >> 31);
damaged:
	*bad = 1;
	return LL_NO;
}

/* What a box asks of parts, by its LL_B_FLAGS. */
LL_SUBPROG __u32 ll_test_parts(ll_table t, __u32 len, __u32 flags, const struct ll_facts *f, __u32 *bad);
LL_SUBPROG __u32 ll_test_parts(ll_table t, __u32 len, __u32 flags, const struct ll_facts *f, __u32 *bad)
{
	ll_cell *head = ll_words_at(t, len, 0, LL_W_HEADER), *tests;
	__u32 result = LL_YES;
	__u32 part;

	LL_USE(t);
	LL_USE(len);
	if (!f || !bad)
		return LL_NO;
	tests = head ? ll_words_at(t, len, head[LL_W_MORE] + ((flags >> LL_BOX_MORE) - 1) * LL_PARTS, LL_PARTS) : 0;
	if (!tests) {
		*bad = 1;
		return LL_NO;
	}
	LL_UNROLL for (part = 0; part < LL_PARTS; part++) {
		__u32 test = tests[part], fact;

		if (test == 0)
			continue;
		fact = head[LL_W_DFA + (LL_DFAS + part) * LL_A_WORDS + LL_A_FACT];
		if (f->unknown >> (fact & 31) & 1)
			result = LL_MAYBE;
		else if (ll_test_set(t, len, LL_DIMS + part, f->part[part], test, bad) == LL_NO)
			return LL_NO;
	}
	return result;
}

LL_INLINE __u64 ll_two(ll_cell *words)
{
	return words[0] | (__u64)words[1] << 32;
}

/* Whether the box whose first word is `at` matches, but for parts; LL_MAYBE when that hangs on an unknown fact. */
LL_SUBPROG __u32 ll_test_box(ll_table t, __u32 len, __u32 at, const struct ll_facts *f, __u32 *bad);
LL_SUBPROG __u32 ll_test_box(ll_table t, __u32 len, __u32 at, const struct ll_facts *f, __u32 *bad)
{
	ll_cell *box = ll_words_at(t, len, at, LL_B_WORDS);
	__u32 result = LL_YES;
	__u32 required, truth, dim;

	LL_USE(t);
	LL_USE(len);
	if (!f || !bad)
		return LL_NO;
	if (!box) {
		*bad = 1;
		return LL_NO;
	}
	LL_UNROLL for (dim = 0; dim < LL_DIMS; dim++) {
		__u32 test;

		if (!LL_READS(1u << dim))
			continue;
		test = box[LL_B_SETS + dim];
		if (test == 0)
			continue;
		if (f->unknown & (1u << dim))
			result = LL_MAYBE;
		else if (ll_test_set(t, len, dim, f->atom[dim], test, bad) == LL_NO)
			return LL_NO;
	}
	/* flags and their unknown bits have the same order, so one test does for both */
	required = box[LL_B_REQUIRED];
	truth = ll_test_bits(f->flags & ~(f->unknown >> 10), required & 0xffff & ~(f->unknown >> 10),
			     (required >> 16) & ~(f->unknown >> 10), 0);
	if (truth == LL_NO)
		return LL_NO;
	if ((required | required >> 16) & (f->unknown >> 10) & 3)
		result = LL_MAYBE;
	if (LL_READS(LL_UNKNOWN_ANCESTORS)) {
		truth = ll_test_bits(f->ancestors, ll_two(&box[LL_B_ANC_REQ]), ll_two(&box[LL_B_ANC_FORB]),
				     f->unknown & LL_UNKNOWN_ANCESTORS);
		if (truth == LL_NO)
			return LL_NO;
		if (truth == LL_MAYBE)
			result = LL_MAYBE;
	}
	if (!LL_READS(LL_UNKNOWN_GROUPS))
		return result;
	truth = ll_test_bits(f->groups, ll_two(&box[LL_B_GRP_REQ]), ll_two(&box[LL_B_GRP_FORB]), f->unknown & LL_UNKNOWN_GROUPS);
	if (truth == LL_NO)
		return LL_NO;
	return truth == LL_MAYBE ? truth : result;
}

/* The same with what it asks of parts. Not one call inside the other: the stack is short. */
LL_INLINE __u32 ll_test_whole_box(ll_table t, __u32 len, __u32 at, const struct ll_facts *f, __u32 *damaged)
{
	__u32 truth = ll_test_box(t, len, at, f, damaged);
	__u32 flags, more;

	if (truth == LL_NO || !LL_READS(LL_USED_PARTS))
		return truth;
	flags = ll_word(t, len, at + LL_B_FLAGS, damaged);
	if (flags >> LL_BOX_MORE == 0)
		return truth;
	more = ll_test_parts(t, len, flags, f, damaged);
	return more == LL_YES ? truth : more;
}

/* --- the scan over the boxes of one exec --- */

/* What one view has seen so far. Box numbers, LL_NOTHING for none. */
struct ll_seen {
	__u32 best;  /* first competing box that matches */
	__u32 maybe; /* a competing box before `best` that may match */
	__u32 deny;  /* a matching `always deny` */
	__u32 first; /* first of the `always apply` boxes that match */
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
	__u32 dim;       /* next dimension; above LL_ALL_DIMS: the free boxes were last */
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

/* The words of a box, or NULL. */
LL_INLINE ll_cell *ll_box(const struct ll_scan *s, __u32 number)
{
	return ll_words_at(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->boxes + number * LL_B_WORDS, LL_B_WORDS);
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
		if (box < v->first)
			v->first = box;
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
	truth = ll_test_whole_box(LL_TABLE_OF(s), LL_LENGTH_OF(s), at, &s->f, &s->bad);
	if (truth == LL_NO)
		return 0;
	flags = ll_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), at + LL_B_FLAGS, &s->bad);
	if (flags & LL_BOX_ENFORCED)
		ll_see_in(s, 0, box, flags, truth);
	if (flags & LL_BOX_AUDITED)
		ll_see_in(s, 1, box, flags, truth);
	return 0;
}

/*
 * The sets of the next dimension whose atom is in some; after the last one, the free boxes. Returns 1 when there is nothing more,
 * or the tables are damaged.
 */
LL_SUBPROG int ll_next_dim(struct ll_scan *s);
LL_SUBPROG int ll_next_dim(struct ll_scan *s)
{
	ll_cell *header;
	__u32 dim;

	if (!s)
		return 1;
	header = ll_words_at(LL_TABLE_OF(s), LL_LENGTH_OF(s), 0, LL_W_HEADER);
	if (!header)
		goto damaged;
	LL_UNROLL for (dim = 0; dim < LL_ALL_DIMS; dim++) {
		ll_cell *head = &header[LL_W_DIM + dim * LL_D_WORDS], *sets;
		__u32 atom;

		if (!LL_READS(dim < LL_DIMS ? 1u << dim : LL_USED_PARTS) || s->dim > dim || head[LL_D_ATOMS] == 0)
			continue;
		atom = dim < LL_DIMS ? s->f.atom[dim] : s->f.part[dim - LL_DIMS];
		if (atom >= head[LL_D_ATOMS])
			goto damaged;
		sets = ll_words_at(LL_TABLE_OF(s), LL_LENGTH_OF(s), head[LL_D_SETS_OF] + atom, 2);
		if (!sets)
			goto damaged;
		if (sets[0] >= sets[1])
			continue;
		s->dim = dim + 1;
		s->set_at = head[LL_D_SETS] + sets[0];
		s->set_end = head[LL_D_SETS] + sets[1];
		s->boxes_of = head[LL_D_BOXES_OF];
		s->boxes_list = head[LL_D_BOXES];
		return 0;
	}
	s->done = s->dim > LL_ALL_DIMS || header[LL_W_FREE_N] == 0;
	s->dim = LL_ALL_DIMS + 1;
	s->box_at = header[LL_W_FREE];
	s->box_end = s->box_at + header[LL_W_FREE_N];
	return s->done;
damaged:
	s->bad = 1;
	return 1;
}

/* One step of: for each dimension, for each set of its atom, for each box of the set; then the free boxes. */
LL_SUBPROG int ll_scan_next(struct ll_scan *s);
LL_SUBPROG int ll_scan_next(struct ll_scan *s)
{
	ll_cell *set, *boxes;

	if (!s || s->bad)
		return 1;
	s->steps++;
	if (s->box_at >= s->box_end) {
		if (s->set_at >= s->set_end && ll_next_dim(s))
			return 1;
		if (s->set_at < s->set_end) {
			set = ll_words_at(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->set_at, 1);
			boxes = set ? ll_words_at(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->boxes_of + *set, 2) : 0;
			if (!boxes)
				goto damaged;
			s->set_at++;
			s->box_at = s->boxes_list + boxes[0];
			s->box_end = s->boxes_list + boxes[1];
		}
	}
	if (s->box_at < s->box_end) {
		boxes = ll_words_at(LL_TABLE_OF(s), LL_LENGTH_OF(s), s->box_at, 1);
		if (!boxes)
			goto damaged;
		s->box_at++;
		ll_see(s, *boxes);
	}
	return 0;
damaged:
	s->bad = 1;
	return 1;
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
	ll_cell *header;
	__u32 view;

	LL_USE(t);
	LL_USE(len);
	if (!s)
		return 0;
#ifndef LL_TABLE
	s->t = t;
	s->len = len;
#endif
	header = ll_words_at(t, len, 0, LL_W_HEADER);
	s->bad = !header;
	s->boxes = header ? header[LL_W_BOXES] : 0;
	s->main_n = header ? header[LL_W_MAIN] : 0;
	s->dim = s->set_at = s->set_end = s->box_at = s->box_end = s->boxes_of = s->boxes_list = 0;
	s->steps = s->done = 0;
	LL_UNROLL for (view = 0; view < 2; view++) {
		struct ll_seen *v = &s->seen[view];

		v->best = v->maybe = v->deny = v->first = LL_NOTHING;
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
	__u32 number, kind = LL_NONE;

	if (!s || !o)
		return 0;
	v = view ? &s->seen[1] : &s->seen[0];
	number = v->deny != LL_NOTHING ? v->deny : v->best;
	o->rule = o->effect = LL_NOTHING;
	if (number != LL_NOTHING || v->first != LL_NOTHING) {
		ll_cell *box = ll_box(s, number != LL_NOTHING ? number : v->first);

		if (!box)
			goto damaged;
		o->rule = box[LL_B_RULE];
		if (number != LL_NOTHING) {
			o->effect = box[LL_B_EFFECT];
			kind = ll_effect_word(LL_TABLE_OF(s), LL_LENGTH_OF(s), o->effect, LL_E_KIND, &s->bad);
			if ((kind & 0xff) < LL_PASS || (kind & 0xff) > LL_DENY)
				goto damaged;
		}
	}
	o->kind = kind & 0xff;
	o->always = o->kind == LL_DENY ? 0 : v->always;
	o->nnp = o->kind != LL_DENY && ((v->flags & LL_SEEN_NNP) || (kind & LL_EFFECT_NNP));
	return 0;
damaged:
	s->bad = 1;
	ll_refuse(o);
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

#endif /* LANDLATCH_BOXES_H */
