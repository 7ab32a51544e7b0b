// SPDX-License-Identifier: Apache-2.0
// Does exactly one operation that Landlock controls and exits with 0 or its errno. Usage: op NAME ARGUMENTS…
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

enum { kUsage = 250 };

static int opened(const char* path, int flags) {
    int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    if (flags == (O_RDONLY | O_DIRECTORY) || flags == O_WRONLY)
        return 0;
    char byte;
    return read(fd, &byte, 1) < 0 ? -1 : 0;
}

static int ioctlDevice(const char* path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct termios state;
    if (fd < 0)
        return -1;
    /* The device's own answer counts as allowed. */
    return ioctl(fd, TCGETS, &state) < 0 && errno != ENOTTY ? -1 : 0;
}

static int inet(const char* port, int type, int binds) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((unsigned short)atoi(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (binds)
        return bind(fd, (struct sockaddr*)&address, sizeof(address));
    return connect(fd, (struct sockaddr*)&address, sizeof(address));
}

static int unixSocket(const char* name, int abstract, int binds) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    if (length + 2 > sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path + abstract, name, length);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    return binds ? bind(fd, (struct sockaddr*)&address, size) : connect(fd, (struct sockaddr*)&address, size);
}

static int execute(char* path) {
    char* const argv[] = {path, (char*)"nothing", NULL};
    return execve(path, argv, (char* const[]){NULL});
}

static int run(const char* name, char* first, char* second) {
    if (strcmp(name, "nothing") == 0)
        return 0;
    if (strcmp(name, "execute") == 0)
        return execute(first);
    if (strcmp(name, "write_file") == 0)
        return opened(first, O_WRONLY);
    if (strcmp(name, "read_file") == 0)
        return opened(first, O_RDONLY);
    if (strcmp(name, "read_dir") == 0)
        return opened(first, O_RDONLY | O_DIRECTORY);
    if (strcmp(name, "remove_dir") == 0)
        return rmdir(first);
    if (strcmp(name, "remove_file") == 0)
        return unlink(first);
    if (strcmp(name, "make_char") == 0)
        return mknod(first, S_IFCHR | 0600, makedev(0, 0)); /* a whiteout: needs no capability */
    if (strcmp(name, "make_block") == 0)
        return mknod(first, S_IFBLK | 0600, makedev(7, 0));
    if (strcmp(name, "make_dir") == 0)
        return mkdir(first, 0700);
    if (strcmp(name, "make_reg") == 0)
        return mknod(first, S_IFREG | 0600, 0);
    if (strcmp(name, "make_sock") == 0)
        return unixSocket(first, 0, 1);
    if (strcmp(name, "make_fifo") == 0)
        return mkfifo(first, 0600);
    if (strcmp(name, "make_sym") == 0)
        return symlink("target", first);
    if (strcmp(name, "refer") == 0)
        return rename(first, second);
    if (strcmp(name, "link") == 0)
        return link(first, second);
    if (strcmp(name, "truncate") == 0)
        return truncate(first, 0);
    if (strcmp(name, "ioctl_dev") == 0)
        return ioctlDevice(first);
    if (strcmp(name, "tcp bind") == 0)
        return inet(first, SOCK_STREAM, 1);
    if (strcmp(name, "tcp connect") == 0)
        return inet(first, SOCK_STREAM, 0);
    if (strcmp(name, "udp bind") == 0)
        return inet(first, SOCK_DGRAM, 1);
    if (strcmp(name, "udp connect") == 0)
        return inet(first, SOCK_DGRAM, 0);
    if (strcmp(name, "resolve_unix") == 0)
        return unixSocket(first, 0, 0);
    if (strcmp(name, "abstract_unix_socket") == 0)
        return unixSocket(first, 1, 0);
    if (strcmp(name, "signal") == 0)
        return kill((pid_t)atoi(first), 0);
    exit(kUsage);
}

int main(int argc, char** argv) {
    if (argc < 2)
        return kUsage;
    return run(argv[1], argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : NULL) == 0 ? 0 : errno;
}
