// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A gate for attacks on the hold: marks every exec of an image whose path begins with /tmp/victim, for the supervisor's
 * own trial ruleset (no read_dir anywhere). Needs no policy and no compiler. And a program that fills the rings.
 */
#include "kernel.h"

#include "gate.h"
#include "mark.h"
#include "testgate.h"

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, LL_EVENT_RING);
} ll_events SEC(".maps");

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("lsm.s/bprm_creds_from_file")
int BPF_PROG(gate, struct linux_binprm* bprm, struct file* file, int ret) {
    struct ll_layer layer = {.generation = LL_SELFTEST_GENERATION, .kind = LL_APPLY, .nnp = 1};
    char path[64] = {};

    if (ret)
        return ret;
    bpf_d_path(&bprm->file->f_path, path, sizeof(path));
    if (bpf_strncmp(path, 11, "/tmp/victim") != 0)
        return 0;
    return ll_mark_exec(bprm, LL_SELFTEST_SLOT, &layer) ? -EPERM : 0;
}

/* Up to 512 junk records; 1 when the ring has no room for another and keeps `left` bytes. */
SEC("syscall")
int fill(struct fill_context* context) {
    __u64 junk = 0;

    for (int i = 0; i < 512; i++) {
        void* room;

        if (context->events) {
            if (LL_EVENT_RING - bpf_ringbuf_query(&ll_events, BPF_RB_AVAIL_DATA) < context->left + 1024 + 8)
                return 1;
            room = bpf_ringbuf_reserve(&ll_events, 1024, 0);
            if (!room)
                return 1;
            bpf_ringbuf_submit(room, BPF_RB_NO_WAKEUP);
        } else if (LL_HOLD_RING - bpf_ringbuf_query(&ll_holds, BPF_RB_AVAIL_DATA) < context->left + 16 ||
                   bpf_ringbuf_output(&ll_holds, &junk, sizeof(junk), BPF_RB_NO_WAKEUP)) {
            return 1;
        }
    }
    return 0;
}

/* Fills the ring of holds in the exec of a victim, after the policy's gate has looked. */
SEC("lsm/bprm_committing_creds")
int BPF_PROG(steal, struct linux_binprm* bprm) {
    __u64 junk = 0;
    char name[16] = {};

    bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(bprm, filename));
    if (bpf_strncmp(name, 11, "/tmp/victim") != 0)
        return 0;
    for (int i = 0; i < LL_HOLD_RING / 16; i++)
        if (bpf_ringbuf_output(&ll_holds, &junk, sizeof(junk), BPF_RB_NO_WAKEUP))
            break;
    return 0;
}

/* A kernel that loses one mark of eight, as task storage of 6.1 does under contention. */
__u32 marks_seen = 0;

SEC("lsm/bprm_committing_creds")
int BPF_PROG(lose, struct linux_binprm* bprm) {
    __u64 key = (__u64)bpf_get_current_task_btf();

    if (bpf_map_lookup_elem(&ll_marks, &key) && marks_seen++ % 8 == 3)
        bpf_map_delete_elem(&ll_marks, &key);
    return 0;
}
