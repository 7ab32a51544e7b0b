// SPDX-License-Identifier: Apache-2.0
// failing PROGRAM ROUNDS: executes PROGRAM (a victim: exit code 0 when confined) ROUNDS times; in round N the Nth
// allocation of the exec fails. Prints how many ended how; exit code 1 when one was free or the last was not confined.
// Needs CONFIG_FAILSLAB.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// 0 confined, 1 free, 2 not executed, 3 killed; or exits.
static int run(const char* program, int nth) {
    const pid_t pid = fork();
    if (pid == 0) {
        char text[16];
        const int length = snprintf(text, sizeof text, "%d", nth);
        const int fd = open("/proc/self/fail-nth", O_WRONLY | O_CLOEXEC);
        if (fd < 0 || write(fd, text, (size_t)length) != length) {
            perror("/proc/self/fail-nth");
            _exit(125);
        }
        execl(program, program, (char*)NULL);
        _exit(126);
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) == 125)) {
        exit(2);
    }
    return WIFSIGNALED(status) ? 3 : WEXITSTATUS(status) == 126 ? 2 : WEXITSTATUS(status) == 0 ? 0 : 1;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    int ended[4] = {0}, last = 1;
    for (int nth = 1; nth <= atoi(argv[2]); ++nth) {
        last = run(argv[1], nth);
        ++ended[last];
        if (last == 1) {
            printf("free when allocation %d failed\n", nth);
        }
    }
    printf("%d confined, %d free, %d not executed, %d killed\n", ended[0], ended[1], ended[2], ended[3]);
    return ended[1] != 0 || last != 0;
}
