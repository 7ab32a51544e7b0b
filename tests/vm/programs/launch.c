// SPDX-License-Identifier: Apache-2.0
// launch UID GID PROGRAM ARGUMENTS…: runs PROGRAM as a child with these ids; exit code the child's, 126 when it
// can't be executed.
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 4) {
        return 2;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        const gid_t group = (gid_t)atoi(argv[2]);
        if (setgroups(1, &group) != 0 || setgid(group) != 0 || setuid((uid_t)atoi(argv[1])) != 0) {
            _exit(3);
        }
        execv(argv[3], argv + 3);
        _exit(126);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
