// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a restricted exec looks like, on both interfaces: who is confined and who isn't, what a failed exec leaves, flags,
 * privileges, layers, and execs under way while what they are given is replaced.
 */
#define _GNU_SOURCE
#include "series.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE "/usr/bin/series_probe"
#define SETUID_PROBE "/tmp/setuid_probe"
#define FREE (PROBE_SECRET | PROBE_A | PROBE_B | PROBE_ROOT)
#define FAILED_EXEC 256 /* and the errno */
#define WORKERS 64
#define EXECS_EACH 4
#define REPLACEMENTS 1000

/* One of the two interfaces, loaded and attached. */
static struct gate {
	struct bpf_object *object;
	struct bpf_link *link;
	volatile struct gate_config *config;
	int rulesets; /* the map, or -1: by objects */
	int store;    /* the storing program, or -1 */
	int slots[2]; /* rulesets for slot 0 (reads FILE_A) and slot 1 (reads FILE_B) */
} gate;

static int put(unsigned int slot, int ruleset)
{
	struct {
		int fd;
		unsigned int slot;
	} context = {ruleset, slot};
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof(context));

	if (gate.rulesets >= 0)
		return bpf_map_update_elem(gate.rulesets, &slot, &ruleset, BPF_ANY);
	return bpf_prog_test_run_opts(gate.store, &options) ?: (int)options.retval;
}

static void configure(unsigned int first, unsigned int rest, unsigned int times, unsigned int flags)
{
	gate.config->slot[0] = first;
	gate.config->slot[1] = rest;
	gate.config->times = times;
	gate.config->flags = flags;
	gate.config->fail_closed = 1;
	gate.config->error = 12345;
}

static bool attach_gate(const char *name, const char *store)
{
	struct bpf_map *data;
	int error;

	memset(&gate, 0, sizeof(gate));
	gate.object = open_programs(name, store);
	error = gate.object ? bpf_object__load(gate.object) : -1;
	check(!error, "%s loads: %s", name, error ? last_words() : "");
	if (error)
		return false;
	gate.rulesets = store ? -1 : bpf_map__fd(bpf_object__find_map_by_name(gate.object, "rulesets"));
	gate.store = store ? bpf_program__fd(bpf_object__find_program_by_name(gate.object, store)) : -1;
	data = bpf_object__find_map_by_name(gate.object, ".data.gate");
	gate.config = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(data), 0);
	/* An exec reads the program, with what is in force before. */
	gate.slots[0] = make_ruleset(FILE_A, PROBE, SETUID_PROBE, NULL);
	gate.slots[1] = make_ruleset(FILE_B, PROBE, SETUID_PROBE, NULL);
	configure(0, 0, 1, NNP);
	gate.link = bpf_program__attach(bpf_object__find_program_by_name(gate.object, name));
	check(gate.config != MAP_FAILED && gate.link, "%s is attached", name);
	return true;
}

static void detach_gate(void)
{
	bpf_link__destroy(gate.link);
	bpf_object__close(gate.object);
	close(gate.slots[0]);
	close(gate.slots[1]);
}

