/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The places for a policy in a gate object. llc fills them in when it links the policy's tables and sections with the
 * gate: see compiler/backend/bpf/link.h.
 */
#ifndef LANDLATCH_POLICY_H
#define LANDLATCH_POLICY_H

/* The instruction `w = this number - n`, n up to LL_TABLE_LENGTH_LESS, is made `w = length of the tables in words - n`. */
#define LL_TABLE_LENGTH_MARK 0x4c4c574e
#define LL_TABLE_LENGTH_LESS 1023

#ifdef __bpf__

/*
 * Sections whose content and size are the policy's. `volatile`: the compiler knows nothing of what is read from them.
 * `nodebug`: BTF would say the size they have here.
 */
#define LL_POLICY_SECTION(name) __attribute__((section(name), used, nodebug, aligned(8)))
const volatile __u32 ll_words[2] LL_POLICY_SECTION(".rodata.landlatch") = {};
static const volatile __u32 ll_manifest[2] LL_POLICY_SECTION(".landlock.manifest") = {};
static const volatile __u32 ll_rulesets[2] LL_POLICY_SECTION(".landlock.rulesets") = {};

/* The length, less a constant. Not kept in a register from one use to the next, where it would be spilled to the stack. */
static __always_inline __u32 ll_table_length(const __u32 less)
{
	__u32 words;

	asm volatile("%0 = %1" : "=w"(words) : "i"(LL_TABLE_LENGTH_MARK - less));
	return words;
}

#define LL_TABLE ll_words
#define LL_TABLE_LEN_LESS(words) ll_table_length(words)

/*
 * Plan: 1 << LL_DIM_x and LL_UNKNOWN_x bits of the facts that any box reads. A constant, but for gates that are compiled
 * once and specialised for each set of facts later.
 */
#ifndef LL_USED
extern const __u32 ll_used;
#define LL_USED ll_used
#endif

#endif /* __bpf__ */

#endif /* LANDLATCH_POLICY_H */
