/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The matcher: which rule decides an exec. One source for the BPF gate and for userspace, so that every
 * backend decides alike. C that both clang -target bpf and a C++ compiler take; static inline only.
 *
 * All of a policy's tables are one array of 32-bit words, little-endian in the object file, section
 * .rodata.landlatch; tables.h has its layout. Every read is bounds-checked against its length and every
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
 * LL_MAX_COMPLETIONS combinations of values one by one. A fact that has parts isn't completed: open is refused.
 *
 * In BPF the includer defines LL_TABLE and LL_TABLE_LEN_LESS(n) (the constant array, and its length in words less a constant)
 * before this file, and passes 0 for every `t` and `len`: the verifier then sees constant bounds.
 */
#ifndef LANDLATCH_MATCH_H
#define LANDLATCH_MATCH_H

#include "boxes.h"

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
		if (LL_READS(LL_USED_PARTS) && (ll_word(t, len, LL_W_PARTED, bad) >> index & 1))
			return LL_NOTHING; /* which atoms go together is in no table */
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
	ll_cell *header;
#ifdef __bpf__
	struct ll_scan s = {}; /* so that the verifier lets a function have it */
#else
	struct ll_scan s;
#endif
	__u32 all;
	int open = 0;

	LL_USE(t);
	LL_USE(len);
	if (!f || !d)
		return 0;
	header = ll_words_at(t, len, 0, LL_W_HEADER);
	if (!header || header[LL_W_MAGIC] != LL_MAGIC) {
		ll_refuse(&out[0]);
		ll_refuse(&out[1]);
		return 0;
	}
	ll_scan_begin(t, len, &s);
	s.f = *f;
	s.f.unknown &= header[LL_W_USED];
	if (s.f.unknown) {
		all = header[LL_W_ALL];
		if (all > LL_MAX_STEPS) /* damaged; and the kernel's loop would take no step of too many */
			s.bad = 1;
		else
			LL_LOOP(all, ll_all_step, &s);
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
