// SPDX-License-Identifier: Apache-2.0
// thief KIND NAME: as long as it runs, looks through /proc for processes called NAME and, for each,
//   fds     takes its file descriptors with pidfd_getfd and looks for a Landlock ruleset
//   trace   seizes it with every option the hold asks for, and lets it go
//   stop    sends SIGSTOP and SIGCONT
// Ends at SIGTERM: prints how often it got what it wanted; exit code 0 when never (for `stop`: always).
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ended;
static long tries, loot;

static void end(int signal) { ended = signal; }

static void steal_fds(pid_t pid) {
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    for (int fd = 0; fd < 12; ++fd) {
        const int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
        char path[64], target[128] = "";
        ++tries;
        if (copy < 0) {
            continue;
        }
        snprintf(path, sizeof path, "/proc/self/fd/%d", copy);
        if (readlink(path, target, sizeof target - 1) > 0 && strstr(target, "landlock") != NULL) {
            ++loot;
        }
        close(copy);
    }
    close(pidfd);
}

static void trace(pid_t pid) {
    ++tries;
    if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) == 0) {
        int status = 0;
        ptrace(PTRACE_INTERRUPT, pid, 0, 0);
        if (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
            ptrace(PTRACE_DETACH, pid, 0, 0);
        }
    }
}

static void stop(pid_t pid) {
    ++tries;
    kill(pid, SIGSTOP);
    kill(pid, SIGCONT);
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    signal(SIGTERM, end);
    puts("ready");
    fflush(stdout);
    while (!ended) {
        DIR* processes = opendir("/proc");
        for (struct dirent* one; (one = readdir(processes)) != NULL;) {
            char path[300], name[64] = "";
            const pid_t pid = atoi(one->d_name);
            snprintf(path, sizeof path, "/proc/%d/comm", pid);
            const int fd = pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (fd < 0 || read(fd, name, sizeof name - 1) <= 0 || strncmp(name, argv[2], strlen(argv[2])) != 0) {
                close(fd);
                continue;
            }
            close(fd);
            if (strcmp(argv[1], "fds") == 0) {
                steal_fds(pid);
            } else if (strcmp(argv[1], "trace") == 0) {
                trace(pid);
            } else {
                stop(pid);
            }
        }
        closedir(processes);
    }
    printf("%ld tries, %ld rulesets taken\n", tries, loot);
    return loot != 0;
}
