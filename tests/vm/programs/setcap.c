// SPDX-License-Identifier: Apache-2.0
// setcap FILE: gives FILE the file capability net_raw (permitted and effective).
// setcap drop PROGRAM: executes PROGRAM as root without any capability; exit code the program's.
// setcap noroot PROGRAM: the same where being root gives none either (SECBIT_NOROOT).
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc == 2) {
        const struct vfs_cap_data caps = {VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
                                          {{1U << CAP_NET_RAW, 0}, {0, 0}}};
        if (setxattr(argv[1], "security.capability", &caps, sizeof caps, 0) != 0) {
            perror(argv[1]);
            return 3;
        }
        return 0;
    }
    if (argc != 3) {
        return 2;
    }
    if (strcmp(argv[1], "noroot") == 0 && prctl(PR_SET_SECUREBITS, 1 /* SECBIT_NOROOT */) != 0) {
        perror("securebits");
        return 3;
    }
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(SYS_capset, &header, none) != 0) {
        perror("capset");
        return 3;
    }
    execl(argv[2], argv[2], (char*)NULL);
    perror(argv[2]);
    return 3;
}