/* Runs a program as `uid`; its exit code, or FAILED_EXEC + errno. */
static int run_as(unsigned int uid, char *const arguments[])
{
	int pipes[2], error = 0, status;
	pid_t child;

	if (pipe2(pipes, O_CLOEXEC))
		return -1;
	child = fork();
	if (!child) {
		if (uid && (setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
			_exit(99);
		execv(arguments[0], arguments);
		error = errno;
		_exit(write(pipes[1], &error, sizeof(error)) < 0 ? 98 : 97);
	}
	close(pipes[1]);
	if (read(pipes[0], &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(pipes[0]);
	waitpid(child, &status, 0);
	return error ? FAILED_EXEC + error : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int probe(void)
{
	return run_as(0, (char *[]){PROBE, NULL});
}

static void expect(int found, int wanted, const char *what)
{
	check(found == wanted, "%s (%d)", what, found);
}

/* --- what both interfaces have in common --- */

static void test_confinement(void)
{
	int file;

	expect(probe(), PROBE_A | PROBE_NNP | PROBE_ROOT, "the program has what its ruleset allows and no more");
	file = open(SECRET, O_RDONLY | O_CLOEXEC);
	check(file >= 0 && !prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), "its parent is free, and has no no_new_privs");
	close(file);
	expect(run_as(0, (char *[]){PROBE, "again", "03", NULL}), PROBE_A | PROBE_NNP | PROBE_ROOT,
	       "a program that executes itself has the same");
	configure(0, 0, 0, 0);
	expect(probe(), FREE, "a sibling of which the gate wants nothing is free");
	configure(0, 0, 1, 0);
	expect(probe(), PROBE_A | PROBE_ROOT, "without the flag no no_new_privs");
	/* Confined as slot 0, executes a probe of which the gate wants nothing: what is in force is inherited. */
	if (!fork()) {
		check(!restrict_self(gate.slots[0], 0), "a task restricts itself");
		configure(1, 1, 1, 0);
		expect(probe(), PROBE_ROOT, "and a gate's ruleset is one more layer");
		configure(0, 0, 0, 0);
		expect(probe(), PROBE_A | PROBE_ROOT, "children inherit");
		_exit(0);
	}
	wait(NULL);
}

static void test_flags(void)
{
	for (unsigned int flag = 0; flag < 3; flag++) {
		configure(0, 0, 1, 1u << flag);
		expect(probe(), PROBE_A | PROBE_ROOT, "a log flag is accepted");
		check(gate.config->error == 0, "without an error: %d", gate.config->error);
	}
	configure(0, 0, 1, 1u << 3);
	expect(probe(), FAILED_EXEC + EPERM, "TSYNC fails closed");
	check(gate.config->error == -EINVAL, "with EINVAL: %d", gate.config->error);
	configure(0, 0, 1, 1u << 5);
	expect(probe(), FAILED_EXEC + EPERM, "an unknown flag fails closed");
	check(gate.config->error == -EINVAL, "with EINVAL: %d", gate.config->error);
	configure(3, 3, 1, 0);
	expect(probe(), FAILED_EXEC + EPERM, "an empty slot fails closed");
}

static void test_privileges(void)
{
	configure(0, 0, 1, NNP);
	expect(run_as(1000, (char *[]){PROBE, NULL}), PROBE_A | PROBE_NNP, "no_new_privs for a user");
	expect(run_as(1000, (char *[]){SETUID_PROBE, NULL}), PROBE_A | PROBE_NNP | PROBE_ROOT,
	       "a setuid program has its privileges in this exec, and no_new_privs");
	expect(run_as(1000, (char *[]){SETUID_PROBE, "drop", NULL}), PROBE_A | PROBE_NNP,
	       "and once it gave them up its child gains none");
	configure(0, 0, 0, 0);
	expect(run_as(1000, (char *[]){SETUID_PROBE, "drop", NULL}), FREE, "as it does without the gate");
}

/* 16 layers are all there is. */
static void test_layers(unsigned int in_force)
{
	pid_t child = fork();

	if (!child) {
		for (unsigned int i = 0; i < in_force; i++)
			if (restrict_self(gate.slots[0], NNP))
				_exit(1);
		configure(0, 0, 1, NNP);
		if (in_force < 16)
			expect(probe(), PROBE_A | PROBE_NNP | PROBE_ROOT, "on 15 layers the 16th is applied");
		else
			expect(probe(), FAILED_EXEC + EPERM, "on 16 layers the 17th fails closed");
		check(gate.config->error == (in_force < 16 ? 0 : -E2BIG), "with error %d", gate.config->error);
		if (in_force == 16) {
			configure(0, 0, 0, 0);
			expect(probe(), PROBE_A | PROBE_NNP | PROBE_ROOT, "and an exec that needs none goes on");
		}
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void test_replacing(void)
{
	pid_t workers[WORKERS];
	int wrong = 0, replaced = 0, status, seen[2] = {};
	int *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	configure(0, 0, 1, NNP);
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = fork();
		if (workers[i])
			continue;
		int bad = 0;

		for (int j = 0; j < EXECS_EACH; j++) {
			int found = probe() & ~(PROBE_NNP | PROBE_ROOT);

			bad += found != PROBE_A && found != PROBE_B;
			__sync_fetch_and_add(&counts[found == PROBE_B], 1);
		}
		_exit(bad);
	}
	for (int i = 0; i < REPLACEMENTS; i++) {
		replaced += put(0, gate.slots[i & 1]) == 0;
		sched_yield();
	}
	for (int i = 0; i < WORKERS; i++) {
		waitpid(workers[i], &status, 0);
		wrong += WIFEXITED(status) ? WEXITSTATUS(status) : EXECS_EACH;
	}
	seen[0] = counts[0];
	seen[1] = counts[1];
	check(replaced == REPLACEMENTS && !wrong, "%d execs from %d parents while the slot is replaced %d times: %d under one, %d under the other, %d under neither",
	      WORKERS * EXECS_EACH, WORKERS, replaced, seen[0] - wrong, seen[1], wrong);
	put(0, gate.slots[0]);
}

static void common(void)
{
	test_confinement();
	test_flags();
	test_privileges();
	test_layers(15);
	test_layers(16);
	test_replacing();
}

/* --- an exec that fails --- */

static int fails(const char *path, char *const arguments[])
{
	char *none[] = {NULL};

	gate.config->error = 12345;
	execve(path, arguments, none);
	return errno;
}

/* The gate is at bprm_creds_for_exec: it stages before the binary's format is looked at. */
static void test_failed_execs(void)
{
	static char long_argument[1 << 18];
	pid_t child = fork();
	int status;

	if (!child) {
		char *named[] = {"x", NULL}, *many[] = {"x", long_argument, NULL};

		memset(long_argument, 'x', sizeof(long_argument) - 1);
		check(fails("/tmp/no-format", named) == ENOEXEC && gate.config->error == 0, "ENOEXEC, after the gate staged");
		check(fails("/tmp/lost-interpreter", named) == ENOENT && gate.config->error == 0,
		      "ENOENT of the interpreter, after the gate staged");
		check(fails(PROBE, many) == E2BIG, "E2BIG");
		int file = open(SECRET, O_RDONLY | O_CLOEXEC);

		check(file >= 0 && !prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
		      "failed execs leave neither domain nor no_new_privs");
		close(file);
		configure(0, 0, 0, 0);
		expect(probe(), FREE, "nor anything for the next exec");
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, &status, 0);
	configure(0, 0, 1, NNP);
	expect(probe(), PROBE_A | PROBE_NNP | PROBE_ROOT, "and one that succeeds is confined from there too");
	printf("--   AT_EXECVE_CHECK: not run, this kernel has none (6.14 does)\n");
}

static void make_files(void)
{
	static const struct {
		const char *path, *text;
	} files[] = {{"/tmp/no-format", "\x01\x02\x03 no format\n"}, {"/tmp/lost-interpreter", "#!/nowhere/interpreter\n"}};

	for (int i = 0; i < 2; i++) {
		int fd = open(files[i].path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

		check(fd >= 0 && write(fd, files[i].text, strlen(files[i].text)) > 0, "%s", files[i].path);
		close(fd);
	}
	check(!system("cp " PROBE " " SETUID_PROBE " && chmod 4755 " SETUID_PROBE), "a setuid program");
}

void test_execs_by_map(void)
{
	printf("-- the map interface\n");
	make_files();
	expect(probe(), FREE, "before, everything can be read");
	if (!attach_gate("ok_gate", NULL))
		return;
	expect(probe(), FAILED_EXEC + EPERM, "an empty map fails closed");
	check(!put(0, gate.slots[0]) && !put(1, gate.slots[1]), "two rulesets");
	common();
	configure(0, 1, 2, NNP);
	expect(probe(), PROBE_NNP | PROBE_ROOT, "two calls are two layers");
	configure(0, 0, 16, NNP);
	expect(probe(), PROBE_A | PROBE_NNP | PROBE_ROOT, "16 calls");
	configure(0, 0, 17, NNP);
	expect(probe(), FAILED_EXEC + EPERM, "the 17th call fails closed");
	check(gate.config->error == -E2BIG, "with E2BIG: %d", gate.config->error);
	configure(0, 0, 1, 0);
	expect(run_as(1000, (char *[]){PROBE, NULL}), FAILED_EXEC + EPERM,
	       "without flag, no_new_privs and CAP_SYS_ADMIN it fails closed");
	check(gate.config->error == -EPERM, "with EPERM: %d", gate.config->error);
	detach_gate();
	expect(probe(), FREE, "detached, everything can be read");
	if (!attach_gate("ok_gate_early", NULL))
		return;
	put(0, gate.slots[0]);
	test_failed_execs();
	detach_gate();
}

void test_execs_by_object(void)
{
	printf("-- the object interface\n");
	if (!attach_gate("ok_object_gate", "ok_store"))
		return;
	expect(probe(), FAILED_EXEC + EPERM, "an empty slot fails closed");
	check(put(0, -1) == 2, "no object of a bad fd");
	check(!put(0, gate.slots[0]) && !put(1, gate.slots[1]), "two rulesets");
	common();
	configure(0, 1, 2, NNP);
	expect(probe(), PROBE_B | PROBE_NNP | PROBE_ROOT, "the last of two calls wins");
	configure(0, 0, 17, NNP);
	expect(probe(), PROBE_A | PROBE_NNP | PROBE_ROOT, "17 calls are one layer");
	configure(0, 0, 1, 0);
	expect(run_as(1000, (char *[]){PROBE, NULL}), PROBE_A, "no privilege is asked for");
	detach_gate();
	if (!attach_gate("ok_object_gate_early", "ok_store"))
		return;
	put(0, gate.slots[0]);
	test_failed_execs();
	detach_gate();
}
