// SPDX-License-Identifier: Apache-2.0
// thief KIND NAME: as long as it runs, looks through /proc for processes called NAME and, for each,
//   fds     takes its file descriptors with pidfd_getfd and looks for a Landlock ruleset
//   trace   seizes it with every option the hold asks for, and lets it go
//   memory  writes over its stack through /proc/PID/mem and with process_vm_writev
//   stop    sends SIGSTOP and SIGCONT
// Ends at SIGTERM: prints how often it got what it wanted; exit code 0 when never (for `memory` and `stop`: always,
// since a program that runs may be written to by its own user). thief once PID: tries each way into that one process;
// prints a line `WAY: taken` or `WAY: REASON` for each. Exit code 0 when none was open.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ended;
static long tries, loot;

static void end(int signal) { ended = signal; }

static void steal_fds(pid_t pid) {
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    for (int fd = 0; fd < 12; ++fd) {
        const int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
        char path[64], target[128] = "";
        ++tries;
        if (copy < 0) {
            continue;
        }
        snprintf(path, sizeof path, "/proc/self/fd/%d", copy);
        if (readlink(path, target, sizeof target - 1) > 0 && strstr(target, "landlock") != NULL) {
            ++loot;
        }
        close(copy);
    }
    close(pidfd);
}

static void trace(pid_t pid) {
    ++tries;
    if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) == 0) {
        int status = 0;
        ptrace(PTRACE_INTERRUPT, pid, 0, 0);
        if (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
            ptrace(PTRACE_DETACH, pid, 0, 0);
        }
    }
}

// Where the stack of `pid` is: what is below its end is what an injection may use. 0: there is none to be seen.
static unsigned long stack_of(pid_t pid, unsigned long* end) {
    char path[64], line[512];
    unsigned long from = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE* maps = fopen(path, "re");
    while (maps != NULL && from == 0 && fgets(line, sizeof line, maps) != NULL) {
        if (strstr(line, "[stack]") != NULL && sscanf(line, "%lx-%lx", &from, end) != 2) {
            from = 0;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return from;
}

static int open_memory(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    return open(path, O_RDWR | O_CLOEXEC);
}

// One value for all of the stack: an fd, a size, a pointer of the injection's that is changed makes it go wrong.
static void write_memory(pid_t pid) {
    static char filling[16384];
    unsigned long end = 0;
    const int memory = open_memory(pid);
    ++tries;
    if (memory >= 0 && stack_of(pid, &end) != 0 && end > sizeof filling) {
        memset(filling, 0, sizeof filling);
        struct iovec here = {filling, sizeof filling}, there = {(void*)(end - sizeof filling), sizeof filling};
        loot += pwrite(memory, filling, sizeof filling, (off_t)(end - sizeof filling)) > 0;
        loot += process_vm_writev(pid, &here, 1, &there, 1, 0) > 0;
    }
    close(memory);
}

static int way(const char* name, int taken) {
    printf("%s: %s\n", name, taken ? "taken" : strerror(errno));
    return taken;
}

static int once(pid_t pid) {
    unsigned long address = 0x400000; // of a static program's own image; what is asked for is the right to look
    unsigned long end = 0;
    char byte = 0;
    struct iovec here = {&byte, 1};
    const unsigned long stack = stack_of(pid, &end);
    struct iovec there = {(void*)(stack != 0 ? end - 8 : address), 1};
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    int taken = way("mem", open_memory(pid) >= 0);
    taken += way("readv", process_vm_readv(pid, &here, 1, &there, 1, 0) == 1 || errno == EFAULT);
    taken += way("writev", process_vm_writev(pid, &here, 1, &there, 1, 0) == 1 || errno == EFAULT);
    taken += way("getfd", syscall(SYS_pidfd_getfd, pidfd, 0, 0) >= 0);
    taken += way("seize", ptrace(PTRACE_SEIZE, pid, 0, 0) == 0);
    return taken != 0;
}

static void stop(pid_t pid) {
    ++tries;
    kill(pid, SIGSTOP);
    kill(pid, SIGCONT);
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    if (strcmp(argv[1], "once") == 0) {
        return once(atoi(argv[2]));
    }
    signal(SIGTERM, end);
    puts("ready");
    fflush(stdout);
    while (!ended) {
        DIR* processes = opendir("/proc");
        for (struct dirent* one; (one = readdir(processes)) != NULL;) {
            char path[300], name[64] = "";
            const pid_t pid = atoi(one->d_name);
            snprintf(path, sizeof path, "/proc/%d/comm", pid);
            const int fd = pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (fd < 0 || read(fd, name, sizeof name - 1) <= 0 || strncmp(name, argv[2], strlen(argv[2])) != 0) {
                close(fd);
                continue;
            }
            close(fd);
            if (strcmp(argv[1], "fds") == 0) {
                steal_fds(pid);
            } else if (strcmp(argv[1], "trace") == 0) {
                trace(pid);
            } else if (strcmp(argv[1], "memory") == 0) {
                write_memory(pid);
            } else {
                stop(pid);
            }
        }
        closedir(processes);
    }
    const int memory = strcmp(argv[1], "memory") == 0;
    printf("%ld tries, %ld %s\n", tries, loot, memory ? "writes" : "rulesets taken");
    return !memory && loot != 0;
}
