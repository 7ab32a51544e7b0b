/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Part of the matcher (match.h): paths and ids to atoms. */
#ifndef LANDLATCH_ATOMS_H
#define LANDLATCH_ATOMS_H

#include "tables.h"

/* A path, as a function of its own takes it: of a size that the verifier knows. In userspace no more is there than is read. */
struct ll_text {
	char bytes[LL_MAX_PATH + 1];
} __attribute__((may_alias));

/* An automaton on its way through a path. */
struct ll_walk {
#ifndef LL_TABLE
	ll_table t;
	__u32 len;
#endif
	__u32 classes; /* offsets, as the automaton has them */
	__u32 cells;
	__u32 chains;
	__u32 links;
	__u32 row;  /* where it is, when `left` is 0 */
	__u32 link; /* of a chain: the next link, */
	__u32 left; /* how many are left with it, */
	__u32 end;  /* and where the last one leads */
	__u32 at;   /* the byte of the path that is next; it goes on by */
	__u32 step; /* 1, or ~0 from the path's end, */
	__u32 stop; /* to where no more are left */
	__u32 bad;  /* the tables are damaged */
};

/*
 * How many bytes a loop reads, at most. In BPF the loops are unrolled, in a function of its own, so that the verifier goes
 * through them once.
 */
#ifdef __bpf__
#define LL_WALK_RUN(most, bytes) (most)
#define LL_WALK_LOOP LL_UNROLL
#define LL_WALK_EIGHT 8u
typedef __u64 __attribute__((may_alias)) ll_eight;
#define LL_NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define LL_WALK_RUN(most, bytes) (bytes)
#define LL_WALK_LOOP
#define LL_WALK_EIGHT ~0u
#define LL_NO_UNROLL
#endif

/* Goes where a step leads. 0: damaged. */
LL_INLINE int ll_walk_enter(struct ll_walk *w, __u32 to)
{
	ll_cell *chain;

	w->row = to;
	w->left = 0;
	if (!(to & LL_TO_CHAIN))
		return 1;
	chain = ll_words_at(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->chains + 3 * (to & (LL_TO_CHAIN - 1)), 3);
	if (!chain)
		return 0;
	w->row = 0;
	w->link = chain[0];
	w->left = chain[1];
	w->end = chain[2];
	return 1;
}

/* A row's words; NULL: damaged. */
LL_INLINE ll_cell *ll_row(const struct ll_walk *w, __u32 number)
{
	return ll_words_at(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->cells + number, LL_R_WORDS);
}

LL_INLINE int ll_leaves(__u32 byte, ll_byte *class_of, ll_cell *row)
{
	__u32 byte_class;

	if (byte == 0)
		return 1;
	byte_class = class_of[byte];
	return row[LL_R_CELLS + byte_class] >> 24 == byte_class;
}

/*
 * How many of the next bytes leave it in a row that it stays in: most of a name, often. No byte waits for what the one before
 * gave.
 */
#ifdef __bpf__
LL_INLINE __u32 ll_walk_stays(const struct ll_walk *w, const struct ll_text *text, ll_byte *class_of, ll_cell *row)
{
	/* Eight bytes at once; those behind the path are there, and not looked at. */
	__u32 n = (w->stop - w->at) * w->step, first = w->step == 1 ? w->at : w->at - 7, k;
	const char *from;
	__u64 bytes;

	LL_BARRIER(row);
	if (first > LL_MAX_PATH - 7)
		return 0;
	from = text->bytes + first;
	LL_BARRIER(from);
	bytes = *(const ll_eight *)from;
	if (w->step != 1)
		bytes = __builtin_bswap64(bytes);
	LL_UNROLL for (k = 0; k < 8; k++, bytes >>= 8) {
		LL_BARRIER(n); /* else no exit of the loop is one of a known number of rounds */
		if (k == n || ll_leaves(bytes & 0xff, class_of, row))
			break;
	}
	return k;
}
#else
LL_INLINE __u32 ll_walk_stays(const struct ll_walk *w, const struct ll_text *text, ll_byte *class_of, ll_cell *row)
{
	const char *from = text->bytes + w->at;
	const int step = (int)w->step;
	__u32 n = (w->stop - w->at) * w->step, k;

	for (k = 0; k < n; k++, from += step)
		if (ll_leaves((__u8)*from, class_of, row))
			break;
	return k;
}
#endif

