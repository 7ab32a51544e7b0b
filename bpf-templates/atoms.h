/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Part of the matcher (match.h): paths and ids to atoms. */
#ifndef LANDLATCH_ATOMS_H
#define LANDLATCH_ATOMS_H

#include "tables.h"

struct ll_walk {
	const unsigned char *bytes;
#ifndef LL_TABLE
	ll_table t;
	__u32 len;
#endif
	__u32 classes; /* all are inside the tables, */
	__u32 rows;
	__u32 cells;   /* and all cells */
	__u32 cells_n;
	__u32 chains;
	__u32 links;
	__u32 row;  /* where it is, when `left` is 0 */
	__u32 link; /* of a chain: the next link, */
	__u32 left; /* how many are left with it, */
	__u32 end;  /* and where the last one leads */
	__u32 flip; /* byte i of the way is byte from + (i ^ flip) of the path: from its start, or with ~0 from its end */
	__u32 from;
	__u32 zero; /* LL_HIDDEN_ZERO: steps branch by nothing that the verifier knows when the loop begins */
	__u32 bad;
};

LL_INLINE void ll_walk_enter(struct ll_walk *w, __u32 to)
{
	__u32 chain;

	if (to & LL_TO_CHAIN) {
		chain = w->chains + 3 * (to & (LL_TO_CHAIN - 1));
		w->link = ll_word_pair(LL_TABLE_OF(w), LL_LENGTH_OF(w), chain, &w->left, &w->bad);
		w->end = ll_word(LL_TABLE_OF(w), LL_LENGTH_OF(w), chain + 2, &w->bad);
		w->row = w->zero;
	} else {
		w->row = to;
		w->left = w->zero;
#ifdef __bpf__
		w->link = w->end = to; /* one state for the verifier, whatever they were */
#endif
	}
}

/* Goes on by a byte of the class; 1: it stays in the row that it was in. */
LL_INLINE int ll_walk_on(struct ll_walk *w, __u32 byte_class)
{
	__u32 row = w->row;
	__u32 to, at, cell;

	if (w->left) {
		to = ll_word(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->links + w->link, &w->bad);
		if (to >> 24 == byte_class) {
			w->link++;
			if (--w->left == 0)
				ll_walk_enter(w, w->end);
			return 0;
		}
		row = to & LL_TO_MASK;
	}
	at = w->rows + 3 * row;
	cell = ll_word_pair(LL_TABLE_OF(w), LL_LENGTH_OF(w), at, &to, &w->bad) + byte_class;
	if (cell < w->cells_n) {
		cell = ll_known_word(LL_TABLE_OF(w), w->cells + cell);
		if (cell >> 24 == byte_class) {
			ll_walk_enter(w, cell & LL_TO_MASK);
			return 0;
		}
	}
	if (to == row && w->left == 0)
		return 1;
	ll_walk_enter(w, to & LL_TO_MASK);
	return 0;
}

LL_INLINE __u32 ll_walk_class(const struct ll_walk *w, __u32 byte)
{
	return ll_known_byte(LL_TABLE_OF(w), 4 * (__u64)w->classes + byte);
}

LL_INLINE void ll_walk_die(struct ll_walk *w)
{
	w->row = w->left = w->zero;
}

#ifdef __bpf__
static long ll_walk_step(__u32 i, struct ll_walk *w)
{
	__u32 byte = w->bytes[(w->from + (i ^ w->flip)) & LL_MAX_PATH];

	if (byte == 0) {
		ll_walk_die(w);
		return 1;
	}
	ll_walk_on(w, ll_walk_class(w, byte));
	return 0;
}

LL_INLINE void ll_walk_path(struct ll_walk *w, __u32 n)
{
	bpf_loop(n, ll_walk_step, w, 0);
}
#else
/*
 * How many of the `n` bytes from `i` on leave it in its row, where it has just stayed: most of a name, often. No byte waits
 * for what the one before gave.
 */
LL_INLINE __u32 ll_walk_stays(struct ll_walk *w, __s64 i, int step, __u32 n)
{
	__u32 base = ll_word(w->t, w->len, w->rows + 3 * w->row, &w->bad);
	__u32 stays;

	for (stays = 0; stays < n && w->bytes[i]; stays++, i += step) {
		__u32 byte_class = ll_walk_class(w, w->bytes[i]), cell = base + byte_class;

		if (cell < w->cells_n && ll_known_word(w->t, w->cells + cell) >> 24 == byte_class)
			break;
	}
	return stays;
}

