// SPDX-License-Identifier: Apache-2.0
// What one does without the exec-time interface: builds the ruleset of policies/victim.ll before each exec, restricts
// itself, and executes /tmp/other. Measured beside the backends in scenario figures.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    const uint64_t all = (1U << 14U) - 1; // ABI 2
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    struct {
        uint64_t allowed;
        int32_t fd;
    } __attribute__((packed)) rule = {1U << 0U | 1U << 1U | 1U << 2U, open("/", O_PATH | O_CLOEXEC)};
    if (ruleset < 0 || rule.fd < 0 || syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        return 2;
    }
    close(rule.fd);
    close(ruleset);
    execl("/tmp/other", "/tmp/other", (char*)NULL);
    return 3;
}