/* Reads on from a row, as long as it comes to rows. 0: damaged. */
LL_INLINE int ll_walk_rows(struct ll_walk *w, const struct ll_text *text, ll_byte *class_of)
{
	__u32 number = w->row, stop = w->stop, at, k;
	ll_cell *row = ll_row(w, number);

	if (!row)
		return 0;
	if ((row[LL_R_OTHERWISE] & LL_TO_MASK) == number) {
		__u32 stays = ll_walk_stays(w, text, class_of, row);

		w->at += w->step * stays;
		if (stays == LL_WALK_EIGHT)
			return 1;
	}
	at = w->at;
	LL_WALK_LOOP for (k = 0; k < LL_WALK_RUN(4, ~0u); k++) {
		__u32 byte, byte_class, to;

		LL_BARRIER(stop); /* as above */
		if (at == stop)
			break;
		byte = (__u8)text->bytes[at & LL_MAX_PATH];
		at += w->step;
		if (byte == 0) {
			number = 0;
			at = stop;
			break;
		}
		byte_class = class_of[byte];
		to = row[LL_R_CELLS + byte_class];
		if (to >> 24 != byte_class) {
			to = row[LL_R_OTHERWISE];
			if ((to & LL_TO_MASK) == number)
				break;
		}
		to &= LL_TO_MASK;
		if (to & LL_TO_CHAIN) {
			w->at = at;
			return ll_walk_enter(w, to);
		}
		number = to;
		row = ll_row(w, number);
		if (!row)
			return 0;
	}
	w->row = number;
	w->at = at;
	return 1;
}

/* Reads on in a chain. A byte that leads out of it is left to the row that it leads from. 0: damaged. */
LL_INLINE int ll_walk_chain(struct ll_walk *w, const struct ll_text *text, ll_byte *class_of)
{
	__u32 left = w->left, at = w->at, stop = w->stop, k;
	ll_cell *links = ll_words_at(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->links + w->link, LL_WALK_RUN(8, left));

	if (!links)
		return 0;
	LL_WALK_LOOP for (k = 0; k < LL_WALK_RUN(8, left); k++) {
		__u32 byte, link = links[k];

		LL_BARRIER(stop);
		if (at == stop)
			break;
		byte = (__u8)text->bytes[at & LL_MAX_PATH];
		if (byte == 0 || link >> 24 != class_of[byte]) {
			w->row = link & LL_TO_MASK;
			w->left = 0;
			w->at = at;
			return 1;
		}
		at += w->step;
		if (k + 1 == left) {
			w->at = at;
			return ll_walk_enter(w, w->end);
		}
	}
	w->link += k;
	w->left = left - k;
	w->at = at;
	return 1;
}

/* Reads some bytes of the path. 1: nothing is left to be read, or the tables are damaged. */
LL_SUBPROG int ll_walk_on(struct ll_walk *w, const struct ll_text *text);
LL_SUBPROG int ll_walk_on(struct ll_walk *w, const struct ll_text *text)
{
	ll_byte *class_of;
	__u32 k;

	if (!w || !text || w->at == w->stop)
		return 1;
	class_of = (ll_byte *)ll_words_at(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->classes, 256 / 4);
	if (!class_of)
		goto damaged;
	LL_NO_UNROLL for (k = 0; k < LL_WALK_RUN(4, ~0u) && w->at != w->stop; k++)
		if ((w->left == 0 && !ll_walk_rows(w, text, class_of)) || (w->left && !ll_walk_chain(w, text, class_of)))
			goto damaged;
	return w->at == w->stop;
damaged:
	w->bad = 1;
	return 1;
}

struct ll_walking {
	struct ll_walk w;
	const struct ll_text *text;
};

LL_CALLBACK long ll_walk_step(__u32 i, void *context)
{
	struct ll_walking *walking = (struct ll_walking *)context;
	int stop = ll_walk_on(&walking->w, walking->text);

	(void)i;
	LL_BARRIER(stop);
	return stop != 0;
}

