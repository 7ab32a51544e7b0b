// SPDX-License-Identifier: Apache-2.0
// headless FILE PROGRAM: ends its first thread; once FILE exists a second one runs PROGRAM as a child. Exit code the
// child's, 126 when it can't be executed.
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char** arguments;

static void* second(void* nothing) {
    while (access(arguments[1], F_OK) != 0) {
        usleep(20000);
    }
    const pid_t pid = fork();
    if (pid == 0) {
        execl(arguments[2], arguments[2], (char*)NULL);
        _exit(126);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return nothing;
}

int main(int argc, char** argv) {
    pthread_t other;
    if (argc != 3) {
        return 2;
    }
    arguments = argv;
    pthread_create(&other, NULL, second, NULL);
    pthread_exit(NULL);
}
