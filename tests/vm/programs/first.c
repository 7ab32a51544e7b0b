// SPDX-License-Identifier: Apache-2.0
// first PROGRAM ARGUMENTS…: the first process of a machine. Runs PROGRAM as its child; at SIGUSR1 executes /tmp/victim
// itself, which must be refused, and writes the errno to /run/pid1.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void try_exec(int signal) {
    (void)signal;
    execl("/tmp/victim", "/tmp/victim", (char*)NULL);
    const int code = errno;
    FILE* file = fopen("/run/pid1", "w");
    if (file != NULL) {
        fprintf(file, "%d\n", code);
        fclose(file);
    }
}

int main(int argc, char** argv) {
    if (argc < 2) {
        return 2;
    }
    if (fork() == 0) {
        execv(argv[1], argv + 1);
        _exit(127);
    }
    signal(SIGUSR1, try_exec);
    for (;;) {
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD) {
            pause();
        }
    }
}
