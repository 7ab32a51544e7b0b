# SPDX-License-Identifier: Apache-2.0
# The machine has what every other scenario relies on: Landlock and BPF among its LSMs, BTF, cgroup v2.
set -e
cat /sys/kernel/security/lsm; echo
grep -q landlock /sys/kernel/security/lsm
grep -q bpf /sys/kernel/security/lsm
test -r /sys/kernel/btf/vmlinux
test "$(cat /proc/self/cgroup)" = "0::/system.slice/scenario.service"
uname -r
