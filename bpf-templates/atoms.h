/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Part of the matcher (match.h): paths and ids to atoms. */
#ifndef LANDLATCH_ATOMS_H
#define LANDLATCH_ATOMS_H

#include "tables.h"

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

#endif /* LANDLATCH_ATOMS_H */
