// SPDX-License-Identifier: Apache-2.0
// Attaches testgate.bpf.c beside a running supervisor, prints "ready", and stays until killed. Instead, with `control`
// prints the counters of ll_control; with `marks` how many there are; with `fill RING [LEFT]` fills the ring of that
// name up to LEFT bytes; with `steal` fills the ring of holds in each exec of a victim; with `lose` waits for a
// supervisor that starts and then takes one mark of eight away, from its self-test on.
#include "bpf-templates/supervise.h"

#include "tests/vm/programs/testgate.h"

#include "testgate.skel.h"

#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_OF(number) #number
#define TEXT(macro) TEXT_OF(macro)
#define PINS "/sys/fs/bpf/landlatch/~hold" TEXT(LL_CONTROL_VERSION) "/"

static int print_control(void) {
    struct ll_control control;
    const __u32 zero = 0;
    if (bpf_map_lookup_elem(bpf_obj_get(PINS "ll_control"), &zero, &control) != 0) {
        perror("ll_control");
        return 1;
    }
    printf("alive=%u spinning=%u holds=%llu timeouts=%llu backstop=%llu refused_traces=%llu lost_events=%llu "
           "lost_holds=%llu\n",
           control.alive, control.spinning, control.holds, control.hold_timeouts, control.backstop_kills,
           control.refused_traces, control.lost_events, control.lost_holds);
    return 0;
}

static int print_marks(void) {
    const int map = bpf_obj_get(PINS "ll_marks");
    __u64 key = 0;
    unsigned count = 0;
    for (const __u64* last = NULL; bpf_map_get_next_key(map, last, &key) == 0; last = &key) {
        ++count;
    }
    printf("marks=%u\n", count);
    return map < 0;
}

static int fill(struct testgate_bpf* gate, const char* ring, int left) {
    struct fill_context context = {.events = strcmp(ring, "ll_events") == 0, .left = (__u32)left};
    LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof context);
    for (int i = 0; i < 100 && options.retval == 0; ++i) {
        if (bpf_prog_test_run_opts(bpf_program__fd(gate->progs.fill), &options) != 0) {
            perror("fill");
            return 1;
        }
    }
    printf("%s is full\n", ring);
    return options.retval == 1 ? 0 : 1;
}

// The marks of a hold that is being loaded, before it is pinned or tried: stops its supervisor for so long.
static int await_marks(void) {
    for (;;) {
        for (__u32 id = 0; bpf_map_get_next_id(id, &id) == 0;) {
            struct bpf_map_info info = {};
            __u32 length = sizeof info;
            const int fd = bpf_map_get_fd_by_id(id);
            if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &length) == 0 && strcmp(info.name, "ll_marks") == 0) {
                return system("killall -STOP llload") == 0 ? fd : -1;
            }
            close(fd);
        }
        usleep(1000);
    }
}

static int lose_marks(void) {
    struct testgate_bpf* gate = testgate_bpf__open();
    const int marks = await_marks();
    if (gate == NULL || marks < 0) {
        perror("testgate");
        return 1;
    }
    struct bpf_program* program;
    bpf_object__for_each_program(program, gate->obj) {
        bpf_program__set_autoload(program, program == gate->progs.lose);
    }
    if (bpf_map__reuse_fd(gate->maps.ll_marks, marks) != 0 || testgate_bpf__load(gate) != 0 ||
        testgate_bpf__attach(gate) != 0 || system("killall -CONT llload") != 0) {
        perror("testgate");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    pause();
    return 0;
}

int main(int argc, char** argv) {
    if (argc > 1 && strcmp(argv[1], "lose") == 0) {
        return lose_marks();
    }
    if (argc > 1 && strcmp(argv[1], "control") == 0) {
        return print_control();
    }
    if (argc > 1 && strcmp(argv[1], "marks") == 0) {
        return print_marks();
    }
    struct testgate_bpf* gate = testgate_bpf__open();
    const int fills = argc > 2 && strcmp(argv[1], "fill") == 0;
    if (gate != NULL) {
        const int steals = argc > 1 && strcmp(argv[1], "steal") == 0;
        bpf_program__set_autoload(gate->progs.gate, !fills && !steals);
        bpf_program__set_autoload(gate->progs.steal, steals);
        bpf_program__set_autoload(gate->progs.fill, fills);
        bpf_program__set_autoload(gate->progs.lose, 0);
    }
    if (gate == NULL || bpf_map__reuse_fd(gate->maps.ll_marks, bpf_obj_get(PINS "ll_marks")) != 0 ||
        bpf_map__reuse_fd(gate->maps.ll_control, bpf_obj_get(PINS "ll_control")) != 0 ||
        bpf_map__reuse_fd(gate->maps.ll_holds, bpf_obj_get(PINS "ll_holds")) != 0 ||
        bpf_map__reuse_fd(gate->maps.ll_events, bpf_obj_get(PINS "ll_events")) != 0 || testgate_bpf__load(gate) != 0) {
        perror("testgate");
        return 1;
    }
    if (fills) {
        return fill(gate, argv[2], argc > 3 ? atoi(argv[3]) : 0);
    }
    if (testgate_bpf__attach(gate) != 0) {
        perror("testgate");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    pause();
    return 0;
}
