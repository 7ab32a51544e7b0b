// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program that is executed under the gates of series.c. Static, and the first thing it does is what may be denied.
 * The exit code is a sum of what it finds; see PROBE_* in series.h. `probe drop` gives up root for user 1000 and
 * executes itself once more, `probe again N` executes itself N times.
 */
#define _GNU_SOURCE
#include "series.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int readable(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int good = fd >= 0 && read(fd, &byte, 1) == 1;

	if (fd >= 0)
		close(fd);
	return good;
}

int main(int argc, char **argv)
{
	int found = readable(SECRET) ? PROBE_SECRET : 0;

	found |= readable(FILE_A) ? PROBE_A : 0;
	found |= readable(FILE_B) ? PROBE_B : 0;
	found |= prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? PROBE_NNP : 0;
	found |= geteuid() == 0 ? PROBE_ROOT : 0;
	if (argc > 1 && !strcmp(argv[1], "drop")) {
		if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
			return PROBE_FAILED;
		execl(argv[0], argv[0], (char *)NULL);
		return PROBE_FAILED;
	}
	if (argc > 2 && !strcmp(argv[1], "again") && atoi(argv[2]) > 0) {
		char left[16] = {(char)('0' + (atoi(argv[2]) - 1) / 10), (char)('0' + (atoi(argv[2]) - 1) % 10)};

		execl(argv[0], argv[0], "again", left, (char *)NULL);
		return PROBE_FAILED;
	}
	return found;
}
