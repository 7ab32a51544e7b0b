// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the interface of the series' kernel from outside, without this project's loader: the system call's flags, what
 * user space can do with the map, what the verifier accepts, and (execs.c) what a restricted exec looks like. Prints one
 * line a check; exits with 1 when one failed. Runs as root inside the test machine (scenario series).
 */
#define _GNU_SOURCE
#include "series.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_FILE (1ull << 2)

char verifier_log[1 << 20];
static int map_type;
static struct {
	int failures, checks;
} *totals; /* shared with children */

void check(bool good, const char *format, ...)
{
	va_list arguments;

	totals->checks++;
	totals->failures += !good;
	printf("%s ", good ? "ok  " : "FAIL");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

/* --- Landlock --- */

int make_ruleset(const char *path, ...)
{
	struct {
		uint64_t fs, net, scoped;
	} attr = {.fs = READ_FILE};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	va_list paths;

	va_start(paths, path);
	for (; path; path = va_arg(paths, const char *)) {
		struct {
			uint64_t allowed;
			int32_t fd;
		} __attribute__((packed)) rule = {.allowed = READ_FILE, .fd = open(path, O_PATH | O_CLOEXEC)};

		if (rule.fd < 0 || syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0))
			perror(path);
		close(rule.fd);
	}
	va_end(paths);
	return ruleset;
}

int restrict_self(int ruleset, unsigned int flags)
{
	return syscall(SYS_landlock_restrict_self, ruleset, flags) ? errno : 0;
}

/* --- BPF --- */

static char libbpf_words[160]; /* its last warning */

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN && !strstr(format, "failed to load object")) {
		vsnprintf(libbpf_words, sizeof(libbpf_words), format, arguments);
		libbpf_words[strcspn(libbpf_words, "\n")] = 0;
	}
	return 0;
}

/* Number of an enumerator of the running kernel, or -1. */
static int kernel_enum(const char *enumeration, const char *name)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf__find_by_name_kind(btf, enumeration, BTF_KIND_ENUM), value = -1;

	if (id > 0) {
		const struct btf_type *type = btf__type_by_id(btf, (uint32_t)id);
		const struct btf_enum *values = btf_enum(type);

		for (int i = 0; i < btf_vlen(type); i++)
			if (!strcmp(btf__name_by_offset(btf, values[i].name_off), name))
				value = values[i].val;
	}
	btf__free(btf);
	return value;
}

struct bpf_object *open_programs(const char *only, const char *also)
{
	struct bpf_object *object = bpf_object__open_file("/usr/bin/verifier.bpf.o", NULL);
	struct bpf_program *program;

	memset(verifier_log, 0, sizeof(verifier_log));
	if (!object)
		return NULL;
	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program);
		bool wanted = !strcmp(name, only) || (also && !strcmp(name, also));

		bpf_program__set_autoload(program, wanted);
		if (wanted)
			bpf_program__set_log_buf(program, verifier_log, sizeof(verifier_log));
	}
	bpf_map__set_type(bpf_object__find_map_by_name(object, "rulesets"), (enum bpf_map_type)map_type);
	return object;
}

const char *last_words(void)
{
	static char line[160];
	char *end = strstr(verifier_log, "\nprocessed"), *begin;

	if (!*verifier_log)
		return libbpf_words;
	if (!end)
		end = verifier_log + strlen(verifier_log);
	*end = 0;
	begin = strrchr(verifier_log, '\n');
	snprintf(line, sizeof(line), "%.150s", begin ? begin + 1 : verifier_log);
	return line;
}

/* --- What the verifier accepts --- */

static const struct {
	const char *program;
	const char *words; /* of the refusal, alternatives separated by '|'; NULL: must load */
} expectations[] = {
	{"ok_restrict", NULL},
	{"ok_restrict_early", NULL},
	{"ok_delete", NULL},
	{"ok_store", NULL},
	{"ok_apply", NULL},
	{"bad_no_put", "Unreleased reference"},
	{"bad_put_twice", "must be referenced|R1"},
	{"bad_use_after_put", "R2"},
	{"bad_no_null_check", "R2"},
	{"bad_read_ruleset", "bpf_landlock_ruleset"},
	{"bad_write_ruleset", "bpf_landlock_ruleset|only read is supported"},
	{"bad_made_up_ruleset", "bpf_landlock_ruleset"},
	{"bad_update_from_bpf", "cannot pass map_type"},
	{"bad_for_each", "callback function not allowed for map"},
	{"bad_wrong_hook", "calling kernel function bpf_landlock_put_ruleset is not allowed"},
	{"bad_not_sleepable", "not allowed"},
	{"bad_cgroup_lsm", "not allowed"},
	{"bad_tracing", "only LSM progs"},
	{"bad_tracepoint", "not allowed"},
	{"bad_syscall_map", "only LSM progs"},
	{"bad_tail_call", "Sleepable programs can only use"},
	{"bad_apply_without_reference", "trusted|R1"},
	{"bad_object_leak", "Unreleased reference"},
	{"bad_object_write", "cannot write|only read is supported|write into"},
	{"bad_from_fd_in_lsm", "not allowed"},
	{"bad_from_fd_leak", "Unreleased reference"},
	{"bad_acquire_wrong_hook", "not allowed"},
	{"bad_acquire_without_rcu", "trusted|rcu|R1"},
};

