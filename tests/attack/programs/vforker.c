// SPDX-License-Identifier: Apache-2.0
// vforker SIGNAL: a child in vfork stops itself with SIGNAL before it ends, and a watcher continues it after half a
// second. Prints STOPPED where the child stood still for that time, RAN ON where it didn't.
//
// vforker continued: a child in vfork, a job of its own, is sent SIGTSTP and, before it execs, SIGCONT, which stays
// pending; it execs `true`. Prints what became of it, ENDED or STOPPED.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared {
    volatile pid_t child;
    volatile double stood; // seconds
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int continued(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCONT);
    const pid_t child = vfork();
    if (child == 0) {
        setpgid(0, 0); // SIGTSTP does nothing to an orphaned group
        sigprocmask(SIG_BLOCK, &set, NULL);
        kill(getpid(), SIGTSTP);
        kill(getpid(), SIGCONT);
        execl("/bin/true", "true", NULL);
        _exit(1);
    }
    int status = 0;
    waitpid(child, &status, WUNTRACED);
    puts(WIFSTOPPED(status) ? "STOPPED" : "ENDED");
    kill(child, SIGKILL);
    return 0;
}

int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    if (strcmp(argv[1], "continued") == 0) {
        return continued();
    }
    const int signal = atoi(argv[1]);
    struct shared* shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const pid_t watcher = fork();
    if (watcher == 0) {
        while (shared->child == 0) {
            usleep(1000);
        }
        usleep(500000);
        kill(shared->child, SIGCONT);
        _exit(0);
    }
    const pid_t child = vfork();
    if (child == 0) {
        const double begin = now();
        shared->child = getpid();
        kill(getpid(), signal);
        shared->stood = now() - begin;
        _exit(0);
    }
    waitpid(child, NULL, 0);
    waitpid(watcher, NULL, 0);
    puts(shared->stood > 0.25 ? "STOPPED" : "RAN ON");
    return 0;
}