/* Takes the automaton with the words `head`, to read a path of `n` bytes. 0: damaged. */
LL_INLINE int ll_walk_begin(ll_table t, __u32 len, ll_cell *head, __u32 n, struct ll_walk *w)
{
	__u32 backward;

#ifndef LL_TABLE
	w->t = t;
	w->len = len;
#endif
	(void)t;
	(void)len;
	w->classes = head[LL_A_CLASSES];
	w->cells = head[LL_A_CELLS];
	w->chains = head[LL_A_CHAINS];
	w->links = head[LL_A_LINKS];
	backward = 0 - (head[LL_A_BACKWARD] & 1); /* never outside the path's bytes */
	w->at = (n - 1) & backward;
	w->step = backward | 1;
	w->stop = n | backward;
	w->bad = 0;
	return ll_walk_enter(w, head[LL_A_START]);
}

/* The atom of what was read so far; 0 also where the tables are damaged. */
LL_INLINE __u32 ll_walk_atom(const struct ll_walk *w)
{
	__u32 number = w->row;
	ll_cell *words;

	if (w->left) {
		words = ll_words_at(LL_TABLE_OF(w), LL_LENGTH_OF(w), w->links + w->link, 1);
		if (!words)
			return 0;
		number = *words & LL_TO_MASK;
	}
	words = ll_row(w, number);
	return words && !w->bad && w->at == w->stop ? words[LL_R_ATOM] & ~LL_R_MARK : 0;
}

LL_SUBPROG __u32 ll_text_atom(ll_table t, __u32 len, __u32 dfa, const struct ll_text *text, __u32 n);
LL_SUBPROG __u32 ll_text_atom(ll_table t, __u32 len, __u32 dfa, const struct ll_text *text, __u32 n)
{
	struct ll_walking walking = {};
	ll_cell *head;

	LL_USE(t);
	LL_USE(len);
	if (!text || dfa >= LL_ALL_DFAS || n > LL_MAX_PATH)
		return 0;
	head = ll_words_at(t, len, LL_W_DFA + dfa * LL_A_WORDS, LL_A_WORDS);
	if (!head)
		return 0;
	if (head[LL_A_CELLS_N] == 0)
		return 1;
	if (!ll_walk_begin(t, len, head, n, &walking.w))
		return 0;
	walking.text = text;
	if (!ll_walk_on(&walking.w, text))
		LL_LOOP(2 * n, ll_walk_step, &walking); /* each second time at least, one byte or more */
	return ll_walk_atom(&walking.w);
}

/*
 * The atom of a path of `n` bytes, 0 when it isn't a path of the universe (relative, "//", ".", "..", trailing "/",
 * NUL, empty, longer than LL_MAX_PATH) or the tables are damaged: the caller marks the fact unknown. 1 when no
 * condition reads this automaton. In BPF `bytes` points at LL_MAX_PATH + 1 readable bytes.
 */
LL_INLINE __u32 ll_dfa_walk(ll_table t, __u32 len, __u32 dfa, const char *bytes, __u32 n)
{
	return ll_text_atom(t, len, dfa, (const struct ll_text *)bytes, n);
}

/*
 * Takes a path into the parts of the fact `dim`, as ll_dfa_walk: their atoms go into `parts`. 0 when it isn't a path or the
 * tables are damaged.
 */
LL_INLINE __u32 ll_parts_walk(ll_table t, __u32 len, __u32 dim, const char *bytes, __u32 n, __u16 *parts)
{
	__u32 part, bad = 0;

	if (!LL_READS(LL_USED_PARTS) || !(ll_word(t, len, LL_W_PARTED, &bad) >> dim & 1))
		return 1;
	LL_UNROLL for (part = 0; part < LL_PARTS; part++) {
		__u32 head = LL_W_DFA + (LL_DFAS + part) * LL_A_WORDS;
		__u32 atom;

		if (ll_word(t, len, head + LL_A_CELLS_N, &bad) == 0 || ll_word(t, len, head + LL_A_FACT, &bad) != dim)
			continue;
		atom = ll_dfa_walk(t, len, LL_DFAS + part, bytes, n);
		if (atom > 0xffff)
			atom = 0;
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
