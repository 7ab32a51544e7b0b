// SPDX-License-Identifier: Apache-2.0
// flood EXECS PROGRAM: tries to execute PROGRAM so often, one right after the other, from one process. Prints how many
// were refused with EPERM. Exit code 0 when all were; one that is let go ends the flood, with PROGRAM's exit code.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    const long execs = atol(argv[1]);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long i = 0; i < execs; ++i) {
        execl(argv[2], argv[2], (char*)NULL);
        if (errno != EPERM) {
            perror(argv[2]);
            return 3;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    const double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("flood: %ld refused, %.0f a second\n", execs, (double)execs / seconds);
    return 0;
}