LL_INLINE void ll_walk_path(struct ll_walk *w, __u32 n)
{
	const int step = w->flip ? -1 : 1;
	__s64 i = w->flip ? (__s64)n - 1 : 0;

	while (n) {
		__u32 read = 1;

		if (w->bytes[i] == 0) {
			ll_walk_die(w);
			return;
		}
		if (ll_walk_on(w, ll_walk_class(w, w->bytes[i])))
			read += ll_walk_stays(w, i + step, step, n - 1);
		i += (__s64)step * read;
		n -= read;
	}
}
#endif

/* Takes the automaton that starts at word `base` of the header, to read a path of `n` bytes: not to be done where that is bad. */
LL_INLINE void ll_walk_begin(ll_table t, __u32 len, __u32 base, __u32 n, struct ll_walk *w)
{
#ifndef LL_TABLE
	w->t = t;
	w->len = len;
#endif
	w->classes = ll_word(t, len, base + LL_A_CLASSES, &w->bad);
	ll_check_inside(len, w->classes, 256 / 4, &w->bad);
	w->rows = ll_word(t, len, base + LL_A_ROWS, &w->bad);
	w->cells_n = ll_word(t, len, base + LL_A_CELLS_N, &w->bad);
	w->cells = ll_word(t, len, base + LL_A_CELLS, &w->bad);
	ll_check_inside(len, w->cells, w->cells_n, &w->bad);
	w->chains = ll_word(t, len, base + LL_A_CHAINS, &w->bad);
	w->links = ll_word(t, len, base + LL_A_LINKS, &w->bad);
	w->flip = 0 - (ll_word(t, len, base + LL_A_BACKWARD, &w->bad) & 1); /* never outside the path's bytes */
	w->from = n & w->flip;
	w->zero = LL_HIDDEN_ZERO(n);
	ll_walk_enter(w, ll_word(t, len, base + LL_A_START, &w->bad) + w->zero);
}

/* The atom of what was read so far. */
LL_INLINE __u32 ll_walk_atom(struct ll_walk *w)
{
	__u32 row = w->row;

	if (w->left)
		row = ll_word(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->links + w->link, &w->bad) & LL_TO_MASK;
	return ll_word(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->rows + 3 * row + 2, &w->bad);
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

	if (dfa >= LL_ALL_DFAS || n > LL_MAX_PATH)
		return 0;
	if (ll_word(t, len, base + LL_A_ROWS_N, &w.bad) == 0)
		return w.bad ? 0 : 1;
	ll_walk_begin(t, len, base, n, &w);
	if (w.bad)
		return 0;
	w.bytes = (const unsigned char *)bytes;
	ll_walk_path(&w, n);
	atom = ll_walk_atom(&w);
	return w.bad ? 0 : atom;
}

/* A path as a function of its own takes it: of a size that the verifier knows. */
struct ll_text {
	char bytes[LL_MAX_PATH + 1];
} __attribute__((may_alias));

LL_SUBPROG __u32 ll_part_walk(ll_table t, __u32 len, __u32 part, const struct ll_text *text, __u32 n);
LL_SUBPROG __u32 ll_part_walk(ll_table t, __u32 len, __u32 part, const struct ll_text *text, __u32 n)
{
	__u32 atom;

	LL_USE(t);
	LL_USE(len);
	if (!text || part >= LL_PARTS)
		return 0;
	atom = ll_dfa_walk(t, len, LL_DFAS + part, text->bytes, n);
	return atom > 0xffff ? 0 : atom;
}

/*
 * Takes a path into the parts of the fact `dim`, as ll_dfa_walk: their atoms go into `parts`. 0 when it isn't a path or the
 * tables are damaged.
 */
LL_INLINE __u32 ll_parts_walk(ll_table t, __u32 len, __u32 dim, const char *bytes, __u32 n, __u16 *parts)
{
	const struct ll_text *text = (const struct ll_text *)bytes;
	__u32 part, bad = 0;

	if (!LL_READS(LL_USED_PARTS) || !(ll_word(t, len, LL_W_PARTED, &bad) >> dim & 1))
		return 1;
	LL_UNROLL for (part = 0; part < LL_PARTS; part++) {
		__u32 head = LL_W_DFA + (LL_DFAS + part) * LL_A_WORDS;
		__u32 atom;

		if (ll_word(t, len, head + LL_A_ROWS_N, &bad) == 0 || ll_word(t, len, head + LL_A_FACT, &bad) != dim)
			continue;
		atom = ll_part_walk(t, len, part, text, n);
		parts[part] = (__u16)atom;
		bad |= (atom - 1) >> 31; /* 0: no path */
	}
	LL_BARRIER(bad);
	return bad == 0;
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
