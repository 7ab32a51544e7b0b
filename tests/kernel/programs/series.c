// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the interface of the series' kernel from outside, without this project's loader: what the verifier accepts, what
 * user space can do with the map, and what a restricted exec looks like. Prints one line a check; exits with the number
 * of failures. Runs as root inside the test machine (scenario series).
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NNP (1u << 4)
#define READ_FILE (1ull << 2)

static int failures, checks;

static void check(bool good, const char *format, ...)
{
	va_list arguments;

	checks++;
	failures += !good;
	printf("%s ", good ? "ok  " : "FAIL");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

/* --- Landlock --- */

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

static int make_ruleset(uint64_t fs)
{
	struct ruleset_attr attr = {.fs = fs};

	return (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
}

static void allow(int ruleset, const char *path, uint64_t access)
{
	struct {
		uint64_t allowed;
		int32_t fd;
	} __attribute__((packed)) rule = {.allowed = access, .fd = open(path, O_PATH | O_CLOEXEC)};

	if (rule.fd < 0 || syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0))
		perror(path);
	close(rule.fd);
}

/* Reading is allowed beneath `path` only. */
static int readable(const char *path)
{
	int ruleset = make_ruleset(READ_FILE);

	if (path)
		allow(ruleset, path, READ_FILE);
	return ruleset;
}

static int restrict_self(int ruleset, unsigned int flags)
{
	return syscall(SYS_landlock_restrict_self, ruleset, flags) ? errno : 0;
}

/* --- BPF --- */

static char verifier_log[1 << 20];
static int map_type;

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
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

/* Opens the object with `only` and `also` loaded, the rest left out; reuses the maps given. */
static struct bpf_object *open_programs(const char *only, const char *also, int rulesets, int objects)
{
	struct bpf_object *object = bpf_object__open_file("/usr/bin/verifier.bpf.o", NULL);
	struct bpf_program *program;
	struct bpf_map *map;

	if (!object)
		return NULL;
	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program);
		bool wanted = !strcmp(name, only) || (also && !strcmp(name, also));

		bpf_program__set_autoload(program, wanted);
		if (wanted)
			bpf_program__set_log_buf(program, verifier_log, sizeof(verifier_log));
	}
	map = bpf_object__find_map_by_name(object, "rulesets");
	bpf_map__set_type(map, map_type);
	if (rulesets >= 0)
		bpf_map__reuse_fd(map, rulesets);
	map = bpf_object__find_map_by_name(object, "objects");
	if (objects >= 0)
		bpf_map__reuse_fd(map, objects);
	return object;
}

static const struct {
	const char *program;
	const char *words; /* NULL: must load */
} expectations[] = {
	{"ok_restrict", NULL},
	{"ok_restrict_early", NULL},
	{"ok_delete", NULL},
	{"ok_store", NULL},
	{"ok_apply", NULL},
	{"bad_no_put", "Unreleased reference"},
	{"bad_put_twice", "expects refcounted|must be referenced|R1"},
	{"bad_use_after_put", "R2"},
	{"bad_no_null_check", "R2"},
	{"bad_read_ruleset", "bpf_landlock_ruleset"},
	{"bad_write_ruleset", "bpf_landlock_ruleset"},
	{"bad_made_up_ruleset", "bpf_landlock_ruleset"},
	{"bad_update_from_bpf", "cannot pass map_type"},
	{"bad_wrong_hook", "calling kernel function bpf_landlock_put_ruleset is not allowed"},
	{"bad_not_sleepable", "not allowed"},
	{"bad_cgroup_lsm", "not allowed"},
	{"bad_tracing", "only LSM progs"},
	{"bad_tracepoint", "not allowed"},
	{"bad_syscall_map", "only LSM progs"},
	{"bad_apply_without_reference", "trusted|R1"},
	{"bad_object_leak", "Unreleased reference"},
	{"bad_from_fd_in_lsm", "not allowed"},
	{"bad_from_fd_leak", "Unreleased reference"},
	{"bad_acquire_wrong_hook", "not allowed"},
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

static const char *last_words(void)
{
	static char line[160];
	char *end = strstr(verifier_log, "\nprocessed");
	char *begin;

	if (!end)
		end = verifier_log + strlen(verifier_log);
	*end = 0;
	begin = strrchr(verifier_log, '\n');
	snprintf(line, sizeof(line), "%s", begin ? begin + 1 : verifier_log);
	return line;
}

static void test_verifier(void)
{
	for (size_t i = 0; i < sizeof(expectations) / sizeof(*expectations); i++) {
		const char *words = expectations[i].words;
		struct bpf_object *object;
		int error;

		memset(verifier_log, 0, sizeof(verifier_log));
		object = open_programs(expectations[i].program, NULL, -1, -1);
		error = object ? bpf_object__load(object) : -1;
		if (!words)
			check(!error, "verifier accepts %s%s%s", expectations[i].program, error ? ": " : "",
			      error ? last_words() : "");
		else {
			bool said = says(words);
			check(error && said, "verifier refuses %s: %s", expectations[i].program,
			      error ? last_words() : "it loaded");
		}
		bpf_object__close(object);
	}
}

static void test_map(void)
{
	uint32_t key = 0, beyond = 9;
	int value, fd = readable("/"), pipes[2];
	int map = bpf_map_create((enum bpf_map_type)map_type, "rulesets", 4, 4, 4, NULL);

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
	check(bpf_map_freeze(map) < 0, "freezing is refused");
	check(bpf_map_create((enum bpf_map_type)map_type, "x", 4, 8, 4, NULL) == -EINVAL, "8-byte values: EINVAL");
	LIBBPF_OPTS(bpf_map_create_opts, outer, .inner_map_fd = (uint32_t)map);
	check(bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "outer", 4, 4, 1, &outer) < 0, "it can't be an inner map");
	close(map);
	close(fd);
	close(pipes[0]);
	close(pipes[1]);
}

