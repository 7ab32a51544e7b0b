// SPDX-License-Identifier: Apache-2.0
// Ways to exec a program so that nobody confines it. attacker WAY PROGRAM [ARGUMENT…]: each way execs PROGRAM once,
// waits, and exits with its status (128 + signal when killed), or with 100 + errno where the exec failed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

static int finish(pid_t child) {
    int status = 0;
    for (;;) {
        const pid_t got = waitpid(child, &status, __WALL);
        if (got == child && !WIFSTOPPED(status)) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return 96;
        }
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int execOrCode(char** argv) {
    execv(argv[0], argv);
    return 100 + errno;
}

static int plain(char** argv) { return execOrCode(argv); }

static int withFork(char** argv) {
    const pid_t child = fork();
    if (child == 0) {
        _exit(execOrCode(argv));
    }
    return finish(child);
}

static int withVfork(char** argv) {
    const pid_t child = vfork();
    if (child == 0) {
        execv(argv[0], argv);
        _exit(100 + errno);
    }
    return finish(child);
}

static int withSpawn(char** argv) {
    pid_t child = 0;
    const int code = posix_spawn(&child, argv[0], NULL, NULL, argv, environ);
    return code != 0 ? 100 + code : finish(child);
}

// --- threads ---

static void* spin(void* unused) {
    for (;;) {
        getppid();
    }
    return unused;
}

static void* threadExec(void* argv) {
    exit(execOrCode(argv));
    return NULL;
}

static int withThread(char** argv) {
    pthread_t thread;
    for (int i = 0; i < 4; ++i) {
        pthread_create(&thread, NULL, spin, NULL);
    }
    pthread_create(&thread, NULL, threadExec, argv);
    pause();
    return 95;
}

// --- leaving the tree ---

struct Start {
    char** argv;
    int traced;
};

static int untracedChild(void* data) {
    struct Start* start = data;
    if (start->traced == 1 && ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) {
        return 90;
    }
    if (start->traced == 2) {
        usleep(200000); // for the parent to seize us
    }
    return execOrCode(start->argv);
}

static char stack[1 << 16] __attribute__((aligned(16)));

static int untraced(char** argv, int traced, int flags) {
    struct Start start = {argv, traced};
    const pid_t child = clone(untracedChild, stack + sizeof stack, CLONE_UNTRACED | flags | SIGCHLD, &start);
    if (child < 0) {
        return 94;
    }
    if (traced == 2 && ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACESECCOMP) != 0) {
        kill(child, SIGKILL);
        finish(child);
        return 90;
    }
    return finish(child);
}

static int cloneUntraced(char** argv) { return untraced(argv, 0, 0); }
static int cloneUntracedVfork(char** argv) { return untraced(argv, 0, CLONE_VM | CLONE_VFORK); }
static int cloneUntracedTraceme(char** argv) { return untraced(argv, 1, 0); }
static int cloneUntracedSeize(char** argv) { return untraced(argv, 2, 0); }
static int clonePtrace(char** argv) { return untraced(argv, 0, CLONE_PTRACE); }

// The maker dies at once; the child execs as an orphan.
static int cloneAndDie(char** argv) {
    int ends[2];
    if (pipe(ends) != 0) {
        return 94;
    }
    const pid_t maker = fork();
    if (maker == 0) {
        const pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            const pid_t grandchild = fork();
            if (grandchild == 0) {
                _exit(execOrCode(argv));
            }
            const char code = (char)finish(grandchild);
            _exit(write(ends[1], &code, 1) != 1);
        }
        raise(SIGKILL);
    }
    close(ends[1]);
    finish(maker);
    unsigned char code = 0;
    return read(ends[0], &code, 1) == 1 ? code : 93;
}

// --- seccomp ---

