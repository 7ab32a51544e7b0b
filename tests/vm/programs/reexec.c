// SPDX-License-Identifier: Apache-2.0
// reexec N [OTHER]: executes itself N times, in turn with its copy OTHER, then opens `/` as a directory: exit code 0
// when that is denied. reexec after FILE: the same as reexec 1, once FILE exists. reexec sleep: sleeps for half a
// minute.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc > 1 && strcmp(argv[1], "sleep") == 0) {
        sleep(30);
        return 0;
    }
    int left = argc > 1 ? atoi(argv[1]) : 0;
    if (argc > 2 && strcmp(argv[1], "after") == 0) {
        while (access(argv[2], F_OK) != 0)
            usleep(20000);
        argc = 2;
        left = 1;
    }
    if (left > 0) {
        char text[16];
        snprintf(text, sizeof text, "%d", left - 1);
        const char* next = argc > 2 ? argv[2] : argv[0];
        execl(next, next, text, argc > 2 ? argv[0] : NULL, (char*)NULL);
        return 2;
    }
    return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 && errno == EACCES ? 0 : 1;
}