static void test_syscall_flags(void)
{

	for (unsigned int flag = 0; flag < 6; flag++) {
		pid_t child = fork();
		int status;

		if (!child) {
			int error = restrict_self(readable("/"), 1u << flag);
			int nnp = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
			bool known = flag <= 2 || flag == 4;

			_exit(error != (known ? 0 : EINVAL) || nnp != (flag == 4));
		}
		waitpid(child, &status, 0);
		check(!status, "landlock_restrict_self with flag 1 << %u", flag);
	}
	if (!fork()) {
		if (setresuid(1000, 1000, 1000))
			_exit(9);
		_exit(restrict_self(readable("/"), 0) != EPERM || restrict_self(readable("/"), NNP) != 0);
	}
	int status;
	wait(&status);
	check(!status, "without privilege: EPERM, but for the flag");
}

/* --- execs --- */

/* Runs `cat path`; returns its exit code, or 256 + errno of a failed execve. */
static int run(const char *program, const char *argument)
{
	int pipes[2], error = 0, status;
	pid_t child;

	if (pipe2(pipes, O_CLOEXEC))
		return -1;
	child = fork();
	if (!child) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 1);
		dup2(null, 2);
		execl(program, program, argument, (char *)NULL);
		error = errno;
		if (write(pipes[1], &error, sizeof(error)) < 0)
			_exit(99);
		_exit(98);
	}
	close(pipes[1]);
	if (read(pipes[0], &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(pipes[0]);
	waitpid(child, &status, 0);
	return error ? 256 + error : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void put_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
	chmod(path, mode);
}

static void test_exec_by_map(void)
{
	uint32_t key = 0;
	int strict = readable("/usr"), map, error;
	struct bpf_object *object;
	struct bpf_link *link;

	allow(strict, "/lib64", READ_FILE);
	allow(strict, "/lib", READ_FILE);
	allow(strict, "/bin", READ_FILE);
	memset(verifier_log, 0, sizeof(verifier_log));
	object = open_programs("ok_restrict", NULL, -1, -1);
	error = bpf_object__load(object);
	check(!error, "the gate loads");
	if (error)
		return;
	map = bpf_map__fd(bpf_object__find_map_by_name(object, "rulesets"));
	bpf_map_update_elem(map, &key, &strict, BPF_ANY);
	check(run("/bin/cat", "/tmp/secret") == 0, "before it is attached the secret can be read");
	link = bpf_program__attach(bpf_object__find_program_by_name(object, "ok_restrict"));
	check(link != NULL, "the gate is attached");
	check(run("/bin/cat", "/tmp/secret") == 1, "then the program can't read the secret");
	check(run("/bin/cat", "/usr/bin/verifier.bpf.o") == 0, "and reads what is allowed");
	check(open("/tmp/secret", O_RDONLY) >= 0, "its parent is free");
	check(!prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), "and has no no_new_privs");
	check(run("/bin/grep", "-q") != 0, "a second program runs");
	check(run("/tmp/not-executable-format", NULL) == 256 + ENOEXEC, "ENOEXEC is reported");
	check(run("/tmp/lost-interpreter", NULL) == 256 + ENOENT, "ENOENT of the interpreter is reported");

	/* A failed exec leaves nothing behind in the task that tried. */
	pid_t child = fork();
	int status;
	if (!child) {
		char *none[] = {NULL};

		execve("/tmp/not-executable-format", none, none);
		execve("/tmp/lost-interpreter", none, none);
		_exit(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) || open("/tmp/secret", O_RDONLY) < 0);
	}
	waitpid(child, &status, 0);
	check(!status, "failed execs leave neither domain nor no_new_privs");

	child = fork();
	if (!child) {
		execl("/bin/sh", "sh", "-c", "grep -q 'NoNewPrivs:[[:space:]]*1' /proc/self/status; cat /tmp/secret; test $? = 1",
		      (char *)NULL);
		_exit(99);
	}
	waitpid(child, &status, 0);
	check(!status, "children inherit the domain");

	/* 16 layers: each exec adds one, the 17th fails in the hook, which lets the exec go on here; nothing else breaks. */
	child = fork();
	if (!child) {
		for (int i = 0; i < 16; i++)
			if (restrict_self(readable("/"), NNP))
				_exit(1);
		_exit(restrict_self(readable("/"), NNP) != E2BIG);
	}
	waitpid(child, &status, 0);
	check(!status, "the 17th layer is refused");
	bpf_link__destroy(link);
	bpf_object__close(object);
	close(strict);
}

