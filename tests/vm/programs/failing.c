// SPDX-License-Identifier: Apache-2.0
// failing PROGRAM ROUNDS: executes PROGRAM (a victim: exit code 0 when confined) ROUNDS times; in round N the Nth
// allocation of the exec fails, or of the program's own first calls: then its loader may give up, with 127. Prints how
// many ended how; exit code 1 when one was free or the last was not confined. Needs CONFIG_FAILSLAB.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum end { CONFINED, FREE, NOT_EXECUTED, KILLED, NOT_LOADED, ENDS };

// Or exits.
static enum end run(const char* program, int nth) {
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
    if (WIFSIGNALED(status)) {
        return KILLED;
    }
    switch (WEXITSTATUS(status)) {
    case 0:
        return CONFINED;
    case 126:
        return NOT_EXECUTED;
    case 127:
        return NOT_LOADED;
    default:
        return FREE;
    }
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    int ended[ENDS] = {0};
    enum end last = FREE;
    for (int nth = 1; nth <= atoi(argv[2]); ++nth) {
        last = run(argv[1], nth);
        ++ended[last];
        if (last == FREE) {
            printf("free when allocation %d failed\n", nth);
        }
    }
    printf("%d confined, %d free, %d not executed, %d killed, %d not loaded\n", ended[CONFINED], ended[FREE],
           ended[NOT_EXECUTED], ended[KILLED], ended[NOT_LOADED]);
    return ended[FREE] != 0 || last != CONFINED;
}
