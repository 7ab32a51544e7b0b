// SPDX-License-Identifier: Apache-2.0
// Attaches testgate.bpf.c beside a running supervisor, prints "ready", and stays until killed. With `control` prints
// the counters of ll_control instead.
#include "bpf-templates/supervise.h"

#include "testgate.skel.h"

#include <bpf/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PINS "/sys/fs/bpf/landlatch/~hold/"

static int print_control(void) {
    struct ll_control control;
    const __u32 zero = 0;
    if (bpf_map_lookup_elem(bpf_obj_get(PINS "ll_control"), &zero, &control) != 0) {
        perror("ll_control");
        return 1;
    }
    printf("alive=%u spinning=%u holds=%llu timeouts=%llu backstop=%llu refused_traces=%llu\n", control.alive,
           control.spinning, control.holds, control.hold_timeouts, control.backstop_kills, control.refused_traces);
    return 0;
}

int main(int argc, char** argv) {
    if (argc > 1 && strcmp(argv[1], "control") == 0) {
        return print_control();
    }
    struct testgate_bpf* gate = testgate_bpf__open();
    if (gate == NULL || bpf_map__reuse_fd(gate->maps.ll_marks, bpf_obj_get(PINS "ll_marks")) != 0 ||
        bpf_map__reuse_fd(gate->maps.ll_control, bpf_obj_get(PINS "ll_control")) != 0 ||
        testgate_bpf__load(gate) != 0 || testgate_bpf__attach(gate) != 0) {
        perror("testgate");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    pause();
    return 0;
}
