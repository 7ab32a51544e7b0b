// SPDX-License-Identifier: Apache-2.0
// limit PID FILES: sets how many files a running process may have open; 0: as many as it has open now.
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    const pid_t pid = atoi(argv[1]);
    rlim_t files = (rlim_t)atol(argv[2]);
    if (files == 0) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/fd", pid);
        DIR* open_files = opendir(path);
        for (const struct dirent* one; open_files != NULL && (one = readdir(open_files)) != NULL;) {
            const rlim_t number = (rlim_t)atol(one->d_name) + 1;
            files = number > files ? number : files;
        }
    }
    struct rlimit limit;
    if (prlimit(pid, RLIMIT_NOFILE, NULL, &limit) != 0) {
        perror("prlimit");
        return 1;
    }
    limit.rlim_cur = files;
    if (prlimit(pid, RLIMIT_NOFILE, &limit, NULL) != 0) {
        perror("prlimit");
        return 1;
    }
    printf("%lu files\n", (unsigned long)files);
    return 0;
}
