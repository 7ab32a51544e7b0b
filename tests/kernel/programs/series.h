/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the series' kernel share: series.c (system call, map, verifier), execs.c (what a restricted exec
 * looks like), verifier.bpf.c (the gates) and probe.c (the program that is executed).
 */
#ifndef LANDLATCH_SERIES_H
#define LANDLATCH_SERIES_H

#define SECRET "/tmp/secret"
#define FILE_A "/tmp/a"
#define FILE_B "/tmp/b"

/* Exit code of probe.c: what it can read, and what it is. */
#define PROBE_SECRET 1
#define PROBE_A 2
#define PROBE_B 4
#define PROBE_NNP 8
#define PROBE_ROOT 16
#define PROBE_FAILED 32

#define NNP (1u << 4)

/* What the gates do; in their .bss. */
struct gate_config {
	unsigned int slot[2];     /* the first application's slot, and that of all others */
	unsigned int times;       /* applications an exec */
	unsigned int flags;
	int fail_closed;          /* an error refuses the exec */
	int error;                /* out: the last application's */
	unsigned long long calls; /* out: execs seen */
};

#ifndef __bpf__
#include <stdbool.h>
#include <stdint.h>

struct bpf_object;

extern char verifier_log[1 << 20];

void check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A ruleset that handles read_file and allows it on the files given, up to NULL. */
int make_ruleset(const char *path, ...);
/* landlock_restrict_self on this thread: 0 or an errno. */
int restrict_self(int ruleset, unsigned int flags);
/* The object of verifier.bpf.c with the programs `only` and `also` (or NULL) to be loaded and no others. */
struct bpf_object *open_programs(const char *only, const char *also);
/* The verifier's last line. */
const char *last_words(void);

void test_execs_by_map(void);
void test_execs_by_object(void);
#endif

#endif /* LANDLATCH_SERIES_H */