static int install(struct sock_filter* code, unsigned short count, unsigned long flags) {
    const struct sock_fprog program = {count, code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

#define LOAD_NR BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define WHEN(nr, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

// landlock_restrict_self and prctl "succeed" without being made.
static int fakeSuccess(char** argv) {
    struct sock_filter code[] = {LOAD_NR, WHEN(446, SECCOMP_RET_ERRNO | 0), WHEN(SYS_prctl, SECCOMP_RET_ERRNO | 0),
                                 ALLOW};
    if (install(code, sizeof code / sizeof *code, 0) != 0) {
        return 92;
    }
    return execOrCode(argv);
}

// The call that fetches the ruleset "succeeds" too.
static int fakeGift(char** argv) {
    struct sock_filter code[] = {LOAD_NR, WHEN(446, SECCOMP_RET_ERRNO | 0), WHEN(SYS_exit_group, SECCOMP_RET_ERRNO | 0),
                                 ALLOW};
    if (install(code, sizeof code / sizeof *code, 0) != 0) {
        return 92;
    }
    execv(argv[0], argv);
    return 100 + errno;
}

// A filter of ours that asks a tracer about getppid: gets ENOSYS as it would where nobody traces.
static int ownTrace(char** argv) {
    struct sock_filter code[] = {LOAD_NR, WHEN(SYS_getppid, SECCOMP_RET_TRACE | 7), ALLOW};
    (void)argv;
    if (install(code, sizeof code / sizeof *code, 0) != 0) {
        return 92;
    }
    return syscall(SYS_getppid) == -1 && errno == ENOSYS ? 0 : 1;
}

static int ownListener(char** argv) {
    struct sock_filter code[] = {ALLOW};
    (void)argv;
    return install(code, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER) < 0 ? 100 + errno : 0;
}

// --- other ABIs ---

static int x32(char** argv) {
    const long code = syscall(0x40000000 + 520, argv[0], argv, environ);
    return code < 0 ? 100 + errno : 91;
}

static void onFault(int signal) { _exit(128 + signal); }

// execve of the i386 ABI, from a 64-bit program: its arguments must lie below 4 GiB.
static int int80(char** argv) {
    signal(SIGSEGV, onFault);
    char* low = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (low == MAP_FAILED) {
        return 94;
    }
    unsigned* list = (unsigned*)(void*)(low + 4096);
    size_t used = 0;
    int count = 0;
    for (; argv[count] != NULL; ++count) {
        strcpy(low + used, argv[count]);
        list[count] = (unsigned)(unsigned long)(low + used);
        used += strlen(argv[count]) + 1;
    }
    list[count] = 0;
    long result = 11;
    __asm__ volatile("int $0x80"
                     : "+a"(result)
                     : "b"((unsigned long)low), "c"((unsigned long)list), "d"(0UL)
                     : "memory", "r8", "r9", "r10", "r11");
    return 100 - (int)result;
}

// --- signals ---

// Another process sends signals all the time: ignored ones, which a tracer sees all the same, and stops.
static int flooded(char** argv, int stops) {
    signal(SIGUSR1, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    const pid_t target = fork();
    if (target == 0) {
        usleep(1000);
        _exit(execOrCode(argv));
    }
    const pid_t flooder = fork();
    if (flooder == 0) {
        for (;;) {
            kill(target, SIGUSR1);
            kill(target, SIGURG);
            kill(target, SIGTERM);
            if (stops) {
                kill(target, SIGSTOP);
            }
            kill(target, SIGCONT);
        }
    }
    const int code = finish(target);
    kill(flooder, SIGKILL);
    finish(flooder);
    return code;
}

static int signalFlood(char** argv) { return flooded(argv, 0); }
static int stopFlood(char** argv) { return flooded(argv, 1); }

// A timer that survives the exec, and signals that are pending and blocked as it happens.
static int pendingSignals(char** argv) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int signal = 1; signal < 32; ++signal) {
        if (signal != SIGKILL && signal != SIGSTOP) {
            raise(signal);
        }
    }
    return execOrCode(argv);
}

// --- files ---

static int copyTo(int to, const char* from) {
    const int fd = open(from, O_RDONLY);
    char buffer[65536];
    ssize_t got = 0;
    while ((got = read(fd, buffer, sizeof buffer)) > 0) {
        if (write(to, buffer, (size_t)got) != got) {
            return -1;
        }
    }
    close(fd);
    return got == 0 ? 0 : -1;
}

static int memfd(char** argv) {
    const int fd = memfd_create("attack", 0);
    if (fd < 0 || copyTo(fd, argv[0]) != 0) {
        return 94;
    }
    fexecve(fd, argv, environ);
    return 100 + errno;
}

// Runs a copy that is deleted by then.
static int deleted(char** argv) {
    char path[] = "/tmp/llattack-XXXXXX";
    const int fd = mkstemp(path);
    if (fd < 0 || copyTo(fd, argv[0]) != 0 || fchmod(fd, 0755) != 0) {
        return 94;
    }
    close(fd);
    const int readable = open(path, O_RDONLY);
    unlink(path);
    fexecve(readable, argv, environ);
    return 100 + errno;
}

static int noFiles(char** argv, rlim_t hard) {
    for (int fd = 3; fd < 256; ++fd) {
        close(fd);
    }
    const struct rlimit limit = {3, hard};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 94;
    }
    return execOrCode(argv);
}

static int softNoFiles(char** argv) { return noFiles(argv, 64); }
static int hardNoFiles(char** argv) { return noFiles(argv, 3); }

struct Way {
    const char* name;
    int (*run)(char** argv);
};

static const struct Way ways[] = {
    {"plain", plain},
    {"fork", withFork},
    {"vfork", withVfork},
    {"spawn", withSpawn},
    {"thread", withThread},
    {"untraced", cloneUntraced},
    {"untraced-vfork", cloneUntracedVfork},
    {"untraced-traceme", cloneUntracedTraceme},
    {"untraced-seize", cloneUntracedSeize},
    {"untraced-ptrace", clonePtrace},
    {"clone-and-die", cloneAndDie},
    {"fake-success", fakeSuccess},
    {"fake-gift", fakeGift},
    {"own-trace", ownTrace},
    {"own-listener", ownListener},
    {"x32", x32},
    {"int80", int80},
    {"signal-flood", signalFlood},
    {"stop-flood", stopFlood},
    {"pending-signals", pendingSignals},
    {"memfd", memfd},
    {"deleted", deleted},
    {"soft-nofile", softNoFiles},
    {"hard-nofile", hardNoFiles},
};

int main(int argc, char** argv) {
    for (size_t i = 0; argc > 2 && i < sizeof ways / sizeof *ways; ++i) {
        if (strcmp(argv[1], ways[i].name) == 0) {
            return ways[i].run(argv + 2);
        }
    }
    fprintf(stderr, "usage: attacker WAY PROGRAM [ARGUMENT...]\n");
    return 2;
}
