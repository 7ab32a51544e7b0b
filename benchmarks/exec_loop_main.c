// SPDX-License-Identifier: Apache-2.0
// exec_loop COUNT PROGRAM: runs PROGRAM that many times, one after the other, and prints the nanoseconds of one run.
// vfork and no shell: what is measured is the exec.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: exec_loop COUNT PROGRAM\n");
        return 2;
    }
    const int count = atoi(argv[1]);
    const double start = now();
    for (int i = 0; i < count; ++i) {
        const pid_t child = vfork();
        if (child == 0) {
            execl(argv[2], argv[2], (char*)NULL);
            _exit(127);
        }
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
            fprintf(stderr, "exec_loop: %s failed: status %d\n", argv[2], status);
            return 1;
        }
    }
    printf("%.0f\n", (now() - start) / count);
    return 0;
}