/* True when one of the alternatives separated by '|' stands in the log. */
static bool says(const char *words)
{
	char copy[256], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", words);
	for (char *word = strtok_r(copy, "|", &save); word; word = strtok_r(NULL, "|", &save))
		if (strstr(verifier_log, word))
			return true;
	return false;
}

static void expect_refusal(struct bpf_object *object, const char *name, const char *words)
{
	int error = object ? bpf_object__load(object) : -1;
	bool said = says(words);

	check(error && said, "verifier refuses %s: %s", name, error ? last_words() : "it loaded");
	bpf_object__close(object);
}

static void test_verifier(void)
{
	for (size_t i = 0; i < sizeof(expectations) / sizeof(*expectations); i++) {
		const char *name = expectations[i].program;
		struct bpf_object *object = open_programs(name, NULL);
		int error;

		if (expectations[i].words) {
			expect_refusal(object, name, expectations[i].words);
			continue;
		}
		error = object ? bpf_object__load(object) : -1;
		check(!error, "verifier accepts %s%s%s", name, error ? ": " : "", error ? last_words() : "");
		bpf_object__close(object);
	}
}

/* A program that extends an LSM program is not one itself. */
static void test_extensions(void)
{
	struct bpf_object *target = open_programs("ok_extensible", NULL);
	int error = target ? bpf_object__load(target) : -1;

	check(!error, "verifier accepts ok_extensible: %s", error ? last_words() : "");
	if (error)
		return;
	int fd = bpf_program__fd(bpf_object__find_program_by_name(target, "ok_extensible"));
	static const struct {
		const char *program, *words;
	} cases[] = {{"bad_extension_map", "only LSM progs"}, {"bad_extension_object", "not allowed"}};

	for (int i = 0; i < 2; i++) {
		struct bpf_object *object = open_programs(cases[i].program, NULL);

		bpf_program__set_attach_target(bpf_object__find_program_by_name(object, cases[i].program), fd, "extensible");
		expect_refusal(object, cases[i].program, cases[i].words);
	}
	bpf_object__close(target);
}

/* --- The map from user space --- */