static void test_exec_by_object(void)
{
	struct bpf_object *object;
	struct bpf_link *link;
	int strict = readable("/usr"), error;
	LIBBPF_OPTS(bpf_test_run_opts, options);

	allow(strict, "/lib64", READ_FILE);
	allow(strict, "/lib", READ_FILE);
	allow(strict, "/bin", READ_FILE);
	memset(verifier_log, 0, sizeof(verifier_log));
	object = open_programs("ok_apply", "ok_store", -1, -1);
	error = object ? bpf_object__load(object) : -1;
	check(!error, "gate and storing program load: %s", error ? last_words() : "");
	if (error)
		return;
	link = bpf_program__attach(bpf_object__find_program_by_name(object, "ok_apply"));
	check(link != NULL, "the gate is attached");
	check(run("/bin/cat", "/usr/bin/verifier.bpf.o") == 256 + EPERM, "an empty slot fails closed");
	dup3(strict, 3, O_CLOEXEC);
	error = bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(object, "ok_store")), &options);
	check(!error && options.retval == 0, "the ruleset is stored: %d, %u", error, options.retval);
	check(run("/bin/cat", "/tmp/secret") == 1, "the program can't read the secret");
	check(run("/bin/cat", "/usr/bin/verifier.bpf.o") == 0, "and reads what is allowed");

	/* Concurrent execs share the slot while it is replaced. */
	pid_t workers[8];
	for (int i = 0; i < 8; i++) {
		workers[i] = fork();
		if (!workers[i]) {
			int wrong = 0;

			for (int j = 0; j < 20; j++)
				wrong += run("/bin/cat", "/tmp/secret") != 1;
			_exit(wrong);
		}
	}
	for (int i = 0; i < 1000; i++) {
		bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(object, "ok_store")), &options);
		if (i % 100 == 0)
			sched_yield();
	}
	int wrong = 0, status;
	for (int i = 0; i < 8; i++) {
		waitpid(workers[i], &status, 0);
		wrong += WEXITSTATUS(status);
	}
	check(!wrong, "160 execs during 1,000 replacements: %d ran unconfined or failed", wrong);
	bpf_link__destroy(link);
	bpf_object__close(object);
	close(strict);
}

int main(void)
{
	libbpf_set_print(quiet);
	setvbuf(stdout, NULL, _IOLBF, 0);
	put_file("/tmp/secret", "secret\n", 0644);
	put_file("/tmp/not-executable-format", "\x01\x02\x03 no format\n", 0755);
	put_file("/tmp/lost-interpreter", "#!/nowhere/interpreter\n", 0755);
	map_type = kernel_enum("bpf_map_type", "BPF_MAP_TYPE_LANDLOCK_RULESET");
	check(map_type > 0, "the kernel has the map type");
	if (map_type <= 0)
		return 1;
	test_syscall_flags();
	test_map();
	test_verifier();
	test_exec_by_map();
	test_exec_by_object();
	printf("%d checks, %d failures\n", checks, failures);
	return failures ? 1 : 0;
}
