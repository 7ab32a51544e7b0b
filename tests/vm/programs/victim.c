// SPDX-License-Identifier: Apache-2.0
// A program that does the forbidden thing first: opens `/` as a directory, with the first instruction a C program can
// have it in. Exit code 0: it was denied; 1: it was not. With an argument goes on to show what it is made of.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char** argv) {
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == EMFILE) { // of a task without room for one
        close(0);
        fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (fd < 0 && errno == ENOMEM) { // of a task whose Nth allocation fails
        fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    const int confined = fd < 0 && errno == EACCES;
    if (argc > 1 && strcmp(argv[1], "show") == 0) {
        printf("confined=%d nnp=%d dumpable=%d fd=%d\n", confined, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
               prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), dup(0));
    }
    return confined ? 0 : 1;
}
