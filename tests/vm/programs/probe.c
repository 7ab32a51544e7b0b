// SPDX-License-Identifier: Apache-2.0
// What policy differ.ll leaves to a program, as its exit code: 1 `/` can't be listed, 2 /tmp/open can't be read, 4
// /tmp/other can't be read; added up. `hop`, another name of it, executes its arguments instead.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int denied(const char* path, int flags) {
    return open(path, O_RDONLY | O_CLOEXEC | flags) < 0 && errno == EACCES;
}

int main(int argc, char** argv) {
    if (argc > 1 && strncmp(argv[0], "/tmp/d/hop", 10) == 0) {
        execv(argv[1], argv + 1);
        return 126;
    }
    return denied("/", O_DIRECTORY) | denied("/tmp/open", 0) << 1 | denied("/tmp/other", 0) << 2;
}
