// SPDX-License-Identifier: Apache-2.0
// deep BASE BYTES HOW [FILE]: makes folders below BASE and goes down them, one after the other, until the path of a
// file `program` there has so many bytes; BYTES may be more than a path may have. HOW:
//   put FILE     copies FILE there as `program`
//   script FILE  writes a script there, with FILE for its interpreter
//   name         executes it by its whole path
//   relative     executes it by ./program
//   fd           executes it by a file descriptor
//   at           executes it by its name in the folder of a file descriptor
//   join FILE    BASE is of cgroups: joins that cgroup, then executes FILE
// Exit code 126: it could not be executed for want of permission; 3: anything else went wrong.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LONGEST 200 // of one name
static char path[16384];

static void fail(const char* what) {
    perror(what);
    _exit(3);
}

static void go_down(const char* base, size_t bytes) {
    const size_t end = sizeof "/program" - 1;
    char name[LONGEST + 2];
    strcpy(path, base);
    if (chdir(base) != 0 || bytes >= sizeof path) {
        fail(base);
    }
    while (strlen(path) + end < bytes) {
        size_t length = bytes - end - strlen(path) - 1;
        if (length > LONGEST) { // never leaving one byte, which would be a slash alone
            length = length == LONGEST + 1 ? LONGEST - 1 : LONGEST;
        }
        memset(name, 'd', length);
        name[length] = '\0';
        if ((mkdir(name, 0755) != 0 && errno != EEXIST) || chdir(name) != 0) {
            fail(name);
        }
        strcat(strcat(path, "/"), name);
    }
    strcat(path, "/program");
    if (strlen(path) != bytes) {
        fprintf(stderr, "deep: no path of %zu bytes below %s\n", bytes, base);
        _exit(3);
    }
}

static void put(const char* file, int script) {
    static char bytes[1 << 21];
    const int to = open("program", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    ssize_t length = 0;
    if (script) {
        length = snprintf(bytes, sizeof bytes, "#!%s\n", file);
    } else {
        const int from = open(file, O_RDONLY | O_CLOEXEC);
        length = read(from, bytes, sizeof bytes);
    }
    if (length <= 0 || write(to, bytes, (size_t)length) != length) {
        fail(file);
    }
}

static void join(void) {
    const int fd = open("cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (write(fd, "0", 1) != 1 || chdir("/") != 0) {
        fail("cgroup.procs");
    }
    close(fd);
}

int main(int argc, char** argv) {
    if (argc < 4) {
        return 2;
    }
    const char* const how = argv[3];
    char* const arguments[] = {"program", NULL};
    go_down(argv[1], (size_t)atol(argv[2]));
    if (argc > 4 && strcmp(how, "join") == 0) {
        join();
        execv(argv[4], argv + 4);
    } else if (argc > 4) {
        put(argv[4], strcmp(how, "script") == 0);
        return 0;
    } else if (strcmp(how, "name") == 0) {
        execv(path, arguments);
    } else if (strcmp(how, "relative") == 0) {
        execv("./program", arguments);
    } else if (strcmp(how, "fd") == 0) {
        fexecve(open("program", O_RDONLY), arguments, environ);
    } else if (strcmp(how, "at") == 0) {
        const int folder = open(".", O_RDONLY | O_DIRECTORY);
        if (chdir("/") == 0) {
            syscall(SYS_execveat, folder, "program", arguments, environ, 0);
        }
    }
    if (errno == EPERM) {
        return 126;
    }
    fail(how);
}
