/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Paths that may be staged (ll_is_staged of facts.h): whoever makes a namespace, a root or a detached mount there gives
 * programs what paths he likes. Such a path may satisfy a condition that restricts, never an exception. So the exec is
 * decided twice, once by its paths and once as if they were paths that no policy names, and the narrower decision
 * holds; of two different rulesets both.
 */
#ifndef LANDLATCH_STAGED_H
#define LANDLATCH_STAGED_H

#define LL_NOBODYS_BYTES 5 /* of "/\xff/\xff": patterns for everything match it, such as a whole path's "**" */

/* Puts the path that nobody names in the place of each that may be staged. */
static __noinline void ll_take_nobodys(struct ll_buffer *buffer)
{
	struct ll_facts *facts = &buffer->facts;

	buffer->text[0] = '/';
	buffer->text[1] = (char)0xff;
	buffer->text[2] = '/';
	buffer->text[3] = (char)0xff;
	buffer->text[4] = (char)0xff;
	if (LL_READS_DIM(LL_DIM_EXEC) && (buffer->staged & (1u << LL_DIM_EXEC)))
		ll_set_path(facts, LL_DIM_EXEC, LL_DFA_EXEC, buffer->text, LL_NOBODYS_BYTES);
	if (LL_READS_DIM(LL_DIM_SCRIPT) && (buffer->staged & (1u << LL_DIM_SCRIPT)))
		ll_set_path(facts, LL_DIM_SCRIPT, LL_DFA_SCRIPT, buffer->text, LL_NOBODYS_BYTES);
	if (LL_READS_DIM(LL_DIM_PARENT) && (buffer->staged & (1u << LL_DIM_PARENT)))
		ll_set_path(facts, LL_DIM_PARENT, LL_DFA_LINEAGE, buffer->text, LL_NOBODYS_BYTES);
	if (LL_READS_LINEAGE && (buffer->staged & LL_UNKNOWN_ANCESTORS))
		facts->ancestors = buffer->trusted_ancestors;
}

/* Makes `here` as narrow as `elsewhere` is too. Returns 1 + the effect to be applied beside that of `here`, or 0. */
static __always_inline __u32 ll_narrow_outcome(struct ll_outcome *here, const struct ll_outcome *elsewhere)
{
	__u32 also = 0;

	if (here->kind == LL_REFUSE || (here->kind == LL_DENY && elsewhere->kind != LL_REFUSE))
		return 0;
	if (elsewhere->kind > here->kind) {
		here->kind = elsewhere->kind;
		here->rule = elsewhere->rule;
		here->effect = elsewhere->effect;
	} else if (elsewhere->kind == LL_APPLY && here->effect != elsewhere->effect) {
		also = elsewhere->effect + 1;
	}
	if (here->rule == LL_NOTHING)
		here->rule = elsewhere->rule;
	here->nnp |= elsewhere->nnp;
	here->always |= elsewhere->always;
	return also;
}

/* The narrower of the two decisions in the buffer's event. */
static __noinline void ll_narrow(struct ll_buffer *buffer)
{
	struct ll_outcome *here = (struct ll_outcome *)&buffer->event.decision;
	const struct ll_outcome *elsewhere = (const struct ll_outcome *)&buffer->elsewhere;

	buffer->event.staged = 1;
	buffer->event.also = ll_narrow_outcome(&here[0], &elsewhere[0]);
	ll_narrow_outcome(&here[1], &elsewhere[1]);
}

#endif /* LANDLATCH_STAGED_H */
