// SPDX-License-Identifier: Apache-2.0
// storm PARENTS EXECS PROGRAM: so many parents each run PROGRAM so often, by vfork and exec, and watch with
// waitpid(WUNTRACED | WCONTINUED). Prints one line; exit code 0 when every run ended with 0 and no parent saw a stop.
// EXECS 0: until SIGTERM.
// With a fourth argument `any` failures to exec are counted, not fatal: lines say how many ran free.
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct counts {
    atomic_int fine, free, killed, refused, stops, ended;
};

static struct counts* counts;

static void end(int signal) { counts->ended = signal; }

static void run(const char* program) {
    const pid_t pid = vfork();
    if (pid == 0) {
        execl(program, program, (char*)NULL);
        _exit(126);
    }
    for (;;) {
        int status = 0;
        if (waitpid(pid, &status, WUNTRACED | WCONTINUED) != pid) {
            continue;
        }
        if (WIFSIGNALED(status)) {
            ++counts->killed;
        } else if (!WIFEXITED(status)) {
            ++counts->stops;
            continue;
        } else if (WEXITSTATUS(status) == 126) {
            ++counts->refused;
        } else if (WEXITSTATUS(status) == 0) {
            ++counts->fine;
        } else {
            ++counts->free;
        }
        return;
    }
}

int main(int argc, char** argv) {
    if (argc < 4) {
        return 2;
    }
    const int parents = atoi(argv[1]), execs = atoi(argv[2]);
    counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct timespec from, to;
    signal(SIGTERM, end);
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < parents; ++i) {
        if (fork() == 0) {
            for (int j = 0; (execs == 0 || j < execs) && !counts->ended; ++j) {
                run(argv[3]);
            }
            _exit(0);
        }
    }
    while (wait(NULL) > 0 || errno == EINTR) {
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    const double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
    const int fine = counts->fine, free_runs = counts->free;
    const int all = fine + free_runs + counts->killed + counts->refused;
    printf("storm: %d confined, %d free, %d killed, %d refused, %d stops seen, %.3f ms an exec\n", fine, free_runs,
           (int)counts->killed, (int)counts->refused, (int)counts->stops, ms / (all != 0 ? all : 1));
    if (argc > 4 && strcmp(argv[4], "any") == 0) {
        return free_runs != 0 || counts->stops != 0;
    }
    return fine != all || (execs != 0 && all != parents * execs) || counts->stops != 0;
}