static void test_map(void)
{
	uint32_t key = 0, beyond = 9, count = 1;
	int value, fd = make_ruleset("/", NULL), pipes[2];
	int map = bpf_map_create((enum bpf_map_type)map_type, "rulesets", 4, 4, 4, NULL);
	LIBBPF_OPTS(bpf_map_create_opts, outer, .inner_map_fd = (uint32_t)map);
	LIBBPF_OPTS(bpf_map_create_opts, mappable, .map_flags = BPF_F_MMAPABLE);
	LIBBPF_OPTS(bpf_map_batch_opts, batch);

	check(map >= 0, "the map is made, type %d", map_type);
	check(bpf_map_delete_elem(map, &key) == -ENOENT, "deleting an empty slot: ENOENT");
	check(!bpf_map_update_elem(map, &key, &fd, BPF_ANY), "a ruleset goes in");
	check(!bpf_map_update_elem(map, &key, &fd, BPF_ANY), "and is replaced");
	check(bpf_map_update_elem(map, &key, &fd, BPF_NOEXIST) == -EINVAL, "BPF_NOEXIST: EINVAL");
	check(bpf_map_update_elem(map, &key, &fd, BPF_EXIST) == -EINVAL, "BPF_EXIST: EINVAL");
	check(bpf_map_update_elem(map, &beyond, &fd, BPF_ANY) == -E2BIG, "past the end: E2BIG");
	check(bpf_map_lookup_elem(map, &key, &value) < 0, "user space can't read it: %s", strerror(errno));
	value = -1;
	check(bpf_map_update_elem(map, &key, &value, BPF_ANY) == -EBADF, "no fd: EBADF");
	if (pipe(pipes))
		perror("pipe");
	check(bpf_map_update_elem(map, &key, &pipes[0], BPF_ANY) == -EBADFD, "another kind of fd: EBADFD");
	check(!bpf_map_delete_elem(map, &key), "a ruleset is deleted");
	check(bpf_map_delete_elem(map, &key) == -ENOENT, "once");
	check(bpf_map_freeze(map) < 0, "freezing is refused: %s", strerror(errno));
	check(bpf_map_update_batch(map, &key, &fd, &count, &batch) < 0, "no batches: %s", strerror(errno));
	check(bpf_map_create((enum bpf_map_type)map_type, "x", 4, 8, 4, NULL) == -EINVAL, "8-byte values: EINVAL");
	check(bpf_map_create((enum bpf_map_type)map_type, "x", 4, 4, 4, &mappable) < 0, "it can't be mapped: %s",
	      strerror(errno));
	check(bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "outer", 4, 4, 1, &outer) < 0, "it can't be an inner map: %s",
	      strerror(errno));

	/* A direct value: ldimm64 with the address of the map's first value. */
	struct bpf_insn direct[] = {{.code = BPF_LD | BPF_DW | BPF_IMM, .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = map},
				    {0},
				    {.code = BPF_ALU64 | BPF_MOV | BPF_K},
				    {.code = BPF_JMP | BPF_EXIT}};
	int hook = libbpf_find_vmlinux_btf_id("bprm_creds_from_file", BPF_LSM_MAC);
	LIBBPF_OPTS(bpf_prog_load_opts, options, .log_buf = verifier_log, .log_size = sizeof(verifier_log), .log_level = 1,
		    .expected_attach_type = BPF_LSM_MAC, .attach_btf_id = (uint32_t)hook);
	int program = bpf_prog_load(BPF_PROG_TYPE_LSM, "direct", "GPL", direct, 4, &options);

	check(program < 0 && strstr(verifier_log, "direct value"), "no direct values: %s", last_words());
	close(program);
	close(map);
	close(fd);
	close(pipes[0]);
	close(pipes[1]);
}

static void test_map_iterator(void)
{
	struct bpf_object *object = open_programs("bad_iterator", NULL);
	int error = object ? bpf_object__load(object) : -1;
	union bpf_iter_link_info info = {};
	LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &info, .link_info_len = sizeof(info));
	struct bpf_link *link;

	check(!error, "the iterator's program loads: %s", error ? last_words() : "");
	if (error)
		return;
	info.map.map_fd = (uint32_t)bpf_map__fd(bpf_object__find_map_by_name(object, "rulesets"));
	link = bpf_program__attach_iter(bpf_object__find_program_by_name(object, "bad_iterator"), &options);
	check(!link, "no iterator over the map: %s", strerror(errno));
	bpf_link__destroy(link);
	bpf_object__close(object);
}

/* --- The system call --- */

static void test_syscall_flags(void)
{
	int status;

	for (unsigned int flag = 0; flag < 6; flag++) {
		if (!fork()) {
			int error = restrict_self(make_ruleset("/", NULL), 1u << flag);
			int nnp = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
			bool known = flag <= 2 || flag == 4;

			_exit(error != (known ? 0 : EINVAL) || nnp != (flag == 4));
		}
		wait(&status);
		check(!status, "landlock_restrict_self with flag 1 << %u: %s", flag,
		      flag <= 2 ? "accepted" : flag == 4 ? "no_new_privs" : "EINVAL");
	}
	if (!fork()) {
		if (setresuid(1000, 1000, 1000))
			_exit(9);
		_exit(restrict_self(make_ruleset("/", NULL), 0) != EPERM || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) ||
		      restrict_self(-1, NNP) != EBADF || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) ||
		      restrict_self(make_ruleset("/", NULL), NNP));
	}
	wait(&status);
	check(!status, "without privilege: EPERM, but for the flag, which a failed call doesn't set");
}

static void put_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
	chmod(path, mode);
}

int main(void)
{
	totals = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	libbpf_set_print(quiet);
	setvbuf(stdout, NULL, _IOLBF, 0);
	put_file(SECRET, "secret\n", 0644);
	put_file(FILE_A, "a\n", 0644);
	put_file(FILE_B, "b\n", 0644);
	map_type = kernel_enum("bpf_map_type", "BPF_MAP_TYPE_LANDLOCK_RULESET");
	check(map_type > 0, "the kernel has the map type");
	if (map_type <= 0)
		return 1;
	test_syscall_flags();
	test_map();
	test_map_iterator();
	test_verifier();
	test_extensions();
	test_execs_by_map();
	test_execs_by_object();
	printf("%d checks, %d failures\n", totals->checks, totals->failures);
	return totals->failures ? 1 : 0;
}
