// SPDX-License-Identifier: Apache-2.0
// Runs PROGRAM under a path that isn't its own, DISGUISE, as an unprivileged user can.
//   stage bind DISGUISE PROGRAM …      mounted over DISGUISE in a mount namespace of its own
//   stage chroot DISGUISE PROGRAM …    a copy at DISGUISE below a root of its own
//   stage detached DISGUISE PROGRAM …  a copy at DISGUISE below a mount that is in no namespace, run from outside
// Exits with the program's status, 100 + errno when its exec failed, 77 where this machine doesn't let a user do that.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

static void put(const char* path, const char* text) {
    const int fd = open(path, O_WRONLY);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) {
        _exit(77);
    }
    close(fd);
}

static void enterNamespaces(void) {
    const uid_t uid = getuid();
    const gid_t gid = getgid();
    char map[64];
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
        _exit(77);
    }
    put("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", uid, uid);
    put("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", gid, gid);
    put("/proc/self/gid_map", map);
}

static void makeParents(char* path) {
    for (char* slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
}

// A copy of `program` at ROOT/DISGUISE; ROOT is new.
static void furnish(char* root, const char* disguise, const char* program) {
    char path[4096];
    if (mkdtemp(root) == NULL) {
        _exit(76);
    }
    snprintf(path, sizeof path, "%s%s", root, disguise);
    makeParents(path);
    const int from = open(program, O_RDONLY);
    const int to = open(path, O_WRONLY | O_CREAT, 0755);
    char buffer[65536];
    ssize_t got = 0;
    while ((got = read(from, buffer, sizeof buffer)) > 0) {
        if (write(to, buffer, (size_t)got) != got) {
            _exit(76);
        }
    }
    close(from);
    close(to);
}

static int bindOver(const char* disguise, char** argv) {
    enterNamespaces();
    if (mount(argv[0], disguise, NULL, MS_BIND, NULL) != 0) {
        return 77;
    }
    execv(disguise, argv);
    return 100 + errno;
}

static int ownRoot(const char* disguise, char** argv) {
    char root[] = "/tmp/llstage-XXXXXX";
    furnish(root, disguise, argv[0]);
    enterNamespaces();
    if (chroot(root) != 0 || chdir("/") != 0) {
        return 77;
    }
    execv(disguise, argv);
    return 100 + errno;
}

static int sendFd(int channel, int fd) {
    char byte = 'x';
    struct iovec data = {&byte, 1};
    char control[CMSG_SPACE(sizeof fd)] = {0};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(channel, &message, 0) == 1 ? 0 : -1;
}

static int receiveFd(int channel) {
    char byte = 0;
    struct iovec data = {&byte, 1};
    char control[CMSG_SPACE(sizeof(int))];
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(channel, &message, 0) != 1 || CMSG_FIRSTHDR(&message) == NULL) {
        return -1;
    }
    int fd = -1;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

static int detachedMount(const char* disguise, char** argv) {
    char root[] = "/tmp/llstage-XXXXXX";
    furnish(root, disguise, argv[0]);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return 76;
    }
    const pid_t maker = fork();
    if (maker == 0) {
        enterNamespaces();
        // OPEN_TREE_CLONE: a mount of its own, whose root is our directory, attached nowhere.
        const int tree = (int)syscall(SYS_open_tree, AT_FDCWD, root, 1);
        _exit(tree < 0 || sendFd(ends[1], tree) != 0 ? 77 : 0);
    }
    close(ends[1]);
    const int tree = receiveFd(ends[0]);
    int status = 0;
    waitpid(maker, &status, 0);
    if (tree < 0) {
        return 77;
    }
    syscall(SYS_execveat, tree, disguise + 1, argv, environ, 0);
    return 100 + errno;
}

int main(int argc, char** argv) {
    if (argc > 3 && strcmp(argv[1], "bind") == 0) {
        return bindOver(argv[2], argv + 3);
    }
    if (argc > 3 && strcmp(argv[1], "chroot") == 0) {
        return ownRoot(argv[2], argv + 3);
    }
    if (argc > 3 && strcmp(argv[1], "detached") == 0) {
        return detachedMount(argv[2], argv + 3);
    }
    return 2;
}
