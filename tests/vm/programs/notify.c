// SPDX-License-Identifier: Apache-2.0
// notify LOG PROGRAM ARGUMENTS…: runs PROGRAM as a service manager would, with NOTIFY_SOCKET, and writes what it is
// told to LOG, a message a line. SIGTERM is passed on; ends with the program and its exit code.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int signal) { kill(child, signal); }

int main(int argc, char** argv) {
    if (argc < 3) {
        return 2;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s.socket", argv[1]);
    unlink(address.sun_path);
    const int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int log = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (bind(socket_fd, (struct sockaddr*)&address, sizeof address) != 0 || log < 0) {
        perror(argv[1]);
        return 3;
    }
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    signal(SIGTERM, pass_on);
    child = fork();
    if (child == 0) {
        signal(SIGTERM, SIG_DFL);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    for (;;) {
        int status = 0;
        const int ended = waitpid(child, &status, WNOHANG) == child;
        struct pollfd wait = {socket_fd, POLLIN, 0};
        while (poll(&wait, 1, ended ? 0 : 50) > 0) {
            char text[256];
            const ssize_t got = recv(socket_fd, text, sizeof text - 1, 0);
            if (got > 0) {
                text[got] = '\n';
                if (write(log, text, (size_t)got + 1) < 0) {
                    return 3;
                }
            }
        }
        if (ended) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
    }
}
