// SPDX-License-Identifier: Apache-2.0
// Whether tests may load BPF programs on this machine.
#pragma once

#include <bpf/bpf.h>
#include <unistd.h>

namespace landlatch::backend_bpf {

/// Loads a trivial program: whether this machine and user can run the tests here.
inline bool canLoadPrograms() {
    const bpf_insn program[] = {{.code = 0xb7, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
                                {.code = 0x95, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
    LIBBPF_OPTS(bpf_prog_load_opts, options, .prog_flags = BPF_F_SLEEPABLE);
    const int fd = bpf_prog_load(BPF_PROG_TYPE_SYSCALL, "probe", "GPL", program, 2, &options);
    if (fd >= 0) {
        ::close(fd);
    }
    return fd >= 0;
}

} // namespace landlatch::backend_bpf
