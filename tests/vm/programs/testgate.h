/* SPDX-License-Identifier: Apache-2.0 */
/* Context of the program `fill` in testgate.bpf.c: which ring to fill, and up to how many free bytes. */
#ifndef LANDLATCH_TESTGATE_H
#define LANDLATCH_TESTGATE_H

struct fill_context {
    __u32 events; /* ll_events, else ll_holds */
    __u32 left;
};

#endif /* LANDLATCH_TESTGATE_H */
