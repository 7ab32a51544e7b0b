// SPDX-License-Identifier: Apache-2.0
// What the attacks want to run free: reads the file named (or SECRET in the environment) and tells what came of it.
//   FREE    it could read: the program is not confined
//   DENIED  EACCES: the ruleset is in force
// Further arguments: `again N` re-executes itself N times first.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell(const char* text) {
    if (write(1, text, strlen(text)) < 0) {
        _exit(99);
    }
}

int main(int argc, char** argv) {
    if (argc == 4 && strcmp(argv[2], "again") == 0 && atoi(argv[3]) > 0) {
        char count[16];
        snprintf(count, sizeof count, "%d", atoi(argv[3]) - 1);
        execl(argv[0], argv[0], argv[1], "again", count, (char*)NULL);
        perror("execl");
        return 98;
    }
    const char* secret = argc > 1 ? argv[1] : getenv("SECRET");
    const int fd = open(secret, O_RDONLY);
    if (fd >= 0) {
        tell("FREE\n");
        return 0;
    }
    tell(errno == EACCES ? "DENIED\n" : "OTHER\n");
    return errno == EACCES ? 13 : 97;
}
